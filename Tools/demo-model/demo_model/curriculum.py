"""Which pictures come when: small ones first, every size and length of clip in the end."""

from dataclasses import dataclass

import numpy as np

SIDES = [128, 160, 192, 224, 256, 320, 384, 448]
SIDE_ODDS = [0.22, 0.12, 0.12, 0.12, 0.12, 0.10, 0.10, 0.10]
CLIP_SIDES, CLIP_SIDE_ODDS = [128, 160, 192, 224], [0.42, 0.26, 0.26, 0.06]
# The most items in a picture until so much of the stage has passed: what a thing looks like, and what a word means,
# is learned fastest from pictures of few things.
LOOKING_LESSONS = [(0.10, 1), (0.30, 3)]
READING_LESSONS = [(0.05, 2), (0.15, 4)]
LOOKING_SMALL, READING_SMALL = 0.8, 0.5    # the share of each stage in which only 128-pixel pictures are seen
LOOKING_PAGES, READING_PAGES = 0.35, 0.15    # digits are small and many: learned from pictures full of them
PATCH = 16


@dataclass(frozen=True)
class Plan:
    source: str        # "scene", "clip" or "easy-vqa"
    width: int
    height: int
    frames: int
    count: int
    most: int | None = None   # items in a picture, if there is a limit
    pages: float = 0.0        # the share of pictures with numbers alone


def plan_batch(random, progress, look, patch_budget, with_easy_vqa=True):
    """What the next batch shows; its number of patches is near the budget.

    `progress` is the share of the time that has passed, `look` the share of it that is spent on seeing alone; None is for
    a model that was taught before: everything at every size, from the beginning.
    """
    looking = look is not None and progress < look
    lessons, small, share = [], 0.0, 1.0
    if look is not None:
        lessons, small = (LOOKING_LESSONS, LOOKING_SMALL) if looking else (READING_LESSONS, READING_SMALL)
        share = progress / look if looking else (progress - look) / (1 - look)
    pick = random.random()
    # easy-VQA has questions but no labels of cells.
    source = "easy-vqa" if with_easy_vqa and not looking and pick < 0.03 else "clip" if pick < 0.40 else "scene"
    width = height = 128
    frames = int(random.integers(4, 7 if looking else 13)) if source == "clip" else 1
    if share >= small:
        if source == "scene":
            width, height = aspect(random, int(random.choice(SIDES, p=SIDE_ODDS)))
        elif source == "clip":
            side = int(random.choice(CLIP_SIDES, p=CLIP_SIDE_ODDS))
            width, height = aspect(random, side)
            frames = int(random.integers(4, 17 if side < 224 else 9))
    patches = (width // PATCH) * (height // PATCH) * ((frames + 1) // 2)
    return Plan(source, width, height, frames, max(4, round(patch_budget / patches)),
                next((most for until, most in lessons if share < until), None), LOOKING_PAGES if looking else READING_PAGES)


def aspect(random, side):
    """A width and a height near side × side, multiples of 32 between 96 and 448."""
    ratio = float(random.choice([1, 1, 4 / 3, 3 / 4, 16 / 9]))
    snap = lambda value: int(np.clip(round(value / 32) * 32, 96, 448))
    width, height = snap(side * ratio ** 0.5), snap(side / ratio ** 0.5)
    return (width, height) if width * height >= 128 * 128 else (128, 128)
