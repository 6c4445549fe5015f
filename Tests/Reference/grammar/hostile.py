"""Gives illava forms that are made to take its time or its memory.

    python3 hostile.py MODEL_FOLDER ILLAVA_MASKS [--seconds S] [--mebibytes N]

Each form has to be refused, or followed through a few answers, within a second a set of allowed tokens,
and all of them within the memory. Prints every form with what became of it; the exit status is 1 when one
takes longer or more.
"""

import argparse
import json
import subprocess
import sys
import time


def nested(times, inner, wrap):
    for _ in range(times):
        inner = wrap(inner)
    return inner


def text(value):
    return json.dumps(value, ensure_ascii=False)


def chain(count):
    """Definitions that refer to the next one twice."""
    parts = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(count)}
    return {"$ref": "#/$defs/d0", "$defs": parts | {f"d{count}": {"type": "null"}}}


SCHEMAS = {
    "10,000 nested arrays": '{"items": ' * 10_000 + "true" + "}" * 10_000,
    "10,000 nested values": '{"const": ' + "[" * 10_000 + "]" * 10_000 + "}",
    "10,000 open brackets": "[" * 10_000,
    "99 nested arrays": '{"type": "array", "items": ' * 49 + "true" + "}" * 49,
    "1 MiB of a name": text({"properties": {"a" * (1 << 20): True}}),
    "1 MiB of spaces": " " * (1 << 20) + "{}",
    "256 KB of an enum": text({"enum": ["x" * 20 + str(i) for i in range(8_500)]}),
    "256 KB of members": text({"properties": {f"name{i}": True for i in range(12_000)}}),
    "a reference to itself": text({"$ref": "#"}),
    "two references to each other": text(
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}
    ),
    "a choice of itself": text({"anyOf": [{"$ref": "#"}, {"type": "null"}]}),
    "arrays of itself": text({"type": "array", "items": {"$ref": "#"}, "maxItems": 60_000}),
    "a tree of itself": text({"type": "object", "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}}),
    "60 doublings": text(chain(60)),
    "4,000 doublings": text(chain(4_000)),
    "an empty choice of nothing": text({"anyOf": [False, {"type": "string", "minLength": 2, "maxLength": 1}]}),
    "a length beyond all bounds": text({"type": "string", "maxLength": 10**30}),
    "the largest length": text({"type": "string", "minLength": 65_536}),
    "the largest length, three times": text(
        {"prefixItems": [{"type": "string", "minLength": 65_536}] * 3, "type": "array", "minItems": 3}
    ),
    "largest arrays in each other": text(
        nested(40, {"type": "null"}, lambda s: {"type": "array", "items": s, "minItems": 65_000})
    ),
    "a pattern with a length": text({"type": "string", "pattern": "(a|b)*c.{100}", "maxLength": 20_000}),
    "a pattern that fits everywhere": text({"type": "string", "pattern": "a.{4000}", "minLength": 5}),
    "exponential choices of strings": text(
        {"anyOf": [{"type": "string", "pattern": f"a.{{{n}}}$"} for n in range(300)]}
    ),
    "a bound of 10^400": '{"type": "number", "minimum": 1e400}',
    "a bound of 100,000 digits": '{"type": "integer", "maximum": ' + "9" * 100_000 + "}",
    "anything": "true",
}
EXPRESSIONS = {
    "(a*)*b": "(a*)*b",
    "(a|a)*b": "(a|a)*b",
    "(a?){5000}a{5000}": "(a?){5000}a{5000}",
    "four hundred times four hundred": "((a{0,400}){0,400}){0,400}",
    "(.*a){60}": "(.*a){60}",
    ".*a.{20000}": ".*a.{20000}",
    "(.*a.{20}){20}": "(.*a.{20}){20}",
    "all letters 65,536 times": r"\p{L}{65536}",
    "classes of letters": r"(\p{L}|\p{Lu}|\P{L}|\w){1,60000}",
    "10,000 groups": "(" * 10_000 + "a" + ")" * 10_000,
    "10,000 open groups": "(" * 10_000,
    "1 MiB": "a" * (1 << 20),
    "250,000 branches": "|".join(["a"] * 120_000),
    "100,000 classes": "[a-z]" * 50_000,
    "optional words": "(" + "|".join(f"(w{i})?" for i in range(3_000)) + ")*",
    "a repetition beyond all bounds": "a{99999999999999999999}",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--mebibytes", type=int, default=512)
    options = parser.parse_args()
    process = subprocess.Popen(
        [options.program, options.model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    process.stdout.readline()
    wrong = []
    # Tokens of Qwen: the quote, letters, and words that begin with a space.
    answers = [[], [1] + [64] * 40, [64] * 60, [64, 65, 66] * 20, [58, 58, 58], [1] + [262, 279] * 12]
    forms = [("schema", *form) for form in SCHEMAS.items()]
    forms += [("regex", *form) for form in EXPRESSIONS.items()]
    for kind, name, form in forms:
        start = time.monotonic()
        process.stdin.write(json.dumps({kind: form, "texts": answers}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            sys.exit(f"the program has ended at {name}")
        seconds = time.monotonic() - start
        reply = json.loads(line)
        memory = next(
            int(line.split()[1]) >> 10
            for line in open(f"/proc/{process.pid}/status", encoding="ascii")
            if line.startswith("VmHWM")
        )
        if reply.get("code"):
            found, slowest = reply["code"], seconds
        else:
            found = f"{reply['maskCount']} sets"
            slowest = max(reply["compileSeconds"], reply["slowestSeconds"])
        print(f"{name:34} {found:22} {slowest:7.3f} s, {seconds:7.3f} s in all, {memory} MiB so far")
        if slowest > options.seconds or memory > options.mebibytes:
            wrong.append(name)
    print(f"{len(forms)} forms, {len(wrong)} too slow or too large: {', '.join(wrong)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
