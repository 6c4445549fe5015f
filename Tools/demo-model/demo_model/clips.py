"""Short clips with exact knowledge of what happens: something moves, appears, comes in, or nothing does."""

from dataclasses import dataclass, field

import numpy as np

from .names import DIRECTIONS
from .scenes import apart, compose, make_item, choose_kinds, place_items

KINDS_OF_CLIP = ["move", "still", "appear", "enter"]


@dataclass
class Clip:
    width: int
    height: int
    kind: str
    items: list
    times: list                  # seconds of every frame
    frames: np.ndarray           # (frames, height, width, 3) uint8
    owners: np.ndarray           # (frames, height, width): who is seen where
    offsets: list = field(repr=False)   # per frame and item: how far from its place, (None, None) if unseen
    moving: dict = field(default_factory=dict)      # item index -> direction
    order: list = field(default_factory=list)       # item indices as they appear
    entering: list = field(default_factory=list)    # item indices that come in


def frame_times(random, frames):
    """Two frames a second, as films are sampled, or closer together for films under two seconds."""
    step = 0.5 if random.random() < 0.75 or frames > 4 else random.uniform(0.1, 0.5)
    return [index * step for index in range(frames)]


def draw_clip(random, assets, backgrounds, width, height, frames, kind=None):
    # The order of things and how many come in are learned slowest.
    kind = kind or KINDS_OF_CLIP[int(random.choice(4, p=[0.22, 0.14, 0.36, 0.28]))]
    build = {"move": _move, "still": _still, "appear": _appear, "enter": _enter}[kind]
    while True:
        background = backgrounds.draw(random, width, height)
        made = build(random, assets, background, width, height, frames)
        if made is not None:
            break
    items, offsets, facts = made
    pictures, owners = zip(*(compose(background, items, row) for row in offsets))
    pictures = np.stack(pictures)
    if random.random() < 0.3:
        grain = random.normal(0, random.uniform(1, 4), pictures.shape).astype(np.float32)
        pictures = np.clip(pictures + grain, 0, 255).astype(np.uint8)
    return Clip(width, height, kind, items, frame_times(random, frames), pictures, np.stack(owners), offsets, **facts)


def _static(count):
    return [(0.0, 0.0)] * count


def _some_items(random, assets, background, width, height, count):
    items = place_items(random, assets, background, width, height, count)
    return items if len(items) == count and len({item.name for item in items}) == count else None


def _single(random, assets, background, x, y, radius):
    kind, color = choose_kinds(random, 1)[0]
    item = make_item(random, assets, kind, x, y, radius, background.reshape(-1, 3).mean(0), color)
    return None if item.is_number else item


def _move(random, assets, background, width, height, frames):
    """One item crosses a good part of the picture; at most two others stay where they are."""
    others = int(random.choice([0, 1, 2], p=[0.45, 0.35, 0.2]))
    items = []
    if others:
        items = _some_items(random, assets, background, width, height, others) or []
        if not items:
            return None
    direction = list(DIRECTIONS)[int(random.integers(4))]
    dx, dy = DIRECTIONS[direction]
    radius = random.uniform(14, max(16, 0.17 * min(width, height)))
    span = (width if dx else height)
    distance = span * random.uniform(0.35, 0.7)
    if distance > span - 2 * radius - 2:
        return None
    start = random.uniform(radius + 1, span - radius - 1 - distance)
    cross = random.uniform(radius + 1, (height if dx else width) - radius - 1)
    if (dx or dy) < 0:
        start += distance
    x, y = (start, cross) if dx else (cross, start)
    mover = _single(random, assets, background, x, y, radius)
    if mover is None or any(mover.name == item.name for item in items):
        return None
    half = mover.picture.width / 2, mover.picture.height / 2
    for step in np.linspace(0, 1, 6):
        if not all(apart(x + dx * distance * step, y + dy * distance * step, *half, item) for item in items):
            return None
    items.append(mover)
    ends = np.linspace(0, 1, frames) ** random.uniform(0.85, 1.2)
    offsets = [_static(len(items) - 1) + [(dx * distance * part, dy * distance * part)] for part in ends]
    return items, offsets, {"moving": {len(items) - 1: direction}}


def _still(random, assets, background, width, height, frames):
    items = _some_items(random, assets, background, width, height, int(random.integers(1, 4)))
    return items and (items, [_static(len(items))] * frames, {})


def _appear(random, assets, background, width, height, frames):
    """Two or three items appear one after the other and stay; the first is there from the beginning."""
    pairs = (frames + 1) // 2
    count = min(pairs, int(random.integers(2, 4)))
    items = _some_items(random, assets, background, width, height, count)
    if not items:
        return None
    order = [int(i) for i in random.permutation(count)]
    starts = sorted(int(p) for p in random.choice(np.arange(1, pairs), count - 1, replace=False))
    begins = {order[0]: 0}
    for item, pair in zip(order[1:], starts):
        begins[item] = 2 * pair
    offsets = [[(0.0, 0.0) if begins[i] <= frame else (None, None) for i in range(count)] for frame in range(frames)]
    return items, offsets, {"order": order}


def _enter(random, assets, background, width, height, frames):
    """None to four items come in from the sides, beside none to two that were there."""
    there, coming = int(random.integers(0, 3)), int(random.choice([0, 1, 2, 3, 4], p=[0.12, 0.24, 0.24, 0.22, 0.18]))
    if there + coming == 0:
        return None
    items = place_items(random, assets, background, width, height, there + coming)
    if len(items) != there + coming or any(item.is_number for item in items):
        return None
    chosen = {int(i) for i in random.choice(len(items), coming, replace=False)} if coming else set()
    moving, begins, travels = {}, {}, {}
    for index in chosen:
        item = items[index]
        gaps = {"right": item.x, "left": width - item.x, "down": item.y, "up": height - item.y}
        direction = min(gaps, key=lambda name: gaps[name] * random.uniform(0.6, 1.4))
        dx, dy = DIRECTIONS[direction]
        far = gaps[direction] + (item.picture.width if dx else item.picture.height) / 2 + 2
        latest = max(1, frames - 2)
        begins[index] = int(random.integers(1, latest + 1))
        travels[index] = (-dx * far, -dy * far, int(np.clip(random.integers(2, 5), 1, frames - begins[index])))
        moving[index] = direction
    offsets = []
    for frame in range(frames):
        row = []
        for index in range(len(items)):
            if index not in chosen:
                row.append((0.0, 0.0))
                continue
            away_x, away_y, steps = travels[index]
            left = 1 - min(1.0, max(0.0, (frame - begins[index] + 1) / steps))
            row.append((None, None) if frame < begins[index] else (away_x * left, away_y * left))
        offsets.append(row)
    return items, offsets, {"moving": moving, "entering": sorted(chosen)}
