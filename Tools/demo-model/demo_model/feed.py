"""Draws batches in processes of their own. They touch NumPy and PIL only, never PyTorch."""

import itertools
import multiprocessing
import os
import pickle
import shutil
import tempfile
import uuid
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

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
TRAINING_NUMBER_ODDS = 0.42
TRAINING, HELD_OUT = 0, 1    # the two never share a random number, nor a background
SHARED_MEMORY = Path("/dev/shm")
SHARED_BYTES = 4 << 30       # what has to be free there; batches that wait are a few hundred MB


def seeded(seed, split, *path):
    return np.random.default_rng([seed, split, *path])


class Studio:
    """Everything that is needed to draw, made once per process."""

    def __init__(self, assets_folder, seed, split, bank=0):
        self.assets = Assets(assets_folder)
        self.backgrounds = Backgrounds([seed, split, 7, bank] if bank else [seed, split, 7], self.assets.clutter)
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


_studio = _folder = None


def _open_studio(assets_folder, seed, split, folder, opened):
    """Every process has a bank of backgrounds of its own: which of them a picture gets depends on who draws it."""
    global _studio, _folder
    with opened.get_lock():
        opened.value += 1
        bank = opened.value
    _studio, _folder = Studio(assets_folder, seed, split, bank), folder


def _draw(number, plan):
    """Leaves a batch in shared memory and sends its path alone: through a pipe it would take longer than drawing it."""
    batch = _studio.batch(number, plan)
    if number % 2:
        _studio.backgrounds.renew(seeded(_studio.seed, _studio.split, 8, number))
    path = os.path.join(_folder, uuid.uuid4().hex)
    with open(path, "wb") as file:
        pickle.dump(batch, file, protocol=5)
    return path


def _shared_folder():
    """A new folder in memory that processes share, or on a disk where there is too little of it."""
    roomy = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free > SHARED_BYTES
    return tempfile.mkdtemp(prefix="demo-model-", dir=SHARED_MEMORY if roomy else None)


class Feed:
    """Batches in order, drawn ahead of their use. The processes start at once: make it before PyTorch is imported."""

    def __init__(self, assets_folder, seed, processes, patch_budget, look, first=0, split=TRAINING, easy_vqa=None):
        self._folder, context = _shared_folder(), multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context, _open_studio,
                                         (str(assets_folder), seed, split, self._folder, context.Value("i", 0)))
        self._seed, self._budget, self._look, self._numbers = seed, patch_budget, look, itertools.count(first)
        self._easy_vqa = (Path(assets_folder) / "easy-vqa.npz").exists() if easy_vqa is None else easy_vqa
        self._ahead, self._waiting = 3 * processes, deque()
        self._ask(0.0)

    def _ask(self, progress):
        while len(self._waiting) <= self._ahead:
            number = next(self._numbers)
            plan = plan_batch(seeded(self._seed, 2, number), progress, self._look, self._budget, self._easy_vqa)
            self._waiting.append(self._pool.submit(_draw, number, plan))

    def next(self, progress):
        """The next batch; those behind it are planned for this progress, a share of the time."""
        self._ask(progress)
        path = self._waiting.popleft().result()
        with open(path, "rb") as file:
            batch = pickle.load(file)
        os.unlink(path)
        return batch

    def close(self):
        self._pool.shutdown(wait=True, cancel_futures=True)   # otherwise a process that uses a feed may wait for it for ever
        shutil.rmtree(self._folder, ignore_errors=True)


__all__ = ["Feed", "HELD_OUT", "Plan", "Studio", "TRAINING", "seeded"]
