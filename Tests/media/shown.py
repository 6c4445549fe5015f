"""What the model is shown of a file: `illava run --dump`, put together as pictures again."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from safetensors import safe_open

# A patch of Qwen3-VL: 16×16 pixels of two frames, three channels; 2×2 patches lie side by side.
PATCH = 16
FRAMES = 2
GROUP = 2

TENSORS = {
    False: ("pixel_values", "image_grid_thw"),
    True: ("pixel_values_videos", "video_grid_thw"),
}


@dataclass
class Shown:
    """What came of one question.

    `status` is the exit status, `text` what went to standard error. `pictures` has one array of frames,
    height, width and RGB (0…255) for every image or video; an image's second frame repeats its first.
    """

    status: int
    text: str
    document: dict = field(default_factory=dict)
    pictures: list = field(default_factory=list)

    @property
    def sources(self):
        return self.document.get("media", [])

    @property
    def notes(self):
        """The warnings of the answer and everything on standard error, in one text."""
        return " ".join(str(one) for one in self.document.get("warnings", [])) + " " + self.text


def put_together(patches, grid):
    """Rows of patches in the model's order as frames."""
    times, high, wide = (int(value) for value in grid)
    blocks = patches.reshape(times, high // GROUP, wide // GROUP, GROUP, GROUP, 3, FRAMES, PATCH, PATCH)
    #        t  frame  block y, patch y, y   block x, patch x, x   channel
    blocks = blocks.transpose(0, 6, 1, 3, 7, 2, 4, 8, 5)
    values = blocks.reshape(times * FRAMES, high * PATCH, wide * PATCH, 3)
    return np.clip(np.rint((values * 0.5 + 0.5) * 255), 0, 255).astype(np.uint8)


def pictures(dump, video):
    """All pictures of a dump."""
    name, grids = TENSORS[video]
    found, start = [], 0
    with safe_open(str(dump), "np") as file:
        if name not in file.keys():
            return found
        values = file.get_tensor(name)
        for grid in file.get_tensor(grids).reshape(-1, 3):
            count = int(np.prod(grid))
            found.append(put_together(values[start : start + count], grid))
            start += count
    return found


def ask(illava, model, path, video=False, arguments=(), seconds=120):
    """Hands one file to the program and reads back what the model was shown."""
    dump = Path(f"{path}.dump")
    command = [illava, "run", "--model", model, "--video" if video else "--image", str(path)]
    command += ["--prompt", "Describe it.", "--max-new-tokens", "1", "--profile", "off"]
    command += ["--memory", "unplanned", "--json", "--dump", str(dump), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return Shown(status=124, text=f"no answer within {seconds} s")
    shown = Shown(status=done.returncode, text=done.stderr.decode(errors="replace").strip())
    if done.returncode == 0:
        shown.document = json.loads(done.stdout)
        shown.pictures = pictures(dump, video)
    dump.unlink(missing_ok=True)
    return shown
