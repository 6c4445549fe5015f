"""The shape of the model: Qwen3-VL with small numbers."""

from .vocabulary import Vocabulary

VOCABULARY_SIZE = 6176   # the tokens, rounded up to a multiple of 16
LARGEST_EXPORT = 24_000_000

VISION = dict(depth=12, hidden_size=160, intermediate_size=480, num_heads=5, patch_size=16, temporal_patch_size=2,
              spatial_merge_size=2, out_hidden_size=160, num_position_embeddings=256, deepstack_visual_indexes=[3, 6, 9],
              in_channels=3, hidden_act="gelu_pytorch_tanh")
TEXT = dict(vocab_size=VOCABULARY_SIZE, hidden_size=160, intermediate_size=384, num_hidden_layers=10,
            num_attention_heads=4, num_key_value_heads=2, head_dim=32, rope_theta=5e6, rms_norm_eps=1e-6,
            rope_scaling={"rope_type": "default", "mrope_section": [6, 5, 5], "mrope_interleaved": True},
            max_position_embeddings=4096, tie_word_embeddings=True, attention_bias=False, hidden_act="silu")

PICTURE_PIXELS = (128 * 128, 448 * 448)
CLIP_PIXELS = (4 * 128 * 128, 16 * 224 * 224)


def configuration():
    """config.json, as transformers reads it."""
    special = Vocabulary().special
    shared = {"dtype": "bfloat16", "initializer_range": 0.02}
    return {
        "architectures": ["Qwen3VLForConditionalGeneration"], "model_type": "qwen3_vl", "dtype": "bfloat16",
        "tie_word_embeddings": True,
        "image_token_id": special["<|image_pad|>"], "video_token_id": special["<|video_pad|>"],
        "vision_start_token_id": special["<|vision_start|>"], "vision_end_token_id": special["<|vision_end|>"],
        "text_config": TEXT | shared | {
            "model_type": "qwen3_vl_text", "attention_dropout": 0.0, "use_cache": True,
            "bos_token_id": special["<|endoftext|>"], "eos_token_id": special["<|im_end|>"]},
        "vision_config": VISION | shared | {"model_type": "qwen3_vl"}}


def weights():
    """How many numbers the model has, by part."""
    v, t = VISION, TEXT
    h, inner, merged = v["hidden_size"], v["intermediate_size"], v["hidden_size"] * v["spatial_merge_size"] ** 2
    block = 4 * h * h + 4 * h + 2 * h * inner + h + inner + 4 * h
    merger = merged * merged + merged + merged * v["out_hidden_size"] + v["out_hidden_size"]
    embed = v["in_channels"] * v["temporal_patch_size"] * v["patch_size"] ** 2 * h + h + v["num_position_embeddings"] * h
    mergers = merger + 2 * h + len(v["deepstack_visual_indexes"]) * (merger + 2 * merged)
    d, q, kv = t["hidden_size"], t["num_attention_heads"] * t["head_dim"], t["num_key_value_heads"] * t["head_dim"]
    layer = d * (q + 2 * kv) + q * d + 3 * d * t["intermediate_size"] + 2 * d + 2 * t["head_dim"]
    return {"vision": v["depth"] * block + embed, "mergers": mergers,
            "text": t["num_hidden_layers"] * layer + d, "embedding": t["vocab_size"] * d}
