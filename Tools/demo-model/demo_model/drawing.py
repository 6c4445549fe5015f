"""Draws one item: a colored shape, a picture of an object, or a number."""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_FINER = 3  # shapes are drawn larger and shrunk, for smooth edges


def _outline(shape):
    """Corner points of a shape inside the circle of radius one."""
    if shape == "square":
        return [(x * 0.8, y * 0.8) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    if shape == "rectangle":
        return [(x * 1.0, y * 0.5) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    if shape == "triangle":
        return [(math.sin(a), -math.cos(a)) for a in (0, 2 * math.pi / 3, 4 * math.pi / 3)]
    if shape == "star":
        return [((1 if i % 2 == 0 else 0.42) * math.sin(i * math.pi / 5),
                 -(1 if i % 2 == 0 else 0.42) * math.cos(i * math.pi / 5)) for i in range(10)]
    if shape == "cross":
        a = 0.32
        return [(-a, -1), (a, -1), (a, -a), (1, -a), (1, a), (a, a), (a, 1), (-a, 1), (-a, a), (-1, a), (-1, -a), (-a, -a)]
    if shape == "heart":
        points = []
        for i in range(40):
            t = 2 * math.pi * i / 40
            points.append((0.95 * math.sin(t) ** 3,
                           -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16.5))
        return points
    raise ValueError(shape)


def shape_mask(shape, radius, turn):
    """The coverage (0 to 255) of a shape in a square of 2·radius + 2 pixels."""
    side = 2 * math.ceil(radius) + 2
    big = Image.new("L", (side * _FINER, side * _FINER), 0)
    draw, middle, r = ImageDraw.Draw(big), side * _FINER / 2, radius * _FINER
    if shape in ("circle", "ring"):
        r *= 0.92
        draw.ellipse([middle - r, middle - r, middle + r, middle + r], fill=255)
        if shape == "ring":
            r *= 0.6
            draw.ellipse([middle - r, middle - r, middle + r, middle + r], fill=0)
    else:
        cosine, sine = math.cos(turn), math.sin(turn)
        draw.polygon([(middle + r * (x * cosine - y * sine), middle + r * (x * sine + y * cosine))
                      for x, y in _outline(shape)], fill=255)
    return big.resize((side, side), Image.BOX)


@lru_cache(maxsize=64)
def _font(size):
    return ImageFont.load_default(size)


def number_picture(text, height, color, plaque, stroke):
    """A number `height` pixels high, on a plaque of its own if `plaque` is a color."""
    font = _font(int(height * 1.3))
    left, top, right, bottom = font.getbbox(text, stroke_width=stroke)
    edge = max(3, height // 5)
    image = Image.new("RGBA", (right - left + 2 * edge, bottom - top + 2 * edge), (*color, 0))
    draw = ImageDraw.Draw(image)
    if plaque is not None:
        draw.rounded_rectangle([0, 0, image.width - 1, image.height - 1], radius=edge, fill=(*plaque, 255))
    draw.text((edge - left, edge - top), text, font=font, fill=(*color, 255), stroke_width=stroke, stroke_fill=(*color, 255))
    return image


def digit_boxes(text, height, stroke, width):
    """Where each digit stands, from left to right, in fractions of the picture's width."""
    font = _font(int(height * 1.3))
    edge = max(3, height // 5)
    left = font.getbbox(text, stroke_width=stroke)[0]
    starts = [edge - left + font.getlength(text[:i]) for i in range(len(text) + 1)]
    return [(a / width, b / width) for a, b in zip(starts, starts[1:])]


def object_picture(sprite, radius, turn, mirror, gain):
    """A picture of an object that fits a circle's square of the given radius."""
    scale = 2 * radius / max(sprite.size)
    image = sprite.resize([max(2, round(edge * scale)) for edge in sprite.size], Image.BILINEAR if scale > 0.6 else Image.BOX)
    if mirror:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    if abs(turn) > 0.02:
        image = image.rotate(math.degrees(turn), Image.BILINEAR, expand=True)
    if gain != 1:
        pixels = np.asarray(image).astype(np.float32)
        pixels[..., :3] *= gain
        image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGBA")
    return image
