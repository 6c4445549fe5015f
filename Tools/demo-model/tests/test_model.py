"""Tests of the model's forward pass, its size and its export; they need PyTorch and transformers."""

import argparse
import sys
import tempfile
import unittest
from contextlib import nullcontext
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

try:
    import torch
    import transformers  # noqa: F401
except ImportError:
    raise unittest.SkipTest("PyTorch or transformers is not installed")

from demo_model.configuration import LARGEST_EXPORT, TEXT, weights
from demo_model.evaluation import answer, f1, load, objects_of
from demo_model.export import export
from demo_model.feed import TRAINING, Plan, Studio
from demo_model.forward import CellHead, TensorBatch, answer_loss, build_model, patches, scores
from demo_model.scoring import accuracy
from demo_model.sequences import IGNORED, PREFIX
from test_generator import write_stand_in_assets


class ModelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        write_stand_in_assets(cls.folder.name)
        cls.studio = Studio(cls.folder.name, 5, TRAINING)
        cls.model = build_model(3).eval()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_size(self):
        count = sum(p.numel() for p in self.model.parameters())
        self.assertEqual(count, sum(weights().values()))
        self.assertLess(2 * count, LARGEST_EXPORT - 500_000)

    @torch.no_grad()
    def test_turns_score_as_transformers_scores_each_alone(self):
        for plan in (Plan("scene", 160, 128, 1, 2), Plan("clip", 128, 160, 5, 2)):
            batch = self.studio.batch(1, plan)
            tensors = TensorBatch(batch, "cpu")
            mine, _, _ = scores(self.model, tensors)
            at = 0
            for row in range(2):
                cut = patches(tensors.frames[row:row + 1])
                grid = torch.tensor([[len(cut), plan.height // 16, plan.width // 16]])
                media = ({"pixel_values": cut.flatten(0, 1), "image_grid_thw": grid} if plan.source == "scene"
                         else {"pixel_values_videos": cut.flatten(0, 1), "video_grid_thw": grid})
                for turn in range(1, len(batch.questions[row]) + 1):
                    seen = (tensors.turns[row] == PREFIX) | (tensors.turns[row] == turn)
                    ids = tensors.ids[row][seen][None]
                    theirs = self.model(input_ids=ids, attention_mask=torch.ones_like(ids), **media).logits[0]
                    theirs = theirs[tensors.targets[row][seen] != IGNORED]
                    self.assertLess((theirs - mine[at:at + len(theirs)]).abs().max().item(), 1e-4)
                    at += len(theirs)
            self.assertEqual(at, len(mine))

    def test_a_step_lowers_the_loss(self):
        model, head = build_model(4), CellHead(TEXT["hidden_size"])
        tensors = TensorBatch(self.studio.batch(2, Plan("scene", 128, 128, 1, 4)), "cpu")
        optimizer = torch.optim.AdamW([*model.parameters(), *head.parameters()], lr=1e-3)
        losses = []
        for _ in range(4):
            guesses, _, tokens = scores(model, tensors)
            loss = answer_loss(guesses, tensors) + head(tokens, tensors)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        self.assertLess(losses[-1], losses[0])
        self.assertTrue(all(p.grad is not None for name, p in model.named_parameters() if "pos_embed" in name))

    def test_a_turn_weighs_the_root_of_its_tokens(self):
        tensors = TensorBatch(self.studio.batch(4, Plan("scene", 128, 128, 1, 3)), "cpu")
        wanted = tensors.targets != IGNORED
        guesses = torch.randn(int(wanted.sum()), TEXT["vocab_size"])
        every = torch.full(tensors.targets.shape, torch.nan)
        every[wanted] = torch.nn.functional.cross_entropy(guesses, tensors.targets[wanted], reduction="none")
        total = weight = 0.0
        for losses, turns in zip(every, tensors.turns):
            for turn in range(1, int(turns.max()) + 1):
                mine = losses[(turns == turn) & ~losses.isnan()]
                total += mine.mean() * len(mine) ** 0.5
                weight += len(mine) ** 0.5
        self.assertAlmostEqual(answer_loss(guesses, tensors).item(), (total / weight).item(), places=4)

    def test_export_loads_and_answers_as_it_scores(self):
        state = {"model": self.model.state_dict(), "elapsed": 60.0, "pictures": 1, "step": 1, "device": "cpu", "seed": 3}
        with tempfile.TemporaryDirectory() as folder:
            torch.save(state, Path(folder) / "checkpoint.pt")
            export(argparse.Namespace(out=str(Path(folder) / "model"), work=folder, seed=3))
            loaded = load(Path(folder) / "model", "cpu")
            self.assertEqual(loaded.dtype, torch.float32)
            for name, value in self.model.state_dict().items():
                self.assertTrue(torch.equal(loaded.state_dict()[name], value.to(torch.bfloat16).float()), name)
            inverse = loaded.model.language_model.rotary_emb.inv_freq
            self.assertTrue(torch.equal(inverse, self.model.model.language_model.rotary_emb.inv_freq))
            sample = self.studio.sample(Plan("scene", 128, 128, 1, 1), np.random.default_rng(1))
            told = answer(loaded, self.studio.writer, sample, "cpu", most=3)
            taught = (sample[0], sample[1], [("own", sample[2][0][1], told)], sample[3])
            self.assertIsInstance(told, str)
            right, asked = accuracy(loaded, self.studio.writer, [taught], torch.device("cpu"), 64, nullcontext)
            self.assertEqual(asked, {"own": 1})

    def test_f1_of_descriptions(self):
        true = objects_of("There is a red circle at the top left, a dog at the center and the number 42 at the bottom right.")
        self.assertEqual(dict(true), {"red circle": 1, "dog": 1, "number 42": 1})
        told = objects_of("There is a red circle at the top left and a cat at the center.")
        self.assertAlmostEqual(f1(told, true), 0.4)
        self.assertEqual(f1(true, true), 1.0)


if __name__ == "__main__":
    unittest.main()
