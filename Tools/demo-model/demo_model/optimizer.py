"""Muon for the matrices of the layers, AdamW for everything else.

Muon (Jordan et al., 2024) follows the orthogonal part of the averaged gradient, so that every direction of a matrix learns
at the same speed; with the factor of Liu et al. (2025) one learning rate serves both halves.
"""

import torch

# Coefficients of the quintic Newton-Schulz step that drives all singular values to about one within five steps.
QUINTIC = (3.4445, -4.7750, 2.0315)
STEPS = 5
MOMENTUM = 0.95


def is_layer_matrix(name, parameter):
    """Whether Muon teaches it: two dimensions, inside a layer of the ViT or of the text model."""
    return parameter.ndim == 2 and (".blocks." in name or ".layers." in name)


def orthogonal(matrices):
    """The nearest orthogonal matrices, roughly: `[count, rows, columns]`, rows at most columns."""
    a, b, c = QUINTIC
    matrices = matrices / (matrices.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        gram = matrices @ matrices.mT
        matrices = a * matrices + (b * gram + c * gram @ gram) @ matrices
    return matrices


class Muon(torch.optim.Optimizer):
    """Muon over the matrices of layers, all those of one shape in one go."""

    def __init__(self, named, rate, decay=0.05):
        names, parameters = zip(*named)
        # The fused projection of queries, keys and values is three matrices.
        self.parts = [3 if name.endswith("qkv.weight") else 1 for name in names]
        super().__init__([{"params": list(parameters)}], {"lr": rate, "weight_decay": decay})

    @torch.no_grad()
    def step(self):
        """One update; parameters without a gradient stay as they are."""
        group, = self.param_groups
        taught = [(p, parts) for p, parts in zip(group["params"], self.parts) if p.grad is not None]
        if not taught:
            return
        parameters, gradients = [p for p, _ in taught], [p.grad for p, _ in taught]
        averages = [self.state[p].setdefault("average", torch.zeros_like(p)) for p in parameters]
        torch._foreach_lerp_(averages, gradients, 1 - MOMENTUM)
        ahead = torch._foreach_lerp(gradients, averages, MOMENTUM)
        torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
        by_shape = {}
        for (parameter, parts), update in zip(taught, ahead):
            for target, part in zip(parameter.chunk(parts), update.chunk(parts)):
                rows, columns = part.shape
                by_shape.setdefault((min(rows, columns), max(rows, columns)), []).append(
                    (target, part) if rows <= columns else (target.mT, part.mT))
        for (_, longer), entries in by_shape.items():
            targets, parts = zip(*entries)
            updates = orthogonal(torch.stack(parts))
            torch._foreach_add_(list(targets), list(updates.unbind(0)), alpha=-group["lr"] * 0.2 * longer ** 0.5)
