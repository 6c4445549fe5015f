"""Writes test fixtures: the results of mode 4 (absorb) in Qwen3.5, computed by plain_model.py.

    python make_absorb.py FIXTURES     # FIXTURES/qwen3.5/absorb/NAME.safetensors

Ids, positions and pixels are those of the cases without merging, and without merging the logits and words have to be those
that Transformers computed there; in f64 survivors and words have to be the same as in f32. Every token of an answer comes
from a complete new pass, with the plans of the first. Needs torch and safetensors.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from plain_model import Checkpoint, encode, read

TOKENS = 12
OFF = {"vision_layers": (), "vision_share": 1, "text_layers": (), "text_share": 1, "text_score": "distinct"}
# In `tiny` layers 3, 7 and 11 have attention, in `tiny-tied` 3 and 7. By likeness a layer may merge before the first of them.
# By attention scores are fresh, carried, fresh and carried in the one; fresh, carried and carried in the other.
LAYERS = {
    ("tiny", "distinct"): (2, 6), ("tiny", "attention"): (4, 6, 8, 9), ("tiny", "question"): (5, 7, 10),
    ("tiny-tied", "distinct"): (2, 6), ("tiny-tied", "attention"): (4, 6, 7), ("tiny-tied", "question"): (5, 7),
}


@torch.no_grad()
def expected(model, entered, pixels, grid, merging):
    """What the model says: logits, words, counts and survivors."""
    segments, at, (times, height, width) = [], 0, grid
    for _ in range(times):
        segments.append(encode(model, pixels[at:at + height * width], height, width, merging))
        at += height * width
    ids, places = entered["input_ids"].flatten(), entered["position_ids"]
    visual = (ids == model.config["image_token_id"]) | (ids == model.config["video_token_id"])
    where = visual.nonzero().squeeze(1)
    runs = where.tensor_split(((where[1:] - where[:-1] != 1).nonzero().squeeze(1) + 1).tolist())
    result, written, plans = {}, [], {}
    for _ in range(TOKENS):
        added = torch.arange(len(written)) + int(places.max()) + 1
        positions = torch.cat((places, added.expand(3, -1)), 1)
        x = model("model.language_model.embed_tokens.weight")[torch.cat((ids, torch.tensor(written, dtype=torch.long)))].clone()
        sizes, stays = torch.ones(len(x)), torch.ones(len(x), dtype=torch.bool)
        for run, (tokens, survivors, own) in zip(runs, segments):
            stays[run] = False
            stays[run[survivors]] = True
            x[run[survivors]], sizes[run[survivors]] = tokens, own
        rows = stays.cumsum(0) - 1
        kept = [rows[run[survivors]] for run, (_, survivors, _) in zip(runs, segments)]
        logits, left, lengths = read(model, x[stays], positions[:, stays], kept, sizes[stays], merging, plans)
        if not written:
            result = {"logits": logits, "kv_lengths": torch.tensor(lengths),
                      "vit_counts": torch.tensor([len(survivors) for _, survivors, _ in segments])}
            for number, (own, (_, survivors, _)) in enumerate(zip(left, segments)):
                result[f"survivors.{number}"] = survivors[own]
        written.append(int(logits.argmax()))
    return {**result, "generated": torch.tensor(written)}


def in_f64(function, *arguments):
    torch.set_default_dtype(torch.float64)
    try:
        return function(*arguments)
    finally:
        torch.set_default_dtype(torch.float32)


def main():
    fixtures = Path(sys.argv[1]) / "qwen3.5"
    (fixtures / "absorb").mkdir(exist_ok=True)
    for (checkpoint, score), layers in LAYERS.items():
        model, exact = Checkpoint(fixtures / checkpoint), in_f64(Checkpoint, fixtures / checkpoint)
        for kind, grid, pixels in (("image", "image_grid_thw", "pixel_values"), ("video", "video_grid_thw", "pixel_values_videos")):
            known = load_file(fixtures / f"{checkpoint}-{kind}-off.safetensors")
            # The pixels are the same for both checkpoints.
            seen = load_file(fixtures / f"tiny-{kind}-off.safetensors")[pixels]
            case = (known, seen, known[grid].flatten().tolist())
            plain = expected(model, *case, OFF)
            apart = float((plain["logits"] - known["logits"]).abs().max())
            assert apart < 1e-4 and plain["generated"].tolist() == known["generated"].tolist(), (checkpoint, kind, apart)
            merging = {"vision_layers": (5, 6, 7, 8), "vision_share": 0.85, "text_layers": layers, "text_share": 0.8, "text_score": score}
            result = expected(model, *case, merging)
            for name, value in in_f64(expected, exact, known, seen.double(), case[2], merging).items():
                near = (value - result[name]).abs().max() < 1e-3 if name == "logits" else torch.equal(value, result[name])
                assert near, (checkpoint, kind, score, name)
            result["text_layers"] = torch.tensor(layers)
            save_file({name: value.contiguous() for name, value in result.items()},
                      str(fixtures / "absorb" / f"{checkpoint}-{kind}-{score}.safetensors"))
            print(f"{checkpoint} {kind} {score}: off {apart:.1e} from Transformers, {result['kv_lengths'].tolist()}, {result['generated'].tolist()}")


if __name__ == "__main__":
    main()
