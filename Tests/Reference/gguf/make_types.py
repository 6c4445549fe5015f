"""Writes a GGUF file with tensors of every type and what gguf for Python makes of them.

    python make_types.py OUT.gguf

The blocks are random bytes with finite scales, so that every combination of bits appears, not only those that a quantizer
gives. The tensor NAME.expected has the numbers as F32. Needs gguf (0.19.0 wrote the fixture of the tests).
"""

import sys

import gguf
import numpy as np

TYPES = "F16 BF16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS".split()
# Where a block has scales of 16 bits, in bytes.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
    "Q5_K": [0, 2], "Q6_K": [208], "IQ4_NL": [0], "IQ4_XS": [0],
}
ROWS, COLUMNS = 3, 512


def numbers(random, name):
    """Random bytes of a type, [rows, bytes of a row]."""
    kind = gguf.GGMLQuantizationType[name]
    size, length = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (ROWS * COLUMNS // size, length), np.uint8)
    for place in SCALES.get(name, []):
        scales = random.normal(0, 0.02, len(blocks)).astype(np.float16)
        # Zeros of either sign, the least and the largest subnormal, and the largest number.
        scales[: 5] = np.array([0, 0x8000, 1, 0x83FF, 0x7BFF], np.uint16).view(np.float16)
        blocks[:, place : place + 2] = scales.view(np.uint8).reshape(-1, 2)
    if not SCALES.get(name):
        value = random.normal(0, 1, ROWS * COLUMNS).astype(np.float32)
        value[:4] = [0, -0.0, 1e-7, -65504]
        return gguf.quants.quantize(value.reshape(ROWS, COLUMNS), kind).view(np.uint8)
    return blocks.reshape(ROWS, -1)


def main(path):
    random = np.random.default_rng(23)
    writer = gguf.GGUFWriter(path, "types")
    for name, value in [("u8", 200), ("u16", 60000), ("u32", 4_000_000_000), ("u64", 1 << 40)]:
        getattr(writer, f"add_{name.replace('u', 'uint')}")(f"test.{name}", value)
    for name, value in [("i8", -100), ("i16", -30000), ("i32", -2_000_000_000), ("i64", -(1 << 40))]:
        getattr(writer, f"add_{name.replace('i', 'int')}")(f"test.{name}", value)
    writer.add_uint64("test.largest", (1 << 64) - 1)
    writer.add_float32("test.f32", 0.1)
    writer.add_float64("test.f64", 0.1)
    writer.add_bool("test.truth", True)
    writer.add_string("test.text", "a – b")
    writer.add_array("test.integers", [1, -2, 3])
    writer.add_array("test.numbers", [0.5, 1.5])
    writer.add_array("test.truths", [True, False])
    writer.add_array("test.texts", ["", "Ġa", "b c"])
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        data = numbers(random, name)
        writer.add_tensor(name, data, raw_dtype=kind)
        writer.add_tensor(name + ".expected", gguf.quants.dequantize(data, kind))
    writer.add_tensor("F32", np.arange(6, dtype=np.float32).reshape(1, 2, 3))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(sys.argv[1])
