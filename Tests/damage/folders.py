"""A damaged copy of a checkpoint: one or two of its files are damaged, the others are links."""

import json
import os
import random as randoms
import shutil

import ggufs
import jsons
import weights

# How often a file is damaged, beside the others; files with weights together.
SHARES = {
    "config.json": 8, "generation_config.json": 1, "preprocessor_config.json": 3,
    "video_preprocessor_config.json": 2, "processor_config.json": 1, "tokenizer.json": 3,
    "tokenizer_config.json": 2, "chat_template.json": 1, "model.safetensors.index.json": 2,
}
WEIGHTS = 7
WEIGHT_FILES = {".safetensors", ".gguf"}
# These are read as text.
TEXTS = {"chat_template.jinja": 1, "merges.txt": 1}


def misplaced(random, path):
    """Something else in the place of a file."""
    kind = random.randrange(6)
    if kind == 0:
        os.mkdir(path)
    elif kind == 1:
        os.mkfifo(path)
    elif kind == 2:
        os.symlink("/dev/zero", path)
    elif kind == 3:
        os.symlink(path.name, path)
    elif kind == 4:
        os.symlink("nothing", path)
    # Otherwise the file is missing.


def damaged_index(random, data):
    """An index whose names lead elsewhere."""
    index = json.loads(data)
    names = index["weight_map"]
    chosen = random.choice(list(names))
    names[chosen] = random.choice(
        [random.choice(list(names.values())), "none.safetensors", "../config.json", "/dev/zero", "", "."]
    )
    if random.randrange(4) == 0:
        del names[random.choice(list(names))]
    return json.dumps(index).encode()


def damaged_text(random, data):
    spot = random.randrange(len(data) + 1)
    return random.choice(
        [data[:spot], data[:spot] + b"\xff\x00" + data[spot:], b"", data[:spot] + data, b"\n" * 100_000]
    )


def damaged_file(random, path):
    """New contents of a file; `None` where something else is put in its place."""
    data = path.read_bytes()
    if random.randrange(25) == 0:
        return None
    if path.name.endswith(".safetensors"):
        return weights.damaged(random, data)
    if path.name.endswith(".gguf"):
        return ggufs.damaged(random, data)
    if path.name in TEXTS:
        return damaged_text(random, data)
    if "index" in path.name and random.randrange(2):
        return damaged_index(random, data)
    return jsons.damaged(random, data)


def chosen(random, sound):
    """A file to be damaged."""
    shares = {**SHARES, **TEXTS}
    files = [one for one in sorted(sound.iterdir()) if one.name in shares or one.suffix in WEIGHT_FILES]
    count = sum(one.suffix in WEIGHT_FILES for one in files)
    return random.choices(files, [shares.get(one.name, WEIGHTS / max(1, count)) for one in files])[0]


def make(sound, folder, seed):
    """Makes the damaged copy of this number; returns what was damaged.

    The same seed gives the same copy."""
    random = randoms.Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    touched = {chosen(random, sound).name for _ in range(random.choice([1, 1, 1, 2]))}
    for file in sorted(sound.iterdir()):
        path = folder / file.name
        if file.name not in touched:
            path.symlink_to(file.resolve())
            continue
        data = damaged_file(random, file)
        if data is None:
            misplaced(random, path)
        else:
            path.write_bytes(data)
    return sorted(touched)
