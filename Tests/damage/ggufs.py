"""Damage to GGUF files: counts, lengths, types, texts and numbers."""

import struct

NUMBERS = [0, 1, 2, 7, 2**31, 2**32 - 1, 2**40, 2**62, 2**63, 2**64 - 1]
# Keys and names that readers look for.
TEXTS = [
    b"general.architecture", b"general.alignment", b"block_count", b"embedding_length", b"head_count", b"patch_size",
    b"dimension_sections", b"tokenizer.ggml.tokens", b"tokenizer.ggml.merges", b"token_type", b"projector_type", b"blk.0.",
    b"image_mean", b"freq_base", b"key_length",
]


def header_end(data):
    """About where the header ends: behind the name of the last tensor."""
    return max([data.rfind(one) for one in (b"blk.", b"output_norm", b"token_embd", b"mm.")] + [64]) + 64


def near_key(random, data):
    """A place behind a key: its type, its length or its value."""
    spot = data.find(random.choice(TEXTS))
    return random.randrange(24, header_end(data)) if spot < 0 else spot + random.randrange(48)


def damaged(random, data):
    """A file with one damage."""
    kind = random.randrange(10)
    data = bytearray(data)
    if kind == 0:
        return bytes(data[: random.randrange(len(data))])
    if kind == 1:
        struct.pack_into("<Q", data, random.choice([8, 16]), random.choice(NUMBERS))
    elif kind == 2:
        data[random.randrange(8)] ^= 1 << random.randrange(8)
    elif kind in (3, 4):
        spot = near_key(random, data)
        data[spot] ^= 1 << random.randrange(8)
    elif kind == 5:
        struct.pack_into("<Q", data, near_key(random, data), random.choice(NUMBERS))
    elif kind == 6:
        spot = random.randrange(24, header_end(data))
        del data[spot : spot + random.choice([1, 8, 100])]
    elif kind == 7:
        text = random.choice(TEXTS)
        spot = data.find(text)
        if spot >= 0:
            data[spot] ^= 1
    elif kind == 8:
        return random.choice([b"", b"GGUF", b"version https://git-lfs.github.com/spec/v1\n", b"\x00" * 64])
    else:
        filling = random.choice([b"\x80\x7f", b"\xff\xff", b"\x7f\x7f", b"\x00\x00"])
        spot = random.randrange(header_end(data), len(data) - 64)
        data[spot : spot + 64] = filling * 32
    return bytes(data)
