#!/usr/bin/env python3
"""Writes a checkpoint of a given shape with random bf16 weights, in the Hugging Face layout.

    random_checkpoint.py config.json TOKENIZER_FOLDER OUTPUT_FOLDER

The tokenizer's and the processors' files are copied from any folder of Qwen's models; where a token has another id there than
in config.json, config.json takes the tokenizer's. Only the weights are random: speed and memory do not depend on what they
say. Needs torch, safetensors and transformers (4.57 or later; for Qwen3.5 5.9 or later).
"""

import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForImageTextToText

COPIED = [
    "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json",
    "chat_template.json", "chat_template.jinja", "generation_config.json", "preprocessor_config.json",
    "video_preprocessor_config.json",
]
TOKENS = {
    "image_token_id": "<|image_pad|>", "video_token_id": "<|video_pad|>", "vision_start_token_id": "<|vision_start|>",
    "vision_end_token_id": "<|vision_end|>",
}


def added_tokens(folder: pathlib.Path) -> dict[str, int]:
    """The ids of the tokens that the tokenizer adds to its vocabulary."""
    if (folder / "tokenizer.json").exists():
        added = json.loads((folder / "tokenizer.json").read_text())["added_tokens"]
        return {token["content"]: token["id"] for token in added}
    added = json.loads((folder / "tokenizer_config.json").read_text())["added_tokens_decoder"]
    return {token["content"]: int(number) for number, token in added.items()}


def weights(config) -> dict[str, torch.Tensor]:
    """Every tensor of the model, cut out of the same million normal numbers of deviation 0.02; norms around 1."""
    with torch.device("meta"):
        model = AutoModelForImageTextToText.from_config(config, dtype=torch.bfloat16)
    torch.manual_seed(0)
    numbers = 0.02 * torch.randn(1 << 20)
    result = {}
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = numbers.to(tensor.dtype)
        values = values.repeat(tensor.numel() // len(values) + 1)[: tensor.numel()].view(tensor.shape).clone()
        result[name] = values + 1 if tensor.dim() == 1 and "norm" in name and name.endswith("weight") else values
    return result


def main() -> None:
    config_file, tokenizer, output = (pathlib.Path(argument) for argument in sys.argv[1:4])
    values = json.loads(config_file.read_text())
    ids = added_tokens(tokenizer)
    for key, token in TOKENS.items():
        if key in values:
            values[key] = ids[token]
    if "eos_token_id" in values["text_config"]:
        values["text_config"]["eos_token_id"] = ids["<|endoftext|>"]
    output.mkdir(parents=True)
    text = json.dumps(values, indent=2) + "\n"
    (output / "config.json").write_text(text)
    save_file(weights(AutoConfig.from_pretrained(output)), output / "model.safetensors", {"format": "pt"})
    for name in COPIED:
        if (tokenizer / name).exists():
            shutil.copyfile(tokenizer / name, output / name)
    template = output / "chat_template.jinja"
    if not template.exists():
        # illava asks it whether the model thinks.
        template.write_text("{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
