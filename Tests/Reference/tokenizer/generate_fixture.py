"""Writes reference.json of Tests/TokenizerTests/Fixtures: texts and ids as the reference has them.

    python3 generate_fixture.py ../../TokenizerTests/Fixtures

Uses the small vocabulary in the fixture folder itself.
"""

import json
import pathlib
import random
import sys

import compare_tokenizer as compare

SPECIAL = ["<|im_start|>user\nhi<|im_end|>\n", "<|image_pad|><|vision_end|>", " <|endoftext|>"]
HAND = [
    "", " ", "  ", "\n", "\r\n", " \n ", "a  b", "a \n\n  b", "x\t\ty", "end  ", "it's IT'S I'LL we'Ve",
    "'\u017ft '\u017f 's's", "'re'lle", "don't 'tis", "a1b22 333", "\u0663\u0664\u216b\u00bd", "e\u0301 \u00e9 E\u0323\u0302",
    "\u1112\u1161\u11ab \ud55c", "\u212b \u2126 \uf900", "\u0958 \u0915\u093c", "a\u0345\u0301\u0316", "\u0301a", "\u3000x\u00a0y",
    "\u2028\u2029\x85z", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
    # Letters and digits of Unicode 17, which the reference does not count as such yet.
    "a\u088fb 1\U00011de01 \U00016ea0x", "a\U00031350b", "!\ua7f1!",
    # Marks that are younger than the reference's normalization.
    "a\u0345\u1dfa e\u08d3\u0301 \u1acc\u0301 a\u1df6\u0316",
    "\U00011935\U00011930 \U00011938",
    "a" * 31, "a" * 32, "a" * 33, "ab" * 40, "the" * 30, " " * 40 + "x", "!" * 50 + "\n\n",
    "a\x00b\x01\x7f", "\ufeffx\ufffd\ufffe\uffff\U0010ffff",
]


def main():
    folder = pathlib.Path(sys.argv[1])
    tokenizer = compare.reference(folder / "merges")
    rng = random.Random(7)
    texts = HAND + SPECIAL
    while len(texts) < 400:
        text = "".join(compare.part(rng) for _ in range(rng.randint(1, 5)))
        if len(text) <= 60:
            texts.append(text)
    encoded = [{"text": t, "ids": tokenizer.encode(t, add_special_tokens=False).ids} for t in texts]
    limit = tokenizer.get_vocab_size()
    sequences = [[rng.randrange(limit) for _ in range(rng.randint(0, 12))] for _ in range(60)]
    # The first 256 ids are the bytes: most of these are not UTF-8.
    sequences += [[rng.randrange(256) for _ in range(rng.randint(1, 6))] for _ in range(120)]
    sequences += [[rng.randrange(128, 256) for _ in range(4)] for _ in range(120)]
    decoded = [
        {"ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=False)} for ids in sequences
    ]

    def rows(items):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"

    path = folder / "reference.json"
    path.write_text(f'{{"encoded":{rows(encoded)},\n"decoded":{rows(decoded)}}}\n')
    print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
