"""Damage to safetensors files: headers, extents, types and bytes."""

import json
import struct

import jsons

TYPES = ["F32", "F16", "BF16", "F64", "I64", "I8", "U8", "BOOL", "F8_E4M3", "F4", "C64", "X", ""]
LENGTHS = [0, 1, 7, 2**20, 100_000_001, 2**31, 2**32 - 1, 2**63, 2**64 - 1]
NUMBERS = [-1, 0, 1, 2**31, 2**40, 2**62, 2**63 - 1, 2**64, 1.5]


def parts(data):
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def framed(header, body):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def tensors(header):
    return [name for name in header if name != "__metadata__"]


def wrong_entry(random, header):
    """One wrong entry of a tensor."""
    name = random.choice(tensors(header))
    entry = header[name]
    kind = random.randrange(7)
    if kind == 0:
        entry["dtype"] = random.choice(TYPES)
    elif kind == 1 and entry["shape"]:
        entry["shape"][random.randrange(len(entry["shape"]))] = random.choice(NUMBERS)
    elif kind == 2:
        entry["data_offsets"][random.randrange(2)] = random.choice(NUMBERS)
    elif kind == 3:
        entry["data_offsets"] = list(header[random.choice(tensors(header))]["data_offsets"])
    elif kind == 4:
        entry["shape"] = random.choice([entry["shape"][::-1], [*entry["shape"], 1], [], [0]])
    elif kind == 5:
        header[name + "x"] = header.pop(name)
    else:
        del entry[random.choice(list(entry))]


def without_tensor(random, header, body):
    """A sound file that lacks a tensor."""
    gone = random.choice(tensors(header))
    kept, data = {}, b""
    for name in sorted(tensors(header), key=lambda one: header[one]["data_offsets"]):
        begin, end = header[name]["data_offsets"]
        if name != gone:
            kept[name] = {**header[name], "data_offsets": [len(data), len(data) + end - begin]}
            data += body[begin:end]
    return framed(kept, data)


def strange_numbers(random, header, body):
    """A sound file with a tensor of infinities, of what is no number, or of zeros."""
    begin, end = header[random.choice(tensors(header))]["data_offsets"]
    filling = random.choice([b"\x80\x7f", b"\xff\xff", b"\x7f\x7f", b"\x00\x00"])
    return framed(header, body[:begin] + filling * ((end - begin) // 2) + body[end:])


def damaged(random, data):
    """A file with one damage."""
    header, body = parts(data)
    kind = random.randrange(12)
    if kind == 0:
        return data[: random.randrange(len(data))]
    if kind == 1:
        return struct.pack("<Q", random.choice(LENGTHS)) + data[8:]
    if kind == 2:
        return data + b"\x00" * random.choice([1, 2, 4096])
    if kind == 3:
        return random.choice([b"", b"version https://git-lfs.github.com/spec/v1\n", b"\x00" * 64, b"PK\x03\x04"])
    if kind == 4:
        return framed(jsons.damaged(random, json.dumps(header).encode()), body)
    if kind == 5:
        return without_tensor(random, header, body)
    if kind in (6, 7):
        return strange_numbers(random, header, body)
    if kind == 8:
        spot = random.randrange(8 + len(data) - len(body) - 8)
        return data[:spot] + bytes([data[spot] ^ 1 << random.randrange(8)]) + data[spot + 1 :]
    for _ in range(random.choice([1, 1, 2])):
        wrong_entry(random, header)
    return framed(header, body)
