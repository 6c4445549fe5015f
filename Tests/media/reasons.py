"""Where more difference than 2 of 255 is right: file, limit, reason."""

import fnmatch

USUAL = 2.0

REASONS = [
    ("scan-bilevel.pdf", 10.0, "a raster of black dots, drawn at another size than PDFium's"),
    ("letter-*.pdf", 6.0, "letters of other fonts, and edges that are smoothed otherwise"),
    ("tiff-lab.tif", 9.0, "libtiff cuts strong colors off otherwise than a color profile does"),
    ("qtrle-rgb555be.mov", 5.0, "ffmpeg widens five bits by zeros, so its white is 248"),
]


def limit(name):
    """The most that a frame of a file may differ."""
    for pattern, most, _ in REASONS:
        if fnmatch.fnmatch(name, pattern):
            return most
    return USUAL
