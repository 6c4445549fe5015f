"""Converts the tests' tiny checkpoints to GGUF with llama.cpp's own converter, each into model.gguf and mmproj.gguf.

    python convert.py LLAMA_CPP FIXTURES OUT [NAME…]     # OUT/NAME/{model,mmproj}.gguf

LLAMA_CPP is a source folder of llama.cpp with `convert_hf_to_gguf.py` (that of llama-cpp-python 0.3.36 made the tests' files).
Needs torch and transformers. Tensors are bf16, as in the checkpoints, so that nothing is rounded. The tiny vocabularies are in
no list of the converter, which recognizes tokenizers by what they make of a text: the name of the way that text is split is
given here.
"""

import json
import re
import runpy
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

# The checkpoints, and how their vocabularies split text.
MODELS = {
    "qwen3vl": ("tiny-early", "qwen2"), "qwen2vl": ("qwen2-vl/tiny", "qwen2"),
    "qwen25vl": ("qwen2.5-vl/tiny", "qwen2"), "internvl": ("internvl/tiny-llama", "qwen2"),
    "qwen35": ("qwen3.5/tiny-tied", "qwen35"),
}


# Names of InternVL's image encoder in the layout of Transformers, and in OpenGVLab's, which the converter reads.
PARTS = {
    "attention.projection_layer": "attn.proj", "attention.q_norm": "attn.q_norm", "attention.k_norm": "attn.k_norm",
    "lambda_1": "ls1", "lambda_2": "ls2", "layernorm_before": "norm1", "layernorm_after": "norm2", "mlp.": "mlp.",
}
TOPS = {
    "vision_tower.embeddings.cls_token": "vision_model.embeddings.class_embedding",
    "vision_tower.embeddings.position_embeddings": "vision_model.embeddings.position_embedding",
    "vision_tower.embeddings.patch_embeddings.projection": "vision_model.embeddings.patch_embedding",
    "multi_modal_projector.layer_norm": "mlp1.0", "multi_modal_projector.linear_1": "mlp1.1",
    "multi_modal_projector.linear_2": "mlp1.3", "language_model.": "language_model.model.", "lm_head": "language_model.lm_head",
}


def original(folder):
    """Writes InternVL's folder anew in OpenGVLab's layout."""
    config = json.loads((folder / "config.json").read_text())
    text, vision = config.pop("text_config"), config.pop("vision_config")
    text["architectures"] = [{"llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM"}[text["model_type"]]]
    config |= {
        "architectures": ["InternVLChatModel"], "model_type": "internvl_chat", "ps_version": "v2", "llm_config": text,
        "vision_config": vision | {"architectures": ["InternVisionModel"], "num_hidden_layers": vision["num_hidden_layers"]},
    }
    (folder / "config.json").write_text(json.dumps(config))
    tensors = {}
    for name, value in load_file(folder / "model.safetensors").items():
        name = name.removeprefix("model.")
        layer = re.match(r"vision_tower\.encoder\.layer\.(\d+)\.(.*)", name)
        if layer is None:
            old = next(one for one in TOPS if name.startswith(one))
            tensors[TOPS[old] + name[len(old) :]] = value
            continue
        prefix, part = f"vision_model.encoder.layers.{layer[1]}.", layer[2]
        split = re.match(r"attention\.([qkv])_proj\.(.*)", part)
        if split is None:
            old = next(one for one in PARTS if part.startswith(one))
            tensors[prefix + PARTS[old] + part[len(old) :]] = value
        else:
            tensors.setdefault(f"{prefix}attn.qkv.{split[2]}", {})[split[1]] = value
    for name, value in tensors.items():
        if isinstance(value, dict):
            tensors[name] = torch.cat([value[one] for one in "qkv"])
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def convert(source, folder, out, splitting):
    sys.path.insert(0, str(source))
    import conversion.base as base

    def named(self, tokenizer):
        return splitting

    base.TextModel.get_vocab_base_pre = named
    written = base.MmprojModel.set_gguf_parameters

    def with_window(self):
        written(self)
        # The converter leaves the side of a window out: all published models have 112 pixels, and the tiny one has fewer.
        if "window_size" in self.hparams_vision:
            self.gguf_writer.add_uint32("clip.vision.window_size", self.hparams_vision["window_size"])

    base.MmprojModel.set_gguf_parameters = with_window
    for name, arguments in [("model.gguf", []), ("mmproj.gguf", ["--mmproj"])]:
        sys.argv = ["convert", str(folder), "--outtype", "bf16", "--outfile", str(out / name), *arguments]
        runpy.run_path(str(source / "convert_hf_to_gguf.py"), run_name="__main__")


def main():
    source, fixtures, target = map(Path, sys.argv[1:4])
    for name in sys.argv[4:] or MODELS:
        folder, splitting = MODELS[name]
        out = target / name
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as place:
            copy = Path(place) / "model"
            shutil.copytree(fixtures / folder, copy, symlinks=False)
            if name == "internvl":
                original(copy)
            convert(source, copy, out, splitting)


main()
