"""Clips in which several things come, go, stand and move at once, before cameras that are still and cameras that are noisy."""

import numpy as np

from .clips import Clip
from .hard_scenes import choose_alike, place_alike
from .names import DIRECTIONS
from .scenes import apart, compose

SIDE = 256               # pixels: 8 × 8 visual tokens a pair, as many as 16 pairs leave room for beside a question
FRAMES = (32, 36)        # 16 to 18 pairs, two frames a second; training has 8 pairs at most
RADII = (14.0, 34.0)     # pixels
FADED = (0.9, 1.0)
NOISE = [0, 0, 1.5, 4]   # standard deviations of what a camera adds to each value, of 255


def _pick(random, options):
    return options[int(random.integers(len(options)))]


class _Stage:
    """Things with, for each frame, how far each is from its place; None where it is not seen."""

    def __init__(self, random, assets, background, frames):
        self.random, self.assets, self.background, self.frames = random, assets, background, frames
        self.items, self.offsets = [], []

    def place(self, count):
        """So many more things, no two of one name, or None."""
        kinds = choose_alike(self.random, count, numbers=0)
        new = place_alike(self.random, self.assets, self.background, kinds, self.items, RADII, FADED)
        names = [item.name for item in self.items + new]
        return new if len(new) == count and len(set(names)) == len(names) else None

    def add(self, item, offsets):
        self.items.append(item)
        self.offsets.append(offsets)
        return len(self.items) - 1

    def stand(self, item, begin=0):
        return self.add(item, [(0.0, 0.0) if frame >= begin else (None, None) for frame in range(self.frames)])

    def _way(self, item, direction):
        """Beyond which distance the thing is out of sight on this side."""
        dx, dy = DIRECTIONS[direction]
        gap = {"right": SIDE - item.x, "left": item.x, "down": SIDE - item.y, "up": item.y}[direction]
        return dx, dy, gap + (item.picture.width if dx else item.picture.height) / 2 + 2

    def slide(self, item, inwards):
        """Comes in from its nearest side, or leaves there, within 2 to 6 frames."""
        direction = min(DIRECTIONS, key=lambda name: self._way(item, name)[2] * self.random.uniform(0.6, 1.4))
        dx, dy, far = self._way(item, direction)
        steps = int(self.random.integers(2, 7))
        begin = int(self.random.integers(2, self.frames - steps - 1))
        offsets = []
        for frame in range(self.frames):
            part = min(1.0, max(0.0, (frame - begin + 1) / steps))
            away = 1 - part if inwards else part
            unseen = away >= 1
            offsets.append((None, None) if unseen else (dx * far * away, dy * far * away))
        return self.add(item, offsets)

    def cross(self, item, share):
        """Moves over a share of the picture in one direction, past all others; its index and the direction, or None."""
        direction = _pick(self.random, list(DIRECTIONS))
        dx, dy = DIRECTIONS[direction]
        distance = SIDE * self.random.uniform(*share)
        reach = self._way(item, direction)[2] - (item.picture.width if dx else item.picture.height) - 4
        if distance > reach:
            return None
        half = item.picture.width / 2, item.picture.height / 2
        for index, other in enumerate(self.items):
            for frame in (0, self.frames // 2, self.frames - 1):
                ox, oy = self.offsets[index][frame]
                for step in np.linspace(0, 1, 8):
                    x, y = item.x + dx * distance * step, item.y + dy * distance * step
                    if not apart(x - (ox or 0), y - (oy or 0), *half, other):
                        return None
        ends = np.linspace(0, 1, self.frames) ** self.random.uniform(0.7, 1.4)
        return self.add(item, [(dx * distance * part, dy * distance * part) for part in ends]), direction


def _moves(stage, random, still=False):
    """One or two things cross; two to four stand."""
    for item in stage.place(int(random.integers(2, 5))) or []:
        stage.stand(item)
    if not stage.items:
        return None
    if still:
        return {}
    moving = {}
    for item in stage.place(1 + int(random.random() < 0.3)) or []:
        crossed = stage.cross(item, (0.35, 0.7))
        if crossed is None:
            return None
        moving[crossed[0]] = crossed[1]
    return {"moving": moving} if moving else None


def _enters(stage, random):
    """None to three come in, while others stand and at times one leaves."""
    for item in stage.place(int(random.integers(1, 3))) or []:
        stage.stand(item)
    coming, going = int(random.integers(0, 4)), int(random.random() < 0.3)
    new = stage.place(coming + going) if coming + going else []
    if not stage.items or new is None:
        return None
    slid = [stage.slide(item, inwards=number < coming) for number, item in enumerate(new)]
    return {"moving": dict.fromkeys(slid, "through a side"), "entering": slid[:coming]}


def _appears(stage, random):
    """Two to four appear one after the other; the first is there from the beginning."""
    pairs, new = stage.frames // 2, stage.place(int(random.integers(2, 5)))
    if new is None:
        return None
    starts = [0] + sorted(int(pair) for pair in random.choice(np.arange(1, pairs), len(new) - 1, replace=False))
    return {"order": [stage.stand(item, 2 * pair) for item, pair in zip(new, starts)]}


def draw_hard_clip(random, assets, backgrounds, kind):
    """A clip of 256 × 256 pixels and 32 to 36 frames of a kind: "move", "still", "enter" or "appear"."""
    frames = 2 * int(random.integers(FRAMES[0] // 2, FRAMES[1] // 2 + 1))
    while True:
        background = backgrounds.draw(random, SIDE, SIDE)
        stage = _Stage(random, assets, background, frames)
        facts = {"move": _moves, "enter": _enters, "appear": _appears,
                 "still": lambda stage, random: _moves(stage, random, still=True)}[kind](stage, random)
        if facts is not None:
            break
    rows = list(zip(*stage.offsets))
    pictures, owners = zip(*(compose(background, stage.items, row) for row in rows))
    pictures, noise = np.stack(pictures), _pick(random, NOISE)
    if noise:
        grain = random.normal(0, noise, pictures.shape).astype(np.float32)
        pictures = np.clip(pictures + grain, 0, 255).astype(np.uint8)
    times = [frame * 0.5 for frame in range(frames)]
    return Clip(SIDE, SIDE, kind, stage.items, times, pictures, np.stack(owners), rows, **facts)
