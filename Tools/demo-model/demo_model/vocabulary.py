"""The tokenizer: the first ranks of Qwen's byte-level vocabulary with all of its special tokens.

`qwen-ranks.tiktoken` holds the ranks below RANKS as published (one `base64 rank` pair a line). Byte
pairs are merged in the order of their ranks, and a piece of text is split the same way whatever ranks
follow, so a prefix is a working vocabulary as long as both parts of every kept token are kept.
"""

import base64
import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

RANKS = 6144
RANK_FILE = Path(__file__).parent / "qwen-ranks.tiktoken"

SPECIAL_TOKENS = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<tool_call>", "</tool_call>",
    "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<|repo_name|>",
    "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
]
LISTED_AS_SPECIAL = SPECIAL_TOKENS[1:14]  # the same thirteen that Qwen3-VL lists

PIECE_PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
                 r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
# The same for text of ASCII characters, in the words of Python's own regular expressions.
ASCII_PIECES = re.compile(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]"
    r"| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")

CHAT_TEMPLATE = """\
{%- for message in messages -%}
<|im_start|>{{ message['role'] }}
{% if message['content'] is string -%}
{{ message['content'] }}
{%- else -%}
{%- for part in message['content'] -%}
{%- if part['type'] == 'image' -%}<|vision_start|><|image_pad|><|vision_end|>
{%- elif part['type'] == 'video' -%}<|vision_start|><|video_pad|><|vision_end|>
{%- else -%}{{ part['text'] }}{%- endif -%}
{%- endfor -%}
{%- endif -%}
<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
"""


def byte_alphabet():
    """The printable character that stands for each byte in vocabulary files."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, next_free = {}, 256
    for byte in range(256):
        if byte in printable:
            letters[byte] = chr(byte)
        else:
            letters[byte] = chr(next_free)
            next_free += 1
    return letters


def read_ranks(path=RANK_FILE, below=RANKS):
    ranks = {}
    for line in Path(path).read_text(encoding="ascii").splitlines():
        token, rank = line.split()
        if int(rank) < below:
            ranks[base64.b64decode(token)] = int(rank)
    return ranks


def cut_ranks(source, target=RANK_FILE, below=RANKS):
    """Writes the first ranks of a full `qwen.tiktoken`, without the tokens whose parts are missing."""
    ranks = read_ranks(source, below)
    kept = {token: rank for token, rank in ranks.items()
            if len(token) == 1 or len(merge_bytes(token, ranks, ranks[token])) == 2}
    lines = [f"{base64.b64encode(token).decode()} {rank}\n" for token, rank in sorted(kept.items(), key=lambda item: item[1])]
    Path(target).write_text("".join(lines), encoding="ascii")
    return len(kept)


def merge_bytes(data, ranks, below=None):
    """Joins the bytes pair by pair, the lowest rank first, using only ranks under `below`."""
    parts = [data[i:i + 1] for i in range(len(data))]
    while len(parts) > 1:
        candidates = [(ranks.get(a + b), i) for i, (a, b) in enumerate(zip(parts, parts[1:]))]
        candidates = [c for c in candidates if c[0] is not None and (below is None or c[0] < below)]
        if not candidates:
            break
        _, i = min(candidates)
        parts[i:i + 2] = [parts[i] + parts[i + 1]]
    return parts


class Vocabulary:
    def __init__(self, ranks=None):
        self.ranks = ranks or read_ranks()
        self.merges = []
        for token, rank in sorted(self.ranks.items(), key=lambda item: item[1]):
            if len(token) > 1:
                parts = merge_bytes(token, self.ranks, rank)
                if len(parts) != 2:
                    raise ValueError(f"rank {rank} is not made of two lower ranks")
                self.merges.append(tuple(parts))
        first = max(self.ranks.values()) + 1
        self.special = {token: first + i for i, token in enumerate(SPECIAL_TOKENS)}
        self.size = first + len(SPECIAL_TOKENS)
        self._bytes = {rank: token for token, rank in self.ranks.items()}
        self._names = {identifier: token for token, identifier in self.special.items()}
        self._piece = lru_cache(maxsize=None)(self._encode_piece)

    def _encode_piece(self, piece):
        return tuple(self.ranks[part] for part in merge_bytes(piece.encode(), self.ranks))

    def encode(self, text):
        """The ids of text without special tokens; only for ASCII text."""
        text.encode("ascii")
        return [i for piece in ASCII_PIECES.findall(text) for i in self._piece(piece)]

    def decode(self, identifiers):
        """The text of ids; special tokens are left out."""
        data = b"".join(self._bytes.get(int(i), b"") for i in identifiers)
        return unicodedata.normalize("NFC", data.decode("utf-8", "replace"))

    def save(self, folder):
        """Writes the tokenizer's files as Hugging Face lays them out."""
        folder = Path(folder)
        letters = byte_alphabet()

        def spelled(token):
            return "".join(letters[byte] for byte in token)

        table = {spelled(token): rank for token, rank in sorted(self.ranks.items(), key=lambda item: item[1])}
        merges = [(spelled(a), spelled(b)) for a, b in self.merges]

        def write(name, value, indent=2):
            (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")

        def entry(token):
            return {"content": token, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False}

        plain = set(SPECIAL_TOKENS[14:])  # tokens of their own that are no markup of the chat
        decoder = {str(i): entry(t) | {"special": t not in plain} for t, i in self.special.items()}
        write("vocab.json", table, None)
        (folder / "merges.txt").write_text(
            "#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")
        write("added_tokens.json", dict(sorted(self.special.items())))
        write("special_tokens_map.json", {
            "additional_special_tokens": LISTED_AS_SPECIAL,
            "eos_token": entry("<|im_end|>"), "pad_token": entry("<|endoftext|>")})
        write("tokenizer_config.json", {
            "add_bos_token": False, "add_prefix_space": False, "added_tokens_decoder": decoder,
            "additional_special_tokens": LISTED_AS_SPECIAL, "bos_token": None,
            "chat_template": CHAT_TEMPLATE, "clean_up_tokenization_spaces": False,
            "eos_token": "<|im_end|>", "errors": "replace", "model_max_length": 4096,
            "pad_token": "<|endoftext|>", "split_special_tokens": False,
            "tokenizer_class": "Qwen2Tokenizer", "unk_token": None})
        (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")
        write("tokenizer.json", {
            "version": "1.0", "truncation": None, "padding": None,
            "added_tokens": [{"id": int(i)} | values for i, values in decoder.items()],
            "normalizer": {"type": "NFC"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": PIECE_PATTERN}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}]},
            "post_processor": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
            "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                      "vocab": table, "merges": [list(pair) for pair in merges]}}, None)
