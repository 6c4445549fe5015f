"""A second head on the visual tokens, for training alone."""

import torch
import torch.nn.functional as F
from torch import nn

from .configuration import TEXT
from .names import COLORS, DIRECTIONS, KINDS, MOST_DIGITS, PLACES


class CellHead(nn.Module):
    """Names what covers each cell of the picture; helps learning and is not exported."""

    def __init__(self, width=TEXT["hidden_size"]):
        super().__init__()
        self.sizes = [len(KINDS), len(COLORS) + 1, 3, 10, len(PLACES), len(DIRECTIONS) + 1, 11 * MOST_DIGITS]
        self.norm = nn.LayerNorm(width)
        self.names = nn.Linear(width, sum(self.sizes))

    def forward(self, tokens, batch):
        """The loss on `tokens` ([cells, hidden], see `forward.seen`)."""
        kinds, colors, centers, digits, places, motions, numbers = self.names(self.norm(tokens)).float().split(self.sizes, -1)
        known = batch.kinds >= 0
        loss = tokens.new_zeros((), dtype=torch.float32)
        for scores, wanted, weight in ((kinds, batch.kinds, 1.0), (colors, batch.colors, 0.5),
                                       (centers, batch.centers, 0.5), (places, batch.places, 0.5),
                                       (motions, batch.motions, 0.5),
                                       (numbers.reshape(-1, 11), batch.numbers.flatten(), 1.0)):
            # The mean over cells that are labelled, or nothing where none is.
            total = F.cross_entropy(scores, wanted, ignore_index=-1, reduction="sum")
            loss = loss + weight * total / (wanted >= 0).sum().clamp(min=1)
        seen = F.binary_cross_entropy_with_logits(digits, batch.digits, reduction="none").sum(-1)
        # Cells with digits are few: by themselves they count as much as all cells together.
        written = batch.digits.amax(-1)
        return (loss + (seen * known).sum() / known.sum().clamp(min=1)
                + (seen * written).sum() / written.sum().clamp(min=1))
