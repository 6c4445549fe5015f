"""Asks Hugging Face's transformers and illava the same questions and counts equal greedy answers."""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .dataset import write_media
from .heldout import SKILLS, HeldOut


def film_frames(path, width, height):
    """The decoded frames of a film as (frames, height, width, 3)."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         check=True, stdout=subprocess.PIPE).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3).copy()


class Reference:
    """The exported folder in transformers, read through its own processor."""

    def __init__(self, folder):
        from transformers import AutoProcessor, Qwen3VLForConditionalGeneration
        self.model = Qwen3VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
        self.processor = AutoProcessor.from_pretrained(folder)

    @torch.no_grad()
    def answer(self, path, question, size, most=200):
        from transformers.video_utils import VideoMetadata
        film = path.suffix != ".png"
        message = [{"role": "user", "content": [{"type": "video" if film else "image"}, {"type": "text", "text": question}]}]
        text = self.processor.apply_chat_template(message, add_generation_prompt=True, tokenize=False)
        if film:
            frames = torch.from_numpy(film_frames(path, *size)).permute(0, 3, 1, 2)
            media = {"videos": [frames], "video_metadata": [VideoMetadata(
                total_num_frames=len(frames), fps=2.0, duration=len(frames) / 2, video_backend="x", width=size[0], height=size[1])]}
        else:
            media = {"images": [Image.open(path).convert("RGB")]}
        inputs = self.processor(text=[text], return_tensors="pt", **media)
        made = self.model.generate(**inputs, max_new_tokens=most, do_sample=False)
        return self.processor.tokenizer.decode(made[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)


def ask_illava(program, folder, path, question, most=200):
    flag = "--image" if path.suffix == ".png" else "--video"
    made = subprocess.run(
        [program, "run", "--model", str(folder), flag, str(path), "--prompt", question, "--profile", "off",
         "--weights", "f32", "--max-new-tokens", str(most), "--json"], check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return json.loads(made.stdout)["questions"][0]["answer"]


def check(options):
    """False if fewer than 99.5 % of the answers are equal."""
    if not Path(options.illava).exists():
        print(f"{options.illava} is not there: nothing to compare with; build illava first")
        return None
    if options.threads:
        torch.set_num_threads(options.threads)
    held_out, reference = HeldOut(options.assets, options.seed), Reference(options.out)
    equal = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.agree):
            sample = held_out.sample(SKILLS[number % len(SKILLS)], 20_000_000 + number)
            # Without loss: how YUV becomes RGB is not what is compared.
            path = write_media(sample, Path(folder), str(number), lossless=True)
            question = sample[2][0][1]
            expected = reference.answer(path, question, (sample[0].shape[2], sample[0].shape[1]))
            answered = ask_illava(options.illava, options.out, path, question)
            equal += expected == answered
            if expected != answered:
                print(f"{question!r} ({path.suffix}): transformers {expected!r}, illava {answered!r}", flush=True)
            path.unlink()
    print(f"{equal} of {options.agree} greedy answers are equal")
    return equal >= 0.995 * options.agree
