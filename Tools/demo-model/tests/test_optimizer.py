"""Tests of the optimizer; they need PyTorch."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

try:
    import torch
except ImportError:
    raise unittest.SkipTest("PyTorch is not installed")

from demo_model.optimizer import Muon, orthogonal


class OptimizerTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)

    def test_all_directions_of_a_matrix_come_out_about_equally_long(self):
        matrices = torch.randn(3, 24, 64) * torch.logspace(0, -2, 64)
        lengths = torch.linalg.svdvals(orthogonal(matrices))
        self.assertGreater(lengths.min().item(), 0.4)
        self.assertLess(lengths.max().item(), 1.4)

    def test_a_linear_map_is_learned_whatever_its_shape(self):
        for rows, columns in [(16, 48), (48, 16), (32, 32)]:
            goal = torch.randn(rows, columns) / columns ** 0.5
            weight = torch.nn.Parameter(torch.zeros(rows, columns))
            muon = Muon([("layers.0.weight", weight)], 0.1, decay=0.0)
            inputs = torch.randn(256, columns)
            losses = []
            for step in range(200):
                muon.param_groups[0]["lr"] = 0.1 * (1 - step / 200)
                weight.grad = None
                loss = ((inputs @ (weight - goal).T) ** 2).mean()
                loss.backward()
                muon.step()
                losses.append(loss.item())
            self.assertLess(losses[-1], 0.01 * losses[0], (rows, columns))

    def test_the_parts_of_a_fused_projection_are_taught_apart(self):
        fused, apart = torch.nn.Parameter(torch.zeros(48, 16)), [torch.nn.Parameter(torch.zeros(16, 16)) for _ in range(3)]
        gradient = torch.randn(48, 16)
        fused.grad = gradient.clone()
        for parameter, part in zip(apart, gradient.chunk(3)):
            parameter.grad = part.clone()
        Muon([("blocks.0.attn.qkv.weight", fused)], 0.1).step()
        Muon([(f"blocks.0.{index}.weight", parameter) for index, parameter in enumerate(apart)], 0.1).step()
        self.assertTrue(torch.allclose(fused, torch.cat(apart), atol=1e-6))


if __name__ == "__main__":
    unittest.main()
