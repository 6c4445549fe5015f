"""Damage to JSON files: values of other types and sizes, keys that are missing, doubled or wrong."""

import copy
import json
import re

# Texts that take the place of a value, as they stand in the file.
VALUES = [
    "null", "true", "false", "0", "-1", "1", "2", "3", "7", "13", "255", "65537", "0.5", "-0.0",
    "1e308", "1e999", "-1e-320", "NaN", "-Infinity", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "2147483648", "4294967296", "16777216",
    "16777217", "1" + "0" * 400, '""', '"0"', '"x"', '"' + "long " * 5000 + '"', '"\\ud800"',
    '"\\u0000"', '"\\u202e"', "[]", "{}", "[[]]", "[0]", "[-1]", "[1, 2, 3, 4, 5]", "[null]",
    '["a", 1, {}]', "[1e9, 1e9]", "[2, 3, 3]", '{"a": {"b": {}}}', "[" * 3000 + "]" * 3000,
    '{"a":' * 3000 + "1" + "}" * 3000,
]
# Texts that are no JSON.
BROKEN = ["", "nul", "'x'", "0x10", "01", "1,", "//", '"a', "[1", "{1: 2}", "+1", ".5", "\x00"]
PLACE = "\ufdd0"


def places(value, path=()):
    """The paths of all values within a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        # Of a long list some elements are enough.
        for index in [*range(min(8, len(value))), *range(max(8, len(value) - 4), len(value))]:
            yield (*path, index)
            yield from places(value[index], (*path, index))


def at(value, path):
    for part in path:
        value = value[part]
    return value


def written(value, place=None):
    """The text of a value with `place` in the place of the mark."""
    text = json.dumps(value, ensure_ascii=False)
    return text if place is None else text.replace(f'"{PLACE}"', place, 1)


def replaced(value, path, place):
    """The text with another value at a path."""
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = PLACE
    return written(value, place)


def scaled(random, number):
    """A number that is off by a little or by much."""
    change = random.choice(["more", "less", "double", "half", "many", "negative", "fraction"])
    # Whole numbers may be too large for a float.
    part = 0.5 if abs(number) < 2**53 else 1
    return {
        "more": number + 1, "less": number - 1, "double": number * 2, "half": number // 2,
        "many": number * 2**20, "negative": -number, "fraction": number + part,
    }[change]


def without(value, path):
    value = copy.deepcopy(value)
    del at(value, path[:-1])[path[-1]]
    return written(value)


def doubled(value, path, place):
    """The text with a key twice, where the path leads to a member of an object."""
    if not isinstance(path[-1], str):
        return replaced(value, path, place)
    key = json.dumps(path[-1], ensure_ascii=False)
    text = replaced(value, path, f"{written(at(value, path))}, {key}: {place}")
    return text


def exchanged(random, value, paths):
    """The text with the values of two paths exchanged."""
    value = copy.deepcopy(value)
    a, b = random.choice(paths), random.choice(paths)
    if a[: len(b)] == b or b[: len(a)] == a:
        return written(value)
    first, second = copy.deepcopy(at(value, a)), copy.deepcopy(at(value, b))
    at(value, a[:-1])[a[-1]], at(value, b[:-1])[b[-1]] = second, first
    return written(value)


def damaged_value(random, value):
    """One damage to a parsed file; returns its new text."""
    paths = list(places(value))
    if not paths:
        return random.choice(VALUES)
    path = random.choice(paths)
    kind = random.randrange(10)
    if kind < 3:
        return replaced(value, path, random.choice(VALUES))
    if kind < 5:
        numbers = [one for one in paths if type(at(value, one)) in (int, float)]
        if numbers:
            path = random.choice(numbers)
            return replaced(value, path, repr(scaled(random, at(value, path))))
    if kind == 5:
        return doubled(value, path, random.choice(VALUES))
    if kind == 6:
        return exchanged(random, value, paths)
    if kind == 7:
        return replaced(value, path, random.choice(BROKEN))
    return without(value, path)


def damaged(random, data):
    """A JSON file with one to three damages, or with damage to its bytes."""
    kind = random.randrange(12)
    if kind == 0:
        return data[: random.randrange(len(data) + 1)]
    if kind == 1:
        spot = random.randrange(len(data) + 1)
        return data[:spot] + random.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x00"]) + data[spot:]
    if kind == 2:
        return random.choice([b"", b"\xef\xbb\xbf" + data, b"\xff\xfe" + data, data + data, b"[]", b"7"])
    text = data.decode()
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return text.encode(errors="surrogatepass")
        text = damaged_value(random, value)
    # The command reads what a person may have written, so white space is no damage.
    return re.sub(r"\Z", "\n", text).encode(errors="surrogatepass")
