"""The files of Tests/MediaTests/Cases, with what is right for each."""

from pathlib import Path

import numpy as np

import references
from case import UNSUPPORTED, Case, Refused, Right
from compare import spread

FOLDER = Path(__file__).resolve().parents[1] / "MediaTests/Cases"
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 30), (30, 30, 220), (240, 240, 240)


def four_fields(top=(RED, GREEN), bottom=(BLUE, WHITE), width=192, height=128):
    picture = np.zeros((height, width, 3), np.uint8)
    for row, colors in enumerate((top, bottom)):
        for column, color in enumerate(colors):
            y, x = row * height // 2, column * width // 2
            picture[y : y + height // 2, x : x + width // 2] = color
    return picture


FIELDS = four_fields()
TURNED = four_fields((BLUE, RED), (WHITE, GREEN), 128, 192)


def still(name, page=None, **more):
    options = {key: more.pop(key) for key in ("warning", "part") if key in more}

    def right(path):
        one = references.still(FOLDER / name) if page is None else page
        return Right(pages=[one], size=(one.shape[1], one.shape[0]), **options)

    return Case("cases", Path(name).name, lambda path: FOLDER / name, right, **more)


def several(name, count, **more):
    def right(path):
        return Right(pages=[references.still(FOLDER / name, page) for page in range(count)])

    return Case("cases", Path(name).name, lambda path: FOLDER / name, right, **more)


def film(name, reader=references.sdr, size=None, **more):
    """A video whose frames ffmpeg gives."""
    about = {key: more.pop(key) for key in ("indices", "numbers", "most_often") if key in more}

    def right(path):
        return Right(frames=lambda chosen: reader(FOLDER / name), size=size, **about)

    return Case("cases", Path(name).name, lambda path: FOLDER / name, right, video=True, **more)


def same(name, picture, **more):
    """A video whose frames all look like one picture."""
    return film(name, lambda path: [picture] * 10000, **more)


def counted(name, **more):
    """A video whose shown frames are read by their bars."""
    return Case("cases", Path(name).name, lambda path: FOLDER / name, lambda path: Right(**more), video=True)


def refused(name, right=UNSUPPORTED, video=False):
    return Case("cases", Path(name).name, lambda path: FOLDER / name, right, video=video)


def stills():
    for name in (
        "alpha-black-on-transparent.png alpha-colorkey.png alpha-lossless.webp alpha-lossy.webp"
        " alpha-palette.png alpha-ramp.png alpha.avif alpha.heic diagram-black-on-transparent.png"
        " tiff-alpha.tif jpeg-arith.jpg passing/alpha.gif passing/avif-gray.avif passing/bilevel.png"
        " passing/clock-cut-out.png passing/cmyk-adobe.jpg passing/gif-87a-still.gif"
        " passing/jpeg-gray.jpg passing/one-pixel.png"
        " passing/orient6-imagemagick.png passing/panorama-20000x100.png passing/png-16bit-gray.png"
        " passing/tiff-16bit-gray.tif passing/tiff-cmyk.tif passing/tiff-group4.tif"
    ).split():
        yield still(name, or_refused=UNSUPPORTED if name == "jpeg-arith.jpg" else None)
    for name in (
        "avif-grid.avif plain.heic tiff-tiled.tif tiff-jpeg.tif tiff-jpeg-ycbcr.tif"
        " passing/avif-10bit.avif passing/avif-709.avif passing/avif-crop.avif"
        " passing/avif-identity.avif passing/avif-limited.avif passing/avif-pasp.avif"
        " passing/avif-pq.avif passing/bgra.bmp passing/big.tif passing/jpeg-1x2.jpg"
        " passing/jpeg-411.jpg passing/jpeg-444.jpg passing/jpeg-prog.jpg passing/jpeg-restart.jpg"
        " passing/jpeg-trailing-garbage.jpg passing/jpeg-two-pictures-mpf.jpg passing/plain.avif"
        " passing/picture-named.mp4 passing/plain.bmp passing/plain.png passing/png-adam7.png"
        " passing/png-gama-linear.png passing/png-named.jpg passing/png-rgb48.png"
        " passing/tiff-16bit-rgb.tif passing/tiff-lzma.tif passing/tiff-lzw.tif"
        " passing/tiff-msb.tif passing/tiff-planar.tif passing/tiff-rle.tif passing/tiff-zip.tif"
    ).split():
        yield still(name, None if "mpf" in name else FIELDS)
    for name in (
        "jpeg-leading-newline.jpg",
        "tiff-zstd.tif",
        "tiff-lab.tif",
        "tiff-float.tif",
        "passing/tiff-webp.tif",
    ):
        yield still(name, FIELDS, or_refused=UNSUPPORTED)
    for name in ("after-xmp.jpg", "long.jpg"):
        yield still(f"passing/orient6-{name}", TURNED)
    for suffix in ("avif", "jpg", "png", "tif", "webp"):
        yield still(f"passing/orient6.{suffix}", TURNED)
    yield Case(
        "cases",
        "one-line-150.png",
        lambda path: FOLDER / "passing/one-line-150.png",
        lambda path: Right(pages=[references.still(FOLDER / "passing/one-line-150.png")]),
    )
    yield still("avif-irot90.avif", np.rot90(FIELDS, 1))
    yield still("animated.webp", warning=("first", "animat"))
    yield still("passing/animated.gif")
    yield still("passing/animated.png")
    yield several("tiff-multipage.tif", 2)
    yield several("passing/tiff-thumbnail-first.tif", 2)
    cut = {"warning": ("missing", "cut off", "ends early"), "or_refused": Refused(("media.undecodable",))}
    yield still("jpeg-only-4-kB.jpg", part=0.02, **cut)
    yield still("passing/jpeg-cut.jpg", part=0, **cut)


def films():
    for name in (
        "colour-ycgco.mp4 passing/colour-601tv.mp4 passing/colour-709tv.mp4 passing/colour-709pc.mp4"
        " passing/colour-2020tv.mp4 passing/colour-fcc.mp4 passing/unmarked-480p.mp4"
        " passing/unmarked-720p.mp4 passing/gray-unmarked.mp4 passing/ffv1-gray16.mkv"
        " passing/mjpeg-limited.avi passing/av1.mp4 passing/vp9-444-12.webm passing/hevc12.mp4"
        " passing/ffv1.mkv passing/ffv1-gbrp16.mkv passing/prores422.mov passing/dnxhr444.mov"
        " passing/cinepak.avi passing/flv1.flv passing/msmpeg4v3.avi passing/theora.ogv"
        " passing/wmv.wmv passing/rgb-x264.mkv passing/j2k.mxf passing/raw-xyz.mkv"
        " passing/odd-17x9.mkv passing/one-pixel.mkv passing/two-by-two.mp4 passing/film-named.jpg"
        " passing/cover-art-first.mp4 passing/subtitles.mp4 passing/two-videos-small-first.mp4"
        " passing/slides-with-bframes.mp4 passing/slides-with-bframes.mkv passing/tail-bframes.mp4"
        " passing/slowmo-240fps.mov passing/timelapse-0.1fps.mkv passing/video-starts-3s-late.mp4"
    ).split():
        yield film(name)
    yield film("passing/h263.3gp", size=(192, 144))
    for name in ("clock-pq.mp4", "clock-hlg.mp4", "hdr-hlg-hevc10.mp4", "street-pq.mp4", "street-hlg.mp4"):
        yield film(name, references.hdr)
    for name in ("alpha-apng.png", "alpha-prores.mov", "alpha-qtrle.mov"):
        yield film(f"passing/{name}", lambda path: references.with_alpha(path, ()))
    vp9 = ("-c:v", "libvpx-vp9")
    yield film("passing/alpha-vp9.webm", lambda path: references.with_alpha(path, vp9))
    yield film("clock-sar-half.mp4", size=(256, 128))
    yield film("clock-sar-tall.mp4", size=(256, 128))
    yield film("passing/clock-sar-wide.mp4", size=(256, 128))
    yield film("sar-4x3.mp4", size=(192, 108))
    yield film("sar-pal-16x9.ts", size=(1024, 576))
    for name in ("circle-interlaced.ts", "interlaced-h264.mts", "interlaced-mpeg2.ts"):
        yield film(name, lambda path: references.sdr(path, before="bwdif=mode=send_frame:deint=all"))


def times():
    even = [0, 14, 28, 42, 57, 71, 85, 99]
    for name in (
        "jump-26h-after-first-frame.mp4",
        "jump-26h-in-the-middle.mp4",
        "jump-9800s-in-the-middle.ts",
        "last-frame-far-away.mp4",
    ):
        yield counted(name, numbers=even)
    # Here the container states a duration that covers the jump, so it is time.
    yield counted("passing/jump-9800s-in-the-middle.mkv")
    yield counted("gap-60s-in-the-middle.mp4", most_often=2)
    yield counted("short-segments-joined.ts", indices=spread(500, 40))
    yield counted("size-changes.ts", most_often=1)
    yield counted("passing/clock-reset-concat.ts", most_often=1)
    for name in ("starts-mid-gop.ts", "starts-mid-gop-mpeg2.ts"):
        yield counted(f"passing/{name}", most_often=1)
    yield counted("passing/trimmed-edit-list.mp4", most_often=1)
    yield counted("passing/trimmed-open-gop-hevc.mp4", most_often=1)
    yield counted("passing/fragmented-cut.mp4", most_often=1)
    square = np.full((1080, 1920, 3), 128, np.uint8)
    yield Case(
        "cases",
        "long-film-few-frames.mp4",
        lambda path: FOLDER / "passing/long-film-few-frames.mp4",
        lambda path: Right(indices=spread(2000, 4), size=(square.shape[1], square.shape[0])),
        video=True,
        arguments=("--frames", "4"),
        slow=True,
    )


def documents():
    for name, count in (
        ("letter-with-raw-logo.pdf", 1),
        ("scan-2-pages.pdf", 2),
        ("scan-img2pdf.pdf", 2),
        ("passing/letter-with-logo.pdf", 1),
        ("passing/letter-text-only.pdf", 1),
        ("passing/plain.pdf", 1),
    ):
        yield Case(
            "cases",
            Path(name).name,
            lambda path, name=name: FOLDER / name,
            lambda path, count=count, name=name: Right(pages=references.pdf_pages(FOLDER / name, count)),
            or_refused=Refused(("media.unsupported-format",), "PDF"),
        )


def nothing():
    for suffix in ("ico", "jp2", "jxl", "ppm", "qoi", "svg", "tga"):
        yield refused(f"passing/plain.{suffix}")
    for name in ("photos.tar", "photos-stored.zip", "odt-with-photo.odt"):
        yield refused(f"passing/{name}")
    raw = Refused(("media.unsupported-format", "media.raw", "media.unsupported-pixels"), "raw")
    # Its small preview with a warning is right as well.
    yield still("raw-like.dng", warning=("preview", "thumbnail"), or_refused=raw)
    # Behind the thumbnail is a picture that is developed already.
    yield still("raw-like-thumbnail-ifd0.tif", FIELDS, or_refused=raw)
    undecodable = Refused(("media.undecodable", "media.cut-off", "media.no-video", "media.no-frames"))
    yield refused("passing/jpeg-only-headers.jpg", undecodable)
    for name in ("init-segment-only.mp4", "media-segment-without-init.m4s", "no-moov.mp4"):
        yield refused(f"passing/{name}", undecodable, video=True)
    for name in ("song-with-cover.mp3", "song-with-cover.m4a"):
        yield refused(f"passing/{name}", Refused(("media.no-video",)), video=True)
    yield refused("passing/one-line.png", Refused(("media.proportions",)))
    yield refused("passing/film-named.jpg", Refused(("media.is-video",)))


def cases():
    for group in (stills, films, times, documents, nothing):
        yield from group()
