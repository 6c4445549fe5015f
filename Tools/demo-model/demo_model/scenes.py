"""Pictures with exact knowledge of what is in them."""

import io
import math
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from . import drawing
from .names import COLOR_INDEX, COLORS, KIND_INDEX, MOST_DIGITS, OBJECTS, PLACES, SHAPES, place

_SEEN = [255 if alpha > 100 else 0 for alpha in range(256)]   # a pixel belongs to an item that covers it well
CELL = 32  # pixels a side that become one visual token


@dataclass
class Item:
    kind: str                  # a shape, an object or "number"
    color: str | None          # of shapes
    text: str | None           # of numbers
    x: float
    y: float
    radius: float
    picture: Image.Image = field(repr=False)
    digits: list = field(default_factory=list, repr=False)

    @property
    def is_shape(self):
        return self.color is not None

    @property
    def is_number(self):
        return self.text is not None

    @property
    def is_object(self):
        return not self.is_shape and not self.is_number

    @property
    def name(self):
        if self.is_number:
            return f"number {self.text}"
        return f"{self.color} {self.kind}" if self.is_shape else self.kind

    def corner(self, dx=0.0, dy=0.0):
        return round(self.x + dx - self.picture.width / 2), round(self.y + dy - self.picture.height / 2)


@dataclass
class Scene:
    width: int
    height: int
    items: list
    picture: np.ndarray        # (height, width, 3) uint8
    owners: np.ndarray         # which item (from 1) is seen at each pixel

    def place(self, item):
        return place(item.x, item.y, self.width, self.height)


def _contrasting_color(random, background, wanted=None):
    names = list(COLORS)
    for _ in range(20):
        name = wanted or names[int(random.integers(len(names)))]
        if np.abs(np.array(COLORS[name]) - background).max() > 55:
            return name
        wanted = None
    return name


def make_item(random, assets, kind, x, y, radius, background, color=None):
    """Draws an item of the kind; `background` is the mean color behind it."""
    if kind in SHAPES:
        color = _contrasting_color(random, background, color)
        tone = tuple(int(v) for v in np.clip(np.array(COLORS[color]) + random.integers(-10, 11, 3), 0, 255))
        mask = drawing.shape_mask(kind, radius, random.uniform(-0.35, 0.35))
        picture = Image.new("RGBA", mask.size, (*tone, 255))
        picture.putalpha(mask)
        return Item(kind, color, None, x, y, radius, picture)
    if kind == "number":
        length = int(random.integers(1, 5))
        text = str(random.integers(10 ** (length - 1) if length > 1 else 0, 10 ** length))
        height = int(np.clip(radius * 2 / (0.75 * max(2, length)), 17, 64))
        stroke = int(random.integers(0, 2)) if height < 30 else int(random.integers(0, 3))
        dark = tuple(int(v) for v in random.integers(0, 90, 3))
        light = tuple(int(v) for v in random.integers(190, 256, 3))
        if random.random() < 0.6:
            ink, plaque = (dark, light) if random.random() < 0.5 else (light, dark)
        else:
            ink, plaque = (dark if background.mean() > 120 else light), None
        picture = drawing.number_picture(text, height, ink, plaque, stroke)
        boxes = drawing.digit_boxes(text, height, stroke, picture.width)
        return Item("number", None, text, x, y, max(picture.size) / 2, picture, list(zip(text, boxes)))
    sprites = assets.objects[kind]
    sprite = sprites[0 if random.random() < 0.6 else int(random.integers(len(sprites)))]
    picture = drawing.object_picture(sprite, radius, random.uniform(-0.2, 0.2), random.random() < 0.5, random.uniform(0.8, 1.1))
    return Item(kind, None, None, x, y, radius, picture)


NUMBER_ODDS = 0.22   # of a picture having a number in it


def choose_kinds(random, count, number_odds=NUMBER_ODDS):
    """Kinds and colors for a picture: now all different, now several of the same; at odds of 1 nothing but numbers."""
    if number_odds >= 1:
        return [("number", None)] * count

    def one():
        pick = random.random()
        if pick < 0.47:
            return SHAPES[int(random.integers(len(SHAPES)))], None
        return OBJECTS[int(random.integers(len(OBJECTS)))], None

    chosen = [one() for _ in range(count)]
    style = random.random()
    if count > 1 and style < 0.35:
        same = int(random.integers(2, count + 1))
        chosen[:same] = [chosen[0]] * same
    elif count > 1 and style < 0.5:
        color = list(COLORS)[int(random.integers(len(COLORS)))]
        for index in range(int(random.integers(2, count + 1))):
            chosen[index] = SHAPES[int(random.integers(len(SHAPES)))], color
    if random.random() < number_odds:
        chosen[-1] = "number", None
    order = random.permutation(count)
    return [chosen[i] for i in order]


def place_items(random, assets, background, width, height, count, smallest=13, number_odds=NUMBER_ODDS):
    items, least = [], min(width, height)
    largest = max(smallest + 4, min(0.5 * least / math.sqrt(count) * 0.95, 0.24 * least if count > 1 else 0.34 * least))
    for kind, color in choose_kinds(random, count, number_odds):
        for _ in range(40):
            radius = random.uniform(max(smallest, largest * 0.45), largest)
            if kind in OBJECTS:
                radius = min(largest, max(radius, 15))
            span_x = radius if kind != "number" else max(radius, 26)
            if 2 * span_x + 4 > width:
                continue
            x, y = random.uniform(span_x + 1, width - span_x - 1), random.uniform(radius + 1, height - radius - 1)
            if between_places(x, width) or between_places(y, height):
                continue
            if not all(apart(x, y, span_x, radius, item) for item in items):
                continue
            x0, y0 = int(max(0, x - radius)), int(max(0, y - radius))
            behind = background[y0:int(y + radius) + 1, x0:int(x + radius) + 1].reshape(-1, 3).mean(0)
            item = make_item(random, assets, kind, x, y, radius, behind, color)
            if item.is_number:
                half = item.picture.width / 2 + 1, item.picture.height / 2 + 1
                if 2 * half[0] > width or not all(apart(x, y, *half, other) for other in items):
                    continue
                item.x = float(np.clip(x, half[0], width - half[0]))
                item.y = float(np.clip(y, half[1], height - half[1]))
                if between_places(item.x, width) or not all(apart(item.x, item.y, *half, other) for other in items):
                    continue
            items.append(item)
            break
    return items


def between_places(at, length):
    """Whether something is so near the line between two thirds that its place would be a guess."""
    return min(abs(at / length - 1 / 3), abs(at / length - 2 / 3)) < 0.04


def apart(x, y, half_width, half_height, other):
    other_width, other_height = other.picture.width / 2, other.picture.height / 2
    return (abs(x - other.x) > half_width + other_width + 1) or (abs(y - other.y) > half_height + other_height + 1)


def compose(background, items, offsets=None):
    """Pastes the items; returns the picture and who is seen where."""
    image = Image.fromarray(background.astype(np.uint8))
    owners = Image.new("L", image.size, 0)
    for index, item in enumerate(items):
        dx, dy = offsets[index] if offsets is not None else (0.0, 0.0)
        if dx is None:
            continue
        corner, alpha = item.corner(dx, dy), item.picture.getchannel("A")
        image.paste(item.picture, corner, alpha)
        owners.paste(index + 1, corner, alpha.point(_SEEN))
    return np.asarray(image), np.asarray(owners)


def draw_scene(random, assets, backgrounds, width, height, most=None, number_odds=NUMBER_ODDS):
    background = backgrounds.draw(random, width, height)
    most = most or int(np.clip(round(math.sqrt(width * height) / 26), 5, 8))
    count = int(min(most, random.choice([1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8])))
    items = []
    while not items:
        items = place_items(random, assets, background, width, height, count, number_odds=number_odds)
    picture, owners = compose(background, items)
    return Scene(width, height, items, camera(random, picture), owners)


def camera(random, picture):
    """Sometimes what a camera's file format does to a picture."""
    if random.random() < 0.15:
        data = io.BytesIO()
        Image.fromarray(picture).save(data, "JPEG", quality=int(random.integers(60, 95)))
        picture = np.asarray(Image.open(data).convert("RGB"))
    return picture


def cell_labels(items, owners, offsets=None):
    """For the auxiliary head, per cell: kind, color, centers of items, digits seen, place and the number read.

    Kind, color, place and number are those of the item that covers the cell. -1 means that there is nothing to name;
    a number shorter than four digits is filled up with 10.
    """
    height, width = owners.shape
    rows, columns = height // CELL, width // CELL
    cells = owners.reshape(rows, CELL, columns, CELL).transpose(0, 2, 1, 3).reshape(rows * columns, -1)
    kinds, colors = np.zeros(len(cells), np.int16), np.zeros(len(cells), np.int16)
    centers, digits = np.zeros(len(cells), np.int16), np.zeros((len(cells), 10), np.uint8)
    places, numbers = np.full(len(cells), -1, np.int16), np.full((len(cells), MOST_DIGITS), -1, np.int16)
    cover = np.stack([(cells == index + 1).sum(1) for index in range(len(items))], 1) if items else np.zeros((len(cells), 1))
    for cell in np.nonzero(cover.max(1) > 0.05 * CELL * CELL)[0]:
        item = items[int(cover[cell].argmax())]
        kinds[cell] = KIND_INDEX[item.kind]
        colors[cell] = COLOR_INDEX[item.color] if item.is_shape else -1
        dx, dy = offsets[cover[cell].argmax()] if offsets is not None else (0.0, 0.0)
        places[cell] = PLACES.index(place(item.x + dx, item.y + dy, width, height))
        if item.is_number:
            numbers[cell] = [int(digit) for digit in item.text] + [10] * (MOST_DIGITS - len(item.text))
    for index, item in enumerate(items):
        dx, dy = offsets[index] if offsets is not None else (0.0, 0.0)
        if dx is None:
            continue
        x, y = item.x + dx, item.y + dy
        if 0 <= x < width and 0 <= y < height:
            cell = int(y) // CELL * columns + int(x) // CELL
            centers[cell] = min(2, centers[cell] + 1)
            for digit, (left, right) in item.digits:
                column = int(x + ((left + right) / 2 - 0.5) * item.picture.width) // CELL
                if 0 <= column < columns:
                    digits[int(y) // CELL * columns + column, int(digit)] = 1
    return kinds, colors, centers, digits, places, numbers
