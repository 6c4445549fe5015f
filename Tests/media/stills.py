"""Pictures that Pillow and ffmpeg write: JPEG, WebP, GIF, BMP, AVIF, and forms that are refused."""

import struct

import numpy as np
from PIL import Image

import references
from card import HEIGHT, WIDTH, alpha, frame, frames, textured
from case import UNSUPPORTED, Case, Refused, Right
from references import run

CARD = frame()
CLEAR = np.dstack([CARD, alpha()])
HARD = np.dstack([CARD, alpha(hard=True)])


def still(kind, name, make, reference=None, size=None, **more):
    """A picture whose reference is Pillow's, unless another is given."""
    about = {key: more.pop(key) for key in ("warning", "part") if key in more}

    def right(path):
        page = reference(path) if callable(reference) else reference
        page = references.still(path) if page is None else page
        return Right(pages=[page], size=size or (page.shape[1], page.shape[0]), **about)

    return Case(kind, name, make, right, **more)


def saved(kind, name, array, mode=None, reference=None, **options):
    """A picture that Pillow saves with some options."""

    def make(path):
        image = Image.fromarray(array)
        if mode:
            image = image.convert(mode)
        image.save(path, **options)

    return still(kind, name, make, reference)


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def jpegs():
    for quality, chroma in ((95, "4:4:4"), (90, "4:2:2"), (90, "4:2:0"), (40, "4:2:0")):
        name = f"q{quality}-{chroma.replace(':', '')}.jpg"
        yield saved("jpeg", name, CARD, quality=quality, subsampling=chroma)
    yield saved("jpeg", "progressive.jpg", CARD, quality=92, progressive=True)
    yield saved("jpeg", "progressive-444.jpeg", CARD, quality=92, progressive=True, subsampling=0)
    yield saved("jpeg", "optimized.jpg", CARD, quality=92, optimize=True)
    yield saved("jpeg", "gray.jpg", CARD, mode="L", quality=92)
    yield saved("jpeg", "gray-progressive.jpg", CARD, mode="L", quality=92, progressive=True)
    yield saved("jpeg", "cmyk.jpg", CARD, mode="CMYK", quality=92)
    yield saved("jpeg", "restart.jpg", CARD, quality=92, restart_marker_blocks=4)
    yield saved("jpeg", "restart-rows.jpg", CARD, quality=92, restart_marker_rows=1)
    yield saved("jpeg", "rgb-stored.jpg", CARD, quality=95, keep_rgb=True)
    yield saved("jpeg", "odd-255x127.jpg", CARD[:127, :255], quality=92)
    yield saved("jpeg", "large.jpg", frame(0, 1600, 1200), quality=85)
    yield saved("jpeg", "comment.jpg", CARD, quality=92, comment=b"x" * 40000)
    for pixels in ("yuvj411p", "yuvj440p"):
        yield by_ffmpeg("jpeg", f"{pixels}.jpg", f"-c:v mjpeg -q:v 2 -pix_fmt {pixels}")
    for orientation in range(1, 9):
        yield saved("exif", f"turned-{orientation}.jpg", CARD, quality=92, exif=exif(orientation))
        yield saved("exif", f"turned-{orientation}.png", CARD, exif=exif(orientation))
        yield saved("exif", f"turned-{orientation}.webp", CARD, quality=95, exif=exif(orientation))
        yield saved("exif", f"turned-{orientation}.avif", CARD, quality=95, exif=exif(orientation))


def by_ffmpeg(kind, name, options, array=CARD, reference=None, **more):
    def make(path):
        command = ["ffmpeg", "-v", "error", "-y", "-i", "-", *options.split(), "-frames:v", "1"]
        suffix = {"jpg": "mjpeg", "avif": "avif"}.get(path.suffix[1:], "image2pipe")
        run(*command, "-f", suffix, path, data=references.png_bytes(array))

    return still(kind, name, make, reference, **more)


def damaged():
    """Pictures that end early or have bytes around them."""
    for share in (10, 30, 50, 80, 95):
        for name, options in (("baseline", {}), ("progressive", {"progressive": True})):

            def make(path, share=share, options=options):
                Image.fromarray(textured()).save(path, quality=90, subsampling=0, **options)
                data = path.read_bytes()
                path.write_bytes(data[: len(data) * share // 100])

            # What is there is right to a few rows above the end; a progressive one is blurred.
            part = max(0.02, share / 100 - 0.06) if name == "baseline" else 0.01
            yield still(
                "cut off",
                f"cut-{name}-{share}.jpg",
                make,
                part=part,
                warning=("missing", "cut off", "ends early", "incomplete"),
                or_refused=Refused(("media.undecodable", "media.cut-off", "media.truncated")),
            )
    for suffix, share in (("png", 50), ("png", 90), ("webp", 50), ("gif", 50), ("bmp", 50), ("tif", 50)):

        def make_other(path, share=share):
            Image.fromarray(textured()).save(path)
            data = path.read_bytes()
            path.write_bytes(data[: len(data) * share // 100])

        yield still(
            "cut off",
            f"cut-{share}.{suffix}",
            make_other,
            reference=textured(),
            part=0.4 if share == 50 and suffix in ("png", "tif") else 0,
            warning=("missing", "cut off", "ends early", "incomplete", "damaged"),
            or_refused=Refused(("media.undecodable", "media.cut-off", "media.truncated")),
        )
    for name, before in (("newlines", b"\r\n\n"), ("blanks", b" " * 7), ("zeros", bytes(16))):

        def make_late(path, before=before):
            Image.fromarray(CARD).save(path, quality=92)
            path.write_bytes(before + path.read_bytes())

        yield still(
            "bytes around",
            f"before-{name}.jpg",
            make_late,
            or_refused=UNSUPPORTED,
            reference=lambda path: CARD,
        )
    for suffix in ("jpg", "png", "webp", "gif"):

        def make_long(path):
            Image.fromarray(CARD).save(path)
            path.write_bytes(path.read_bytes() + b"\0trailing" * 900)

        yield still("bytes around", f"behind.{suffix}", make_long)


def webps():
    yield saved("webp", "lossy.webp", CARD, quality=90)
    yield saved("webp", "lossless.webp", CARD, lossless=True)
    yield saved("webp", "sharp-chroma.webp", CARD, quality=90, use_sharp_yuv=True)
    yield saved("webp", "odd.webp", CARD[:127, :255], quality=90)
    for name, array in (("soft", CLEAR), ("hard", HARD)):
        yield saved("webp", f"alpha-{name}-lossy.webp", array, quality=92)
        yield saved("webp", f"alpha-{name}-lossless.webp", array, lossless=True)
        yield saved("webp", f"alpha-{name}-exact.webp", array, lossless=True, exact=True)


def animations():
    """Animated pictures: the first frame, and a warning that there are more."""
    film = [Image.fromarray(one) for one in frames(4)]
    clear = [Image.fromarray(np.dstack([one, alpha(hard=True)])) for one in frames(4)]
    for name, pictures in (("opaque", film), ("alpha", clear)):
        for suffix in ("webp", "gif", "png", "avif"):

            def make(path, pictures=pictures):
                pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=200)

            warning = ("first", "frames", "animat") if suffix == "webp" else None
            # A sequence of AVIF is as much a video as a picture.
            video = Refused(("media.is-video",)) if suffix == "avif" else None
            yield still("animation", f"animated-{name}.{suffix}", make, warning=warning, or_refused=video)
    for suffix in ("gif", "apng", "avif"):

        def make_film(path, suffix=suffix):
            form = {"gif": "GIF", "apng": "PNG", "avif": "AVIF"}[suffix]
            film[0].save(path, form, save_all=True, append_images=film[1:], duration=200)

        def right_film(path):
            pages = [references.still(path, page) for page in range(4)]
            return Right(frames=lambda chosen: pages)

        yield Case("animation", f"as-a-video.{suffix}", make_film, right_film, video=True)


def gifs():
    yield saved("gif", "plain.gif", CARD)
    yield saved("gif", "not-interlaced.gif", CARD, interlace=0)
    yield saved("gif", "alpha.gif", HARD)
    yield saved("gif", "gray.gif", CARD, mode="L")

    def smaller(path):
        # The only frame covers a part of the canvas; the rest has the background color.
        Image.fromarray(CARD[:64, :128]).save(path)
        data = bytearray(path.read_bytes())
        data[6:10] = struct.pack("<HH", WIDTH, HEIGHT)
        table = 13 + 3 * 2 ** ((data[10] & 7) + 1)
        at = data.index(0x2C, table)
        data[at + 1 : at + 5] = struct.pack("<HH", 64, 32)
        path.write_bytes(bytes(data))

    yield still("gif", "smaller-frame.gif", smaller)


def bmps():
    yield saved("bmp", "24.bmp", CARD)
    yield saved("bmp", "32.bmp", CLEAR, mode="RGBA", reference=None)
    yield saved("bmp", "8-gray.bmp", CARD, mode="L")
    yield saved("bmp", "8-palette.bmp", CARD, mode="P")
    yield saved("bmp", "1.bmp", CARD, mode="1")
    for pixels in ("rgb565le", "rgb555le", "bgr24"):
        yield by_ffmpeg("bmp", f"{pixels}.bmp", f"-c:v bmp -pix_fmt {pixels}")

    def top_down(path):
        header = struct.pack("<iiHHIIiiII", WIDTH, -HEIGHT, 1, 24, 0, 0, 2835, 2835, 0, 0)
        pixels = CARD[..., ::-1].tobytes()
        start = b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + struct.pack("<I", 40)
        path.write_bytes(start + header + pixels)

    yield still("bmp", "top-down.bmp", top_down)


def avifs():
    for chroma in ("4:4:4", "4:2:2", "4:2:0"):
        for span in ("full", "limited"):
            name = f"{chroma.replace(':', '')}-{span}.avif"
            yield saved("avif", name, CARD, quality=92, subsampling=chroma, range=span, speed=10)
    yield saved("avif", "gray.avif", CARD, mode="L", quality=92, speed=10)
    yield saved("avif", "gray-400.avif", CARD, mode="L", quality=92, subsampling="4:0:0", speed=10)
    for name, array in (("soft", CLEAR), ("hard", HARD)):
        yield saved("avif", f"alpha-{name}.avif", array, quality=95, speed=10)
    yield saved("avif", "lossless.avif", CARD, quality=100, subsampling="4:4:4", speed=10)
    yield saved("avif", "odd.avif", CARD[:127, :255], quality=92, speed=10)
    yield saved("avif", "large.avif", frame(0, 1600, 1200), quality=80, speed=10)
    for pixels in ("yuv420p10le", "yuv444p10le", "yuv420p12le", "gray10le", "gbrp"):
        options = f"-c:v libaom-av1 -still-picture 1 -cpu-used 8 -crf 10 -pix_fmt {pixels}"
        yield by_ffmpeg("avif", f"{pixels}.avif", options)


def refused():
    """Forms that are not read; the message has to say so, and not that the file is damaged."""
    rows = [
        ("ppm", {}),
        ("tga", {}),
        ("ico", {}),
        ("jp2", {}),
        ("pcx", {}),
        ("sgi", {}),
        ("qoi", {}),
        ("dds", {}),
    ]
    for suffix, options in rows:

        def make(path, options=options):
            Image.fromarray(CARD).save(path, **options)

        yield Case("refused", f"plain.{suffix}", make, UNSUPPORTED)
    texts = {
        "page.html": b"<html><body><img src='data:image/png;base64,AAAA'></body></html>",
        "note.txt": b"There is no picture in here.\n" * 20,
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        "zeros.jpg": bytes(5000),
        "list.m3u8": b"#EXTM3U\n#EXTINF:4,\nsegment.ts\n#EXT-X-ENDLIST\n",
        "letter.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nshowpage\n",
        "photo.psd": b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 64, 64, 8, 3) + bytes(12500),
    }
    for name, data in texts.items():
        yield Case("refused", name, lambda path, data=data: void(path.write_bytes(data)), UNSUPPORTED)
    empty = Refused(("media.empty",))
    yield Case("refused", "empty.jpg", lambda path: void(path.write_bytes(b"")), empty)


def void(_):
    """Nothing: a case is read where it was made."""


def cases():
    for group in (jpegs, damaged, webps, animations, gifs, bmps, avifs, refused):
        yield from group()
