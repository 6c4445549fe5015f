"""Videos that are stored turned, mirrored, or with pixels that are not square."""

import struct

import numpy as np

import references
from card import HEIGHT, WIDTH, frames
from case import Case, Right
from videos import CODECS, FILM, X264, encode, into

# The upright picture of a stored one, by the display matrix (a, b, c, d) of ISO 14496-12: a stored
# pixel (x, y) is shown at (a x + c y, b x + d y).
TURNS = {
    "0": ((1, 0, 0, 1), lambda one: one),
    "90": ((0, 1, -1, 0), lambda one: np.rot90(one, -1)),
    "180": ((-1, 0, 0, -1), lambda one: np.rot90(one, 2)),
    "270": ((0, -1, 1, 0), lambda one: np.rot90(one, 1)),
    "mirror": ((-1, 0, 0, 1), lambda one: one[:, ::-1]),
    "upside-down": ((1, 0, 0, -1), lambda one: one[::-1]),
    "transpose": ((0, 1, 1, 0), lambda one: np.transpose(one, (1, 0, 2))),
    "anti-transpose": ((0, -1, -1, 0), lambda one: np.transpose(one[::-1, ::-1], (1, 0, 2))),
}


def set_matrix(path, numbers):
    """Writes the display matrix of every track header."""
    data = bytearray(path.read_bytes())
    start = data.find(b"tkhd")
    while start >= 0:
        at = start + 4 + (36 if data[start + 4] == 0 else 48) + 4
        a, b, c, d = (int(value * 65536) for value in numbers)
        data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
        start = data.find(b"tkhd", start + 4)
    path.write_bytes(bytes(data))


def turns():
    for codec, container in (("h264", "mp4"), ("hevc", "mov"), ("mjpeg", "mov")):
        options, formats, _ = CODECS[codec]
        for name, (numbers, turn) in TURNS.items():

            def make(path, options=options, pixels=formats.split()[0], numbers=numbers):
                encode(
                    path,
                    FILM,
                    options,
                    pixels,
                    filters=into("smpte170m", pixels.startswith("yuvj"), pixels),
                )
                set_matrix(path, numbers)

            def right(path, turn=turn, numbers=numbers):
                found = [turn(one) for one in references.sdr(path, rotate=False)]
                size = (WIDTH, HEIGHT) if numbers[0] else (HEIGHT, WIDTH)
                return Right(frames=lambda chosen: found, size=size)

            yield Case("rotation", f"{codec}-turned-{name}.{container}", make, right, video=True)


SHAPES = {
    "1-2": (1 / 2, 256, 128, 128, 128),
    "2-1": (2, 128, 128, 256, 128),
    "4-3": (4 / 3, 192, 144, 256, 144),
    "64-45": (64 / 45, 720, 576, 1024, 576),
    "12-11": (12 / 11, 352, 288, 384, 288),
    "8-9": (8 / 9, 720, 480, 640, 480),
}


def shapes():
    """Sample aspect ratios: the picture is as wide as a screen shows it."""
    for name, (_, width, height, shown, high) in SHAPES.items():
        for codec, container in (("h264", "mp4"), ("mpeg4", "avi"), ("hevc", "mkv"), ("mpeg2", "ts")):
            ratio = name.replace("-", "/")
            if codec == "mpeg2":
                # MPEG-2 knows a few shapes of the whole picture only.
                if name not in ("64-45", "8-9"):
                    continue
                ratio = {"64-45": "64/45", "8-9": "8/9"}[name]
            if codec == "mpeg4" and container == "avi" and name == "1-2":
                continue
            film = frames(4, width, height)

            def make(path, film=film, codec=codec, ratio=ratio):
                encode(
                    path,
                    film,
                    CODECS[codec][0],
                    "yuv420p",
                    filters=f"{into('smpte170m', False, 'yuv420p')},setsar={ratio}",
                )

            def right(path, size=(shown, high)):
                return Right(frames=lambda chosen: references.sdr(path), size=size)

            yield Case("shape", f"{codec}-sar-{name}.{container}", make, right, video=True)
    for turned in ("90", "270"):

        def make_turned(path, turned=turned):
            encode(
                path,
                frames(4, 128, 128),
                X264,
                "yuv420p",
                filters=f"{into('smpte170m', False, 'yuv420p')},setsar=2/1",
            )
            set_matrix(path, TURNS[turned][0])

        def right_turned(path, turned=turned):
            found = [TURNS[turned][1](one) for one in references.sdr(path, rotate=False)]
            return Right(frames=lambda chosen: found, size=(128, 256))

        yield Case("shape", f"h264-sar-2-1-turned-{turned}.mp4", make_turned, right_turned, video=True)


def cases():
    yield from turns()
    yield from shapes()
