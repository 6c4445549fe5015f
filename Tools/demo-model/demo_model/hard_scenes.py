"""Pictures that are harder than those of training, of the same things: many, small, alike and hardly brighter than what is behind."""

import numpy as np

from .names import COLORS, OBJECTS, SHAPES
from .scenes import Scene, apart, between_places, camera, compose, make_item

SIDE = 448                       # pixels: 14 × 14 visual tokens
RADII = (10.0, 26.0)             # pixels: a thing covers one to four tokens; the smallest of training is 13
FADED = (0.65, 1.0)              # how much of a thing's own color is left over what is behind it
THINGS = (6, 12)                 # the fewest and the most in a picture
LEAST_CONTRAST = 40              # of a color to what is behind it, of 255; training keeps 55
LOOK_ALIKES = [["red", "orange", "brown", "pink"], ["blue", "teal", "purple"], ["green", "teal", "blue"],
               ["gray", "white", "pink"], ["black", "brown", "purple"], ["yellow", "orange", "white"]]


def _pick(random, options):
    return options[int(random.integers(len(options)))]


def choose_alike(random, count, numbers=0.2):
    """Kinds and colors of which many share a color or a shape with another."""
    shapes = [str(name) for name in random.choice(SHAPES, int(random.integers(2, 5)), replace=False)]
    colors = _pick(random, LOOK_ALIKES)
    chosen = []
    for _ in range(count):
        if random.random() < 0.65:
            color = _pick(random, colors) if random.random() < 0.8 else _pick(random, list(COLORS))
            chosen.append((_pick(random, shapes), color))
        else:
            chosen.append((_pick(random, OBJECTS), None))
    if random.random() < numbers:
        chosen[0] = "number", None
    return chosen


def _contrast(color, behind):
    return np.abs(np.array(COLORS[color]) - behind).max()


def _fade(item, share):
    """Lets what is behind the thing shine through."""
    alpha = item.picture.getchannel("A").point(lambda value: round(value * share))
    item.picture.putalpha(alpha)


def place_alike(random, assets, background, kinds, taken=(), radii=RADII, faded=FADED):
    """Things at places of their own, none so near the line between two ninths that its place would be a guess."""
    items, (height, width) = list(taken), background.shape[:2]
    for kind, color in kinds:
        for _ in range(60):
            # The square of the draw: small things are more common than large ones.
            radius = radii[0] + (radii[1] - radii[0]) * random.random() ** 2
            radius = max(radius, radii[0] + 3) if color is None else radius
            x, y = random.uniform(radius + 1, width - radius - 1), random.uniform(radius + 1, height - radius - 1)
            behind = background[int(y - radius):int(y + radius) + 1, int(x - radius):int(x + radius) + 1].reshape(-1, 3).mean(0)
            if between_places(x, width) or between_places(y, height) or color and _contrast(color, behind) < LEAST_CONTRAST:
                continue
            # make_item gives up a color that hardly stands out; behind these values, none of a picture, every one does.
            item = make_item(random, assets, kind, x, y, radius, np.full(3, 1000.0) if color else behind, color)
            half = item.picture.width / 2 + 1, item.picture.height / 2 + 1
            if half[0] > x or x > width - half[0] or not all(apart(x, y, *half, other) for other in items):
                continue
            _fade(item, random.uniform(*faded))
            items.append(item)
            break
    return items[len(taken):]


def draw_hard_scene(random, assets, backgrounds, numbers=0.2):
    """A picture of 448 × 448 pixels with 6 to 12 things."""
    while True:
        background = backgrounds.draw(random, SIDE, SIDE)
        count = int(random.integers(THINGS[0], THINGS[1] + 1))
        items = place_alike(random, assets, background, choose_alike(random, count, numbers))
        if len(items) >= THINGS[0]:
            picture, owners = compose(background, items)
            return Scene(SIDE, SIDE, items, camera(random, picture), owners)
