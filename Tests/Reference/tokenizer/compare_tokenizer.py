"""Compares `illava tokenize` with the `tokenizers` Python package on generated text.

    python3 compare_tokenizer.py MODEL_FOLDER ILLAVA_BINARY [--seed N] [--strings N]

MODEL_FOLDER has vocab.json and merges.txt. Strings without line feeds go through the command one a
line; those with line feeds, and those joined over line feeds, with --raw. Prints
"N strings, M differ" and the first differences; the exit status is 1 when any differs.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import unicodedata

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SCALARS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
SPACES = [c for c in SCALARS if c.isspace()]
MARKS = [c for c in SCALARS if unicodedata.combining(c)]
DIGITS = [c for c in SCALARS if unicodedata.category(c)[0] == "N"]
COMPOSITES = [c for c in SCALARS if unicodedata.normalize("NFD", c) != c]
JAMO = [chr(c) for c in range(0x1100, 0x1200)] + [chr(c) for c in range(0xA960, 0xA97D)]
EMOJI = [chr(c) for c in range(0x1F300, 0x1FAFF)] + list("☀❤✈☎©®‼⌚")
JOINERS = ["\u200d", "\ufe0f", "\u20e3", "\U0001f3fd", "\U0001f1e9\U0001f1ea", "\U000e0067"]
SCRIPTS = [
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x530, 0x58F),
    (0x590, 0x5FF), (0x600, 0x6FF), (0x700, 0x74F), (0x900, 0x97F), (0x980, 0x9FF),
    (0xA00, 0xA7F), (0xB80, 0xBFF), (0xC00, 0xC7F), (0xD00, 0xD7F), (0xD80, 0xDFF),
    (0xE00, 0xE7F), (0xE80, 0xEFF), (0xF00, 0xFFF), (0x1000, 0x109F), (0x10A0, 0x10FF),
    (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17FF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x2100, 0x214F), (0x2200, 0x22FF), (0x3040, 0x309F),
    (0x30A0, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48C), (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF), (0xFB00, 0xFB4F), (0xFF00, 0xFFEF), (0x10330, 0x1034F),
    (0x11000, 0x1107F), (0x1D100, 0x1D1FF), (0x1D400, 0x1D7FF), (0x20000, 0x2A6DF),
]
WORDS = (
    "the quick brown fox it's IT'S we'RE they'Ve I'm I'LL she'd 'tis o'clock don'T x'\u017f l'\u212a "
    "'\u017ftop naïve façade Straße 東京 안녕하세요 привет мир नमस्ते สวัสดี مرحبا שלום <|im_end|> "
    "<|endoftext|> </think> foo_bar() {return[0];} http://a.b/c?d=e&f 3.14159 1,000,000 ½ Ⅷ ٣٤٥ "
    "²³ ... !!! --- '' '' ''s 's 'S 're'lle 'll've can't've \u00a0 \ufeff \u00ad \u2028 \x85"
).split(" ")


def reference(folder):
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    merges = []
    for line in (folder / "merges.txt").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#version"):
            merges.append(tuple(line.split(" ")))
    tokenizer = Tokenizer(
        models.BPE(
            vocabulary, merges, dropout=None, unk_token=None, continuing_subword_prefix="",
            end_of_word_suffix="", fuse_unk=False, byte_fallback=False,
        )
    )
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def some(rng, items, most):
    return "".join(rng.choice(items) for _ in range(rng.randint(1, most)))


def part(rng):
    """A few scalars of one kind."""
    kind = rng.randrange(16)
    if kind < 3:
        return rng.choice(WORDS)
    if kind < 5:
        first, last = rng.choice(SCRIPTS)
        return "".join(chr(rng.randint(first, last)) for _ in range(rng.randint(1, 8)))
    if kind == 5:
        return some(rng, SPACES, 4)
    if kind == 6:
        return rng.choice(COMPOSITES) + some(rng, MARKS, 5)
    if kind == 7:
        return rng.choice("aeiouAEIOUncsα가क") + some(rng, MARKS, 6)
    if kind == 8:
        return some(rng, JAMO, 6)
    if kind == 9:
        return "".join(rng.choice(EMOJI) + rng.choice(JOINERS) for _ in range(rng.randint(1, 4)))
    if kind == 10:
        return some(rng, DIGITS, 6)
    if kind == 11:
        return some(rng, "'sStTrReEvVmMlLdD\u017f ", 8)
    if kind == 12:
        return some(rng, " \t\r\n\x0b\x0c\x1c\x1f", 6)
    if kind == 13:
        return unicodedata.normalize("NFD", some(rng, COMPOSITES, 5))
    if kind == 14:
        return some(rng, SCALARS, 6)
    return rng.choice(["a", " ", "\r", "\n", "'", "é", "\u0301", "!", "0", "ab", "中"]) * rng.choice(
        [2, 3, 7, 31, 32, 33, 34, 64, 200, 1000]
    )


def strings(rng, count):
    result = ["", " ", "\n", "\r\n", "\r", "  \n  ", "a\r\n\r\n b", " \u3000 x", "'", "'r", "'l"]
    # Every scalar where its class moves an id: 's after a letter or a number is one token, after a
    # symbol it is two. Few merges cross the other edges of pieces.
    for start in range(0, len(SCALARS), 64):
        block = SCALARS[start : start + 64]
        result.append(" ".join(f"{c}'s {c}\u0301'{c}" for c in block))
    # And some of them alone among letters, behind a space, before marks, in a contraction.
    contexts = ["a{}b", " {}", "{}\u0301", "'{}x", "{} ", "\u0301{}\u0327", "1{}1", "e{}\u0323!{}"]
    for start in range(0, len(SCALARS), 64):
        context = contexts[start // 64 % len(contexts)]
        result.append(" ".join(context.replace("{}", c) for c in SCALARS[start : start + 64]))
    # Every mark after marks of low and high classes, in both orders.
    for mark in MARKS:
        for other in "\u0334\u05b0\u094d\u0327\u0316\u0301\u0345":
            result.append(f"a{mark}{other}e{other}{mark}{other}")
    for c in COMPOSITES:
        if not 0xAC00 <= ord(c) < 0xD7A4 or rng.random() < 0.05:
            full = unicodedata.normalize("NFD", c)
            result.append(f"{full} {c}\u0323 x{full[-1]}{c}" + "\u0334".join(full))
    while len(result) < count:
        result.append("".join(part(rng) for _ in range(rng.randint(1, 10))))
    return result


def run(binary, folder, text, *options):
    command = [binary, "tokenize", "--model", str(folder), *options]
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, check=True)
    return done.stdout


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("binary")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--strings", type=int, default=80000)
    options = arguments.parse_args()
    rng = random.Random(options.seed)
    tokenizer = reference(options.folder)
    texts = strings(rng, options.strings)
    differing, shown = 0, 0

    def check(text, ids):
        nonlocal differing, shown
        expected = tokenizer.encode(text, add_special_tokens=False).ids
        if ids == expected:
            return
        differing += 1
        if shown < 10:
            shown += 1
            print(ascii(text)[:300], "\n  expected", expected[:40], "\n  found   ", ids[:40])

    lines = [t for t in texts if "\n" not in t]
    output = run(options.binary, options.folder, "".join(t + "\n" for t in lines).encode())
    rows = output.decode().split("\n")
    assert rows.pop() == "" and len(rows) == len(lines), (len(rows), len(lines))
    for text, row in zip(lines, rows):
        check(text, [int(word) for word in row.split()])

    # Joined with line feeds between them, or every raw string would be a process of its own.
    broken = [t for t in texts if "\n" in t]
    groups = [[t] for t in broken[:200]]
    groups += [broken[i : i + 50] for i in range(200, len(broken), 50)]
    groups += [lines[i : i + 500] for i in range(0, len(lines), 500)]
    groups += [["a" * 100_000], [" " * 50_000 + "x"], ["e" + "\u0301\u0316" * 5_000], ["ab" * 50_000]]
    for group in groups:
        text = "\n".join(group)
        row = run(options.binary, options.folder, text.encode(), "--raw")
        check(text, [int(word) for word in row.split()])

    print(f"{len(lines) + len(broken)} strings, {differing} differ")

    # Random ids, most of which cut characters apart.
    limit = tokenizer.get_vocab_size()
    wrong = 0
    sequences = [[rng.randrange(limit) for _ in range(rng.randint(0, 30))] for _ in range(5000)]
    sequences += [[rng.randrange(256) for _ in range(rng.randint(0, 12))] for _ in range(5000)]
    decoded = [tokenizer.decode(ids, skip_special_tokens=False) for ids in sequences]
    pairs = [(ids, text) for ids, text in zip(sequences, decoded) if "\n" not in text]
    text = "".join(" ".join(map(str, ids)) + "\n" for ids, _ in pairs).encode()
    rows = run(options.binary, options.folder, text, "--decode").decode().split("\n")
    assert rows.pop() == "" and len(rows) == len(pairs)
    wrong += sum(row != text for row, (_, text) in zip(rows, pairs))
    whole = [i for ids in sequences for i in ids]
    row = run(options.binary, options.folder, " ".join(map(str, whole)).encode(), "--decode", "--raw")
    wrong += row.decode() != tokenizer.decode(whole, skip_special_tokens=False)
    print(f"{len(pairs) + 1} decoded sequences, {wrong} differ")
    sys.exit(1 if differing or wrong else 0)


if __name__ == "__main__":
    main()
