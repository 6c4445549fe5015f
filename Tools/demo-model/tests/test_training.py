"""Tests of training: a few steps on a CPU, from nothing and from a model; they need PyTorch and no transformers."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

try:
    import torch
except ImportError:
    raise unittest.SkipTest("PyTorch is not installed")

from demo_model import weights as numbers
from demo_model.__main__ import _export, _train, options
from demo_model.training import ALONE, Training
from test_generator import write_stand_in_assets


class TrainingTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.work = Path(self.folder.name)
        (self.work / "assets").mkdir()
        write_stand_in_assets(self.work / "assets")

    def chosen(self, *more):
        return options(["train", "--work", str(self.work), "--out", str(self.work / "model"), "--device", "cpu", "--threads", "1",
                        "--precision", "f32", "--patches", "256", "--draw", "1", "--watch", "0", "--log-seconds", "0",
                        "--hours", "1", *more])

    def state(self):
        return torch.load(self.work / "checkpoint.pt", weights_only=True)

    def log(self):
        return [json.loads(line) for line in (self.work / "log.jsonl").read_text().splitlines()]

    def test_it_looks_before_it_reads_and_goes_on_where_it_stopped(self):
        self.assertTrue(_train(self.chosen("--steps", "3", "--look", "1")))
        first = self.state()
        begun = numbers.initial(20)
        learned = {name for name, value in first["weights"].items() if not torch.equal(value, begun[name])}
        self.assertTrue(any(name.startswith(numbers.VISUAL + "blocks") for name in learned))
        self.assertFalse(any(name.startswith(numbers.LANGUAGE + "layers") for name in learned))
        self.assertEqual([line["loss"] for line in self.log()], [0, 0, 0])

        self.assertTrue(_train(self.chosen("--steps", "5", "--look", "0")))
        second = self.state()
        self.assertEqual((first["step"], second["step"]), (3, 5))
        self.assertGreater(second["pictures"], first["pictures"])
        changed = {name for name, value in second["weights"].items() if not torch.equal(value, first["weights"][name])}
        self.assertTrue(any(name.startswith(numbers.LANGUAGE + "layers") for name in changed))
        self.assertTrue(all(line["loss"] > 0 for line in self.log()[3:]))
        # Both kinds of numbers are kept: those that learn, and their running average.
        self.assertFalse(torch.equal(second["average"][numbers.LANGUAGE + "norm.weight"], second["weights"][numbers.LANGUAGE + "norm.weight"]))

    def test_a_model_is_taught_on_and_its_card_tells_both_goes(self):
        _train(self.chosen("--steps", "2"))
        _export(self.chosen())
        begun = numbers.load(self.work / "model")
        (self.work / "checkpoint.pt").unlink()
        more = ("--begin", str(self.work / "model"), "--steps", "2")
        _train(self.chosen(*more))
        state = self.state()
        name = numbers.VISUAL + "blocks.3.mlp.linear_fc1.weight"
        self.assertLess((state["weights"][name] - begun[name]).abs().max().item(), 0.01)
        self.assertFalse(torch.equal(state["weights"][name], begun[name]))
        _export(self.chosen(*more))
        self.assertEqual((self.work / "model" / "README.md").read_text().count(" pictures and clips in 2 steps"), 2)

    def test_a_new_head_learns_alone_at_first(self):
        _train(self.chosen("--steps", "1"))
        _export(self.chosen())
        (self.work / "checkpoint.pt").unlink()
        training = Training(self.chosen("--begin", str(self.work / "model"), "--cells", "1e6"), feed=None)
        self.assertTrue(training._is_head_alone)
        training.step = ALONE
        self.assertFalse(training._is_head_alone)

    def test_numbers_that_are_not_finite_are_given_up(self):
        training = Training(self.chosen(), feed=None)
        kept = [value.clone() for value in training.average]
        with torch.no_grad():
            training.everything[0].fill_(float("nan"))
            training.average[0].fill_(float("nan"))
        training._log(torch.tensor([float("nan"), 1.0, 0.0, 1.0]), 1.0)
        for now, then in zip(training.average, kept):
            self.assertTrue(torch.equal(now, then))
        self.assertTrue(torch.isfinite(training.everything[0]).all())
        self.assertIn("not finite", self.log()[-1]["note"])


if __name__ == "__main__":
    unittest.main()
