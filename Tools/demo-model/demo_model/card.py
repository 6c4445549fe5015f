"""The model card: what the model is, what it learned from, and what was measured."""

from pathlib import Path

from .names import COLORS, OBJECTS, SHAPES

_CARD = """\
---
license: apache-2.0
library_name: transformers
pipeline_tag: image-text-to-text
language: en
---

# A small Qwen3-VL that answers

This model lets you try illava without a download. It has the architecture of Qwen3-VL (12 ViT layers, DeepStack, 10 text
layers, interleaved M-RoPE) with {millions:.1f} million weights. `Tools/demo-model` trained it from nothing on drawn pictures and clips.
It was taught:

- colors: {colors}
- shapes: {shapes}
- {count} objects: {objects}
- places (a picture has nine), counts up to eight, numbers of up to four digits, yes or no, whole descriptions
- in clips of 4 to 16 frames: which way something moves, what appears first and last, how many things come in,
  whether anything moves

It was taught on pictures of 128 to 448 pixels a side; it cannot describe photographs. To questions about what it was not
taught it should answer "I do not know." It was trained with every visual token in place, as real checkpoints are.

## Training

{training}

## Measured
{measured}
## What it was trained on

| what | license |
|---|---|
| drawn shapes, numbers and backgrounds | made by the tool itself |
| Aileron, the font of the numbers, as built into Pillow | CC0 |
| Noto Color Emoji | font: SIL OFL 1.1, pictures and tools: Apache-2.0 |
| Open Clip Art | public domain |
| easy-VQA, train split | MIT |
| the first {ranks} ranks of Qwen's vocabulary | Apache-2.0 |
"""


def write_card(folder, facts=None, begun=None, results=None):
    """Writes README.md. Without facts, what it says about training stays; `begun` is the folder of the model that was taught on."""
    from .configuration import weights
    from .vocabulary import RANKS
    folder = Path(folder)
    training = _section(folder, "## Training")
    if facts:
        earlier = [_section(Path(begun), "## Training")] if begun else []
        training = "\n".join(earlier + [
            f"- {facts['pictures']:,} pictures and clips in {facts['steps']:,} steps, {facts['hours']} hours on one "
            f"{facts['device']} device, seed {facts['seed']}"])
    (folder / "README.md").write_text(_CARD.format(
        millions=sum(weights().values()) / 1e6, colors=", ".join(COLORS), shapes=", ".join(SHAPES), count=len(OBJECTS),
        objects=", ".join(OBJECTS), training=training, measured=_table(results) if results else "\nNot evaluated yet.\n",
        ranks=f"{RANKS:,}"), encoding="utf-8")


def _section(folder, heading):
    """The paragraph under a heading of the card that is there."""
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return text.split(heading + "\n")[1].split("\n## ")[0].strip() if heading + "\n" in text else "Not recorded."


def _table(results):
    lines = ["", f"Held-out pictures and clips of seed {results['seed']}, every size; an answer counts if it is right to the letter.", "",
             "| skill | questions | right |", "|---|---|---|"]
    for skill, value in results["skills"].items():
        lines.append(f"| {skill} | {value['asked']} | {100 * value['right'] / value['asked']:.1f} % |")
    if results.get("description_f1") is not None:
        lines.append(f"| objects of descriptions, F1 | {results['described']} | {results['description_f1']:.3f} |")
    return "\n".join(lines) + "\n\n"
