"""Writes test fixtures: the results of mode 4 (absorb) in plain PyTorch with the modules of Hugging Face's Qwen3-VL.

    python make_absorb.py ILLAVA FIXTURES     # FIXTURES/absorb/NAME.safetensors

illava provides only the inputs: the prompt's ids and the patches. Slow and simple: one prompt at a time, and every token
of the answer from a complete new pass. Needs torch, transformers and safetensors.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from transformers import Qwen3VLForConditionalGeneration

VISION = {"layers": (5, 6, 7, 8), "share": 0.85}
TEXT = {"layers": (3, 5, 7, 8), "share": 0.8}
TOKENS = 12


def turned(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


def attend(q, k, v, sizes, causal):
    """Softmax attention in which key j counts as sizes[j] keys; all [heads, rows, size]."""
    logits = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5 + sizes.log()
    if causal:
        rows = q.shape[1]
        logits = logits.masked_fill(torch.ones(rows, rows, dtype=torch.bool).triu(1), float("-inf"))
    return logits.softmax(-1) @ v


def absorb(rows, keep, sizes):
    """The surviving rows (ascending), the linear map onto them, and how many rows each of them stands for."""
    count = len(rows)
    seen = F.normalize(rows - rows.mean(0), dim=-1)
    cosines = seen @ seen.T
    likeness = cosines.clamp(min=0).fill_diagonal_(0).sum(1)
    order = torch.sort(likeness, stable=True).indices
    kept, leaving = order[:keep].sort().values, order[keep:].sort().values
    owner = torch.empty(count, dtype=torch.long)
    owner[kept] = torch.arange(keep)
    owner[leaving] = cosines[leaving][:, kept].argmax(1)
    mix = torch.zeros(keep, count).index_put_((owner, torch.arange(count)), sizes)
    total = mix.sum(1)
    return kept, mix / total[:, None], total


def encode(visual, patches, grid):
    """Tokens, DeepStack features, survivors and sizes of one segment of patches [rows, values]."""
    heads = visual.config.num_heads
    embed = visual.patch_embed.proj
    x = F.linear(patches, embed.weight.flatten(1), embed.bias) + visual.fast_pos_embed_interpolate(grid)
    angles = visual.rot_pos_emb(grid)
    angles = torch.cat((angles, angles), -1)
    cos, sin = angles.cos(), angles.sin()
    survivors, sizes, deep = torch.arange(len(x) // 4), torch.ones(len(x) // 4), []
    for index, block in enumerate(visual.blocks):
        q, k, v = block.attn.qkv(block.norm1(x)).view(len(x), 3, heads, -1).permute(1, 2, 0, 3)
        mixed = attend(turned(q, cos, sin), turned(k, cos, sin), v, sizes.repeat_interleave(4), causal=False)
        x = x + block.attn.proj(mixed.transpose(0, 1).reshape(len(x), -1))
        if index in VISION["layers"]:
            groups = x.view(len(x) // 4, -1)
            kept, mix, sizes = absorb(groups, max(1, round(len(groups) * VISION["share"])), sizes)
            x = (mix @ groups).view(4 * len(kept), -1)
            rows = (4 * kept[:, None] + torch.arange(4)).flatten()
            cos, sin, survivors = cos[rows], sin[rows], survivors[kept]
            deep = [mix @ features for features in deep]
        x = x + block.mlp(block.norm2(x))
        if index in visual.deepstack_visual_indexes:
            deep.append(visual.deepstack_merger_list[visual.deepstack_visual_indexes.index(index)](x))
    return visual.merger(x), deep, survivors, sizes


def read(language, x, positions, ranges, deep, sizes):
    """The last row's hidden state, the rows left of each range, and the rows that reach each layer."""
    cos, sin = (part[0] for part in language.rotary_emb(x[None], positions[:, None]))
    left = [torch.arange(len(own)) for own in ranges]
    lengths = []
    for index, layer in enumerate(language.layers):
        if index in TEXT["layers"]:
            stays, x = torch.ones(len(x), dtype=torch.bool), x.clone()
            sizes = sizes.clone()
            mixes = []
            for number, own in enumerate(ranges):
                keep = max(1, len(own) - round(len(own) * (1 - TEXT["share"])))
                kept, mix, total = absorb(x[own], keep, sizes[own])
                merged = mix @ x[own]
                stays[own] = False
                stays[own[kept]] = True
                x[own[kept]], sizes[own[kept]] = merged, total
                left[number] = left[number][kept]
                mixes.append((kept, mix))
            at = 0
            if index < len(deep):
                parts = [[] for _ in deep]
                for own, (_, mix) in zip(ranges, mixes):
                    for part, features in zip(parts, deep):
                        part.append(mix @ features[at:at + len(own)])
                    at += len(own)
                deep = [torch.cat(part) for part in parts]
            now = stays.cumsum(0) - 1
            ranges = [now[own[kept]] for own, (kept, _) in zip(ranges, mixes)]
            x, cos, sin, sizes = x[stays], cos[stays], sin[stays], sizes[stays]
        lengths.append(len(x))
        attention, rows = layer.self_attn, len(x)
        normed = layer.input_layernorm(x)
        split = lambda y: y.view(rows, -1, attention.head_dim)
        q = attention.q_norm(split(attention.q_proj(normed))).transpose(0, 1)
        k = attention.k_norm(split(attention.k_proj(normed))).transpose(0, 1)
        v = split(attention.v_proj(normed)).transpose(0, 1)
        q, k = turned(q, cos, sin), turned(k, cos, sin)
        repeats = attention.num_key_value_groups
        mixed = attend(q, k.repeat_interleave(repeats, 0), v.repeat_interleave(repeats, 0), sizes, causal=True)
        x = x + attention.o_proj(mixed.transpose(0, 1).reshape(rows, -1))
        x = x + layer.mlp(layer.post_attention_layernorm(x))
        if index < len(deep):
            x = x.index_add(0, torch.cat(ranges), deep[index])
    return language.norm(x)[-1], left, lengths


@torch.no_grad()
def expected(model, entered):
    inner, video = model.model, "pixel_values_videos" in entered
    grids = entered["video_grid_thw" if video else "image_grid_thw"].reshape(-1, 3)
    pixels, segments, at = entered["pixel_values_videos" if video else "pixel_values"], [], 0
    for times, height, width in grids.tolist():
        for _ in range(times):
            segments.append(encode(inner.visual, pixels[at:at + height * width], torch.tensor([[1, height, width]])))
            at += height * width
    return answered(model, entered, segments)


def answered(model, entered, segments):
    """What the language model makes of encoded segments: (tokens, features, survivors, sizes) each."""
    inner, video = model.model, "pixel_values_videos" in entered
    grids = entered["video_grid_thw" if video else "image_grid_thw"].reshape(-1, 3)
    pad = model.config.video_token_id if video else model.config.image_token_id
    deep = [torch.cat(parts) for parts in zip(*(segment[1] for segment in segments))]
    ids = entered["input_ids"].flatten().tolist()
    result, written = {}, []
    for _ in range(TOKENS):
        now = torch.tensor([ids + written])
        grid = {"video_grid_thw" if video else "image_grid_thw": grids}
        positions = inner.get_rope_index(now, attention_mask=torch.ones_like(now), **grid)[0][:, 0]
        where = (now[0] == pad).nonzero().squeeze(1)
        runs = torch.tensor_split(where, ((where[1:] - where[:-1] != 1).nonzero().squeeze(1) + 1).tolist())
        x, stays, sizes = inner.language_model.embed_tokens(now[0]), torch.ones(now.shape[1], dtype=torch.bool), torch.ones(now.shape[1])
        for run, (tokens, _, survivors, own) in zip(runs, segments):
            stays[run] = False
            stays[run[survivors]] = True
            x[run[survivors]], sizes[run[survivors]] = tokens, own
        rows = stays.cumsum(0) - 1
        ranges = [rows[run[survivors]] for run, (_, _, survivors, _) in zip(runs, segments)]
        hidden, left, lengths = read(inner.language_model, x[stays], positions[:, stays], ranges, deep, sizes[stays])
        logits = model.lm_head(hidden)
        if not written:
            result = {"logits": logits, "kv_lengths": torch.tensor(lengths),
                      "vit_counts": torch.tensor([len(segment[2]) for segment in segments])}
            for number, (own, segment) in enumerate(zip(left, segments)):
                result[f"survivors.{number}"] = segment[2][own]
        written.append(int(logits.argmax()))
    return {**result, "generated": torch.tensor(written)}


def main():
    program, fixtures = sys.argv[1], Path(sys.argv[2])
    (fixtures / "absorb").mkdir(exist_ok=True)
    for checkpoint in ("tiny-early", "tiny-late"):
        model = Qwen3VLForConditionalGeneration.from_pretrained(fixtures / checkpoint, dtype=torch.float32).eval()
        for kind, flag, medium in (("image", "--image", "picture0.png"), ("video", "--video", "clip.mp4")):
            with tempfile.TemporaryDirectory() as folder:
                dump = Path(folder) / "entered.safetensors"
                subprocess.run(
                    [program, "run", "--model", str(fixtures / checkpoint), flag, str(fixtures / "media" / medium), "--prompt",
                     "What is shown?", "--weights", "f32", "--max-new-tokens", "1", "--dump", str(dump)], check=True, stdout=subprocess.DEVNULL)
                result = expected(model, load_file(dump))
            save_file({name: value.contiguous() for name, value in result.items()},
                      str(fixtures / "absorb" / f"{checkpoint}-{kind}.safetensors"))
            print(checkpoint, kind, result["kv_lengths"].tolist(), result["generated"].tolist())


if __name__ == "__main__":
    main()
