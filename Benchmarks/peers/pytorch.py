#!/usr/bin/env python3
"""Times Hugging Face's Qwen3-VL on PyTorch, stage by stage: what illava is compared with beside llama.cpp.

    pytorch.py MODEL [--dtype bfloat16] [--size 448x448] [--text 32] [--context 512] [--new 16] [--rounds 5] [--threads 2]

Prints one line of JSON a round with the seconds of the image encoder, of the prefill of its visual tokens and `--text` more,
and of a token generated behind `--context` tokens. The first run of each stage is not counted. The picture is noise.
Needs torch and transformers (4.57 or later).
"""

import argparse
import json
import time

import torch
from transformers import Qwen3VLForConditionalGeneration


def seconds(work):
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--dtype", default="bfloat16", choices=["bfloat16", "float32"])
    parser.add_argument("--size", default="448x448")
    parser.add_argument("--text", type=int, default=32)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--new", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = Qwen3VLForConditionalGeneration.from_pretrained(
        options.model, dtype=getattr(torch, options.dtype), attn_implementation="sdpa").eval()
    vision = model.config.vision_config
    width, height = (int(side) // vision.patch_size for side in options.size.split("x"))
    values = 3 * vision.temporal_patch_size * vision.patch_size ** 2
    pixels = torch.randn(width * height, values).to(model.dtype)
    grid = torch.tensor([[1, height, width]])
    visual_tokens = width * height // vision.spatial_merge_size ** 2
    ids = torch.full((1, visual_tokens + options.text), model.config.image_token_id)
    ids[0, :options.text // 2] = 1000
    ids[0, options.text // 2 + visual_tokens:] = 1000
    with torch.inference_mode():
        for round in range(-1, options.rounds):
            result = {"dtype": options.dtype, "size": options.size, "round": round + 1}
            result["vision"], _ = seconds(lambda: model.model.visual(pixels, grid))
            # The whole forward pass runs the image encoder once more; its own time is taken off.
            whole, _ = seconds(lambda: model(input_ids=ids, pixel_values=pixels, image_grid_thw=grid, logits_to_keep=1))
            result["prefill"] = whole - result["vision"]
            text = torch.full((1, options.context), 1000)
            state = model(input_ids=text, use_cache=True, logits_to_keep=1).past_key_values
            model.model.rope_deltas = torch.zeros(1, 1, dtype=torch.long)

            def generate():
                for step in range(options.new):
                    model(input_ids=text[:, :1], past_key_values=state, use_cache=True, logits_to_keep=1,
                          cache_position=torch.tensor([options.context + step]))

            took, _ = seconds(generate)
            result["decode"] = took / options.new
            if round >= 0:
                print(json.dumps({key: round_off(value) for key, value in result.items()}), flush=True)


def round_off(value):
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
