"""The model's forward pass in training: the modules of Hugging Face's Qwen3-VL, computed for batches of equal sizes.

Same numbers as `Qwen3VLForConditionalGeneration.forward` (a test compares them), but the vision
attention runs over all pictures at once, several turns share a picture, and only positions that have a
target reach the vocabulary.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .names import COLORS, DIRECTIONS, KINDS, MOST_DIGITS, PLACES
from .sequences import IGNORED, PADDING, PREFIX


def build_model(seed=0):
    from transformers import Qwen3VLForConditionalGeneration
    from .configuration import configuration
    torch.manual_seed(seed)
    model = Qwen3VLForConditionalGeneration._from_config(configuration(), attn_implementation="sdpa", dtype=torch.float32)
    visual, language = model.model.visual, model.model.language_model
    depths = {"attn.proj": len(visual.blocks), "mlp.linear_fc2": len(visual.blocks),
              "o_proj": len(language.layers), "down_proj": len(language.layers)}
    for name, layer in model.model.named_modules():
        # By the width, which is far below that of the models the usual 0.02 is meant for; the ends of
        # residual branches start smaller, the deeper the stack.
        if isinstance(layer, nn.Linear):
            deep = next((2 * depth for end, depth in depths.items() if name.endswith(end)), 1)
            nn.init.normal_(layer.weight, 0, 0.8 / (layer.in_features * deep) ** 0.5)
    nn.init.normal_(visual.pos_embed.weight, 0, 0.02)
    nn.init.normal_(language.embed_tokens.weight, 0, 0.05)
    return model


class CellHead(nn.Module):
    """Names what covers each cell of the picture; helps learning and is not exported."""

    def __init__(self, width):
        super().__init__()
        self.sizes = [len(KINDS), len(COLORS) + 1, 3, 10, len(PLACES), len(DIRECTIONS) + 1, 11 * MOST_DIGITS]
        self.norm = nn.LayerNorm(width)
        self.names = nn.Linear(width, sum(self.sizes))

    def forward(self, tokens, batch):
        kinds, colors, centers, digits, places, motions, numbers = self.names(self.norm(tokens)).float().split(self.sizes, -1)
        known = batch.kinds >= 0
        loss = tokens.new_zeros((), dtype=torch.float32)
        for scores, wanted, weight in ((kinds, batch.kinds, 1.0), (colors, batch.colors, 0.5),
                                       (centers, batch.centers, 0.5), (places, batch.places, 0.5),
                                       (motions, batch.motions, 0.5),
                                       (numbers.reshape(-1, 11), batch.numbers.flatten(), 1.0)):
            # The mean over cells that are labelled, or nothing where none is.
            total = F.cross_entropy(scores, wanted, ignore_index=-1, reduction="sum")
            loss = loss + weight * total / (wanted >= 0).sum().clamp(min=1)
        seen = F.binary_cross_entropy_with_logits(digits, batch.digits, reduction="none").sum(-1)
        # Cells with digits are few: by themselves they count as much as all cells together.
        written = batch.digits.amax(-1)
        return (loss + (seen * known).sum() / known.sum().clamp(min=1)
                + (seen * written).sum() / written.sum().clamp(min=1))


class TensorBatch:
    """A batch's arrays as tensors on the device."""

    def __init__(self, batch, device):
        def move(array, kind=torch.long):
            return torch.from_numpy(array).to(device, non_blocking=True).to(kind)

        self.frames = move(batch.frames, torch.uint8)
        self.ids, self.positions = move(batch.ids), move(batch.positions)
        self.turns, self.targets = move(batch.turns), move(batch.targets)
        self.kinds, self.colors, self.centers, self.motions = map(move, (batch.kinds, batch.colors, batch.centers, batch.motions))
        self.digits = move(batch.digits, torch.float32)
        self.places, self.numbers = move(batch.places), move(batch.numbers)


def patches(frames):
    """Frames (n, frames, height, width, 3) as patches (n · pairs, rows · columns, values), merged cells together."""
    n, count, height, width, _ = frames.shape
    if count % 2:
        frames = torch.cat([frames, frames[:, -1:]], 1)
        count += 1
    x = frames.view(n, count // 2, 2, height // 32, 2, 16, width // 32, 2, 16, 3)
    x = x.permute(0, 1, 3, 6, 4, 7, 9, 2, 5, 8)
    return x.reshape(n * (count // 2), (height // 16) * (width // 16), -1).float() / 127.5 - 1


def _rotated(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), -1) * sin


def _rms(x, norm):
    return F.rms_norm(x, (x.shape[-1],), norm.weight.to(x.dtype), norm.variance_epsilon)


def encode_pictures(visual, frames):
    """Visual tokens and DeepStack features, each (n · pairs, cells, width)."""
    height, width = frames.shape[2:4]
    cut = patches(frames)
    groups, length, _ = cut.shape
    grid = torch.tensor([[1, height // 16, width // 16]], device=frames.device)
    embed = visual.patch_embed.proj
    x = F.linear(cut, embed.weight.flatten(1), embed.bias)
    x = x + visual.fast_pos_embed_interpolate(grid).to(x.dtype)
    angles = visual.rot_pos_emb(grid)
    angles = torch.cat((angles, angles), -1)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    deep, heads = [], visual.config.num_heads
    for index, block in enumerate(visual.blocks):
        normed = F.layer_norm(x, x.shape[-1:], block.norm1.weight, block.norm1.bias, block.norm1.eps)
        q, k, v = block.attn.qkv(normed).view(groups, length, 3, heads, -1).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(_rotated(q, cos, sin).to(v.dtype), _rotated(k, cos, sin).to(v.dtype), v)
        x = x + block.attn.proj(mixed.transpose(1, 2).reshape(groups, length, -1))
        normed = F.layer_norm(x, x.shape[-1:], block.norm2.weight, block.norm2.bias, block.norm2.eps)
        x = x + block.mlp.linear_fc2(F.gelu(block.mlp.linear_fc1(normed), approximate="tanh"))
        if index in visual.deepstack_visual_indexes:
            merger = visual.deepstack_merger_list[visual.deepstack_visual_indexes.index(index)]
            deep.append(merger(x.reshape(groups * length, -1)))
    return visual.merger(x.reshape(groups * length, -1)), deep


def turn_mask(turns):
    """Who sees whom: the picture before them all, and one's own turn up to oneself."""
    length = turns.shape[1]
    earlier = torch.ones(length, length, dtype=torch.bool, device=turns.device).tril()
    same = turns[:, :, None] == turns[:, None, :]
    shared = (turns == PREFIX)[:, None, :]
    return (earlier & (same | shared))[:, None]


def read_text(language, x, positions, mask, where, deep):
    batch, length, _ = x.shape
    cos, sin = (part.unsqueeze(1) for part in language.rotary_emb(x.float(), positions))
    for index, layer in enumerate(language.layers):
        attention = layer.self_attn
        normed = _rms(x, layer.input_layernorm)
        split = [attention.q_proj.out_features, attention.k_proj.out_features, attention.v_proj.out_features]
        joined = torch.cat((attention.q_proj.weight, attention.k_proj.weight, attention.v_proj.weight))
        q, k, v = F.linear(normed, joined).split(split, -1)
        q, k, v = (part.view(batch, length, -1, attention.head_dim).transpose(1, 2) for part in (q, k, v))
        q, k = _rotated(_rms(q, attention.q_norm), cos, sin), _rotated(_rms(k, attention.k_norm), cos, sin)
        repeats = attention.num_key_value_groups
        k, v = k.repeat_interleave(repeats, 1), v.repeat_interleave(repeats, 1)
        mixed = F.scaled_dot_product_attention(q.to(v.dtype), k.to(v.dtype), v, attn_mask=mask)
        x = x + attention.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))
        normed, mlp = _rms(x, layer.post_attention_layernorm), layer.mlp
        gate, up = F.linear(normed, torch.cat((mlp.gate_proj.weight, mlp.up_proj.weight))).chunk(2, -1)
        x = x + mlp.down_proj(F.silu(gate) * up)
        if index < len(deep):
            x = x.reshape(-1, x.shape[-1]).index_add(0, where, deep[index].to(x.dtype)).view_as(x)
    return _rms(x, language.norm)


def answer_loss(guesses, batch):
    """Cross-entropy in which a turn of n target tokens counts as √n tokens: descriptions do not drown short answers."""
    wanted = batch.targets != IGNORED
    rows = torch.arange(len(batch.turns), device=wanted.device)[:, None]
    turns = (rows * (int(batch.turns.max()) + 1) + batch.turns)[wanted]
    weights = torch.bincount(turns)[turns].float() ** -0.5
    losses = F.cross_entropy(guesses, batch.targets[wanted], reduction="none")
    return (losses * weights).sum() / weights.sum()


def seen(tokens, deep):
    """What the text layers find at the visual positions once DeepStack's features are added; the cell head reads this."""
    return tokens + sum(deep)


def scores(model, batch, mask=None):
    """Scores over the vocabulary at every position that has a target, the targets, and what was `seen`."""
    inner = model.model
    tokens, deep = encode_pictures(inner.visual, batch.frames)
    special = (batch.ids == model.config.image_token_id) | (batch.ids == model.config.video_token_id)
    where = special.flatten().nonzero().squeeze(1)
    x = inner.language_model.embed_tokens(batch.ids)
    x = x.reshape(-1, x.shape[-1]).index_copy(0, where, tokens.to(x.dtype)).view_as(x)
    mask = turn_mask(batch.turns) if mask is None else mask
    x = read_text(inner.language_model, x, batch.positions, mask, where, deep)
    wanted = (batch.targets != IGNORED).flatten().nonzero().squeeze(1)
    hidden = x.reshape(-1, x.shape[-1])[wanted]
    return model.lm_head(hidden).float(), batch.targets.flatten()[wanted], seen(tokens, deep)


__all__ = ["CellHead", "TensorBatch", "answer_loss", "build_model", "encode_pictures", "patches", "scores", "seen", "PADDING"]
