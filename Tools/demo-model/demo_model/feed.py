"""Draws batches in processes of their own. They touch NumPy and PIL only, never PyTorch."""

import multiprocessing
from collections import deque
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from PIL import Image

from .assets import Assets
from .backgrounds import Backgrounds
from .clip_questions import ask_about_clip
from .clips import draw_clip
from .curriculum import Plan, plan_batch
from .questions import ask_about_picture
from .scenes import draw_scene
from .sequences import SequenceWriter, clip_labels, no_labels, scene_labels, stack
from .vocabulary import Vocabulary

# Reading numbers is learned slowest, so training sees more of them than there are in the held-out pictures.
TRAINING_NUMBER_ODDS = 0.30
TRAINING, HELD_OUT = 0, 1    # the two never share a random number, nor a background


def seeded(seed, split, *path):
    return np.random.default_rng([seed, split, *path])


class Studio:
    """Everything that is needed to draw, made once per process."""

    def __init__(self, assets_folder, seed, split):
        self.assets = Assets(assets_folder)
        self.backgrounds = Backgrounds([seed, split, 7], self.assets.clutter)
        self.writer = SequenceWriter(Vocabulary())
        self.seed, self.split = seed, split

    def sample(self, plan, random, turns=10):
        """One picture or clip: (frames, times, questions, labels)."""
        if plan.source == "clip":
            clip = draw_clip(random, self.assets, self.backgrounds, plan.width, plan.height, plan.frames)
            return clip.frames, clip.times, ask_about_clip(random, clip), clip_labels(clip)
        if plan.source == "easy-vqa":
            return self._easy_vqa(random)
        number_odds = 1 if random.random() < plan.pages else TRAINING_NUMBER_ODDS
        scene = draw_scene(random, self.assets, self.backgrounds, plan.width, plan.height, plan.most, number_odds)
        return scene.picture[None], None, ask_about_picture(random, scene, turns), scene_labels(scene)

    def _easy_vqa(self, random):
        data = self.assets.easy_vqa
        index = int(random.integers(len(data["pictures"])))
        picture = np.asarray(Image.fromarray(data["pictures"][index]).resize((128, 128), Image.BICUBIC))
        questions = [("easy-vqa", str(data["questions"][q]), str(data["answers"][q])) for q in data["by_picture"][index]]
        return picture[None], None, questions, no_labels(16)

    def batch(self, number, plan):
        return stack(self.writer, [self.sample(plan, seeded(self.seed, self.split, number, i)) for i in range(plan.count)])


_studio = None


def _open_studio(assets_folder, seed, split):
    global _studio
    _studio = Studio(assets_folder, seed, split)


def _draw(number, plan):
    return _studio.batch(number, plan)


class Feed:
    """Batches in order, drawn ahead of their use. All ranks get the same sizes, each with pictures of its own."""

    def __init__(self, assets_folder, seed, processes, patch_budget, look, rank=0, ranks=1, first=0, split=TRAINING, ahead=3, easy_vqa=True):
        self._pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _open_studio,
                                         (str(assets_folder), seed, split))
        self._seed, self._budget, self._look, self._next, self._easy_vqa = seed, patch_budget, look, first, easy_vqa
        self._rank, self._ranks = rank, ranks
        self._ahead, self._waiting = ahead + processes, deque()

    def next(self, progress):
        while len(self._waiting) <= self._ahead:
            plan = plan_batch(seeded(self._seed, 2, self._next), progress, self._look, self._budget, self._easy_vqa)
            self._waiting.append(self._pool.submit(_draw, self._next * self._ranks + self._rank, plan))
            self._next += 1
        return self._waiting.popleft().result()

    def close(self):
        self._pool.shutdown(wait=True, cancel_futures=True)   # otherwise a member of a team may wait for it for ever


__all__ = ["Feed", "HELD_OUT", "Plan", "Studio", "TRAINING", "seeded"]
