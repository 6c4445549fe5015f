"""Runs the cases of JSON-Schema-Test-Suite's draft 2020-12 against illava.

    python3 run_suite.py SUITE MODEL_FOLDER ILLAVA_MASKS [--show N]

SUITE is the folder json/tests/draft2020-12 of the source package of PyPI's jsonschema 4.23. A schema that
illava refuses by name is counted and left out. No value that is invalid may be taken. Values that are
valid have to be taken, in some order of their members; those that illava does not write by convention
(whole numbers with a fraction, numbers in another spelling than the schema's) are counted by reason. The
exit status is 1 for anything else.
"""

import argparse
import collections
import itertools
import json
import pathlib
import subprocess
import sys


def spellings(value):
    """The value on one line, with its members in every order."""
    if isinstance(value, list):
        for parts in itertools.islice(itertools.product(*(list(spellings(v)) for v in value)), 200):
            yield "[" + ", ".join(parts) + "]"
    elif isinstance(value, dict):
        for order in itertools.islice(itertools.permutations(value), 200):
            for parts in itertools.islice(
                itertools.product(*(list(spellings(value[name])) for name in order)), 20
            ):
                names = [json.dumps(name, ensure_ascii=False) for name in order]
                yield "{" + ", ".join(f"{n}: {p}" for n, p in zip(names, parts)) + "}"
    else:
        yield json.dumps(value, ensure_ascii=False)


def has_whole_float(value):
    if isinstance(value, float):
        return value == int(value)
    if isinstance(value, dict):
        return any(map(has_whole_float, value.values()))
    return isinstance(value, list) and any(map(has_whole_float, value))


def has_escape_name(value):
    if isinstance(value, dict):
        return any(any(ord(c) < 32 or c in '"\\' for c in name) for name in value)
    return False


def convention(schema, value):
    """Why illava does not write a valid value."""
    if has_whole_float(value) or (
        has_whole_float(schema.get("const", schema.get("enum")) if isinstance(schema, dict) else None)
    ):
        return "a whole number with a fraction, or spelled differently from the schema"
    if has_escape_name(value):
        return "a name of another member with an escape"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("suite", type=pathlib.Path)
    parser.add_argument("model")
    parser.add_argument("program")
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    groups = [
        (file.stem, group)
        for file in sorted(options.suite.glob("*.json"))
        for group in json.loads(file.read_text(encoding="utf-8"))
    ]
    lines = []
    for _, group in groups:
        values = [list(spellings(test["data"])) for test in group["tests"]]
        lines.append(
            json.dumps(
                {
                    "schema": json.dumps(group["schema"], ensure_ascii=False),
                    "open": True,
                    "values": [text for texts in values for text in texts],
                }
            )
        )
    result = subprocess.run(
        [options.program, options.model], input="\n".join(lines) + "\n", capture_output=True,
        text=True, check=True,
    )
    replies = [json.loads(line) for line in result.stdout.splitlines()[1:]]
    assert len(replies) == len(groups)
    counts = collections.Counter()
    refused = collections.Counter()
    wrong = []
    for (file, group), reply in zip(groups, replies):
        code = reply.get("code")
        if code is not None and not (
            code == "grammar.empty" and not any(test["valid"] for test in group["tests"])
        ):
            counts[f"refused ({code})"] += len(group["tests"])
            refused[reply["message"].split(" at ")[0]] += 1
            if code not in ("grammar.unsupported",):
                print(f"{file}: {group['description']}: {reply['message']}")
            continue
        place = 0
        for test in group["tests"]:
            texts = list(spellings(test["data"]))
            taken = any(reply["values"][place : place + len(texts)]) if code is None else False
            place += len(texts)
            if taken == test["valid"]:
                counts["right"] += 1
                continue
            reason = convention(group["schema"], test["data"]) if test["valid"] else None
            if reason is not None:
                counts[f"not written: {reason}"] += 1
                continue
            wrong.append(
                f"{file}: {group['description']}: {test['description']}: "
                f"{json.dumps(test['data'])[:80]} is {'valid' if test['valid'] else 'invalid'}"
            )
    print(f"{len(groups)} schemas, {sum(len(g['tests']) for _, g in groups)} cases")
    for name, count in sorted(counts.items()):
        print(f"  {count:5} {name}")
    print("refused: " + ", ".join(f"{name} {count}" for name, count in refused.most_common(60)))
    for text in wrong[: options.show]:
        print(text)
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
