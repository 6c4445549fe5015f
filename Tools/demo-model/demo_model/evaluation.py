"""Held-out accuracy of the exported model, per skill; and easy-VQA's test split where the package is installed."""

import json
import re
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from .card import write_card
from .forward import patches
from .heldout import SKILLS, HeldOut
from .scoring import accuracy

PHRASE = re.compile(r"\b(?:an?|some|the) ([a-z0-9 ]+?) at the ((?:top|middle|bottom) (?:left|center|right)|center)")


def load(folder, device):
    from transformers import Qwen3VLForConditionalGeneration
    return Qwen3VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).to(device).eval()


def objects_of(description):
    """The things a description names, each with its place."""
    return Counter(name for name, _ in PHRASE.findall(description))


def f1(told, true):
    shared = sum((told & true).values())
    return 2 * shared / max(1, sum(told.values()) + sum(true.values()))


@torch.no_grad()
def answer(model, writer, sample, device, most=200):
    """The model's own words for a sample's first question, chosen greedily."""
    frames, times, questions, _ = sample
    height, width = frames.shape[1:3]
    ids = torch.tensor([writer.prefix(width, height, times)[0] + writer.vocabulary.encode(questions[0][1]) + writer.reply], device=device)
    cut = patches(torch.from_numpy(frames.copy())[None].to(device))
    grid = torch.tensor([[len(cut), height // 16, width // 16]], device=device)
    media = ({"pixel_values": cut.flatten(0, 1), "image_grid_thw": grid} if times is None
             else {"pixel_values_videos": cut.flatten(0, 1), "video_grid_thw": grid})
    made = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=most, do_sample=False, **media)
    return writer.vocabulary.decode(made[0, ids.shape[1]:].tolist())


def easy_vqa_test():
    """The test split as samples, all questions of a picture together; empty without the package."""
    try:
        import easy_vqa
    except ImportError:
        return []
    from PIL import Image
    questions, answers, owners = easy_vqa.get_test_questions()
    asked = {}
    for question, right, owner in zip(questions, answers, owners):
        asked.setdefault(owner, []).append(("easy-vqa", question, right))
    from .sequences import no_labels
    samples = []
    for owner, path in easy_vqa.get_test_image_paths().items():
        if owner in asked:
            picture = Image.open(path).convert("RGB").resize((128, 128), Image.BICUBIC)
            samples.append((np.asarray(picture)[None], None, asked[owner], no_labels(16)))
    return samples


def evaluate(options):
    device = torch.device(options.device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if options.threads:
        torch.set_num_threads(options.threads)
    model = load(options.out, device)
    held_out = HeldOut(options.assets, options.seed)
    writer = held_out.studio.writer
    budget = 16384 if device.type == "cuda" else 2048
    skills = {}

    def add(samples):
        right, asked = accuracy(model, writer, samples, device, budget, nullcontext)
        for skill in asked:
            skills[skill] = {"asked": asked[skill], "right": right.get(skill, 0)}
            print(f"{skill:10} {skills[skill]['right']:5} of {asked[skill]:5}  {100 * skills[skill]['right'] / asked[skill]:.1f} %", flush=True)

    described = []
    for skill in SKILLS:
        samples = [held_out.sample(skill, number) for number in range(options.questions)]
        add(samples)
        if skill == "describe":
            described = samples
    if test := easy_vqa_test():
        add(test)
    score = [f1(objects_of(answer(model, writer, sample, device)), objects_of(sample[2][0][2])) for sample in described]
    results = {"seed": options.seed, "skills": skills, "described": len(score), "description_f1": float(np.mean(score))}
    print(f"objects of descriptions, F1: {results['description_f1']:.3f}")
    (Path(options.work) / "evaluation.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    write_card(options.out, results=results)
