"""A file to be shown, and what is right."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Right:
    """What the model has to be shown.

    `pages` are the pictures of a still or a document, at any size. `frames` gives the frames of a
    video for the indices that were chosen. Everything else is checked only where it is given.
    """

    pages: list = field(default_factory=list)
    frames: Callable | None = None
    # Width and height as a person sees them.
    size: tuple | None = None
    # The indices that have to be chosen, or the numbers that the bars have to show.
    indices: list | None = None
    numbers: list | None = None
    # No number may be shown more often.
    most_often: int | None = None
    # A word that a warning has to contain; one of several where it is a tuple.
    warning: str | tuple | None = None
    # The share of the picture's height that is there; the rest may be anything.
    part: float = 1.0


@dataclass
class Refused:
    """Codes with one of which the file has to be refused."""

    codes: tuple
    # What has to be in the message, such as the name of the format.
    word: str | None = None


UNSUPPORTED = Refused(("media.unsupported-format", "media.unsupported-codec", "media.unsupported-pixels"))


@dataclass
class Case:
    """One file. `make` writes it; `right` says what to expect of it."""

    kind: str
    name: str
    make: Callable[[Path], None]
    right: Callable[[Path], Right | Refused] | Refused
    video: bool = False
    arguments: tuple = ()
    # Where both are right: refused in this way, or shown as `right` says.
    or_refused: Refused | None = None
    # Too slow for the quick run.
    slow: bool = False
