"""Where more difference than 2 of 255 is right: file, limit, reason."""

import fnmatch

USUAL = 2.0

REASONS = [
    ("qtrle-rgb555be.mov", 5.0, "ffmpeg widens five bits by zeros, so its white is 248"),
]


def limit(name):
    """The most that a frame of a file may differ."""
    for pattern, most, _ in REASONS:
        if fnmatch.fnmatch(name, pattern):
            return most
    return USUAL
