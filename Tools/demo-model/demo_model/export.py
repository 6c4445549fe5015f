"""Writes the model as a Hugging Face folder: bf16 weights, tokenizer, processors and a model card."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from .card import write_card
from .configuration import CLIP_PIXELS, LARGEST_EXPORT, PICTURE_PIXELS, VISION, configuration
from .vocabulary import Vocabulary


def export(options):
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = Path(options.work) / "checkpoint.pt"
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    # The output layer is the embedding and is not stored twice.
    rounded = {name: value.to(torch.bfloat16).contiguous() for name, value in state["average"].items()}
    save_file(rounded, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    _write(folder / "config.json", configuration())
    _write_processors(folder)
    vocabulary = Vocabulary()
    vocabulary.save(folder)
    end, padding = vocabulary.special["<|im_end|>"], vocabulary.special["<|endoftext|>"]
    _write(folder / "generation_config.json", {
        "bos_token_id": padding, "do_sample": False, "eos_token_id": [end, padding], "pad_token_id": padding,
        "max_new_tokens": 256})
    facts = {"hours": round(state["elapsed"] / 3600, 2), "pictures": state["pictures"], "steps": state["step"],
             "device": state["device"], "seed": state["seed"]}
    write_card(folder, facts, begun=options.begin)
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    if size > LARGEST_EXPORT:
        raise SystemExit(f"the model takes {size:,} bytes, more than {LARGEST_EXPORT:,}")
    print(f"{folder}: {size:,} bytes after {facts['pictures']:,} pictures")


def _write(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _write_processors(folder):
    shared = {
        "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
        "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "merge_size": VISION["spatial_merge_size"],
        "patch_size": VISION["patch_size"], "processor_class": "Qwen3VLProcessor", "resample": 3,
        "rescale_factor": 1 / 255, "temporal_patch_size": VISION["temporal_patch_size"]}
    _write(folder / "preprocessor_config.json", shared | {
        "image_processor_type": "Qwen2VLImageProcessorFast",
        "size": {"shortest_edge": PICTURE_PIXELS[0], "longest_edge": PICTURE_PIXELS[1]}})
    _write(folder / "video_preprocessor_config.json", shared | {
        "video_processor_type": "Qwen3VLVideoProcessor", "do_sample_frames": True, "fps": 2, "min_frames": 4,
        "max_frames": 768, "size": {"shortest_edge": CLIP_PIXELS[0], "longest_edge": CLIP_PIXELS[1]}})
