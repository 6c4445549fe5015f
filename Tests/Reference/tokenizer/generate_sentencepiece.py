"""Writes the SentencePiece fixtures of Tests/TokenizerTests/Fixtures/sentencepiece.

    python3 generate_sentencepiece.py ../../TokenizerTests/Fixtures/sentencepiece

Trains two small models on the text below, converts the first with `transformers` (4.x, with sentencepiece
and protobuf), and writes what `sentencepiece` and `tokenizers` make of generated texts:

- model: tokenizer.model with a space before every text, and added tokens in place of pieces
- plain: tokenizer.model without that space, and with symbols that stay whole
- json: the first as tokenizer.json with a pre-tokenizer (“legacy” false)
- legacy: the first as tokenizer.json with a normalizer (“legacy” true)
"""

import io
import json
import pathlib
import random
import sys

import sentencepiece
from tokenizers import Tokenizer
from transformers import LlamaTokenizerFast

import compare_tokenizer as compare

TEXT = """
The quick brown fox jumps over the lazy dog, and then the theater shows another image.
What is shown in the picture? How many red circles are there? It's the third one.
Describe the image in detail. There are three apples on the table and a dog under it.
for i in range(10): print(i, "value")  # a comment
    return {"key": [1, 2, 3], "other": null};
Der kleine Hund läuft über die Straße. Où est la bibliothèque? El niño está aquí.
Привет, как дела? Это хорошая картина.
图片里有什么？这是一张照片，里面有三个苹果。你好，世界。
10 20 300 1999 2024 3.14159 100% 5+7=12
"""
SPECIAL = ["<|im_end|>", "<|im_start|>", "<img>", "</img>", "<IMG_CONTEXT>"]
HAND = [
    "", " ", "  ", "   a", "a ", " a", "a  b", "\n", "\t\tx", "\u2581", " \u2581x", "\u2581\u2581", "the theater", "aaa", "aaaa",
    "<s>", "</s>", "<unk>", "<0x0A>", "<|im_start|>user\nhi<|im_end|>\n", "[UNUSED_TOKEN_1]", "[UNUSED_TOKEN_9]", "<box>x</box>",
    "图片里有什么", "\U0001f642 ok", "e\u0301 \u00e9", "\u0e2a\u0e27\u0e31", "a\x00b", "\ufeff", "<bo<box>box>", "ab" * 60, "the " * 40, " " * 50 + "x",
    "\U0010ffff\ufffd", "▁<box>", "<box> <box>", "the" * 30,
]


def train(vocab, dummy, **more):
    model = io.BytesIO()
    lines = [line for line in TEXT.splitlines() if line] * 3
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=vocab, model_type="bpe",
        byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity",
        add_dummy_prefix=dummy, remove_extra_whitespaces=False, allow_whitespace_only_pieces=True,
        split_digits=True, num_threads=1, minloglevel=2, **more)
    return model.getvalue()


def config(**more):
    added = {str(i): {"content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
             for i, t in [(0, "<unk>"), (1, "<s>"), (2, "</s>")] + [(4 + i, t) for i, t in enumerate(SPECIAL)] + [(440, "<quad>")]}
    return {"added_tokens_decoder": added, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", **more}


def texts(rng, count, most):
    result = list(HAND) + SPECIAL
    words = TEXT.split()
    while len(result) < count:
        if rng.random() < 0.5:
            text = rng.choice([" ", "  ", "", "\n"]).join(rng.choice(words) for _ in range(rng.randint(1, 6)))
        else:
            text = "".join(compare.part(rng) for _ in range(rng.randint(1, 4)))
        if len(text) <= most and "\ud800" not in text:
            result.append(text)
    return result


def write(path, encoded, decoded):
    def rows(items):
        return "[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]"

    path.write_text(f'{{"encoded":{rows(encoded)},\n"decoded":{rows(decoded)}}}\n')
    print(path.name, path.stat().st_size, "bytes")


def main():
    root = pathlib.Path(sys.argv[1])
    for name in ("model", "plain", "json", "legacy"):
        (root / name).mkdir(parents=True, exist_ok=True)
    rng = random.Random(5)
    samples = texts(rng, 260, 50)
    names = [f"[UNUSED_TOKEN_{i}]" for i in range(12)]
    (root / "model/tokenizer.model").write_bytes(train(440, True, control_symbols=",".join(names)))
    (root / "plain/tokenizer.model").write_bytes(train(420, False, user_defined_symbols="<box>,</box>,\u2581\u2581\u2581,0"))
    dump = lambda path, value: path.write_text(json.dumps(value, indent=1) + "\n")
    dump(root / "model/tokenizer_config.json", config(tokenizer_class="InternLM2Tokenizer"))
    dump(root / "plain/tokenizer_config.json", {"tokenizer_class": "InternLM2Tokenizer", "add_bos_token": False})

    for name in ("model", "plain"):
        processor = sentencepiece.SentencePieceProcessor(model_proto=(root / name / "tokenizer.model").read_bytes())
        taken = set(range(3, 9)) if name == "model" else set()
        limit = processor.get_piece_size()
        sequences = [[i for i in (rng.randrange(3, limit) for _ in range(rng.randint(0, 12))) if i not in taken] for _ in range(60)]
        bytes_at = processor.piece_to_id("<0x00>")
        sequences += [[rng.randrange(bytes_at, bytes_at + 256) for _ in range(rng.randint(1, 6))] for _ in range(90)]
        sequences = [[i for i in ids if not processor.is_control(i)] for ids in sequences]
        write(root / name / "reference.json", [{"text": t, "ids": processor.encode(t)} for t in samples],
              [{"ids": ids, "text": processor.decode(ids)} for ids in sequences])

    for name, legacy in (("json", False), ("legacy", True)):
        fast = LlamaTokenizerFast.from_pretrained(root / "model", legacy=legacy, from_slow=True)
        if not legacy:
            fast._tokenizer.pre_tokenizer.prepend_scheme = "never"
        fast.save_pretrained(root / name)
        for file in (root / name).iterdir():
            if file.name not in ("tokenizer.json", "tokenizer_config.json"):
                file.unlink()
        bare = json.loads((root / name / "tokenizer.json").read_text())
        bare["added_tokens"] = []
        bare["post_processor"] = None
        bare = Tokenizer.from_str(json.dumps(bare))
        write(root / name / "reference.json", [{"text": t, "ids": bare.encode(t).ids} for t in samples], [])


if __name__ == "__main__":
    main()
