"""Greedy accuracy without generating: an answer is right if every one of its tokens is the likeliest after the ones before it."""

from collections import defaultdict

import torch

from .forward import TensorBatch, scores
from .sequences import IGNORED, stack


def by_size(samples):
    groups = defaultdict(list)
    for sample in samples:
        groups[sample[0].shape].append(sample)
    return list(groups.values())


@torch.no_grad()
def accuracy(model, writer, samples, device, patch_budget, autocast):
    """Per skill: how many answers are right, and how many were asked."""
    right, asked = defaultdict(int), defaultdict(int)
    for group in by_size(samples):
        _, height, width, _ = group[0][0].shape
        size = max(1, patch_budget // ((height // 16) * (width // 16) * ((len(group[0][0]) + 1) // 2)))
        for start in range(0, len(group), size):
            batch = stack(writer, group[start:start + size])
            with autocast():
                guesses, targets, _ = scores(model, TensorBatch(batch, device))
            fits = (guesses.argmax(-1) == targets).cpu()
            wanted = torch.from_numpy(batch.targets != IGNORED)
            turns = torch.from_numpy(batch.turns).long()
            rows = torch.arange(len(turns))[:, None].expand_as(turns)
            for row, turn, fit in _answers(rows[wanted], turns[wanted], fits):
                skill = batch.questions[row][turn - 1][0]
                asked[skill] += 1
                right[skill] += fit
    return dict(right), dict(asked)


def _answers(rows, turns, fits):
    """Joins tokens to answers: (row, turn, whether all of its tokens fit)."""
    answers = {}
    for row, turn, fit in zip(rows.tolist(), turns.tolist(), fits.tolist()):
        answers[row, turn] = answers.get((row, turn), True) and fit
    return [(row, turn, int(fit)) for (row, turn), fit in answers.items()]
