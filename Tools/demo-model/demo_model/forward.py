"""The forward pass, from the numbers of a checkpoint and nothing else.

Same numbers as `Qwen3VLForConditionalGeneration.forward` (a test compares them), but the vision attention runs
over all pictures of a batch at once, several turns share a picture, only positions that have a target
reach the vocabulary, and nothing on the way waits for a GPU: what would have to be asked of it was
counted while the batch was drawn.
"""

import math

import torch
import torch.nn.functional as F

from .configuration import TEXT, VISION
from .sequences import PREFIX
from .weights import LANGUAGE, VISUAL

DEEP = VISION["deepstack_visual_indexes"]
QUERIES, KEYS, HEAD = (TEXT[name] for name in ("num_attention_heads", "num_key_value_heads", "head_dim"))
_placed = {}


def patches(frames):
    """Frames (n, frames, height, width, 3) as patches (n · pairs, rows · columns, values), merged cells together."""
    n, count, height, width, _ = frames.shape
    if count % 2:
        frames = torch.cat([frames, frames[:, -1:]], 1)
        count += 1
    x = frames.view(n, count // 2, 2, height // 32, 2, 16, width // 32, 2, 16, 3)
    x = x.permute(0, 1, 3, 6, 4, 7, 9, 2, 5, 8)
    return x.reshape(n * (count // 2), (height // 16) * (width // 16), -1).float() / 127.5 - 1


def _places(rows, columns, device):
    """What depends on a picture's size alone: how much of each learned position a patch has, and cos and sin of its turns."""
    key = rows, columns, str(device)
    if key not in _placed:
        side = math.isqrt(VISION["num_position_embeddings"])
        grid = torch.arange(rows * columns).view(rows // 2, 2, columns // 2, 2).permute(0, 2, 1, 3).flatten()
        row, column = grid // columns, grid % columns
        weight = torch.zeros(rows * columns, side * side, dtype=torch.float64)
        at_row, at_column = (torch.linspace(0, side - 1, count)[at].double() for count, at in ((rows, row), (columns, column)))
        every, low_row, low_column = torch.arange(rows * columns), at_row.long(), at_column.long()
        for down in (0, 1):
            for across in (0, 1):
                r, c = (low_row + down).clip(max=side - 1), (low_column + across).clip(max=side - 1)
                share = (1 - (at_row - low_row - down).abs()) * (1 - (at_column - low_column - across).abs())
                weight.index_put_((every, r * side + c), share, accumulate=True)
        half = VISION["hidden_size"] // VISION["num_heads"] // 2
        speeds = 1.0 / 10000.0 ** (torch.arange(0, half, 2, dtype=torch.float32) / half)
        angles = torch.cat((row[:, None] * speeds, column[:, None] * speeds), -1)
        angles = torch.cat((angles, angles), -1)
        _placed[key] = weight.float().to(device), angles.cos().to(device), angles.sin().to(device)
    return _placed[key]


def _rotated(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


def _norm(weights, x, name):
    return F.layer_norm(x, x.shape[-1:], weights[name + ".weight"], weights[name + ".bias"], 1e-6)


def _rms(x, weight):
    return F.rms_norm(x, (x.shape[-1],), weight.to(x.dtype), TEXT["rms_norm_eps"])


def _linear(weights, x, name):
    return F.linear(x, weights[name + ".weight"], weights[name + ".bias"])


def _merged(weights, x, name, norm_last):
    """Four patches become one token; DeepStack's mergers norm after joining them, the last one before."""
    wide = x.shape[-1] * VISION["spatial_merge_size"] ** 2
    x = _norm(weights, x.reshape(-1, wide), name + ".norm") if norm_last else _norm(weights, x, name + ".norm").reshape(-1, wide)
    return _linear(weights, F.gelu(_linear(weights, x, name + ".linear_fc1")), name + ".linear_fc2")


def encode_pictures(weights, frames):
    """Visual tokens and DeepStack features, each (n · pairs · cells, width)."""
    height, width = frames.shape[2:4]
    cut = patches(frames)
    groups, length, _ = cut.shape
    share, cos, sin = _places(height // 16, width // 16, frames.device)
    x = F.linear(cut, weights[VISUAL + "patch_embed.proj.weight"].flatten(1), weights[VISUAL + "patch_embed.proj.bias"])
    with torch.autocast(frames.device.type, enabled=False):
        place = share @ weights[VISUAL + "pos_embed.weight"].float()
    x = x + place.to(x.dtype)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    deep = []
    for index in range(VISION["depth"]):
        block = f"{VISUAL}blocks.{index}."
        joined = _linear(weights, _norm(weights, x, block + "norm1"), block + "attn.qkv")
        q, k, v = joined.view(groups, length, 3, VISION["num_heads"], -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(_rotated(q, cos, sin).to(v.dtype), _rotated(k, cos, sin).to(v.dtype), v)
        x = x + _linear(weights, mixed.transpose(1, 2).reshape(groups, length, -1), block + "attn.proj")
        inner = F.gelu(_linear(weights, _norm(weights, x, block + "norm2"), block + "mlp.linear_fc1"), approximate="tanh")
        x = x + _linear(weights, inner, block + "mlp.linear_fc2")
        if index in DEEP:
            deep.append(_merged(weights, x, f"{VISUAL}deepstack_merger_list.{DEEP.index(index)}", True))
    return _merged(weights, x, VISUAL + "merger", False), deep


def seen(tokens, deep):
    """What the text layers find at the visual positions once DeepStack's features are added; the cell head reads this."""
    return tokens + sum(deep)


def _turns(positions):
    """cos and sin (n, 1, length, head) of the interleaved M-RoPE: time, row and column take turns."""
    speeds = 1.0 / TEXT["rope_theta"] ** (torch.arange(0, HEAD, 2, dtype=torch.float32, device=positions.device) / HEAD)
    angles = positions.float()[..., None] * speeds
    mixed = angles[0].clone()
    for axis in (1, 2):
        mine = slice(axis, TEXT["rope_scaling"]["mrope_section"][axis] * 3, 3)
        mixed[..., mine] = angles[axis][..., mine]
    mixed = torch.cat((mixed, mixed), -1)[:, None]
    return mixed.cos(), mixed.sin()


def _turn_mask(turns, dtype):
    """Who sees whom: the picture before them all, and one's own turn up to oneself."""
    length = turns.shape[1]
    earlier = torch.ones(length, length, dtype=torch.bool, device=turns.device).tril()
    allowed = earlier & ((turns[:, :, None] == turns[:, None, :]) | (turns == PREFIX)[:, None, :])
    return torch.zeros(len(turns), 1, length, length, dtype=dtype, device=turns.device).masked_fill_(~allowed[:, None], float("-inf"))


def _read(weights, batch, tokens, deep):
    """The text layers' last state at every position that has a target: (targets, hidden)."""
    x = F.embedding(batch.ids, weights[LANGUAGE + "embed_tokens.weight"])
    n, length, width = x.shape
    x = x.reshape(-1, width).index_copy(0, batch.where, tokens.to(x.dtype)).view(n, length, width)
    cos, sin = _turns(batch.positions)
    mask = None
    for index in range(TEXT["num_hidden_layers"]):
        layer = f"{LANGUAGE}layers.{index}."
        part = lambda name: weights[f"{layer}{name}.weight"]
        joined = torch.cat([part(f"self_attn.{name}_proj") for name in "qkv"])
        q, k, v = F.linear(_rms(x, part("input_layernorm")), joined).split([QUERIES * HEAD, KEYS * HEAD, KEYS * HEAD], -1)
        q, k, v = (y.view(n, length, -1, HEAD).transpose(1, 2) for y in (q, k, v))
        q, k = (_rotated(_rms(y, part(f"self_attn.{name}_norm")), cos, sin) for y, name in ((q, "q"), (k, "k")))
        k, v = (y.repeat_interleave(QUERIES // KEYS, 1) for y in (k, v))
        if mask is None:
            mask = _turn_mask(batch.turns, v.dtype)
        mixed = F.scaled_dot_product_attention(q.to(v.dtype), k.to(v.dtype), v, attn_mask=mask)
        x = x + F.linear(mixed.transpose(1, 2).reshape(n, length, -1), part("self_attn.o_proj"))
        inner = torch.cat((part("mlp.gate_proj"), part("mlp.up_proj")))
        gate, up = F.linear(_rms(x, part("post_attention_layernorm")), inner).chunk(2, -1)
        x = x + F.linear(F.silu(gate) * up, part("mlp.down_proj"))
        if index < len(deep):
            x = x.reshape(-1, width).index_add(0, batch.where, deep[index].to(x.dtype)).view(n, length, width)
    return _rms(x.reshape(-1, width).index_select(0, batch.wanted), weights[LANGUAGE + "norm.weight"])


def scores(weights, batch):
    """Scores over the vocabulary at every position that has a target, in order, and what was `seen`."""
    tokens, deep = encode_pictures(weights, batch.frames)
    return vocabulary_scores(weights, batch, tokens, deep), seen(tokens, deep)


def vocabulary_scores(weights, batch, tokens, deep):
    """The scores alone, where the pictures are encoded already."""
    return F.linear(_read(weights, batch, tokens, deep), weights[LANGUAGE + "embed_tokens.weight"]).float()


def answer_loss(guesses, batch):
    """Cross-entropy in which a turn of n target tokens counts as √n tokens: descriptions do not drown short answers."""
    return (F.cross_entropy(guesses, batch.answers, reduction="none") * batch.weights).sum()
