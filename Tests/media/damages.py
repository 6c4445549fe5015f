"""What happens to files: every damage of the damage test."""

import random
import struct

EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def flip(data, chance):
    for _ in range(chance.choice((1, 2, 8, 60))):
        # Headers matter most.
        most = len(data) if chance.random() < 0.5 else min(len(data), 600)
        data[chance.randrange(most)] ^= 1 << chance.randrange(8)


def cut(data, chance):
    del data[chance.randrange(1, len(data)) :]


def place(data, chance):
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 16, 188, 500, 4096)))


def leave_out(data, chance):
    start, end = place(data, chance)
    del data[start:end]


def double(data, chance):
    start, end = place(data, chance)
    data[end:end] = data[start:end] * chance.choice((1, 1, 3, 50))


def zero(data, chance):
    start, end = place(data, chance)
    data[start:end] = bytes([chance.choice((0, 0xFF))]) * (end - start)


def insert(data, chance):
    start, _ = place(data, chance)
    data[start:start] = chance.randbytes(chance.choice((1, 3, 64, 2000)))


def move(data, chance):
    start, end = place(data, chance)
    block = data[start:end]
    del data[start:end]
    where = chance.randrange(len(data) + 1)
    data[where:where] = block


def extreme(data, chance):
    """A number is set to an extreme: lengths, sizes, counts, offsets."""
    form = chance.choice((">I", "<I", ">H", "<H"))
    width = struct.calcsize(form)
    if len(data) <= width:
        return
    for _ in range(chance.choice((1, 1, 2, 5))):
        most = len(data) - width if chance.random() < 0.4 else min(len(data) - width, 1200)
        value = chance.choice(EXTREMES) & (256**width - 1)
        struct.pack_into(form, data, chance.randrange(most + 1), value)


DAMAGES = (flip, flip, cut, leave_out, double, zero, insert, move, extreme, extreme, extreme)


def damaged(number, seed, sounds):
    """The damaged file of a number, and the name of the sound one that it was."""
    chance = random.Random(f"{seed}/{number}")
    names = sorted(sounds)
    name = names[number % len(names)]
    data = bytearray(sounds[name])
    if chance.random() < 0.08:
        other = sounds[chance.choice(names)]
        data = data[: chance.randrange(1, len(data))] + other[chance.randrange(len(other)) :]
    for _ in range(chance.choice((1, 1, 2, 3))):
        if len(data) > 1:
            chance.choice(DAMAGES)(data, chance)
    return name, bytes(data or b"\0")
