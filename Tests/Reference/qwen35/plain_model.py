"""Qwen3.5 with mode 4 (absorb) in both stages, written out with PyTorch's plain functions on the tensors of the checkpoint.

Nothing of Transformers is used. The delta rule goes row by row, there is no cache, and a layer sees one prompt at a time.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


class Checkpoint:
    """The tensors of a folder in the default type, and the numbers of its config.json."""

    def __init__(self, folder):
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text())
        self.text, self.vision, self.config = config["text_config"], config["vision_config"], config
        self.tensors = {}
        for file in sorted(folder.glob("*.safetensors")):
            self.tensors |= {name: value.to(torch.get_default_dtype()) for name, value in load_file(file).items()}

    def __call__(self, name):
        return self.tensors[name]

    def linear(self, name, x):
        """x · weightᵀ, plus the bias where there is one."""
        return F.linear(x, self(name + ".weight"), self.tensors.get(name + ".bias"))

    def layer_norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self(name + ".weight"), self(name + ".bias"), 1e-6)

    def rms_norm(self, name, x):
        """The text model's norm, whose weights are stored around 0."""
        return scaled(x, self.text["rms_norm_eps"]) * (1 + self(name + ".weight"))


def scaled(x, epsilon):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon)


def turned(x, angles):
    """The first features of every head turned by the angles [rows, features / 2]; x is [heads, rows, size]."""
    half = angles.shape[-1]
    first, second, rest = x[..., :half], x[..., half:2 * half], x[..., 2 * half:]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((first * cos - second * sin, second * cos + first * sin, rest), -1)


def weights_of(queries, keys, sizes, causal):
    """Attention [heads, queries, keys] in which key j counts as sizes[j] keys."""
    logits = queries @ keys.transpose(1, 2) / queries.shape[-1] ** 0.5 + sizes.log()
    if causal:
        rows = queries.shape[1]
        logits = logits.masked_fill(torch.ones(rows, rows, dtype=torch.bool).triu(1), float("-inf"))
    return logits.softmax(-1)


def likeness(rows):
    """Minus the sum of the positive cosines to all others, and the cosines."""
    directions = F.normalize(rows - rows.mean(0), dim=-1)
    cosines = directions @ directions.T
    return -cosines.clamp(min=0).fill_diagonal_(0).sum(1), cosines


def absorb(rows, keep, sizes, scores=None):
    """The rows that stay (those with the highest scores, by default those least like the others) and the map onto them.

    Returns their indices, ascending, the map [kept, rows], and how many rows each of them stands for."""
    own, cosines = likeness(rows)
    order = torch.sort(own if scores is None else scores, descending=True, stable=True).indices
    kept, leaving = order[:keep].sort().values, order[keep:].sort().values
    owner = torch.empty(len(rows), dtype=torch.long)
    owner[kept] = torch.arange(keep)
    owner[leaving] = cosines[leaving][:, kept].argmax(1)
    mix = torch.zeros(keep, len(rows)).index_put_((owner, torch.arange(len(rows))), sizes)
    total = mix.sum(1)
    return kept, mix / total[:, None], total


# The image encoder.


def patch_positions(height, width):
    """Row and column of every patch, group by group of 2×2."""
    return torch.tensor([(2 * y + dy, 2 * x + dx) for y in range(height // 2) for x in range(width // 2)
                         for dy in (0, 1) for dx in (0, 1)])


def learned_positions(table, places, height, width):
    """The table [side², hidden] at the places of a grid, bilinearly, corners on corners."""
    side = round(len(table) ** 0.5)
    result = 0
    at = places * (side - 1) / torch.tensor([max(1, height - 1), max(1, width - 1)])
    low = at.floor().long()
    high, part = (low + 1).clamp(max=side - 1), at - low
    for row, vertical in ((low[:, 0], 1 - part[:, 0]), (high[:, 0], part[:, 0])):
        for column, horizontal in ((low[:, 1], 1 - part[:, 1]), (high[:, 1], part[:, 1])):
            result = result + table[row * side + column] * (vertical * horizontal)[:, None]
    return result


def encode(model, patches, height, width, merging):
    """Tokens, survivors and sizes of one picture or pair of frames, patches [rows, values]."""
    vision, name = model.vision, "model.visual."
    heads, count = vision["num_heads"], len(patches)
    places = patch_positions(height, width)
    x = F.linear(patches, model(name + "patch_embed.proj.weight").flatten(1), model(name + "patch_embed.proj.bias"))
    x = x + learned_positions(model(name + "pos_embed.weight"), places, height, width)
    quarter = vision["hidden_size"] // heads // 4
    frequencies = 10000.0 ** (-torch.arange(quarter) / quarter)
    angles = (places[:, :, None] * frequencies).flatten(1)
    survivors, sizes = torch.arange(count // 4), torch.ones(count // 4)
    for index in range(vision["depth"]):
        block = f"{name}blocks.{index}."
        mixed = model.linear(block + "attn.qkv", model.layer_norm(block + "norm1", x))
        queries, keys, values = mixed.view(len(x), 3, heads, -1).permute(1, 2, 0, 3)
        weights = weights_of(turned(queries, angles), turned(keys, angles), sizes.repeat_interleave(4), causal=False)
        x = x + model.linear(block + "attn.proj", (weights @ values).transpose(0, 1).reshape(len(x), -1))
        if index in merging["vision_layers"]:
            groups = x.view(len(x) // 4, -1)
            kept, mix, sizes = absorb(groups, max(1, round(len(groups) * merging["vision_share"])), sizes)
            x = (mix @ groups).view(4 * len(kept), -1)
            angles = angles.view(len(groups), 4, -1)[kept].flatten(0, 1)
            survivors = survivors[kept]
        inner = F.gelu(model.linear(block + "mlp.linear_fc1", model.layer_norm(block + "norm2", x)), approximate="tanh")
        x = x + model.linear(block + "mlp.linear_fc2", inner)
    x = model.layer_norm(name + "merger.norm", x).view(len(survivors), -1)
    return model.linear(name + "merger.linear_fc2", F.gelu(model.linear(name + "merger.linear_fc1", x))), survivors, sizes


# The language model.


def is_full(model, index):
    types = model.text.get("layer_types")
    return types[index] == "full_attention" if types else (index + 1) % model.text["full_attention_interval"] == 0


def text_angles(model, positions):
    """M-RoPE: [3, rows] positions give [rows, turned features / 2]; height and width take every third frequency."""
    rope = model.text["rope_parameters"]
    half = int(model.text["head_dim"] * rope["partial_rotary_factor"]) // 2
    axis = torch.zeros(half, dtype=torch.long)
    for number, count in ((1, rope["mrope_section"][1]), (2, rope["mrope_section"][2])):
        axis[number:3 * count:3] = number
    return positions[axis].T * rope["rope_theta"] ** (-torch.arange(half) / half)


def gated_attention(model, name, x, angles, sizes):
    """The layer's output, and the attention [heads, rows, rows]."""
    size, rows = model.text["head_dim"], len(x)
    queries, gate = model.linear(name + "q_proj", x).view(rows, -1, 2, size).unbind(2)
    keys = model.linear(name + "k_proj", x).view(rows, -1, size)
    values = model.linear(name + "v_proj", x).view(rows, -1, size).transpose(0, 1)
    queries = turned(model.rms_norm(name + "q_norm", queries).transpose(0, 1), angles)
    keys = turned(model.rms_norm(name + "k_norm", keys).transpose(0, 1), angles)
    repeats = len(queries) // len(keys)
    weights = weights_of(queries, keys.repeat_interleave(repeats, 0), sizes, causal=True)
    mixed = (weights @ values.repeat_interleave(repeats, 0)).transpose(0, 1).reshape(rows, -1)
    return model.linear(name + "o_proj", mixed * gate.reshape(rows, -1).sigmoid()), weights


def delta_net(model, name, x):
    """The recurrence over the rows, each of which is read once, whatever it stands for."""
    text, rows = model.text, len(x)
    key_heads, value_heads = text["linear_num_key_heads"], text["linear_num_value_heads"]
    key_size, value_size = text["linear_key_head_dim"], text["linear_value_head_dim"]
    taps = model(name + "conv1d.weight")[:, 0]
    mixed = F.pad(model.linear(name + "in_proj_qkv", x).T, (taps.shape[1] - 1, 0))
    mixed = F.silu(sum(taps[:, tap, None] * mixed[:, tap:tap + rows] for tap in range(taps.shape[1]))).T
    queries, keys, values = mixed.split((key_heads * key_size, key_heads * key_size, value_heads * value_size), -1)
    queries, keys = (part.reshape(rows, key_heads, key_size) for part in (queries, keys))
    queries, keys = (part * torch.rsqrt(part.pow(2).sum(-1, keepdim=True) + 1e-6) for part in (queries, keys))
    queries, keys = (part.repeat_interleave(value_heads // key_heads, 1) for part in (queries / key_size ** 0.5, keys))
    values = values.reshape(rows, value_heads, value_size)
    rate = model.linear(name + "in_proj_b", x).sigmoid()
    decay = torch.exp(-model(name + "A_log").exp() * F.softplus(model.linear(name + "in_proj_a", x) + model(name + "dt_bias")))
    state, outputs = torch.zeros(value_heads, key_size, value_size), []
    for row in range(rows):
        state = state * decay[row][:, None, None]
        change = rate[row][:, None] * (values[row] - (state * keys[row][:, :, None]).sum(1))
        state = state + keys[row][:, :, None] * change[:, None, :]
        outputs.append((state * queries[row][:, :, None]).sum(1))
    gate = F.silu(model.linear(name + "in_proj_z", x).view(rows, value_heads, value_size))
    output = scaled(torch.stack(outputs), text["rms_norm_eps"]) * model(name + "norm.weight") * gate
    return model.linear(name + "out_proj", output.reshape(rows, -1))


def scored(kind, weights, runs):
    """The score of every row from the attention of a layer; `None` where rows are chosen by likeness."""
    if kind == "distinct":
        return None
    first = weights.shape[1] - 1 if kind == "attention" else int(runs[-1][-1]) + 1
    return weights[:, first:].mean((0, 1))


def read(model, x, positions, runs, sizes, merging, plans):
    """The logits after the last row, what is left of each run, and the rows that reach each layer.

    A merging layer takes its scores from the nearest layer with attention before it: they go along with the rows. A layer
    without one merges only by likeness. Plans of an earlier pass are used again, because an answer merges nothing."""
    angles, scores, lengths = text_angles(model, positions), None, []
    left = [torch.arange(len(run)) for run in runs]
    for index in range(model.text["num_hidden_layers"]):
        if index in merging["text_layers"]:
            if index not in plans:
                assert scores is not None or merging["text_score"] == "distinct"
                plans[index] = [
                    absorb(x[run], max(1, len(run) - round(len(run) * (1 - merging["text_share"]))), sizes[run],
                           None if scores is None else scores[run]) for run in runs]
            x, sizes, stays = x.clone(), sizes.clone(), torch.ones(len(x), dtype=torch.bool)
            for number, (run, (kept, mix, total)) in enumerate(zip(runs, plans[index])):
                x[run[kept]], sizes[run[kept]] = mix @ x[run], total
                stays[run] = False
                stays[run[kept]] = True
                left[number] = left[number][kept]
            now = stays.cumsum(0) - 1
            runs = [now[run[kept]] for run, (kept, _, _) in zip(runs, plans[index])]
            x, angles, sizes = x[stays], angles[stays], sizes[stays]
            scores = None if scores is None else scores[stays]
        lengths.append(len(x))
        name = f"model.language_model.layers.{index}."
        normed = model.rms_norm(name + "input_layernorm", x)
        if is_full(model, index):
            mixed, weights = gated_attention(model, name + "self_attn.", normed, angles, sizes)
            scores = scored(merging["text_score"], weights, runs)
        else:
            mixed = delta_net(model, name + "linear_attn.", normed)
        x = x + mixed
        normed = model.rms_norm(name + "post_attention_layernorm", x)
        x = x + model.linear(name + "mlp.down_proj", F.silu(model.linear(name + "mlp.gate_proj", normed)) * model.linear(name + "mlp.up_proj", normed))
    head = model.tensors.get("lm_head.weight", model("model.language_model.embed_tokens.weight"))
    return F.linear(model.rms_norm("model.language_model.norm", x[-1]), head), left, lengths
