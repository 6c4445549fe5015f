"""Checks answer.json documents against docs/answer.schema.json.

usage: check_answers.py SCHEMA ANSWER...

Beyond validity: the schema describes every member, documents have no member it does not know, and
the checker itself notices when a document is wrong.
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator


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
    """Yields counts that contradict each other."""
    steps = answer["merging"]["done"]["steps"]
    for step, following in zip(steps, steps[1:]):
        if step["tokens_after"] != following["tokens_before"]:
            yield f"layer {following['layer']} starts with other tokens than the one before left"
    for step in steps:
        if sum(step["segments_after"]) != step["tokens_after"]:
            yield f"the segments of layer {step['layer']} do not add up"
    last = steps[-1]["tokens_after"] if steps else answer["tokens"]["visual"]
    if last != answer["tokens"]["visual_left"]:
        yield "visual_left is not what the last layer left"


def problems(answer, schema, validator):
    for error in validator.iter_errors(answer):
        yield f"{error.json_path}: {error.message}"
        return
    yield from undocumented(answer, schema)
    yield from inconsistent(answer)


def wrong_versions(answer):
    """Yields documents that must be refused, with what is wrong with them."""
    for name in answer:
        broken = copy.deepcopy(answer)
        del broken[name]
        yield f"without {name}", broken
    for change, name in [
        (lambda a: a.update(schema=3), "another version"),
        (lambda a: a["tokens"].update(visual=-1), "a negative count"),
        (lambda a: a["tokens"].update(visual_left=a["tokens"]["visual_left"] + 1), "a wrong count"),
        (lambda a: a["answers"][0].update(finish_reason="tired"), "an unknown reason"),
        (lambda a: a["answers"].clear(), "no answer"),
        (lambda a: a["seconds"].update(naps=1), "an undocumented member"),
        (lambda a: a["pictures"].append("../elsewhere.png"), "a picture elsewhere"),
    ]:
        broken = copy.deepcopy(answer)
        change(broken)
        yield name, broken


def main():
    schema_path, *paths = sys.argv[1:]
    if not paths:
        sys.exit("no answers to check")
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    found = list(described(schema))
    for path in paths:
        with open(path, encoding="utf-8") as file:
            answer = json.load(file)
        found += [f"{path}: {problem}" for problem in problems(answer, schema, validator)]
        for name, broken in wrong_versions(answer):
            if not list(problems(broken, schema, validator)):
                found.append(f"{path}: {name} is not noticed")
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"{len(paths)} answers agree with {schema_path}")


main()
