"""What the model is taught to name: colors, shapes, places, numbers and everyday objects."""

from pathlib import Path

COLORS = {
    "red": (214, 38, 40), "green": (40, 156, 64), "blue": (36, 82, 204), "yellow": (242, 208, 34),
    "purple": (128, 54, 178), "orange": (242, 130, 26), "pink": (244, 140, 190), "brown": (122, 74, 36),
    "black": (22, 22, 22), "white": (248, 248, 248), "gray": (128, 128, 128), "teal": (30, 160, 160),
}
SHAPES = ["circle", "square", "triangle", "rectangle", "star", "cross", "ring", "heart"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"]
DIRECTIONS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}
ROWS, COLUMNS = ["top", "middle", "bottom"], ["left", "center", "right"]


def _read_objects():
    rows = []
    for line in (Path(__file__).parent / "objects.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, emoji, *art = line.split("\t")
            rows.append((name, emoji, [path for path in " ".join(art).split() if path]))
    return rows


OBJECT_SOURCES = _read_objects()
OBJECTS = [name for name, _, _ in OBJECT_SOURCES]

# Everything a cell of a picture can be covered with; 0 is the background.
KINDS = ["nothing"] + SHAPES + OBJECTS + ["number"]
KIND_INDEX = {name: index for index, name in enumerate(KINDS)}
COLOR_INDEX = {name: index + 1 for index, name in enumerate(COLORS)}

_PLURALS = {"cross": "crosses", "fish": "fish", "sheep": "sheep", "mouse": "mice", "cherry": "cherries",
            "butterfly": "butterflies", "strawberry": "strawberries", "scissors": "scissors",
            "glasses": "glasses", "grapes": "grapes", "box": "boxes", "octopus": "octopuses",
            "dress": "dresses", "torch": "torches", "bus": "buses", "cactus": "cactuses",
            "trophy": "trophies", "bread": "breads", "cheese": "cheeses"}


def plural(name):
    return _PLURALS.get(name, name + "s")


def article(words):
    """The words with their article, where they take one."""
    noun = words.split()[-1]
    if noun in ("scissors", "glasses", "grapes"):
        return "some " + words
    return ("an " if words[0] in "aeiou" else "a ") + words


def place(x, y, width, height):
    """The ninth of the picture that holds the point."""
    row = ROWS[min(2, max(0, int(3 * y / height)))]
    column = COLUMNS[min(2, max(0, int(3 * x / width)))]
    return "center" if (row, column) == ("middle", "center") else f"{row} {column}"


PLACES = [place(x, y, 3, 3) for y in (0.5, 1.5, 2.5) for x in (0.5, 1.5, 2.5)]
MOST_DIGITS = 4
