"""HEIC: what pillow-heif writes, and the grids of phones, which are put together here."""

import struct

import numpy as np
import pillow_heif
from PIL import Image

import references
from card import alpha, frame
from case import Case, Right

CARD = frame()


def box(name, data, version=None, flags=0):
    """A box of ISO 14496-12; with a version it is a full box."""
    if version is not None:
        data = struct.pack(">I", version << 24 | flags) + data
    return struct.pack(">I4s", 8 + len(data), name) + data


def boxes(data):
    """Names and contents of the boxes in some bytes."""
    start = 0
    while start + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            size, head = struct.unpack_from(">Q", data, start + 8)[0], 16
        size = size or len(data) - start
        yield name, data[start + head : start + size]
        start += size


def coded(picture, **options):
    """One picture as HEVC: the bytes of its item, and its decoder configuration."""
    heif = pillow_heif.from_pillow(Image.fromarray(picture))
    memory = references.io.BytesIO()
    heif.save(memory, quality=95, chroma=420, **options)
    data = memory.getvalue()
    meta = dict(boxes(dict(boxes(data))[b"meta"][4:]))
    configuration = dict(boxes(dict(boxes(meta[b"iprp"]))[b"ipco"]))[b"hvcC"]
    iloc = meta[b"iloc"]
    version, sizes = iloc[0], struct.unpack_from(">H", iloc, 4)[0]
    base = (sizes >> 4) & 15
    # The first item is the picture: id, (method,) reference, base, number of extents, extent.
    at = 8 + (2 if version else 0) + 2 + 2 + base + 2
    words = {4: ">I", 8: ">Q"}
    place = struct.unpack_from(words[sizes >> 12], iloc, at)[0]
    length = struct.unpack_from(words[(sizes >> 8) & 15], iloc, at + (sizes >> 12))[0]
    if base:
        place += struct.unpack_from(words[base], iloc, at - 2 - base)[0]
    return data[place : place + length], configuration


def grid(picture, columns, rows, turns=(), cut=(0, 0)):
    """A HEIC of tiles, as phones write it. `turns` are properties of the whole picture.

    `cut` columns and rows of the last tiles lie outside the picture.
    """
    height, width = picture.shape[0] // rows, picture.shape[1] // columns
    tiles, configuration = [], b""
    for row in range(rows):
        for column in range(columns):
            part = picture[row * height : (row + 1) * height, column * width : (column + 1) * width]
            data, configuration = coded(part)
            tiles.append(data)
    count = len(tiles)
    shown = (picture.shape[1] - cut[0], picture.shape[0] - cut[1])
    whole = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, *shown)
    entries = [box(b"infe", struct.pack(">HH4s", 1, 0, b"grid") + b"\0", 2)]
    entries += [
        box(b"infe", struct.pack(">HH4s", 2 + tile, 0, b"hvc1") + b"\0", 2, 1) for tile in range(count)
    ]
    properties = [
        box(b"hvcC", configuration),
        box(b"ispe", struct.pack(">II", width, height), 0),
        box(b"ispe", struct.pack(">II", *shown), 0),
        *turns,
    ]
    links = [(1, [3, *(0x80 | (4 + turn) for turn in range(len(turns)))])]
    links += [(2 + tile, [0x81, 2]) for tile in range(count)]
    associations = struct.pack(">I", len(links))
    for item, ones in links:
        associations += struct.pack(">HB", item, len(ones)) + bytes(ones)
    tile_ids = struct.pack(f">HH{count}H", 1, count, *range(2, 2 + count))

    def meta(start):
        places, place = [(1, start, len(whole))], start + len(whole)
        for tile, data in enumerate(tiles):
            places.append((2 + tile, place, len(data)))
            place += len(data)
        iloc = struct.pack(">HH", 0x4400, len(places))
        iloc += b"".join(struct.pack(">HHHII", item, 0, 1, at, size) for item, at, size in places)
        return box(
            b"meta",
            box(b"hdlr", struct.pack(">I4s12xB", 0, b"pict", 0), 0)
            + box(b"pitm", b"\0\1", 0)
            + box(b"iloc", iloc, 0)
            + box(b"iinf", struct.pack(">H", len(entries)) + b"".join(entries), 0)
            + box(b"iref", box(b"dimg", tile_ids), 0)
            + box(b"iprp", box(b"ipco", b"".join(properties)) + box(b"ipma", associations, 0)),
            0,
        )

    kind = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    start = len(kind) + len(meta(0)) + 8
    return kind + meta(start) + box(b"mdat", whole + b"".join(tiles))


def crop(width, height, left, top, full):
    """A clean aperture: a rectangle of the picture, by the distance of the centers."""
    across = int(2 * (left + width / 2 - full[0] / 2))
    down = int(2 * (top + height / 2 - full[1] / 2))
    return box(b"clap", struct.pack(">IIIIiIiI", width, 1, height, 1, across, 2, down, 2))


def heif(name, make, page=None):
    def right(path):
        one = references.still(path) if page is None else page
        return Right(pages=[one], size=(one.shape[1], one.shape[0]))

    return Case("heic", name, make, right)


def saved(name, array, page=None, mode=None, **options):
    def make(path):
        image = Image.fromarray(array)
        image = image.convert(mode) if mode else image
        image.save(path, **{"quality": 95, **options})

    return heif(name, make, page)


def plain():
    for chroma in (420, 422, 444):
        yield saved(f"{chroma}.heic", CARD, chroma=chroma)
    yield saved("gray.heic", CARD, mode="L")
    yield saved("alpha.heic", np.dstack([CARD, alpha()]))
    yield saved("alpha-hard.heic", np.dstack([CARD, alpha(hard=True)]))
    yield saved("odd.heic", CARD[:127, :255])
    yield saved("large.heic", frame(0, 1600, 1200), quality=85)
    yield saved("named.heif", CARD)

    def several(path):
        film = [Image.fromarray(frame(number)) for number in range(3)]
        film[0].save(path, quality=95, save_all=True, append_images=film[1:], primary_index=1)

    yield heif("the-second-is-the-primary.heic", several)

    def deep(path):
        values = (CARD.astype(np.uint16) * 257).tobytes()
        picture = pillow_heif.from_bytes("RGB;16", (CARD.shape[1], CARD.shape[0]), values)
        picture.save(path, quality=95)

    yield heif("10-bit.heic", deep, CARD)
    for orientation in range(2, 9):

        def turned(path, orientation=orientation):
            data = Image.Exif()
            data[0x0112] = orientation
            Image.fromarray(CARD).save(path, quality=95, exif=data.tobytes())

        yield heif(f"exif-{orientation}.heic", turned)


def grids():
    big = frame(0, 512, 256)

    def made(*words, **options):
        return lambda path: [path.write_bytes(grid(*words, **options)), None][1]

    yield heif("grid-2x2.heic", made(big, 2, 2), big)
    yield heif("grid-4x2.heic", made(big, 4, 2), big)
    yield heif("grid-1x2.heic", made(big, 1, 2), big)
    yield heif("grid-cut.heic", made(big, 2, 2, cut=(30, 20)), big[:236, :482])
    for quarter in (1, 2, 3):
        turn = box(b"irot", bytes([quarter]))
        page = np.rot90(big, quarter)
        yield heif(f"grid-irot{quarter * 90}.heic", made(big, 2, 2, turns=[turn]), page)
    # imir: axis 0 is vertical, which swaps left and right in the standard's second edition.
    for axis in (0, 1):
        turn = box(b"imir", bytes([axis]))
        yield heif(f"grid-imir{axis}.heic", made(big, 2, 2, turns=[turn]))
    both = [box(b"irot", b"\1"), box(b"imir", b"\1")]
    yield heif("grid-irot-imir.heic", made(big, 2, 2, turns=both))
    cut = crop(300, 160, 100, 40, (512, 256))
    yield heif("grid-clap.heic", made(big, 2, 2, turns=[cut]))


def cases():
    yield from plain()
    yield from grids()
