#!/usr/bin/env python3
"""Writes a checkpoint of a given shape with random bf16 weights, in the Hugging Face layout.

    random_checkpoint.py config.json TOKENIZER_FOLDER OUTPUT_FOLDER

The tokenizer's and the processors' files are copied from any Qwen3-VL folder: only the weights are random. Speed and
memory do not depend on what they say. Needs torch and transformers (4.57 or later).
"""

import json
import pathlib
import shutil
import sys

import torch
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

COPIED = [
    "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt", "chat_template.json", "chat_template.jinja",
    "generation_config.json", "preprocessor_config.json", "video_preprocessor_config.json",
]


def main() -> None:
    config_file, tokenizer, output = (pathlib.Path(argument) for argument in sys.argv[1:4])
    config = Qwen3VLConfig.from_dict(json.loads(config_file.read_text()))
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    model = Qwen3VLForConditionalGeneration(config)
    model.save_pretrained(output, safe_serialization=True)
    for name in COPIED:
        if (tokenizer / name).exists():
            shutil.copy(tokenizer / name, output / name)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main()
