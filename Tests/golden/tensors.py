"""Files of safetensors, with nothing but Python's own library."""

import array
import json
import struct
from dataclasses import dataclass

TYPES = {"F32": "f", "I64": "q", "I32": "i"}


@dataclass
class Tensor:
    """Numbers in one row; `shape` says how they belong together."""

    shape: list
    values: array.array

    @property
    def is_whole(self):
        return self.values.typecode != "f"


def read(path):
    """All tensors of a file, by name."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        values = array.array(TYPES[entry["dtype"]])
        values.frombytes(data[8 + length + begin : 8 + length + end])
        found[name] = Tensor(entry["shape"], values)
    return found


def largest(values):
    return max((abs(value) for value in values), default=0)


def distance(a, b):
    """The largest difference, infinite where the lengths differ or something is no number."""
    if len(a) != len(b):
        return float("inf")
    differences = [abs(x - y) for x, y in zip(a, b)]
    return max(differences, default=0) if all(d == d for d in differences) else float("inf")


def relative_error(a, b):
    """The length of the difference over the length of `b`."""
    if len(a) != len(b):
        return float("inf")
    error = sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5
    return error / sum(y * y for y in b) ** 0.5 if error == error else float("inf")


def columns(tensor):
    """The columns of a matrix."""
    rows, count = tensor.shape
    return [tensor.values[column::count] for column in range(count)] if rows else []


def patches(tensor, side, group):
    """Pixels `[patches, 3 · side · side]`. Images, `[…, 3, height, width]`, are cut into whole patches,
    in groups of `group` × `group`; patches stay as they are."""
    if len(tensor.shape) < 4:
        return tensor.values
    height, width = tensor.shape[-2:]
    values, cut = tensor.values, array.array("f")
    high, wide = height // side // group, width // side // group
    places = [
        ((y * group + dy) * side, (x * group + dx) * side)
        for y in range(high)
        for x in range(wide)
        for dy in range(group)
        for dx in range(group)
    ]
    for image in range(len(values) // (3 * height * width)):
        for top, left in places:
            for channel in range(3):
                for row in range(top, top + side):
                    start = ((image * 3 + channel) * height + row) * width + left
                    cut.extend(values[start : start + side])
    return cut
