"""Turns drawn pictures and their questions into arrays to learn from. NumPy only.

Every question is a turn of its own right after the picture: turns share the picture but cannot see each
other, and each one's positions begin where the picture ends. So one pass teaches many questions, and
each is taught exactly as it will be asked.
"""

from dataclasses import dataclass

import numpy as np

from .names import DIRECTIONS, MOST_DIGITS
from .scenes import CELL, cell_labels

PREFIX, PADDING = 0, -1    # turn numbers: 0 is what all turns see
IGNORED = -100


def frame_stamps(times):
    """The words before each pair of frames."""
    times = list(times) + list(times[-1:]) * (len(times) % 2)
    return [f"<{(a + b) / 2:.1f} seconds>" for a, b in zip(times[::2], times[1::2])]


class SequenceWriter:
    def __init__(self, vocabulary):
        self.vocabulary, special = vocabulary, vocabulary.special
        encode = vocabulary.encode
        self.start = [special["<|im_start|>"], *encode("user\n")]
        self.vision_start, self.vision_end = special["<|vision_start|>"], special["<|vision_end|>"]
        self.image, self.video = special["<|image_pad|>"], special["<|video_pad|>"]
        self.end = special["<|im_end|>"]
        self.reply = [self.end, *encode("\n"), special["<|im_start|>"], *encode("assistant\n")]
        self.padding = special["<|endoftext|>"]

    def prefix(self, width, height, times=None):
        """Ids and positions (3 × n) of the user's turn up to the end of the picture or clip."""
        rows, columns = height // CELL, width // CELL
        grid = np.stack([np.zeros(rows * columns, int), np.repeat(np.arange(rows), columns), np.tile(np.arange(columns), rows)])
        ids, positions, at = [], [], 0

        def text(tokens):
            nonlocal at
            ids.extend(tokens)
            positions.append(np.broadcast_to(np.arange(at, at + len(tokens)), (3, len(tokens))))
            at += len(tokens)

        text(self.start)
        for stamp in frame_stamps(times) if times is not None else [None]:
            text(([] if stamp is None else self.vocabulary.encode(stamp)) + [self.vision_start])
            ids.extend([self.image if stamp is None else self.video] * (rows * columns))
            positions.append(grid + at)
            at += max(rows, columns)
            text([self.vision_end])
        return ids, np.concatenate(positions, 1)

    def sequence(self, prefix, questions):
        """Ids, positions, turns and targets (the id that should come next) of one picture."""
        ids, positions = list(prefix[0]), [prefix[1]]
        turns, targets = [PREFIX] * len(ids), [IGNORED] * len(ids)
        begin = int(prefix[1].max()) + 1
        for number, (_, question, answer) in enumerate(questions, 1):
            asked = self.vocabulary.encode(question) + self.reply
            # Words that were answered already are ids.
            answered = (self.vocabulary.encode(answer) if isinstance(answer, str) else answer) + [self.end]
            row = asked + answered[:-1]
            ids += row
            turns += [number] * len(row)
            targets += [IGNORED] * (len(asked) - 1) + answered
            positions.append(np.broadcast_to(np.arange(begin, begin + len(row)), (3, len(row))))
        return ids, np.concatenate(positions, 1), turns, targets


@dataclass
class Batch:
    """Pictures or clips of one size."""
    frames: np.ndarray      # (n, frames, height, width, 3) uint8
    ids: np.ndarray         # (n, length)
    positions: np.ndarray   # (3, n, length)
    turns: np.ndarray       # (n, length)
    targets: np.ndarray     # (n, length)
    kinds: np.ndarray       # (n · groups of frames · cells), -1 where nothing is known
    colors: np.ndarray
    centers: np.ndarray
    digits: np.ndarray      # (…, 10)
    places: np.ndarray
    numbers: np.ndarray     # (…, 4)
    motions: np.ndarray
    questions: list         # per picture: (skill, question, answer)
    # What a device would otherwise have to be asked for in the middle of a step:
    where: np.ndarray       # the visual tokens among n · length
    wanted: np.ndarray      # the positions that have a target among n · length
    answers: np.ndarray     # those targets
    weights: np.ndarray     # their weights: a turn of n targets weighs √n, all together 1


def stack(writer, samples):
    """One batch of samples: (frames, times, questions, labels)."""
    height, width = samples[0][0].shape[1:3]
    sequences = [writer.sequence(writer.prefix(width, height, times), questions) for _, times, questions, _ in samples]
    length = -(-max(len(s[0]) for s in sequences) // 8) * 8
    count = len(samples)
    ids = np.full((count, length), writer.padding, np.int32)
    turns, targets = np.full((count, length), PADDING, np.int16), np.full((count, length), IGNORED, np.int32)
    positions = np.zeros((3, count, length), np.int32)
    for row, (tokens, places, numbers, wanted) in enumerate(sequences):
        ids[row, :len(tokens)], turns[row, :len(tokens)], targets[row, :len(tokens)] = tokens, numbers, wanted
        positions[:, row, :len(tokens)] = places
    labels = [np.concatenate(part) for part in zip(*(sample[3] for sample in samples))]
    wanted = targets != IGNORED
    turn = (np.arange(count)[:, None] * (int(turns.max()) + 1) + turns)[wanted]
    weights = np.bincount(turn)[turn].astype(np.float32) ** -0.5
    return Batch(np.stack([s[0] for s in samples]), ids, positions, turns, targets, *labels, [s[2] for s in samples],
                 np.flatnonzero((ids == writer.image) | (ids == writer.video)), np.flatnonzero(wanted),
                 targets[wanted].astype(np.int64), weights / weights.sum())


def scene_labels(scene):
    labels = cell_labels(scene.items, scene.owners)
    return *labels, np.full(len(labels[0]), -1, np.int16)


def no_labels(cells):
    nothing = np.full(cells, -1, np.int16)
    return nothing, nothing, nothing, np.zeros((cells, 10), np.uint8), nothing, np.full((cells, MOST_DIGITS), -1, np.int16), nothing


def clip_labels(clip):
    """Labels of the later frame of each pair; what moves is told by the difference to the earlier one."""
    parts = []
    last = len(clip.frames) - 1
    for first in range(0, len(clip.frames), 2):
        second = min(first + 1, last)
        labels = cell_labels(clip.items, clip.owners[second], clip.offsets[second])
        parts.append((*labels, _motion(clip, first, second, len(labels[0]))))
    return tuple(np.concatenate(part) for part in zip(*parts))


def _motion(clip, first, second, cells):
    """0: still or empty; 1 to 4: covered by something on its way right, left, down or up."""
    owners = clip.owners[second]
    rows, columns = owners.shape[0] // CELL, owners.shape[1] // CELL
    blocks = owners.reshape(rows, CELL, columns, CELL).transpose(0, 2, 1, 3).reshape(cells, -1)
    motion = np.zeros(cells, np.int16)
    for index, direction in clip.moving.items():
        before, now = clip.offsets[first][index], clip.offsets[second][index]
        if before != now and now[0] is not None:
            motion[(blocks == index + 1).sum(1) > 0.05 * CELL * CELL] = 1 + list(DIRECTIONS).index(direction)
    return motion
