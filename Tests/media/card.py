"""The picture that is drawn into most files."""

import numpy as np

WIDTH, HEIGHT = 256, 128


def frame(number=0, width=WIDTH, height=HEIGHT):
    """Ramps of color, a row of strong colors, and a white disc on a way to the right.

    Nothing in it looks the same turned or mirrored.
    """
    y, x = np.mgrid[0:height, 0:width]
    u, v = x / max(1, width - 1), y / max(1, height - 1)
    picture = np.stack([40 + 180 * u, 60 + 150 * v, 200 - 120 * u * v], axis=-1)
    colors = [(200, 40, 40), (40, 170, 40), (40, 40, 200), (220, 200, 40), (20, 20, 20), (235,) * 3]
    top, bottom = int(height * 0.65), int(height * 0.9)
    side = width / 8
    for index, color in enumerate(colors):
        picture[top:bottom, int(index * side) : int((index + 1) * side)] = color
    center = (0.15 + 0.1 * (number % 8), 0.3)
    disc = ((u - center[0]) * width) ** 2 + ((v - center[1]) * height) ** 2
    inside = np.clip(height * 0.16 + 0.5 - np.sqrt(disc), 0, 1)[..., None]
    return np.rint(picture * (1 - inside) + 245 * inside).astype(np.uint8)


def frames(count=6, width=WIDTH, height=HEIGHT):
    return np.stack([frame(number, width, height) for number in range(count)])


def alpha(width=WIDTH, height=HEIGHT, hard=False):
    """Fully there in the middle, gone at the border; half there in between, or not (`hard`)."""
    y, x = np.mgrid[0:height, 0:width]
    distance = np.hypot((x / width - 0.5) * 2, (y / height - 0.5) * 2)
    values = (distance < 0.75) * 255.0 if hard else np.clip(1.5 - 1.5 * distance, 0, 1) * 255
    return np.rint(values).astype(np.uint8)


def on_white(rgb, coverage, most=255):
    """A picture blended on white by how much of it is there (0…`most`)."""
    share = coverage[..., None].astype(float) / most
    return np.rint(rgb * share + 255 * (1 - share)).astype(np.uint8)


def textured(number=0, width=640, height=480):
    """A picture with so much detail that its file is long."""
    noise = np.random.default_rng(number).integers(-25, 25, (height, width, 3))
    return np.clip(frame(number, width, height) + noise, 0, 255).astype(np.uint8)


def bars(number, width=WIDTH, height=HEIGHT):
    """Twelve bars that count in the upper half: white is 1, the leftmost is the lowest bit."""
    picture = np.zeros((height, width, 3), np.uint8)
    for bit in range(12):
        if number >> bit & 1:
            picture[: height // 2, bit * width // 12 : (bit + 1) * width // 12] = 255
    for index, color in enumerate([(200, 40, 40), (40, 170, 40), (40, 40, 200)]):
        picture[height // 2 :, index * width // 3 : (index + 1) * width // 3] = color
    return picture


def numbered(count):
    """Frames with their numbers in bars."""
    return np.stack([bars(number) for number in range(count)])


def read_bars(picture):
    """The number that the bars of a picture show."""
    height, width = picture.shape[:2]
    row = picture[height // 8 : height * 3 // 8].mean(axis=(0, 2))
    number = 0
    for bit in range(12):
        middle = row[int((bit + 0.3) * width / 12) : int((bit + 0.7) * width / 12) + 1]
        number += int(middle.mean() > 128) << bit
    return number
