"""Gathers the pictures of objects, the fonts of numbers and the easy-VQA train split into one folder.

The folder holds everything that drawing needs, so that training can run on a machine without the
Debian packages.
"""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .names import OBJECT_SOURCES

EMOJI_FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
CLIP_ART = "/usr/share/openclipart/png"
SPRITE_SIDE = 128
CLUTTER_PICTURES = 160


def _trimmed(image, side=SPRITE_SIDE):
    """The picture without its transparent border, at most `side` pixels wide and high."""
    box = image.getchannel("A").point(lambda a: 255 if a > 16 else 0).getbbox()
    if box is None:
        raise ValueError("a picture is empty")
    image = image.crop(box)
    scale = side / max(image.size)
    size = [max(1, round(edge * scale)) for edge in image.size]
    return image.convert("RGBa").resize(size, Image.LANCZOS).convert("RGBA")


def emoji_sprite(character, font):
    canvas = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).text((8, 8), character, font=font, embedded_color=True)
    return _trimmed(canvas)


def clip_art_sprite(path):
    with Image.open(path) as image:
        image = image.convert("RGBA")
        image.thumbnail((512, 512), Image.LANCZOS)
        return _trimmed(image)


def store(archive, name, image):
    data = io.BytesIO()
    image.save(data, "PNG")
    archive.writestr(name, data.getvalue())


def gather(folder, clip_art=CLIP_ART, emoji_font=EMOJI_FONT):
    """Writes sprites.zip and, where the package is installed, easy-vqa.npz."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    font = ImageFont.truetype(emoji_font, 109)
    listing, partial = {}, folder / "sprites.partial"
    used = {path for _, _, art in OBJECT_SOURCES for path in art}
    with zipfile.ZipFile(partial, "w") as archive:
        for name, character, art in OBJECT_SOURCES:
            files = [f"objects/{name}-0.png"]
            store(archive, files[0], emoji_sprite(character, font))
            for path in art:
                files.append(f"objects/{name}-{len(files)}.png")
                store(archive, files[-1], clip_art_sprite(Path(clip_art) / path))
            listing[name] = files
        scenery = sorted(path for part in ("geography", "buildings", "plants", "decorations")
                         for path in (Path(clip_art) / part).rglob("*.png")
                         if str(path.relative_to(clip_art)) not in used)
        chosen = scenery[:: max(1, len(scenery) // CLUTTER_PICTURES)][:CLUTTER_PICTURES]
        clutter = []
        for path in chosen:
            try:
                image = clip_art_sprite(path)
            except (OSError, ValueError):
                continue
            clutter.append(f"clutter/{len(clutter)}.png")
            store(archive, clutter[-1], image)
        archive.writestr("listing.json", json.dumps({"objects": listing, "clutter": clutter}))
    partial.rename(folder / "sprites.zip")
    return len(listing), sum(map(len, listing.values())), len(clutter), _gather_easy_vqa(folder)


def _gather_easy_vqa(folder):
    """Packs the train split, never the test split, of the easy-vqa package."""
    try:
        import easy_vqa
    except ImportError:
        return 0
    paths = easy_vqa.get_train_image_paths()
    questions, answers, owners = easy_vqa.get_train_questions()
    order = sorted(paths, key=int)
    row = {identifier: index for index, identifier in enumerate(order)}
    pictures = np.stack([np.asarray(Image.open(paths[i]).convert("RGB")) for i in order])
    with open(folder / "easy-vqa.partial", "wb") as file:
        np.savez_compressed(file, pictures=pictures, questions=np.array(questions),
                            answers=np.array(answers), owners=np.array([row[i] for i in owners]))
    (folder / "easy-vqa.partial").rename(folder / "easy-vqa.npz")
    return len(order)


class Assets:
    """The gathered pictures, opened."""

    def __init__(self, folder):
        folder = Path(folder)
        with zipfile.ZipFile(folder / "sprites.zip") as archive:
            listing = json.loads(archive.read("listing.json"))

            def read(name):
                return Image.open(io.BytesIO(archive.read(name))).convert("RGBA")

            self.objects = {name: [read(f) for f in files] for name, files in listing["objects"].items()}
            self.clutter = [read(name) for name in listing["clutter"]]
        self.easy_vqa = None
        if (folder / "easy-vqa.npz").exists():
            with np.load(folder / "easy-vqa.npz") as data:
                self.easy_vqa = {key: data[key] for key in data.files}
            by_picture = [[] for _ in range(len(self.easy_vqa["pictures"]))]
            for index, owner in enumerate(self.easy_vqa["owners"]):
                by_picture[owner].append(index)
            self.easy_vqa["by_picture"] = by_picture
