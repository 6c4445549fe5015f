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
    """Muon over layer matrices, its work shared out among the members of the team."""

    def __init__(self, named, rate, team, decay=0.05):
        self.team = team
        names, parameters = zip(*named)
        # The fused projection of queries, keys and values is three matrices.
        self.parts = [3 if name.endswith("qkv.weight") else 1 for name in names]
        super().__init__([{"params": list(parameters)}], {"lr": rate, "weight_decay": decay})

    @torch.no_grad()
    def step(self):
        """One update; parameters without a gradient stay as they are."""
        group = self.param_groups[0]
        by_shape = {}
        for parameter, parts in zip(group["params"], self.parts):
            if parameter.grad is None:
                continue
            state = self.state[parameter]
            if "average" not in state:
                state["average"] = torch.zeros_like(parameter)
            state["average"].lerp_(parameter.grad, 1 - MOMENTUM)
            ahead = parameter.grad.lerp(state["average"], MOMENTUM)
            for target, part in zip(parameter.chunk(parts), ahead.chunk(parts)):
                rows, columns = part.shape
                flat = part if rows <= columns else part.mT
                by_shape.setdefault((min(rows, columns), max(rows, columns)), []).append((target, flat, rows > columns))
        for (_, longer), entries in by_shape.items():
            stacked = torch.stack([flat for _, flat, _ in entries])
            mine = slice(self.team.rank, None, self.team.size)
            updates = torch.zeros_like(stacked)
            updates[mine] = orthogonal(stacked[mine])
            self.team.add(updates)
            for (target, _, turned), update in zip(entries, updates):
                target.mul_(1 - group["lr"] * group["weight_decay"])
                target.add_(update.mT if turned else update, alpha=-group["lr"] * 0.2 * longer ** 0.5)
