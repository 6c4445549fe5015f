"""Compares what the model is shown with what is right."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from card import read_bars
from case import Refused


@dataclass
class Verdict:
    """How one file went: the worst distance of a frame, and what is wrong."""

    case: object
    worst: float | None = None
    problems: list = field(default_factory=list)
    outcome: str = ""


def resized(picture, width, height):
    """A picture at another size, by Pillow's antialiased bicubic filter."""
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def distance(shown, right, part=1.0):
    """The mean absolute difference of two pictures at the size of the first, in their upper part."""
    height, width = shown.shape[:2]
    rows = max(1, int(height * part))
    difference = shown.astype(int) - resized(right, width, height)
    return float(np.abs(difference[:rows]).mean())


def average(picture):
    return tuple(int(value) for value in picture.reshape(-1, 3).mean(axis=0))


def pairs(shown, expected, case, problems):
    """Pairs of a shown frame and the right one, with a name for each."""
    if expected.part == 0:
        return
    if not case.video:
        wanted = expected.pages
        if len(wanted) != len(shown.pictures):
            problems.append(f"{len(shown.pictures)} pictures are shown, {len(wanted)} are right")
        for page, (picture, one) in enumerate(zip(shown.pictures, wanted, strict=False)):
            yield f"page {page}", picture[0], one
        return
    if expected.frames is None:
        return
    indices = chosen(shown)
    frames = expected.frames(indices)
    for place, (picture, index) in enumerate(zip(shown.pictures[0], indices, strict=False)):
        if index < len(frames):
            yield f"frame {index} ({place})", picture, frames[index]
        else:
            problems.append(f"frame {index} is shown, but there are {len(frames)}")


def chosen(shown):
    return [int(one["index"]) for one in shown.sources[0]["frames"]]


def spread(count, taken):
    """Indices spread evenly from the first to the last."""
    return [int(round(value)) for value in np.linspace(0, count - 1, taken)]


def brief(text):
    """The start of an error, in one line."""
    return " ".join(text.split())[:160]


def refusal(shown, wanted, problems):
    if shown.status == 0:
        problems.append(f"answered; right is a refusal with {' or '.join(wanted.codes)}")
    elif not any(f"[{code}]" in shown.text for code in wanted.codes):
        problems.append(f"refused otherwise than as {' or '.join(wanted.codes)}: {brief(shown.text)}")
    elif wanted.word and wanted.word.lower() not in shown.text.lower():
        problems.append(f"the message has no “{wanted.word}”: {brief(shown.text)}")


def numbers_of(shown, expected, problems):
    indices = chosen(shown)
    if expected.indices is not None and indices != expected.indices:
        problems.append(f"frames {indices} are chosen, {expected.indices} are right")
    read = [read_bars(one) for one in shown.pictures[0]][: len(indices)]
    if expected.numbers is not None and read != expected.numbers:
        problems.append(f"the bars show {read}, right is {expected.numbers}")
    if expected.most_often is not None:
        often = max(read.count(one) for one in set(read))
        if often > expected.most_often:
            problems.append(f"one frame is shown {often} times: {read}")


def size_of(shown, expected, problems):
    size = shown.sources[0]["size"]
    width, height = expected.size
    if abs(size["width"] - width) > 1 or abs(size["height"] - height) > 1:
        problems.append(f"the size is {size['width']}×{size['height']}, right is {width}×{height}")
    high, wide = shown.pictures[0].shape[1:3]
    # Sides are multiples of 32, so a shape may be off by half of that on either side.
    low = (wide - 17) / (high + 17)
    if not low <= width / height <= (wide + 17) / max(1, high - 17):
        problems.append(f"shown as {wide}×{high}, right is the shape of {width}×{height}")


def warned(shown, words, problems):
    words = (words,) if isinstance(words, str) else words
    if not any(word.lower() in shown.notes.lower() for word in words):
        problems.append(f"no warning has “{'” or “'.join(words)}”: {shown.notes.strip()[:200]}")


def judge(case, shown, expected, limit):
    """What is wrong with what was shown of a case."""
    verdict = Verdict(case, outcome="shown" if shown.status == 0 else "refused")
    problems = verdict.problems
    if shown.status < 0 or shown.status in (70, 124, 134, 139):
        problems.append(f"the program ended with {shown.status}: {shown.text[-300:]}")
        return verdict
    if isinstance(expected, Refused):
        refusal(shown, expected, problems)
        return verdict
    if shown.status != 0:
        if case.or_refused is None:
            problems.append(f"refused: {brief(shown.text)}")
        else:
            refusal(shown, case.or_refused, problems)
        return verdict
    if expected.size:
        size_of(shown, expected, problems)
    if case.video and (expected.numbers or expected.indices or expected.most_often):
        numbers_of(shown, expected, problems)
    if expected.warning:
        warned(shown, expected.warning, problems)
    verdict.worst = 0.0
    for name, picture, one in pairs(shown, expected, case, problems):
        value = distance(picture, one, expected.part)
        if value > verdict.worst:
            verdict.worst = value
            worst = f"{name} differs by {value:.1f}: mean color {average(picture)}, right {average(one)}"
    if verdict.worst > limit:
        problems.append(worst)
    return verdict
