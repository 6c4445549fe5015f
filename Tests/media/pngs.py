"""PNG in every color type and depth, written by hand because no library writes all of them."""

import struct
import zlib

import numpy as np

from card import alpha, frame, on_white
from case import Case, Right

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def lines(samples, depth):
    """Rows of samples (height, width, channels), packed to their depth, each without a filter."""
    out = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            packed = row.astype(">u2").tobytes()
        elif depth == 8:
            packed = row.astype(np.uint8).tobytes()
        else:
            bits = (row[:, None] >> np.arange(depth - 1, -1, -1)) & 1
            packed = np.packbits(bits.astype(np.uint8)).tobytes()
        out += b"\0" + packed
    return out


def png(samples, kind, depth, interlaced=False, before=b"", after=b""):
    """A whole file of samples in the range of their depth."""
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    if interlaced:
        passes = (samples[y::dy, x::dx] for x, y, dx, dy in ADAM7)
        data = b"".join(lines(one, depth) for one in passes if one.size)
    else:
        data = lines(samples, depth)
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data)) + after
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def scaled(values, depth):
    """Samples of 8 bits in another depth, and what they are in 8 bits again."""
    most = 2**depth - 1
    samples = np.rint(values.astype(float) * most / 255).astype(np.int64)
    return samples, np.rint(samples * 255.0 / most).astype(np.uint8)


def gray_of(picture):
    return np.rint(picture @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)


def three(gray):
    return np.repeat(gray[..., None], 3, axis=2)


def png_case(name, data, page):
    return Case(
        "png",
        name,
        lambda path: [path.write_bytes(data), None][1],
        lambda path: Right(pages=[page], size=(page.shape[1], page.shape[0])),
    )


def plain():
    picture = frame()
    for interlaced in (False, True):
        end = "-adam7.png" if interlaced else ".png"
        for depth in (1, 2, 4, 8, 16):
            samples, back = scaled(gray_of(picture), depth)
            yield png_case(f"gray{depth}{end}", png(samples[..., None], GRAY, depth, interlaced), three(back))
        for depth in (8, 16):
            samples, back = scaled(picture, depth)
            yield png_case(f"rgb{depth}{end}", png(samples, RGB, depth, interlaced), back)
            clear = np.dstack([picture, alpha()])
            samples, back = scaled(clear, depth)
            page = on_white(back[..., :3], back[..., 3])
            yield png_case(f"rgba{depth}{end}", png(samples, RGBA, depth, interlaced), page)
            both = np.dstack([gray_of(picture), alpha()])
            samples, back = scaled(both, depth)
            page = on_white(three(back[..., 0]), back[..., 1])
            yield png_case(f"gray-alpha{depth}{end}", png(samples, GRAY_ALPHA, depth, interlaced), page)


def palettes():
    picture = frame()
    for depth in (1, 2, 4, 8):
        count = 2**depth
        colors = np.random.default_rng(depth).integers(0, 256, (count, 3)).astype(np.uint8)
        indices = gray_of(picture).astype(int) * count // 256
        table = chunk(b"PLTE", colors.tobytes())
        page = colors[indices]
        yield png_case(f"palette{depth}.png", png(indices[..., None], PALETTE, depth, before=table), page)
        clear = np.linspace(0, 255, count).astype(np.uint8)
        both = table + chunk(b"tRNS", clear.tobytes())
        yield png_case(
            f"palette{depth}-alpha.png",
            png(indices[..., None], PALETTE, depth, before=both),
            on_white(page, clear[indices]),
        )


def keys():
    """One color that is declared transparent."""
    picture = frame()
    for depth in (1, 2, 4, 8, 16):
        samples, back = scaled(gray_of(picture), depth)
        value = int(samples[100, 20])
        there = np.where(samples == value, 0, 255).astype(np.uint8)
        key = chunk(b"tRNS", struct.pack(">H", value))
        yield png_case(
            f"gray{depth}-key.png",
            png(samples[..., None], GRAY, depth, before=key),
            on_white(three(back), there),
        )
    for depth in (8, 16):
        samples, back = scaled(picture, depth)
        value = [int(one) for one in samples[100, 20]]
        there = np.where((samples == value).all(axis=-1), 0, 255).astype(np.uint8)
        key = chunk(b"tRNS", struct.pack(">HHH", *value))
        yield png_case(f"rgb{depth}-key.png", png(samples, RGB, depth, before=key), on_white(back, there))


def marked():
    """Marks that Pillow ignores: gamma, primaries, physical size, ICC."""
    picture = frame()
    rows = {
        "gamma": chunk(b"gAMA", struct.pack(">I", 100000)),
        "srgb": chunk(b"sRGB", b"\0"),
        "size": chunk(b"pHYs", struct.pack(">IIB", 2000, 1000, 1)),
        "cicp-pq": chunk(b"cICP", bytes([9, 16, 0, 1])),
        "background": chunk(b"bKGD", struct.pack(">HHH", 255, 0, 255)),
    }
    for name, mark in rows.items():
        yield png_case(f"mark-{name}.png", png(picture, RGB, 8, before=mark), picture)
    clear = np.dstack([picture, alpha()])
    yield png_case(
        "background-alpha.png",
        png(clear, RGBA, 8, before=rows["background"]),
        on_white(picture, alpha()),
    )


def cases():
    for group in (plain, palettes, keys, marked):
        yield from group()
