"""Greedy accuracy without generating: an answer is right if every one of its tokens is the likeliest after the ones before it."""

from collections import defaultdict

import numpy as np
import torch

from .batches import TensorBatch
from .forward import scores
from .sequences import stack


def by_size(samples):
    groups = defaultdict(list)
    for sample in samples:
        groups[sample[0].shape].append(sample)
    return list(groups.values())


@torch.no_grad()
def accuracy(weights, writer, samples, device, patch_budget, autocast):
    """Per skill: how many answers are right, and how many were asked."""
    right, asked = defaultdict(int), defaultdict(int)
    for group in by_size(samples):
        _, height, width, _ = group[0][0].shape
        size = max(1, patch_budget // ((height // 16) * (width // 16) * ((len(group[0][0]) + 1) // 2)))
        for start in range(0, len(group), size):
            batch = stack(writer, group[start:start + size])
            tensors = TensorBatch(batch, device)
            with autocast():
                guesses, _ = scores(weights, tensors)
            fits = (guesses.argmax(-1) == tensors.answers).cpu().numpy()
            rows, columns = np.divmod(batch.wanted, batch.turns.shape[1])
            for row, turn, fit in _answers(rows, batch.turns[rows, columns], fits):
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
