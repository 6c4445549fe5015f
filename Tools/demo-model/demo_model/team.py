"""Processes that train together, each on pictures of its own. On CPUs two of one thread do more than one of two."""

import multiprocessing
import os
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist


class Team:
    """One process of `size`; the first one leads."""

    def __init__(self, rank=0, size=1):
        self.rank, self.size = rank, size

    @property
    def leads(self):
        return self.rank == 0

    def agree(self, *values):
        """The leader's numbers, for everybody."""
        if self.size == 1:
            return values
        told = torch.tensor(values, dtype=torch.float64)
        dist.broadcast(told, 0)
        return tuple(told.tolist())

    def add(self, tensor):
        """Every process goes on with the sum of what all of them hold."""
        if self.size > 1:
            dist.all_reduce(tensor)

    def average_gradients(self, parameters):
        """Every process goes on with the mean of what all of them found."""
        if self.size == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        together = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(together)
        together /= self.size
        for gradient, part in zip(gradients, together.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(part.view_as(gradient))


def work_together(size, work, options):
    """Runs `work(options, team)` in `size` processes; the result is the leader's, which is this process."""
    if size == 1:
        return work(options, Team())
    with tempfile.TemporaryDirectory() as folder:
        meeting = f"file://{Path(folder) / 'meeting'}"
        others = [multiprocessing.get_context("spawn").Process(target=_join, args=(work, options, rank, size, meeting))
                  for rank in range(1, size)]
        for process in others:
            process.start()
        try:
            return _join(work, options, 0, size, meeting)
        finally:
            for process in others:
                process.join(timeout=60)


def _join(work, options, rank, size, meeting):
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=size)
    try:
        return work(options, Team(rank, size))
    finally:
        dist.destroy_process_group()
