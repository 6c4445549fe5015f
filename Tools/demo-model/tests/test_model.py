"""Tests of the model's forward pass, its size and its export; they need PyTorch and transformers."""

import argparse
import inspect
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
    from transformers import AutoConfig, Qwen3VLForConditionalGeneration
except ImportError:
    raise unittest.SkipTest("PyTorch or transformers is not installed")

from demo_model import weights as numbers
from demo_model.batches import TensorBatch
from demo_model.cells import CellHead
from demo_model.configuration import LARGEST_EXPORT, TEXT, configuration, weights
from demo_model.evaluation import f1, greedy_ids, objects_of
from demo_model.export import export
from demo_model.feed import TRAINING, Plan, Studio
from demo_model.forward import answer_loss, patches, scores
from demo_model.scoring import accuracy
from demo_model.sequences import IGNORED, PREFIX, stack
from test_generator import write_stand_in_assets


def exported(folder, state):
    """The folder that `export` makes of these weights."""
    torch.save({"average": state, "elapsed": 60.0, "pictures": 1, "step": 1, "device": "cpu", "seed": 3}, Path(folder) / "checkpoint.pt")
    out = Path(folder) / "model"
    export(argparse.Namespace(out=str(out), work=str(folder), seed=3, begin=None))
    return out


class ModelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        write_stand_in_assets(cls.folder.name)
        cls.studio = Studio(cls.folder.name, 5, TRAINING)
        # Numbers that bf16 holds exactly, so that what is stored is what is compared.
        cls.weights = {name: value.to(torch.bfloat16).float() for name, value in numbers.initial(3).items()}
        cls.model = exported(cls.folder.name, cls.weights)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_size(self):
        count = sum(value.numel() for value in self.weights.values())
        self.assertEqual(count, sum(weights().values()))
        self.assertLess(2 * count, LARGEST_EXPORT - 500_000)

    @torch.no_grad()
    def test_turns_score_as_transformers_scores_each_alone(self):
        theirs_all = Qwen3VLForConditionalGeneration.from_pretrained(self.model, dtype=torch.float32).eval()
        for plan in (Plan("scene", 160, 128, 1, 2), Plan("clip", 128, 160, 5, 2)):
            batch = self.studio.batch(1, plan)
            tensors = TensorBatch(batch, "cpu")
            mine, _ = scores(self.weights, tensors)
            at = 0
            for row in range(2):
                cut = patches(tensors.frames[row:row + 1])
                grid = torch.tensor([[len(cut), plan.height // 16, plan.width // 16]])
                media = ({"pixel_values": cut.flatten(0, 1), "image_grid_thw": grid} if plan.source == "scene"
                         else {"pixel_values_videos": cut.flatten(0, 1), "video_grid_thw": grid})
                targets = torch.from_numpy(batch.targets[row])
                for turn in range(1, len(batch.questions[row]) + 1):
                    seen = (tensors.turns[row] == PREFIX) | (tensors.turns[row] == turn)
                    ids = tensors.ids[row][seen][None]
                    kinds = (ids == self.studio.writer.image).int() + 2 * (ids == self.studio.writer.video).int()
                    if "mm_token_type_ids" in inspect.signature(theirs_all.forward).parameters:
                        media["mm_token_type_ids"] = kinds
                    theirs = theirs_all(input_ids=ids, attention_mask=torch.ones_like(ids), **media).logits[0]
                    theirs = theirs[targets[seen] != IGNORED]
                    self.assertLess((theirs - mine[at:at + len(theirs)]).abs().max().item(), 1e-4)
                    at += len(theirs)
            self.assertEqual(at, len(mine))

    def test_a_step_lowers_the_loss(self):
        state, head = {n: v.clone().requires_grad_() for n, v in numbers.initial(4).items()}, CellHead()
        tensors = TensorBatch(self.studio.batch(2, Plan("scene", 128, 128, 1, 4)), "cpu")
        optimizer = torch.optim.AdamW([*state.values(), *head.parameters()], lr=1e-3)
        losses = []
        for _ in range(4):
            guesses, tokens = scores(state, tensors)
            loss = answer_loss(guesses, tensors) + head(tokens, tensors)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        self.assertLess(losses[-1], losses[0])
        self.assertEqual([name for name, value in state.items() if value.grad is None], [])

    def test_a_turn_weighs_the_root_of_its_tokens(self):
        batch = self.studio.batch(4, Plan("scene", 128, 128, 1, 3))
        tensors, targets = TensorBatch(batch, "cpu"), torch.from_numpy(batch.targets).long()
        wanted = targets != IGNORED
        guesses = torch.randn(int(wanted.sum()), TEXT["vocab_size"])
        every = torch.full(targets.shape, torch.nan)
        every[wanted] = torch.nn.functional.cross_entropy(guesses, targets[wanted], reduction="none")
        total = weight = 0.0
        for losses, turns in zip(every, tensors.turns):
            for turn in range(1, int(turns.max()) + 1):
                mine = losses[(turns == turn) & ~losses.isnan()]
                total += mine.mean() * len(mine) ** 0.5
                weight += len(mine) ** 0.5
        self.assertAlmostEqual(answer_loss(guesses, tensors).item(), (total / weight).item(), places=4)

    def test_what_is_exported_is_what_transformers_would_write(self):
        theirs = AutoConfig.from_pretrained(self.model).to_dict()
        for name, value in configuration().items():
            if name not in ("text_config", "vision_config"):
                self.assertEqual(str(theirs[name]).removeprefix("torch."), str(value), name)
        model = Qwen3VLForConditionalGeneration.from_pretrained(self.model, dtype=torch.float32)
        state = {name: value for name, value in model.state_dict().items() if name != "lm_head.weight"}
        self.assertEqual({name: tuple(value.shape) for name, value in state.items()}, numbers.shapes())
        for name, value in state.items():
            self.assertTrue(torch.equal(value, self.weights[name]), name)

    def test_a_model_that_is_not_this_one_is_refused_by_name(self):
        stored = {name: value for name, value in self.weights.items() if "pos_embed" not in name}
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(SystemExit, "pos_embed"):
                numbers.load(exported(folder, stored))

    @torch.no_grad()
    def test_its_own_words_are_the_ones_it_scores_best(self):
        loaded = numbers.load(self.model)
        for plan in (Plan("scene", 128, 128, 1, 1), Plan("clip", 128, 128, 4, 1)):
            sample = self.studio.sample(plan, np.random.default_rng(1))
            ids = greedy_ids(loaded, self.studio.writer, sample, "cpu", most=3)
            taught = (sample[0], sample[1], [("own", sample[2][0][1], ids)], sample[3])
            batch = stack(self.studio.writer, [taught])
            guesses, _ = scores(loaded, TensorBatch(batch, "cpu"))
            self.assertEqual(guesses.argmax(-1)[:len(ids)].tolist(), ids)
            _, asked = accuracy(loaded, self.studio.writer, [taught], torch.device("cpu"), 64, nullcontext)
            self.assertEqual(asked, {"own": 1})

    def test_f1_of_descriptions(self):
        true = objects_of("There is a red circle at the top left, a dog at the center and the number 42 at the bottom right.")
        self.assertEqual(dict(true), {"red circle": 1, "dog": 1, "number 42": 1})
        told = objects_of("There is a red circle at the top left and a cat at the center.")
        self.assertAlmostEqual(f1(told, true), 0.4)
        self.assertEqual(f1(true, true), 1.0)


if __name__ == "__main__":
    unittest.main()
