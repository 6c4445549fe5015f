"""TIFF: layouts × depths × compressions × kinds of color."""

import numpy as np
import tifffile
from PIL import Image

import references
from card import alpha, frame, on_white
from case import Case, Refused, Right
from pngs import gray_of, three

CARD = frame()
GRAY = gray_of(CARD)
CLEAR = np.dstack([CARD, alpha()])
FORMS = Refused(("media.unsupported-format", "media.unsupported-codec", "media.unsupported-pixels"))


def tiff(name, array, page, or_refused=None, **options):
    """A TIFF that tifffile writes; the page is what went in, or Pillow's where it is `None`."""

    def make(path):
        tifffile.imwrite(path, array, metadata=None, **options)

    def right(path):
        one = references.still(path) if page is None else page
        return Right(pages=[one], size=(one.shape[1], one.shape[0]))

    return Case("tiff", name, make, right, or_refused=or_refused)


LAYOUTS = {
    "strips": {"rowsperstrip": 16},
    "one-strip": {"rowsperstrip": 128},
    "tiles": {"tile": (64, 64)},
    "odd-tiles": {"tile": (48, 80)},
}
LOSSLESS = ("none", "lzw", "zlib", "zstd", "lzma", "packbits")


def grid():
    for layout, options in LAYOUTS.items():
        for compression in LOSSLESS:
            for planar in ("contig", "separate"):
                if planar == "separate" and (layout in ("one-strip", "odd-tiles") or compression == "lzma"):
                    continue
                array = CARD if planar == "contig" else np.moveaxis(CARD, -1, 0)
                yield tiff(
                    f"rgb-{layout}-{compression}-{planar}.tif",
                    array,
                    CARD,
                    photometric="rgb",
                    compression=None if compression == "none" else compression,
                    planarconfig=planar,
                    **options,
                )
    for layout in ("strips", "tiles"):
        for compression in ("none", "lzw", "zlib"):
            how = {"compression": None if compression == "none" else compression, **LAYOUTS[layout]}
            deep = CARD.astype(np.uint16) * 257
            yield tiff(f"rgb16-{layout}-{compression}.tif", deep, CARD, photometric="rgb", **how)
            yield tiff(f"gray-{layout}-{compression}.tif", GRAY, three(GRAY), **how)
            wide = GRAY.astype(np.uint16) * 257
            yield tiff(f"gray16-{layout}-{compression}.tif", wide, three(GRAY), **how)
            shallow = {"or_refused": FORMS, "photometric": "rgb", **how}
            yield tiff(f"float-{layout}-{compression}.tif", (CARD / 255).astype("f4"), CARD, **shallow)


def special():
    yield tiff("predictor.tif", CARD, CARD, photometric="rgb", compression="lzw", predictor=True)
    yield tiff("predictor-zip.tif", CARD, CARD, photometric="rgb", compression="zlib", predictor=True)
    deep = CARD.astype(np.uint16) * 257
    yield tiff("predictor-16.tif", deep, CARD, photometric="rgb", compression="zlib", predictor=True)
    yield tiff("big.tif", CARD, CARD, photometric="rgb", bigtiff=True)
    yield tiff(
        "big-tiles.tif", CARD, CARD, photometric="rgb", bigtiff=True, tile=(64, 64), compression="zlib"
    )
    yield tiff("motorola.tif", CARD, CARD, photometric="rgb", byteorder=">")
    yield tiff("motorola-16.tif", deep, CARD, photometric="rgb", byteorder=">")
    yield tiff("motorola-big.tif", CARD, CARD, photometric="rgb", byteorder=">", bigtiff=True)
    yield tiff("white-is-0.tif", 255 - GRAY, three(GRAY), photometric="miniswhite")
    bits = GRAY > 127
    page = three(np.where(bits, 255, 0).astype(np.uint8))
    yield tiff("bits-black-is-0.tif", bits, page, photometric="minisblack")
    yield tiff("bits-white-is-0.tif", ~bits, page, photometric="miniswhite")
    yield tiff("bits-packed.tif", bits, page, photometric="minisblack", compression="packbits")
    for form in ("float16", "float64"):
        yield tiff(f"{form}.tif", (CARD / 255).astype(form), CARD, or_refused=FORMS, photometric="rgb")
    yield tiff("gray-float.tif", (GRAY / 255).astype("f4"), three(GRAY), or_refused=FORMS)
    yield tiff("gray32.tif", GRAY.astype("u4") * 16843009, three(GRAY), or_refused=FORMS)
    table = np.random.default_rng(5).integers(0, 256, (3, 256)).astype(np.uint8)
    palette = np.moveaxis(table[:, GRAY], 0, -1)
    for layout in ("strips", "tiles"):
        yield tiff(
            f"palette-{layout}.tif",
            GRAY,
            palette,
            photometric="palette",
            colormap=table.astype(np.uint16) * 257,
            **LAYOUTS[layout],
        )
    cmyk = np.asarray(Image.fromarray(CARD).convert("CMYK"))
    yield tiff("cmyk.tif", cmyk, CARD, photometric="separated")
    yield tiff("cmyk-tiles-lzw.tif", cmyk, CARD, photometric="separated", tile=(64, 64), compression="lzw")
    for quality, layout in ((95, "strips"), (95, "tiles")):
        for photometric in ("rgb", "ycbcr"):
            yield tiff(
                f"jpeg-{photometric}-{layout}.tif",
                CARD,
                None,
                photometric=photometric,
                compression="jpeg",
                compressionargs={"level": quality},
                **LAYOUTS[layout],
            )
    yield tiff("jpeg-gray.tif", GRAY, None, compression="jpeg", compressionargs={"level": 95})
    yield tiff(
        "webp.tif",
        CARD,
        CARD,
        photometric="rgb",
        compression="webp",
        or_refused=FORMS,
        compressionargs={"lossless": True},
    )
    for compression in ("jpeg2000", "jpegxl", "png"):
        yield tiff(
            f"{compression}.tif", CARD, CARD, photometric="rgb", compression=compression, or_refused=FORMS
        )


def by_pillow():
    """What libtiff writes: fax, old forms, Lab."""
    black = Image.fromarray(CARD).convert("1")
    for compression in ("group3", "group4", "tiff_ccitt"):
        yield pillow(f"{compression}.tif", black, compression=compression)
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "packbits", "zstd", "lzma"):
        yield pillow(f"pillow-{compression}.tif", Image.fromarray(CARD), compression=compression)
    yield pillow("pillow-jpeg.tif", Image.fromarray(CARD), compression="jpeg", quality=95)
    yield pillow("pillow-la.tif", Image.fromarray(np.dstack([GRAY, alpha()]), "LA"))
    for orientation in range(1, 9):
        yield pillow(f"turned-{orientation}.tif", Image.fromarray(CARD), tiffinfo={274: orientation})


def pillow(name, image, **options):
    def right(path):
        page = references.still(path)
        return Right(pages=[page], size=(page.shape[1], page.shape[0]))

    return Case("tiff", name, lambda path: image.save(path, **options), right)


def transparent():
    there = alpha()
    share = there[..., None] / 255.0
    # Associated alpha: the colors are multiplied by it already.
    multiplied = np.dstack([np.rint(CARD * share).astype(np.uint8), there])
    page = on_white(CARD, there)
    for name, array, extra in (("apart", CLEAR, "unassalpha"), ("multiplied", multiplied, "assocalpha")):
        for layout in ("strips", "tiles"):
            yield tiff(
                f"alpha-{name}-{layout}.tif",
                array,
                page,
                photometric="rgb",
                extrasamples=[extra],
                **LAYOUTS[layout],
            )
        deep = array.astype(np.uint16) * 257
        yield tiff(f"alpha-{name}-16.tif", deep, page, photometric="rgb", extrasamples=[extra])
    # A fourth sample of unknown meaning is no alpha.
    yield tiff("extra-unknown.tif", CLEAR, CARD, photometric="rgb", extrasamples=["unspecified"])


def pages():
    """Every page is a picture of the question, eight at most."""
    for count, options in ((2, {}), (5, {"compression": "lzw"}), (3, {"bigtiff": True}), (12, {})):
        film = np.stack([frame(number) for number in range(count)])

        def make(path, film=film, options=options):
            tifffile.imwrite(path, film, photometric="rgb", metadata=None, **options)

        def right(path, film=film):
            shown = list(film[:8])
            return Right(pages=shown, warning=("page",) if len(film) > 8 else None)

        name = f"pages-{count}{''.join(f'-{one}' for one in options)}.tif"
        yield Case("pages", name, make, right)
        first = ("--pages", "1")
        yield Case(
            "pages",
            f"first-of-{name}",
            make,
            lambda path, film=film: Right(pages=[film[0]], warning="page"),
            arguments=first,
        )


def cases():
    for group in (grid, special, by_pillow, transparent, pages):
        yield from group()
