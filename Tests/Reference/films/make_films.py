"""Writes test fixtures: films of which only what changed goes through the ViT, in plain PyTorch with the modules of
Hugging Face's Qwen3-VL.

    python make_films.py ILLAVA FIXTURES     # FIXTURES/films/NAME.safetensors

illava provides only the inputs: the prompt's ids and the patches. Rows are dictionaries here and keys and values are looked
up by name, so that the rule can be read: docs/films.md has it in words.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import Qwen3VLForConditionalGeneration

sys.path.append(str(Path(__file__).parent.parent / "absorb"))
import make_absorb
from make_absorb import absorb, answered, attend, turned

THRESHOLD, MARGIN, AREA, MOST = 0.025, 0, 2.0, 0.6
DEVIATION = 0.5


def changed_groups(pixels, reference, threshold):
    """Groups with a patch that differs by more in one of its frames; 1 is from black to white."""
    difference = ((pixels - reference).abs() * DEVIATION).view(len(pixels) // 4, 4, 3, 2, -1)
    return difference.mean((2, 4)).amax((1, 2)) > threshold


def plan(segments, height, width):
    """The groups that are computed of each segment."""
    reference, result, area = segments[0].clone(), [], 0
    groups = len(reference) // 4
    for number, pixels in enumerate(segments):
        changed = changed_groups(pixels, reference, THRESHOLD)
        area += int(changed.sum())
        for _ in range(MARGIN):
            changed = F.max_pool2d(changed.view(1, 1, height // 2, width // 2).float(), 3, 1, 1).flatten() > 0
        if number == 0 or changed.sum() > MOST * groups or area > AREA * groups:
            changed, area = torch.ones(groups, dtype=torch.bool), 0
        rows = changed.repeat_interleave(4)
        reference[rows] = pixels[rows]
        result.append(changed.nonzero().flatten().tolist())
    return result


def carried(rows, changed, below):
    """The rows of the frame before that still stand for something: without the groups that are computed again.

    A row whose own group is computed again takes the place of the first of its rows `below` the merging layer.
    """
    left = []
    for row in rows:
        members = row["members"] - set(changed)
        if members:
            group = row["group"]
            if group in changed:
                group = min(other["group"] for other in below if other["members"] <= members)
            left.append({"name": row["name"], "group": group, "members": members})
    return left


def encode_film(visual, segments, grid, layers):
    """(tokens, features, survivors, sizes) of every segment, and the groups that were computed."""
    heads, embed = visual.config.num_heads, visual.patch_embed.proj
    angles = visual.rot_pos_emb(grid)
    angles = torch.cat((angles, angles), -1)
    places = visual.fast_pos_embed_interpolate(grid)
    stages = [[] for _ in range(len(layers) + 1)]
    keys, values = [{} for _ in visual.blocks], [{} for _ in visual.blocks]
    token, deep, result, weights = {}, {}, [], {}
    computed = plan(segments, int(grid[0, 1]), int(grid[0, 2]))
    for number, (pixels, changed) in enumerate(zip(segments, computed)):
        patches = torch.tensor([4 * g + i for g in changed for i in range(4)], dtype=torch.long)
        x = F.linear(pixels[patches], embed.weight.flatten(1), embed.bias) + places[patches]
        cos, sin = angles[patches].cos(), angles[patches].sin()
        own = [{"name": (number, g), "group": g, "members": {g}} for g in changed]
        stage, features = 0, []
        kept = carried(stages[0], changed, [{"group": g, "members": {g}} for g in range(len(pixels) // 4)])
        stages[0] = kept + own
        for index, block in enumerate(visual.blocks if changed else []):
            q, k, v = block.attn.qkv(block.norm1(x)).view(len(x), 3, heads, -1).permute(1, 2, 0, 3)
            q, k = turned(q, cos, sin), turned(k, cos, sin)
            for place, row in enumerate(own):
                keys[index][row["name"]] = k[:, 4 * place:4 * place + 4]
                values[index][row["name"]] = v[:, 4 * place:4 * place + 4]
            present = own + kept
            sizes = torch.tensor([float(len(row["members"])) for row in present]).repeat_interleave(4)
            mixed = attend(q, torch.cat([keys[index][row["name"]] for row in present], 1),
                           torch.cat([values[index][row["name"]] for row in present], 1), sizes, causal=False)
            x = x + block.attn.proj(mixed.transpose(0, 1).reshape(len(x), -1))
            if index in layers:
                groups = x.view(len(own), -1)
                keep = max(1, round(len(own) * make_absorb.VISION["share"]))
                left, mix, _ = absorb(groups, keep, torch.tensor([float(len(row["members"])) for row in own]))
                own = [{"name": own[place]["name"], "group": own[place]["group"],
                        "members": set().union(*(own[i]["members"] for i in mix[at].nonzero().flatten().tolist()))}
                       for at, place in enumerate(left.tolist())]
                x = (mix @ groups).view(4 * keep, -1)
                rows = (4 * left[:, None] + torch.arange(4)).flatten()
                cos, sin = cos[rows], sin[rows]
                features = [mix @ feature for feature in features]
                stage += 1
                kept = carried(stages[stage], changed, kept)
                stages[stage] = kept + own
            x = x + block.mlp(block.norm2(x))
            if index in visual.deepstack_visual_indexes:
                features.append(visual.deepstack_merger_list[visual.deepstack_visual_indexes.index(index)](x))
        if changed:
            for place, row in enumerate(own):
                token[row["name"]] = visual.merger(x)[place]
                deep[row["name"]] = [feature[place] for feature in features]
        else:
            kept = stages[-1]
        result.append(sorted(kept + own, key=lambda row: row["group"]))
        weights.update({row["name"]: 0 for row in own})
        for row in kept + own:
            weights[row["name"]] += len(row["members"])

    def segment(rows, sizes):
        return (torch.stack([token[row["name"]] for row in rows]),
                [torch.stack(parts) for parts in zip(*(deep[row["name"]] for row in rows))],
                torch.tensor([row["group"] for row in rows]), torch.tensor(sizes))

    everything = [segment(rows, [float(len(row["members"])) for row in rows]) for rows in result]
    once = []
    for number, rows in enumerate(result):
        rows = [row for row in rows if row["name"][0] == number]
        none = (everything[0][0][:0], [part[:0] for part in everything[0][1]], torch.zeros(0, dtype=torch.long), torch.zeros(0))
        once.append(segment(rows, [float(weights[row["name"]]) for row in rows]) if rows else none)
    return {"keep": everything, "absorb": once}, computed


@torch.no_grad()
def expected(model, entered, layers):
    times, height, width = entered["video_grid_thw"].flatten().tolist()
    size = height * width
    segments = [entered["pixel_values_videos"][i * size:(i + 1) * size] for i in range(times)]
    encoded, computed = encode_film(model.model.visual, segments, torch.tensor([[1, height, width]]), layers)
    results = {}
    for tokens, parts in encoded.items():
        results[tokens] = answered(model, entered, parts)
        for number, groups in enumerate(computed):
            results[tokens][f"computed.{number}"] = torch.tensor(groups, dtype=torch.long)
    return results


def main():
    program, fixtures = sys.argv[1], Path(sys.argv[2])
    (fixtures / "films").mkdir(exist_ok=True)
    # So few tokens as are left here have equal scores in the language model, which the last bits would order.
    make_absorb.TEXT["layers"] = ()
    for checkpoint in ("tiny-early", "tiny-late"):
        model = Qwen3VLForConditionalGeneration.from_pretrained(fixtures / checkpoint, dtype=torch.float32).eval()
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / "entered.safetensors"
            subprocess.run(
                [program, "run", "--model", str(fixtures / checkpoint), "--video", str(fixtures / "media" / "film.mkv"), "--prompt",
                 "What is shown?", "--weights", "f32", "--max-new-tokens", "1", "--no-static", "--dump", str(dump)],
                check=True, stdout=subprocess.DEVNULL)
            entered = load_file(dump)
        for name, layers in (("off", ()), ("tuned", make_absorb.VISION["layers"])):
            for tokens, result in expected(model, entered, layers).items():
                save_file({key: value.contiguous() for key, value in result.items()},
                          str(fixtures / "films" / f"{checkpoint}-{name}-{tokens}.safetensors"))
                print(checkpoint, name, tokens, result["kv_lengths"].tolist(), result["vit_counts"].tolist(),
                      [len(result[key]) for key in sorted(result) if key.startswith("computed")])


if __name__ == "__main__":
    main()
