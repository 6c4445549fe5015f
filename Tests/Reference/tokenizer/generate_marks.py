"""Writes tokens.json of a checkpoint in Tests/EngineTests/Fixtures: texts and ids as the reference has them.

    python3 generate_marks.py ../../EngineTests/Fixtures/qwen3.5

The checkpoint's pattern counts marks to words, so these texts have many of them.
"""

import json
import pathlib
import random
import sys

from tokenizers import Tokenizer

import compare_tokenizer as compare
from generate_fixture import HAND

WORDS = ["\u0928\u092e\u0938\u094d\u0924\u0947", "\u0e19\u0e35\u0e48", "\u0645\u064e\u0631", "e\u0301", "\u093e", "\u0301", "\u20dd", "\ufe0f"]


def main():
    folder = pathlib.Path(sys.argv[1])
    tokenizer = Tokenizer.from_file(str(folder / "tiny" / "tokenizer.json"))
    rng = random.Random(11)
    texts = HAND + [before + word + after for word in WORDS for before in ["", " ", "a", "1", "\n", "!"]
                    for after in ["", "b", " c", "!\n"]]
    while len(texts) < 400:
        text = "".join(rng.choice([compare.part(rng), rng.choice(WORDS)]) for _ in range(rng.randint(1, 6)))
        if len(text) <= 60 and "<" not in text:
            texts.append(text)
    rows = [{"text": t, "ids": tokenizer.encode(t, add_special_tokens=False).ids} for t in texts]
    body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (folder / "tokens.json").write_text(f"[\n{body}\n]\n")


if __name__ == "__main__":
    main()
