"""Sound files of every kind for the damage test: small, because the damage has to hit what matters."""

import numpy as np
import tifffile
from PIL import Image

import documents
import heifs
import pngs
import videos
from card import alpha, frame, frames
from stills import exif

WIDTH, HEIGHT = 96, 64
CARD = frame(0, WIDTH, HEIGHT)
CLEAR = np.dstack([CARD, alpha(WIDTH, HEIGHT)])


def pictures(folder):
    """Pictures by Pillow: name, array, options."""
    turned = exif(6)
    film = [Image.fromarray(one) for one in frames(3, WIDTH, HEIGHT)]
    more = {"save_all": True, "append_images": film[1:], "duration": 100}
    rows = [
        ("plain.jpg", CARD, {"exif": turned}),
        ("progressive.jpg", CARD, {"progressive": True}),
        ("gray.jpg", CARD[..., 0], {}),
        ("restart.jpg", CARD, {"restart_marker_blocks": 2}),
        ("clear.png", CLEAR, {"exif": turned}),
        ("plain.png", CARD, {}),
        ("lossy.webp", CARD, {"exif": turned}),
        ("clear.webp", CLEAR, {}),
        ("lossless.webp", CLEAR, {"lossless": True}),
        ("film.webp", CARD, more),
        ("plain.gif", CARD, {}),
        ("film.gif", CARD, more),
        ("plain.bmp", CARD, {}),
        ("plain.avif", CARD, {"speed": 10}),
        ("clear.avif", CLEAR, {"speed": 10, "exif": turned}),
        ("film.avif", CARD, {**more, "speed": 10}),
        ("plain.heic", CARD, {"exif": turned}),
        ("clear.heic", CLEAR, {}),
        ("film.apng", CARD, {**more, "format": "PNG"}),
    ]
    for name, array, options in rows:
        Image.fromarray(array).save(folder / name, **options)
    (folder / "palette.png").write_bytes(
        pngs.png(
            (CARD[..., :1] // 16).astype(int),
            pngs.PALETTE,
            4,
            interlaced=True,
            before=pngs.chunk(b"PLTE", bytes(range(48))) + pngs.chunk(b"tRNS", bytes(16)),
        )
    )
    big = frame(0, 256, 128)
    turn = heifs.box(b"irot", b"\1")
    (folder / "grid.heic").write_bytes(heifs.grid(big, 2, 2, turns=[turn]))


def tiffs(folder):
    deep = CARD.astype(np.uint16) * 257
    rows = [
        ("plain", CARD, {"rowsperstrip": 16}),
        ("tiles", CARD, {"tile": (32, 32), "compression": "lzw"}),
        ("zip16", deep, {"compression": "zlib", "predictor": True}),
        ("jpeg", CARD, {"compression": "jpeg", "tile": (32, 32)}),
        ("zstd", CARD, {"compression": "zstd"}),
        ("big", CARD, {"bigtiff": True}),
        ("planar", np.moveaxis(CARD, -1, 0), {"planarconfig": "separate", "compression": "packbits"}),
        ("clear", CLEAR, {"extrasamples": ["unassalpha"], "compression": "lzma"}),
        ("pages", frames(3, WIDTH, HEIGHT), {"compression": "lzw"}),
        ("float", (CARD / 255).astype("f4"), {}),
    ]
    for name, array, options in rows:
        tifffile.imwrite(folder / f"{name}.tif", array, photometric="rgb", metadata=None, **options)
    Image.fromarray(CARD).convert("1").save(folder / "fax.tif", compression="group4")
    Image.fromarray(CARD).convert("LAB").save(folder / "lab.tif")


def papers(folder):
    size = documents.box(WIDTH, HEIGHT)
    drawn = [(documents.drawing(number, WIDTH, HEIGHT), size) for number in range(2)]
    (folder / "drawn.pdf").write_bytes(documents.pdf(drawn))
    (folder / "open.pdf").write_bytes(documents.pdf(drawn, streams=False))
    film = [Image.fromarray(one) for one in frames(2, WIDTH, HEIGHT)]
    film[0].save(folder / "scan.pdf", save_all=True, append_images=film[1:])
    words = b"BT /F 18 Tf 5 20 Td (A letter) Tj ET"
    font = b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    (folder / "letter.pdf").write_bytes(documents.pdf([(words, font + b" " + size)]))


# Codec and container of each video.
FILMS = (
    "h264 mp4",
    "h264 mov",
    "h264 mkv",
    "h264 ts",
    "h264 flv",
    "h264 avi",
    "hevc mp4",
    "hevc mkv",
    "hevc ts",
    "vp8 webm",
    "vp9 webm",
    "vp9 ivf",
    "av1 mp4",
    "av1 webm",
    "mpeg1 mpg",
    "mpeg2 ts",
    "mpeg2 mxf",
    "mpeg4 avi",
    "mjpeg avi",
    "theora ogv",
    "wmv2 asf",
    "prores mov",
    "ffv1 mkv",
    "png mov",
    "cinepak avi",
    "huffyuv avi",
)


def films(folder):
    for row in FILMS:
        codec, container = row.split()
        options, formats, _ = videos.CODECS[codec]
        pixels = formats.split()[0]
        videos.encode(
            folder / f"{codec}.{container}",
            frames(8, WIDTH, HEIGHT),
            options + " -g 4",
            pixels,
            filters=videos.into("smpte170m", pixels.startswith("yuvj"), pixels),
        )
    film = np.stack([np.dstack([one, alpha(WIDTH, HEIGHT)]) for one in frames(4, WIDTH, HEIGHT)])
    options = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8"
    videos.encode(folder / "clear.webm", film, options, "yuva420p")
    interlaced = f"{videos.X264} -flags +ilme+ildct -x264-params tff=1"
    videos.encode(
        folder / "fields.ts",
        frames(16, WIDTH, HEIGHT),
        interlaced,
        "yuv420p",
        filters=f"{videos.into('smpte170m', False, 'yuv420p')},interlace=lowpass=off",
        rate=50,
    )


def write(folder):
    """Writes all of them, and returns their bytes by name."""
    for group in (pictures, tiffs, papers, films):
        group(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}
