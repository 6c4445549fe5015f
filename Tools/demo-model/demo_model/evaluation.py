"""Held-out accuracy of the exported model, per skill; and easy-VQA's test split where the package is installed."""

import json
import re
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from .batches import TensorBatch
from .card import write_card
from .forward import encode_pictures, vocabulary_scores
from .heldout import SKILLS, HeldOut
from .scoring import accuracy
from .sequences import no_labels, stack
from .weights import load

PHRASE = re.compile(r"\b(?:an?|some|the) ([a-z0-9 ]+?) at the ((?:top|middle|bottom) (?:left|center|right)|center)")


def objects_of(description):
    """The things a description names, each with its place."""
    return Counter(name for name, _ in PHRASE.findall(description))


def f1(told, true):
    shared = sum((told & true).values())
    return 2 * shared / max(1, sum(told.values()) + sum(true.values()))


def answer(weights, writer, sample, device, most=200):
    """The model's own words for a sample's first question, chosen greedily."""
    return writer.vocabulary.decode(greedy_ids(weights, writer, sample, device, most))


@torch.no_grad()
def greedy_ids(weights, writer, sample, device, most):
    """The ids of the likeliest answer, at most so many, without the end."""
    frames, times, questions, labels = sample
    words, seen = [], None
    while len(words) < most:
        # The word after those that are there is asked for as a target that nobody compares with.
        batch = stack(writer, [(frames, times, [("own", questions[0][1], words)], labels)])
        tensors = TensorBatch(batch, device)
        seen = seen or encode_pictures(weights, tensors.frames)
        word = int(vocabulary_scores(weights, tensors, *seen)[-1].argmax())
        if word == writer.end:
            break
        words.append(word)
    return words


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
    weights = load(options.out, device)
    held_out = HeldOut(options.assets, options.seed)
    writer = held_out.studio.writer
    budget = 16384 if device.type == "cuda" else 2048
    skills = {}

    def add(samples):
        right, asked = accuracy(weights, writer, samples, device, budget, nullcontext)
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
    score = [f1(objects_of(answer(weights, writer, sample, device)), objects_of(sample[2][0][2])) for sample in described]
    results = {"seed": options.seed, "skills": skills, "described": len(score), "description_f1": float(np.mean(score))}
    print(f"objects of descriptions, F1: {results['description_f1']:.3f}")
    (Path(options.work) / "evaluation.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    write_card(options.out, results=results)
