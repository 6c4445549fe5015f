"""One reference case: what is asked, and what is right."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import tensors

# Two scores nearer than this, relative to their size, may be chosen the other way by rounding, or by
# the last bit of a resized pixel.
CLOSE, CLOSE_RESIZED = 1e-5, 1e-2
# Two logits nearer than this may be exchanged by rounding.
CLOSE_LOGITS = 1e-3
# InternVL's tiles equal those of Transformers to the last bit although they are resized.
EXACT_FAMILIES = {"internvl"}

# Options of `illava run` for the overrides of a case.
OVERRIDES = {
    "vit_retention": lambda value: ["--illava-vit-r", str(value)],
    "llm_retention": lambda value: ["--illava-llm-r", str(value)],
    "enable_vit": lambda value: [] if value else ["--no-illava-vit"],
    "enable_llm": lambda value: [] if value else ["--no-illava-llm"],
}


@dataclass
class Case:
    """A line of `cases.json` in a folder of reference cases."""

    folder: Path
    line: dict
    expected: dict = field(default_factory=dict)

    def __post_init__(self):
        name = self.line["case"] + ".safetensors"
        places = [self.folder / name, self.folder / "cases" / name]
        self.expected = tensors.read(next((one for one in places if one.exists()), places[0]))

    def __str__(self):
        return f"{self.folder.name}/{self.line['case']}"

    @property
    def model(self):
        return self.folder / self.line["checkpoint"]

    @property
    def is_off(self):
        return self.line["profile"] == "off"

    @property
    def is_resized(self):
        """Whether pixels differ slightly from those of Transformers."""
        return bool(self.line.get("resized")) and self.line["family"] not in EXACT_FAMILIES

    @property
    def is_close_choice(self):
        """Whether other survivors may be just as right."""
        margin = self.line.get("selection_margin")
        return margin is not None and margin < (CLOSE_RESIZED if self.is_resized else CLOSE)

    @property
    def has_open_words(self):
        """Whether other words may be just as right."""
        return self.is_resized or self.line["top_logit_margin"] < CLOSE_LOGITS

    @property
    def group(self):
        """Patches along the side of what the image encoder keeps together."""
        return 1 if self.line["family"] == "llava-onevision" else 2

    def arguments(self):
        """The question as arguments of `illava run`."""
        line = self.line
        found = ["--model", str(self.model), "--prompt", line["prompt"]]
        for medium in line["media"]:
            kind = "--image" if medium.endswith(".png") else "--video"
            places = [self.folder / medium, self.folder.parent / medium]
            found += [kind, str(next((one for one in places if one.exists()), places[0]))]
        for option in ("fps", "frames"):
            if line.get(option) is not None:
                found += [f"--{option}", f"{line[option]:g}"]
        if "enable_thinking" in line:
            found += ["--thinking", "on" if line["enable_thinking"] else "off"]
        if line.get("outer_markers"):
            found += ["--video-markers", "outer"]
        found += ["--max-new-tokens", str(len(self.expected["generated"].values))]
        found += ["--ignore-stop-tokens", "--memory", "unplanned", "--profile", line["profile"]]
        if not self.is_off:
            for part in ("vit", "llm"):
                layers = "-".join(str(layer) for layer in line[f"{part}_layers"])
                found += [f"--illava-{part}-k", layers, f"--illava-{part}-mode", str(line["mode"])]
            for name, value in line["overrides"].items():
                found += OVERRIDES[name](value)
        return found


def cases(folder):
    """All cases of a folder."""
    return [Case(folder, line) for line in json.loads((folder / "cases.json").read_text())]
