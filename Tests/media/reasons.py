"""Where more difference than 2 of 255 is right: file, limit, reason."""

import fnmatch

USUAL = 2.0

REASONS = []


def limit(name):
    """The most that a frame of a file may differ."""
    for pattern, most, _ in REASONS:
        if fnmatch.fnmatch(name, pattern):
            return most
    return USUAL
