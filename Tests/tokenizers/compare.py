"""Compares `illava tokenize` with Hugging Face's tokenizers and SentencePiece, string by string.

    python3 Tests/tokenizers/compare.py ILLAVA [--qwen FOLDER] [--sentencepiece FILE] [--strings N] [--seed N]
        [--only NAME]

FOLDER has vocab.json and merges.txt of Qwen2; FILE is a tokenizer.model of the kind of Llama's. Without them
vocabularies are trained on generated text. Needs tokenizers, transformers 4 (with sentencepiece and protobuf) and
sentencepiece from PyPI. No tests of `make test` need it.

Each folder is written as one that a family's releases really have: vocab.json with merges.txt, tokenizer.json with
merges as pairs and as strings, tokenizer.json as `transformers` saves it, tokenizer.model, and tokenizer.json made from
that in three ways. The strings are words, code and markup, scripts and emoji, marks, digits, spaces of every kind,
random Unicode, and texts that look like special tokens. Special tokens are not looked for in them: the reference is the
tokenizer without its list of added tokens, or SentencePiece itself. Prints a line for each folder and the first differences; the exit
status is 1 when anything differs.
"""

import argparse
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Reference/tokenizer"))
import compare_tokenizer as generated

from tokenizers import Tokenizer

# The added tokens of each family's releases, in the order of their ids after the vocabulary.
QWEN = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
VISION = QWEN + [
    "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>", "<|quad_start|>",
    "<|quad_end|>", "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>",
    "<|video_pad|>",
]
TOOLS = ["<tool_call>", "</tool_call>"]
INTERNVL = ["<img>", "</img>", "<IMG_CONTEXT>", "<quad>", "</quad>", "<ref>", "</ref>", "<box>", "</box>"]
FAMILIES = {
    "qwen2-vl": VISION,
    "qwen2.5-vl": VISION + TOOLS,
    "internvl": VISION + TOOLS + INTERNVL,
    "llava-onevision": QWEN + ["<image>", "<video>"],
}
INTERNLM = ["<|plugin|>", "<|interpreter|>", "<|action_end|>", "<|action_start|>", "<|im_end|>", "<|im_start|>"] + INTERNVL
CODE = [
    'def f(x: int) -> str:\n\treturn f"{x!r:>8}"  # no\n', "for (int i = 0; i < n; ++i) { a[i] += b[i] * 0x1F; }\n",
    "SELECT * FROM t WHERE a <> 'b''c' AND d IS NOT NULL;", '{"key": [1, 2.5e-3, null, true], "é": "\\u00e9"}',
    "<div class=\"a b\">&nbsp;<br/></div>", "#!/bin/sh\r\nset -e\r\necho \"$HOME/${x:-y}\"", "let x = y.map { $0 ?? 0 }",
    "\\begin{equation} \\alpha_{i}^{2} \\end{equation}", "https://example.org/a%20b?c=d&e=f#g", "C:\\Users\\x\\file.txt",
    "| a | b |\n|---|---|\n| 1 | 2 |\n", "```python\nprint('x')\n```", "1,234,567.89 -0.5 1e10 ½ ²³ Ⅷ ٣٤٥ 一二三 ①②",
]
LANGUAGES = [
    "The answer is written as it is read.", "Der Fluß fließt über die Brücke.", "L’été dernier, j’étais à l’hôpital.",
    "El niño comió piñas.", "Żółć gęślą jaźń", "Съешь же ещё этих мягких булок", "Η γρήγορη αλεπού", "敏捷的棕色狐狸跳过了懒狗。",
    "素早い茶色の狐がのろまな犬を飛び越える。", "다람쥐 헌 쳇바퀴에 타고파", "السلام عليكم ورحمة الله", "שלום עולם, מה שלומך?", "नमस्ते दुनिया कैसे हो",
    "สวัสดีชาวโลก", "Xin chào thế giới", "வணக்கம் உலகம்", "გამარჯობა მსოფლიო", "Բարեւ աշխարհ", "ሰላም ልዑል", "မင်္ဂလာပါ",
]


def texts(unicode, rng, count, special):
    """Strings of all kinds; a third of the room is for those with every scalar and mark."""
    result = rng.sample(unicode, min(len(unicode), count // 3))
    result += CODE + LANGUAGES + special + [f" {t} " for t in special] + ["<s>", "</s>", "<unk>", "<0x0A>", "<|", "|>"]
    result += ["\u2581", " \u2581 ", "a" * 5000, " " * 3000 + "x", "ab " * 2000, "e" + "\u0301\u0316" * 500]
    while len(result) < count:
        parts = []
        for _ in range(rng.randint(1, 8)):
            kind = rng.random()
            if kind < 0.15:
                parts.append(rng.choice(CODE))
            elif kind < 0.3:
                line = rng.choice(LANGUAGES)
                start = rng.randrange(len(line))
                parts.append(line[start : start + rng.randint(1, 20)])
            elif kind < 0.4:
                token = rng.choice(special)
                parts.append(rng.choice([token, token[:-1], token[1:], token.upper(), token + token]))
            else:
                parts.append(generated.part(rng))
        result.append(rng.choice(["", "", " "]).join(parts))
    return [text.replace("\0", "") for text in result]


def added(token, number, is_special=True):
    return {"id": number, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": is_special}


def bare(folder):
    """Encodes and decodes as the tokenizer of a folder, without added tokens and tokens around a text."""
    values = json.loads((folder / "tokenizer.json").read_text())
    special = {token["content"] for token in values["added_tokens"] if token["special"]}
    values["added_tokens"], values["post_processor"] = [], None
    # illava never makes a special token of text; in SentencePiece none is the result of a merge either.
    pairs = [pair if isinstance(pair, list) else pair.split(" ") for pair in values["model"]["merges"]]
    values["model"]["merges"] = [pair for pair in pairs if "".join(pair) not in special]
    tokenizer = Tokenizer.from_str(json.dumps(values))
    return (lambda batch: [e.ids for e in tokenizer.encode_batch(batch, add_special_tokens=False)],
            lambda batch: tokenizer.decode_batch(batch, skip_special_tokens=False))


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False))


def qwen_folders(root, source):
    """Yields (name, folder, special tokens) of byte-level BPE."""
    from transformers import Qwen2TokenizerFast

    vocabulary = json.loads((source / "vocab.json").read_text())
    for family, special in FAMILIES.items():
        folder = root / family
        folder.mkdir()
        for name in ("vocab.json", "merges.txt"):
            (folder / name).write_bytes((source / name).read_bytes())
        numbers = {token: len(vocabulary) + i for i, token in enumerate(special)}
        write(folder / "added_tokens.json", numbers)
        write(folder / "tokenizer_config.json", {
            "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>", "bos_token": None, "unk_token": None, "errors": "replace",
            "added_tokens_decoder": {str(n): {k: v for k, v in added(t, n, t not in TOOLS).items() if k != "id"}
                                     for t, n in numbers.items()},
        })
        # `transformers` makes the reference of the files that illava reads.
        saved = root / (family + "-saved")
        Qwen2TokenizerFast.from_pretrained(folder).save_pretrained(saved)
        reference = bare(saved)
        yield f"{family}, vocab.json and merges.txt", folder, special, reference
        single = root / (family + "-json")
        single.mkdir()
        values = json.loads((saved / "tokenizer.json").read_text())
        values["model"]["merges"] = [" ".join(p) if isinstance(p, list) else p for p in values["model"]["merges"]]
        write(single / "tokenizer.json", values)
        yield f"{family}, tokenizer.json with merges as strings", single, special, reference
        values["model"]["merges"] = [p.split(" ") for p in values["model"]["merges"]]
        pairs = root / (family + "-pairs")
        pairs.mkdir()
        write(pairs / "tokenizer.json", values)
        yield f"{family}, tokenizer.json with merges as pairs", pairs, special, reference
        for name in ("vocab.json", "merges.txt", "added_tokens.json"):
            (saved / name).unlink(missing_ok=True)
        yield f"{family}, as transformers saves it", saved, special, reference


def sentencepiece_folders(root, model, label, special):
    """Yields folders of one SentencePiece model."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2
    from transformers import LlamaTokenizerFast

    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model)
    numbers = {token: len(proto.pieces) + i for i, token in enumerate(special)}
    folder = root / (label + "-model")
    folder.mkdir()
    (folder / "tokenizer.model").write_bytes(model)
    write(folder / "tokenizer_config.json", {
        "tokenizer_class": "InternLM2Tokenizer", "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>",
        "added_tokens_decoder": {str(n): {k: v for k, v in added(t, n).items() if k != "id"}
                                 for t, n in [("<unk>", 0), ("<s>", 1), ("</s>", 2), *numbers.items()]},
    })
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    yield f"{label}, tokenizer.model", folder, special, (processor.encode, processor.decode)
    if any(piece.type == 4 for piece in proto.pieces):
        return
    for name, legacy, scheme in (("legacy", True, None), ("never", False, "never"), ("first", False, "first"),
                                 ("always", False, "always")):
        target = root / f"{label}-{name}"
        fast = LlamaTokenizerFast.from_pretrained(folder, legacy=legacy, from_slow=True)
        if scheme:
            fast._tokenizer.pre_tokenizer.prepend_scheme = scheme
        fast.save_pretrained(target)
        (target / "tokenizer.model").unlink(missing_ok=True)
        yield f"{label}, tokenizer.json ({name})", target, special, bare(target)


def trained(dummy, **more):
    """A model trained on generated text."""
    import sentencepiece

    rng = random.Random(3)
    lines = [line for text in CODE + LANGUAGES for line in text.splitlines() if line]
    words = " ".join(lines).split()
    lines += [" ".join(rng.choice(words) for _ in range(8)) for _ in range(4000)]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, vocab_size=1500, model_type="bpe", byte_fallback=True,
        character_coverage=0.995, normalization_rule_name="identity", add_dummy_prefix=dummy,
        remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, num_threads=2, minloglevel=2,
        hard_vocab_limit=False, **more)
    return model.getvalue()


def encode(binary, folder, batch):
    text = "".join(t + "\0" for t in batch).encode()
    done = subprocess.run([binary, "tokenize", "--model", str(folder), "--null"], input=text, stdout=subprocess.PIPE, check=True)
    rows = done.stdout.decode().split("\n")
    assert rows.pop() == "" and len(rows) == len(batch), (len(rows), len(batch))
    return [[int(word) for word in row.split()] for row in rows]


def decode(binary, folder, sequences):
    text = "".join(" ".join(map(str, ids)) + "\0" for ids in sequences).encode()
    done = subprocess.run([binary, "tokenize", "--model", str(folder), "--null", "--decode"], input=text, stdout=subprocess.PIPE, check=True)
    rows = done.stdout.decode().split("\0")
    assert rows.pop() == "" and len(rows) == len(sequences)
    return rows


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("binary")
    arguments.add_argument("--qwen", type=pathlib.Path)
    arguments.add_argument("--sentencepiece", type=pathlib.Path)
    arguments.add_argument("--strings", type=int, default=20000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    import transformers

    # It says at every folder that InternLM2Tokenizer is no class of its own.
    transformers.logging.set_verbosity_error()
    failed = 0
    unicode = generated.strings(random.Random(options.seed), 0)
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)

        def folders():
            if options.qwen:
                yield from qwen_folders(root, options.qwen)
            if options.sentencepiece:
                yield from sentencepiece_folders(root, options.sentencepiece.read_bytes(), "given model", INTERNLM)
            yield from sentencepiece_folders(root, trained(True), "trained with a prefix", INTERNLM)
            yield from sentencepiece_folders(root, trained(False), "trained without a prefix", INTERNLM)
            whole = ["<box>", "\u2581\u2581\u2581\u2581", "\n\n", "\t", "==", "=>"]
            yield from sentencepiece_folders(root, trained(True, user_defined_symbols=whole), "trained with whole symbols", ["<img>", "</img>"])

        for name, folder, special, reference in folders():
            if options.only not in name:
                continue
            batch = texts(unicode, random.Random(options.seed), options.strings, special)
            expected, found = reference[0](batch), encode(options.binary, folder, batch)
            wrong = [i for i, ids in enumerate(expected) if ids != found[i]]
            text, back = reference[1](expected), decode(options.binary, folder, expected)
            lost = [i for i, ids in enumerate(expected) if text[i] != back[i]]
            print(f"{name}: {len(batch)} strings, {len(wrong)} differ, {len(lost)} differ decoded", flush=True)
            for i in wrong[:5]:
                print(" ", ascii(batch[i])[:200], "\n    expected", expected[i][:30], "\n    found   ", found[i][:30])
            for i in lost[:5]:
                print(" ", expected[i][:30], "\n    expected", ascii(text[i])[:200], "\n    found   ", ascii(back[i])[:200])
            failed += len(wrong) + len(lost)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
