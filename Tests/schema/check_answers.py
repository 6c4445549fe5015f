"""Checks answer.json documents, and merging.json beside them, against their schemas.

usage: check_answers.py FOLDER_OF_SCHEMAS ANSWER... [--kinds DIRECTORY]

Beyond validity: the schemas describe every member, documents have no member that they do not know, the
two documents agree, and the checker itself notices when a document is wrong. With --kinds, the files of
the directory are answers of these kinds, and each is what its name says: picture, film, several, choices,
schema, boxes, followed, failed, cancelled, warned, memory.
"""

import argparse
import copy
import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

TIME = "2026-11-27T14:03:22.120Z"


def described(schema, path="answer"):
    """Yields what lacks a description or, of objects and lists, its contents."""
    if "description" not in schema:
        yield f"{path} has no description"
    for name, part in schema.get("properties", {}).items():
        yield from described(part, f"{path}.{name}")
    if schema.get("type") == "array":
        yield from described(schema.get("items", {}), f"{path}[]")
    if schema.get("type") == "object" and not schema.get("properties"):
        yield f"{path} does not say what it holds"


def undocumented(value, schema, path="answer"):
    """Yields the members of a document that the schema does not know."""
    if path.endswith(".value"):
        return
    if isinstance(value, dict):
        for name, part in value.items():
            known = schema.get("properties", {}).get(name)
            if known is None:
                yield f"{path}.{name} is not in the schema"
            else:
                yield from undocumented(part, known, f"{path}.{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from undocumented(part, schema.get("items", {}), f"{path}[{index}]")


def inconsistent(answer):
    """Yields what contradicts itself."""
    job = answer["job"]
    times = [job[name] for name in ("taken", "begun", "ended") if name in job]
    if times != sorted(times):
        yield f"the job's times are not in order: {times}"
    if "merging" not in answer:
        return
    steps = answer["merging"]["done"]["steps"]
    for step, following in zip(steps, steps[1:]):
        if step["tokens_after"] != following["tokens_before"]:
            yield f"layer {following['layer']} starts with other tokens than the one before left"
    last = steps[-1]["tokens_after"] if steps else answer["tokens"]["visual"]
    if last != answer["tokens"]["visual_left"]:
        yield "visual_left is not what the last layer left"


def problems(answer, validator):
    for error in validator.iter_errors(answer):
        yield f"{error.json_path}: {error.message}"
        return
    yield from undocumented(answer, validator.schema)
    yield from inconsistent(answer)


def disagreement(answer, merging, validator):
    """Yields where merging.json is wrong or not what its answer.json says."""
    for error in validator.iter_errors(merging):
        yield f"{error.json_path}: {error.message}"
        return
    yield from undocumented(merging, validator.schema, "merging")
    if merging["job"] != answer["job"]["id"]:
        yield "merging.json is of another job"
    told = [(s["stage"], s["layer"], s["tokens_after"]) for s in answer["merging"]["done"]["steps"]]
    if told != [(s["stage"], s["layer"], sum(s["after"])) for s in merging["steps"]]:
        yield "the layers of merging.json do not add up to those of answer.json"
    if sum(len(run["survivors"]) for run in merging["runs"]) != answer["tokens"]["visual_left"]:
        yield "the survivors are not as many as are left"
    if any(segment["medium"] >= len(answer["media"]) for segment in merging["segments"]):
        yield "a segment is of no file"


def wrong_versions(answer):
    """Yields documents that must be refused, with what is wrong with them."""
    is_answered = "tokens" in answer
    optional = set() if is_answered else {"attempts", "model"}
    for name in set(answer) - optional:
        broken = copy.deepcopy(answer)
        del broken[name]
        yield f"without {name}", broken
    changes = [
        (lambda a: a.update(version=3), "another version"),
        (lambda a: a["job"].pop("id"), "no id"),
        (lambda a: a["job"].update(state="finished"), "an unknown state"),
        (lambda a: a["job"].update(taken="yesterday"), "no time"),
        (lambda a: a["job"].update(ended=TIME.replace("2026", "1999")), "an end before the beginning"),
        (lambda a: a["job"].update(naps=1), "an undocumented member"),
        (lambda a: a["media"][0].update(created="2024:05:01"), "a date of EXIF"),
        (lambda a: a["media"][0].update(digest="1" * 64), "a digest without a rule"),
        (lambda a: a["pictures"].append("../elsewhere.png"), "a picture elsewhere"),
    ]
    if "error" in answer:
        changes += [(lambda a: a["error"].pop("code"), "an error without a code")]
    if is_answered:
        changes += [
            (lambda a: a["tokens"].update(visual=-1), "a negative count"),
            (lambda a: a["tokens"].update(visual_left=a["tokens"]["visual_left"] + 1), "a wrong count"),
            (lambda a: a["questions"][0].update(finish_reason="tired"), "an unknown reason"),
            (lambda a: a["questions"][0].pop("answer"), "a question without an answer"),
            (lambda a: a["questions"].clear(), "no question"),
            (lambda a: a["seconds"].update(naps=1), "an undocumented member of seconds"),
        ]
    for change, name in changes:
        broken = copy.deepcopy(answer)
        if not broken["media"] and "media" in name:
            continue
        try:
            change(broken)
        except IndexError:  # A question without files.
            continue
        yield name, broken


def is_cut(answer):
    return any(question.get("finish_reason") in ("length", "repetition") for question in answer["questions"])


KINDS = {
    "picture": lambda a: [medium["kind"] for medium in a["media"]] == ["image"] and "created" in a["media"][0],
    "film": lambda a: a["media"][0]["duration"] > 0 and len(a["media"][0]["frames"]) > 1,
    "several": lambda a: len(a["questions"]) == 3 and all("answer" in one for one in a["questions"]),
    "choices": lambda a: abs(sum(one["confidence"] for one in a["questions"][0]["choices"]) - 1) < 1e-6,
    "schema": lambda a: set(a["questions"][0]["value"]) == {"person", "count"},
    "boxes": lambda a: [box["label"] for box in a["questions"][0]["boxes"]] == ["clock"],
    "followed": lambda a: "follow_up" in a["job"] and "created" in a["media"][0],
    "failed": lambda a: a["job"]["state"] == "failed" and a["error"]["remedy"] and a["attempts"],
    "cancelled": lambda a: a["job"]["state"] == "cancelled" and a["error"]["code"] == "spool.cancelled",
    "warned": lambda a: is_cut(a) and any("cut off" in text for text in a["warnings"]),
    "memory": lambda a: a["memory"]["adaptations"] and any("memory" in text for text in a["warnings"]),
}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("schemas", type=Path)
    parser.add_argument("answers", nargs="*", type=Path)
    parser.add_argument("--kinds", type=Path)
    options = parser.parse_args()
    validators = []
    found = []
    for name in ("answer", "merging"):
        schema = load(options.schemas / f"{name}.schema.json")
        Draft202012Validator.check_schema(schema)
        validators.append(Draft202012Validator(schema))
        found += described(schema, name)
    kinds = {name: options.kinds / f"{name}.json" for name in KINDS} if options.kinds else {}
    for path in [*options.answers, *kinds.values()]:
        answer = load(path)
        found += [f"{path}: {problem}" for problem in problems(answer, validators[0])]
        for name, broken in wrong_versions(answer):
            if not list(problems(broken, validators[0])):
                found.append(f"{path}: {name} is not noticed")
        beside = path.parent / answer.get("merging", {}).get("details", "none")
        if beside.exists():
            found += [f"{beside}: {problem}" for problem in disagreement(answer, load(beside), validators[1])]
    for name, path in kinds.items():
        if not KINDS[name](load(path)):
            found.append(f"{path} is not what its name says")
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"{len(options.answers) + len(kinds)} answers agree with {options.schemas}/answer.schema.json")


main()
