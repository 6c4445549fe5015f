"""Backgrounds from flat to as cluttered as a photograph."""

import numpy as np
from PIL import Image, ImageFilter

SIDE = 512


def _resized(array, width, height):
    image = Image.fromarray(np.clip(array, 0, 255).astype(np.uint8))
    return np.asarray(image.resize((width, height), Image.BICUBIC), np.float32)


def cloud_noise(random, width, height, coarsest=3, octaves=5, roughness=0.55):
    """Smooth noise between 0 and 1: several grids of random values, each finer and weaker."""
    total, weight, sum_of_weights = np.zeros((height, width), np.float32), 1.0, 0.0
    for octave in range(octaves):
        cells = coarsest * 2 ** octave
        grid = random.random((min(height, cells) + 1, min(width, cells) + 1)) * 255
        total += weight * _resized(grid, width, height)
        sum_of_weights += weight
        weight *= roughness
    return total / (255 * sum_of_weights)


def _tint(random, low=40, high=220, spread=40):
    return np.clip(random.uniform(low, high) + random.uniform(-spread, spread, 3), 0, 255).astype(np.float32)


def gradient(random, width, height):
    angle = random.uniform(0, 2 * np.pi)
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :, None]
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None, None]
    ramp = np.clip(0.5 + (x * np.cos(angle) + y * np.sin(angle)) * random.uniform(0.5, 1.2), 0, 1)
    first = _tint(random)
    second = first + random.uniform(-60, 60, 3).astype(np.float32)
    return first * (1 - ramp) + second * ramp


def _noise_texture(random):
    first, strength = _tint(random), random.uniform(25, 110)
    second = first + random.uniform(-strength, strength, 3)
    noise = cloud_noise(random, SIDE, SIDE, int(random.integers(2, 7)), 6, random.uniform(0.4, 0.7))[..., None]
    noise = np.clip((noise - 0.5) * 2.2 + 0.5, 0, 1)
    return first * (1 - noise) + second * noise


def _weave_texture(random):
    """Stripes, checks or boards, bent a little."""
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    angle, period = random.uniform(0, np.pi), random.uniform(14, 80)
    bend = cloud_noise(random, SIDE, SIDE, 3, 3) * random.uniform(0, 60)
    along = x * np.cos(angle) + y * np.sin(angle) + bend
    across = -x * np.sin(angle) + y * np.cos(angle)
    wave = np.tanh(3 * np.sin(2 * np.pi * along / period))
    if random.random() < 0.4:
        wave = wave * np.tanh(3 * np.sin(2 * np.pi * across / (period * random.uniform(0.8, 2))))
    base = _tint(random)
    return base + wave[..., None] * random.uniform(-22, 22, 3) + gradient(random, SIDE, SIDE) * 0.15 - 20


def _landscape_texture(random, clutter):
    """Ground and sky of noise, with blurred pictures standing in them."""
    sky = gradient(random, SIDE, SIDE)
    ground = _noise_texture(random)
    edge = SIDE * random.uniform(0.3, 0.75) + (cloud_noise(random, SIDE, 1, 4, 4)[0] - 0.5) * 160
    mask = (np.arange(SIDE)[:, None] > edge[None, :]).astype(np.float32)
    image = Image.fromarray(np.clip(sky * (1 - mask[..., None]) + ground * mask[..., None], 0, 255).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(random.uniform(1, 4)))
    if clutter:
        layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
        for _ in range(int(random.integers(4, 14))):
            sprite = clutter[int(random.integers(len(clutter)))]
            scale = random.uniform(0.5, 2.2)
            sprite = sprite.resize([max(8, int(edge * scale)) for edge in sprite.size], Image.BILINEAR)
            sprite = sprite.rotate(random.uniform(-25, 25), expand=True)
            corner = (int(random.integers(-60, SIDE - 20)), int(random.integers(-60, SIDE - 20)))
            layer.paste(sprite, corner, sprite)
        layer = layer.filter(ImageFilter.GaussianBlur(random.uniform(5, 11)))
        fade = random.uniform(0.35, 0.75)
        image.paste(layer.convert("RGB"), (0, 0), layer.getchannel("A").point(lambda a: int(a * fade)))
    return np.asarray(image, np.float32)


class Backgrounds:
    """A bank of textures made once from a seed; pictures cut their backgrounds from it."""

    def __init__(self, seed, clutter, count=36):
        random, self.clutter = np.random.default_rng(seed), clutter
        self.textures = [self._texture(random, index) for index in range(count)]

    def _texture(self, random, index):
        if index % 6 == 0:
            texture = _weave_texture(random)
        elif index % 2 == 0:
            texture = _noise_texture(random)
        else:
            texture = _landscape_texture(random, self.clutter)
        return np.clip(texture, 0, 255).astype(np.uint8)

    def renew(self, random):
        """One texture gives way to a new one: a bank that never changes is learned by heart."""
        index = int(random.integers(len(self.textures)))
        self.textures[index] = self._texture(random, index)

    def draw(self, random, width, height):
        """A background as float32 values of shape (height, width, 3)."""
        kind = random.random()
        if kind < 0.15:
            return np.broadcast_to(_tint(random, 20, 240), (height, width, 3)).astype(np.float32)
        if kind < 0.30:
            return np.clip(gradient(random, width, height), 0, 255)
        texture = self.textures[int(random.integers(len(self.textures)))]
        scale = random.uniform(1.0, max(1.01, min(2.5, SIDE / max(width, height))))
        cut_width, cut_height = int(width * scale), int(height * scale)
        x = int(random.integers(0, SIDE - cut_width + 1))
        y = int(random.integers(0, SIDE - cut_height + 1))
        cut = texture[y:y + cut_height, x:x + cut_width]
        shrunk = np.asarray(Image.fromarray(cut).resize((width, height), Image.BILINEAR), np.float32)
        if random.random() < 0.5:
            shrunk = shrunk[:, ::-1]
        array = shrunk * random.uniform(0.7, 1.15) + random.uniform(-15, 15, 3).astype(np.float32)
        if random.random() < 0.3:
            grain = random.normal(0, random.uniform(2, 8), (height, width, 1)).astype(np.float32)
            array = array + grain
        return np.clip(array, 0, 255)
