"""The model's numbers by name, as they stand in a checkpoint, and where they begin.

Training and evaluation compute with a plain dictionary of tensors: no class of a library stands between
the names of a checkpoint and the arithmetic.
"""

from pathlib import Path

import torch

from .configuration import TEXT, VISION

VISUAL, LANGUAGE = "model.visual.", "model.language_model."


def shapes():
    """Every name of a checkpoint with its shape."""
    text, vision = TEXT, VISION
    wide, inner, head = text["hidden_size"], text["intermediate_size"], text["head_dim"]
    queries, keys = text["num_attention_heads"] * head, text["num_key_value_heads"] * head
    found = {LANGUAGE + "embed_tokens.weight": (text["vocab_size"], wide), LANGUAGE + "norm.weight": (wide,)}
    for layer in range(text["num_hidden_layers"]):
        name = f"{LANGUAGE}layers.{layer}."
        found |= {name + "input_layernorm.weight": (wide,), name + "post_attention_layernorm.weight": (wide,)}
        for part, shape in (("q_proj", (queries, wide)), ("k_proj", (keys, wide)), ("v_proj", (keys, wide)), ("o_proj", (wide, queries)),
                            ("q_norm", (head,)), ("k_norm", (head,))):
            found[f"{name}self_attn.{part}.weight"] = shape
        for part, shape in (("gate_proj", (inner, wide)), ("up_proj", (inner, wide)), ("down_proj", (wide, inner))):
            found[f"{name}mlp.{part}.weight"] = shape
    wide, inner = vision["hidden_size"], vision["intermediate_size"]

    def biased(name, *shape):
        found.update({name + ".weight": shape, name + ".bias": shape[:1]})

    biased(VISUAL + "patch_embed.proj", wide, vision["in_channels"], vision["temporal_patch_size"], *[vision["patch_size"]] * 2)
    found[VISUAL + "pos_embed.weight"] = (vision["num_position_embeddings"], wide)
    for block in range(vision["depth"]):
        name = f"{VISUAL}blocks.{block}."
        for part, *shape in (("norm1", wide), ("norm2", wide), ("attn.qkv", 3 * wide, wide), ("attn.proj", wide, wide),
                             ("mlp.linear_fc1", inner, wide), ("mlp.linear_fc2", wide, inner)):
            biased(name + part, *shape)
    merged = wide * vision["spatial_merge_size"] ** 2
    deep = [f"deepstack_merger_list.{index}" for index in range(len(vision["deepstack_visual_indexes"]))]
    for name, normed in [("merger", wide)] + [(name, merged) for name in deep]:
        biased(f"{VISUAL}{name}.norm", normed)
        biased(f"{VISUAL}{name}.linear_fc1", merged, merged)
        biased(f"{VISUAL}{name}.linear_fc2", vision["out_hidden_size"], merged)
    return found


def initial(seed):
    """Weights to begin with, in f32.

    Matrices by the width of what comes in, which is far below that of the models the usual 0.02 is meant for; the
    ends of residual branches start smaller, the deeper the stack.
    """
    random = torch.Generator().manual_seed(seed)
    depths = {"attn.proj": VISION["depth"], "mlp.linear_fc2": VISION["depth"],
              "o_proj": TEXT["num_hidden_layers"], "down_proj": TEXT["num_hidden_layers"]}
    made = {}
    for name, shape in shapes().items():
        part = name.rsplit(".", 1)[0]
        if name.endswith(".bias"):
            made[name] = torch.zeros(shape)
        elif len(shape) == 1:
            made[name] = torch.ones(shape)
        elif part.endswith("embed_tokens"):
            made[name] = torch.randn(shape, generator=random) * 0.05
        elif part.endswith(("pos_embed", "patch_embed.proj")):
            made[name] = torch.randn(shape, generator=random) * 0.02
        else:
            deep = next((2 * depth for end, depth in depths.items() if part.endswith(end)), 1)
            made[name] = torch.randn(shape, generator=random) * 0.8 / (shape[1] * deep) ** 0.5
    return made


def load(folder, device="cpu"):
    """An exported model's weights, widened to f32."""
    from safetensors.torch import load_file
    stored = load_file(Path(folder) / "model.safetensors")
    wanted = shapes()
    wrong = [name for name in wanted.keys() | stored.keys() if name not in stored or tuple(stored[name].shape) != wanted.get(name)]
    if wrong:
        raise SystemExit(f"{folder} is not this model: {sorted(wrong)[0]} is missing, too many, or of another shape")
    return {name: stored[name].float().to(device) for name in wanted}
