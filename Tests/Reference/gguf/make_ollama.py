"""Writes a Qwen3-VL model as Ollama's converter does: both parts in one file, with its names of tensors and keys.

    python make_ollama.py FOLDER OUT.gguf     # FOLDER has model.gguf and mmproj.gguf of llama.cpp's converter

The names are those of `convert/convert_qwen3vl.go` in Ollama. Needs gguf.
"""

import re
import sys

import gguf
import numpy as np

NAMES = [
    (r"v\.post_ln", "v.merger.norm"), (r"mm\.0", "v.merger.linear_fc1"), (r"mm\.2", "v.merger.linear_fc2"),
    (r"\.ln([12])\.", r".norm\1."), (r"ffn_up", "mlp.linear_fc1"), (r"ffn_down", "mlp.linear_fc2"),
    (r"v\.position_embd", "v.pos_embed"), (r"v\.patch_embd\.bias", "v.patch_embed.bias"),
]


def value(reader, key):
    return reader.fields[key].contents()


def vision_name(name, features):
    found = re.match(r"v\.deepstack\.(\d+)\.(norm|fc1|fc2)\.(.*)", name)
    if found:
        part = {"norm": "norm", "fc1": "linear_fc1", "fc2": "linear_fc2"}[found[2]]
        return f"v.deepstack_merger.{features.index(int(found[1]))}.{part}.{found[3]}"
    for old, new in NAMES:
        name = re.sub(old, new, name)
    return name


def main(folder, path):
    text, vision = gguf.GGUFReader(f"{folder}/model.gguf"), gguf.GGUFReader(f"{folder}/mmproj.gguf")
    writer = gguf.GGUFWriter(path, "qwen3vl")
    for key, field in text.fields.items():
        if key.startswith("GGUF.") or key in ("general.architecture", "qwen3vl.n_deepstack_layers"):
            continue
        key = key.replace("rope.dimension_sections", "rope.mrope_section")
        kind = field.types[0]
        writer.add_key_value(key, field.contents(), kind, field.types[-1] if len(field.types) > 1 else None)
    features = [i for i, one in enumerate(value(vision, "clip.vision.is_deepstack_layers")) if one]
    for key in ("block_count", "embedding_length", "attention.head_count", "patch_size", "spatial_merge_size"):
        writer.add_uint32("qwen3vl.vision." + key, value(vision, "clip.vision." + key))
    writer.add_array("qwen3vl.vision.deepstack_visual_indexes", features)
    for key in ("image_mean", "image_std"):
        writer.add_array("qwen3vl.vision." + key, value(vision, "clip.vision." + key))
    for one in text.tensors:
        writer.add_tensor(one.name, one.data, raw_dtype=one.tensor_type)
    tensors = {one.name: one for one in vision.tensors}
    frames = [tensors.pop("v.patch_embd.weight"), tensors.pop("v.patch_embd.weight.1")]
    whole = np.stack([gguf.quants.dequantize(one.data, one.tensor_type) for one in frames], 2)
    writer.add_tensor("v.patch_embed.weight", whole.reshape(-1, *whole.shape[2:]).astype(np.float32))
    for name, one in tensors.items():
        if "attn_qkv" in name:
            for letter, part in zip("qkv", np.split(one.data, 3)):
                writer.add_tensor(name.replace("qkv", letter), np.ascontiguousarray(part), raw_dtype=one.tensor_type)
        else:
            writer.add_tensor(vision_name(name, features), one.data, raw_dtype=one.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


main(*sys.argv[1:])
