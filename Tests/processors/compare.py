"""Compares what illava shows a model with what Hugging Face's processors make of the same pictures and films.

    python3 Tests/processors/compare.py ILLAVA [--family NAME] [--slow] [--keep FOLDER] [--only CASE] [--seed N]

Needs torch, torchvision, transformers 4.57, safetensors and Pillow from PyPI, and ffmpeg. No tests of `make test` need it.

For every family a model folder with random weights is made: the tokenizer, templates and layout of a small checkpoint of
EngineTests, but tiles, limits and proportions as in the published models. Then odd pictures and films go through
`illava run --dump` and through the processor that the folder names (with --slow through the older one, in PIL, where
there are two). Equal have to be: sizes, tiles and grids, the ids of the prompt, the numbers of the frames; pixels may
differ by 0.006, less than half a step of 255. Both get the same frames: films are lossless. Pictures with transparent
parts are shown on white by illava, which transformers does not do, so it gets them on white.

Prints a line for each family and each difference; the exit status is 1 when anything differs.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import torch
import transformers
from PIL import Image
from safetensors import safe_open
from transformers import AutoProcessor
from transformers.video_utils import VideoMetadata

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "EngineTests/Fixtures"
FAMILIES = ["qwen2-vl", "qwen2.5-vl", "internvl", "internvl-llama", "llava-onevision"]
LIMIT = 0.006
QUESTION = "What is shown? it's naïve 你好 12 🙂"


def folder(binary, family, root):
    """A model folder with the preprocessing of the published models."""
    small = FIXTURES / ("internvl/tiny-llama" if family == "internvl-llama" else family + "/tiny")
    source = root / (family + "-files")
    shutil.copytree(small, source)
    config = json.loads((small / "config.json").read_text())
    images = json.loads((small / "preprocessor_config.json").read_text())
    text = config.get("text_config", config)
    text["max_position_embeddings"] = 1 << 18
    text["num_hidden_layers"] = 1
    vision = config["vision_config"]
    for name in ("depth", "num_hidden_layers"):
        if name in vision:
            vision[name] = 1
    if family.startswith("qwen"):
        vision["fullatt_block_indexes"] = [0]
        images["min_pixels"], images["max_pixels"] = 3136, 12845056
        # Published folders have no file for videos.
        (source / "video_preprocessor_config.json").unlink(missing_ok=True)
    elif family.startswith("internvl"):
        vision["image_size"] = [448, 448]
        config["image_seq_length"] = 256
        images["size"] = {"height": 448, "width": 448}
        images["max_patches"] = 12
        edit(source / "video_preprocessor_config.json", size={"height": 448, "width": 448})
        edit(source / "processor_config.json", image_seq_length=256)
    else:
        vision["image_size"] = 384
        grid = [[384 * a, 384 * b] for a in range(1, 7) for b in range(1, 7)]
        config["image_grid_pinpoints"] = images["image_grid_pinpoints"] = grid
        config["vision_aspect_ratio"] = "anyres_max_9"
        images["size"] = {"height": 384, "width": 384}
        edit(source / "video_preprocessor_config.json", size={"height": 384, "width": 384})
        edit(source / "processor_config.json", num_image_tokens=729, vision_aspect_ratio="anyres_max_9")
    if family == "internvl-llama":
        config["image_token_id"] = replace_tokenizer(source)
    (source / "preprocessor_config.json").write_text(json.dumps(images))
    shape = root / (family + ".json")
    shape.write_text(json.dumps(config))
    target = root / family
    subprocess.run([binary, "random-model", "--config", shape, "--tokenizer", source, target], check=True)
    return target


def replace_tokenizer(folder):
    """Puts the small SentencePiece vocabulary of TokenizerTests in the place of byte-level BPE; returns the image token."""
    for name in ("vocab.json", "merges.txt", "added_tokens.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink(missing_ok=True)
    small = ROOT / "TokenizerTests/Fixtures/sentencepiece/json"
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(small / name, folder / name)
    roles = {"start_image_token": "<img>", "end_image_token": "</img>", "context_image_token": "<IMG_CONTEXT>", "video_token": "<video>"}
    edit(folder / "tokenizer_config.json", extra_special_tokens=roles, **roles)
    tokens = json.loads((small / "tokenizer.json").read_text())["added_tokens"]
    return next(token["id"] for token in tokens if token["content"] == "<IMG_CONTEXT>")


def edit(path, **values):
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def drawing(width, height, rng):
    """Waves, circles and noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    planes = [128 + 90 * np.sin(x / (5 + 4 * c) + rng.uniform(0, 6)) * np.cos(y / (9 + c)) for c in range(3)]
    image = np.stack(planes, -1)
    for _ in range(5):
        cx, cy, r = rng.integers(0, width), rng.integers(0, height), rng.integers(1, max(2, min(width, height) // 3))
        image[(x - cx) ** 2 + (y - cy) ** 2 < r * r] = rng.integers(0, 256, 3)
    image += rng.normal(0, 12, image.shape)
    return image.clip(0, 255).astype(np.uint8)


def pictures(root, rng):
    """Yields (name, path, picture as transformers gets it)."""
    sizes = [
        (448, 448), (384, 384), (28, 28), (56, 56), (1, 1), (2, 3), (1, 20), (20, 1), (1, 150), (190, 1), (3, 400), (27, 29),
        (640, 480), (480, 640), (799, 533), (533, 799), (1000, 1000), (1920, 1080), (1080, 1920), (1501, 211), (211, 1501),
        (3000, 100), (97, 3001), (2500, 2400), (4000, 3000), (900, 900), (448, 224), (634, 317), (769, 1153), (1152, 384),
        (101, 103), (729, 27), (13, 1300), (255, 257), (1023, 767), (2304, 2304),
    ]
    for width, height in sizes:
        path = root / f"{width}x{height}.png"
        Image.fromarray(drawing(width, height, rng)).save(path)
        yield path.stem, path, Image.open(path).convert("RGB")
    base = Image.fromarray(drawing(301, 203, rng))
    alpha = Image.fromarray(drawing(301, 203, rng)[:, :, 0])
    special = {"gray": base.convert("L"), "palette": base.convert("P"), "bilevel": base.convert("1"), "black": Image.new("RGB", (300, 200)),
               "white": Image.new("RGB", (200, 300), "white"), "clear": Image.new("RGBA", (90, 60), (200, 30, 30, 0))}
    special["alpha"] = base.copy()
    special["alpha"].putalpha(alpha)
    special["gray-alpha"] = special["alpha"].convert("LA")
    checks = np.indices((240, 320)).sum(0) % 2 * 255
    special["checks"] = Image.fromarray(checks.astype(np.uint8)).convert("RGB")
    for name, image in special.items():
        path = root / f"{name}.png"
        image.save(path)
        shown = Image.open(path)
        if "A" in shown.getbands():
            shown = shown.convert("RGBA")
            shown = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
        yield name, path, shown.convert("RGB")


def films(root, rng):
    """Yields (name, path, frames, metadata): lossless films."""
    for width, height, count, rate in [(320, 240, 24, 8), (64, 48, 5, 2), (120, 200, 40, 25), (448, 448, 3, 1), (333, 77, 61, 30), (30, 31, 17, 4),
                                       (640, 360, 100, 24), (90, 160, 2, 2), (57, 113, 33, 12)]:
        frames = [np.roll(drawing(width, height, np.random.default_rng(count)), 3 * i, axis=1) for i in range(count)]
        frames = [np.clip(f.astype(np.int16) + 2 * i, 0, 255).astype(np.uint8) for i, f in enumerate(frames)]
        path = root / f"film-{width}x{height}-{count}.mkv"
        raw = b"".join(f.tobytes() for f in frames)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(rate), "-i", "-",
                        "-c:v", "ffv1", "-pix_fmt", "bgr0", path], input=raw, check=True)
        meta = VideoMetadata(total_num_frames=count, fps=rate, duration=count / rate, video_backend="x", width=width, height=height)
        yield path.stem, path, np.stack(frames), meta


def ours(binary, model, images, videos, scratch):
    """What illava makes of a question."""
    dump = scratch / "dump.safetensors"
    command = [binary, "run", "--model", model, "--prompt", QUESTION, "--max-new-tokens", "1", "--ignore-stop-tokens", "--profile", "off",
               "--memory", "unplanned", "--weights", "bf16", "--dump", dump]
    for path in images:
        command += ["--image", path]
    for path in videos:
        command += ["--video", path]
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        return done.stderr.decode().strip().splitlines()[0]
    with safe_open(dump, "np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}


def theirs(processor, family, images, videos):
    """What the processor of transformers makes of it."""
    content = [{"type": "image"} for _ in images] + [{"type": "video"} for _ in videos]
    messages = [{"role": "user", "content": content + [{"type": "text", "text": QUESTION}]}]
    text = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    more, indices = {}, []
    if images:
        # Nested: several pictures are of one question (LLaVA-OneVision then shows one tile of each).
        more["images"] = [images]
    if videos:
        frames, meta = videos[0]
        if family == "llava-onevision":
            # The processor samples nothing; this is what the model's authors do.
            indices = np.linspace(0, len(frames) - 1, min(32, len(frames)), dtype=int)
        else:
            sampling = {"fps": 2} if family.startswith("qwen") else {"num_frames": min(8, len(frames))}
            indices = processor.video_processor.sample_frames(meta, **sampling)
        indices = np.asarray(indices)
        more.update(videos=[torch.from_numpy(frames[indices]).permute(0, 3, 1, 2)], do_sample_frames=False)
        if family.startswith("qwen"):
            more["video_metadata"] = [meta]
            more["fps"] = 2
    result = dict(processor(text=[text], return_tensors="pt", **more))
    return {name: value.numpy() if hasattr(value, "numpy") else value for name, value in result.items()}, indices


def patches(values, family):
    """Tiles `[…, 3, side, side]` as rows of patches, in illava's order."""
    values = values.reshape(-1, 3, *values.shape[-2:])
    side = values.shape[-1] // 14
    rows = values[:, :, : side * 14, : side * 14].reshape(-1, 3, side, 14, side, 14).transpose(0, 2, 4, 1, 3, 5)
    if family.startswith("internvl"):
        rows = rows.reshape(-1, side // 2, 2, side // 2, 2, 3, 14, 14).transpose(0, 1, 3, 2, 4, 5, 6, 7)
    return rows.reshape(-1, 3 * 14 * 14)


def used_tiles(values, family):
    """LLaVA-OneVision pads the list of an image's tiles with zeros."""
    if family != "llava-onevision" or values.ndim != 5:
        return values
    return np.concatenate([tiles[: max(i + 1 for i, tile in enumerate(tiles) if tile.any())] for tiles in values])


def differences(own, other, indices, family):
    """Yields what differs, and the largest difference of pixels last."""
    if own["input_ids"].tolist() != other["input_ids"][0].tolist():
        yield f"{len(own['input_ids'])} ids, not {len(other['input_ids'][0])}: {own['input_ids'][:60]} {other['input_ids'][0][:60]}"
    for name in ("image_grid_thw", "video_grid_thw"):
        if name in other and own[name].tolist() != other[name].tolist():
            yield f"{name} {own[name].tolist()}, not {other[name].tolist()}"
    if len(indices) and own["frame_indices"].tolist() != list(indices):
        yield f"frames {own['frame_indices'].tolist()}, not {list(indices)}"
    worst, steps = 0.0, None
    names = [n for n in ("pixel_values", "pixel_values_videos") if n in other]
    expected = [other[n] if family.startswith("qwen") else patches(used_tiles(other[n], family), family) for n in names]
    found = [own[n] for n in ("pixel_values", "pixel_values_videos") if n in own]
    if sum(map(len, expected)) != sum(map(len, found)):
        yield f"{sum(map(len, found))} patches, not {sum(map(len, expected))}"
    elif expected:
        worst = float(np.abs(np.concatenate(expected) - np.concatenate(found)).max())
        if worst > LIMIT:
            share = float((np.abs(np.concatenate(expected) - np.concatenate(found)) > LIMIT).mean())
            yield f"pixels differ by {worst:.4f}, {share:.2%} by more than {LIMIT}"
    yield worst


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("binary")
    arguments.add_argument("--family", choices=FAMILIES)
    arguments.add_argument("--slow", action="store_true")
    arguments.add_argument("--keep", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    # It says at every small picture that its channels are hard to tell.
    transformers.logging.set_verbosity_error()
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        root = options.keep or pathlib.Path(scratch)
        root.mkdir(exist_ok=True)
        media = root / "media"
        media.mkdir(exist_ok=True)
        rng = np.random.default_rng(options.seed)
        stills = list(pictures(media, rng))
        movies = list(films(media, rng))
        several = [stills[i] for i in (12, 13, 30, 36, 14)]
        cases = [("text", [], [])]
        cases += [(name, [(path, image)], []) for name, path, image in stills]
        cases += [(name, [], [(path, frames, meta)]) for name, path, frames, meta in movies]
        cases += [("five pictures", [s[1:] for s in several], []), ("two pictures", [s[1:] for s in several[:2]], []),
                  ("a film and a picture", [several[0][1:]], [movies[0][1:]])]
        for family in [options.family] if options.family else FAMILIES:
            model = folder(options.binary, family, root)
            processor = AutoProcessor.from_pretrained(model, use_fast=not options.slow)
            count, wrong, worst = 0, 0, 0.0
            refused = []
            for name, images, videos in cases:
                if options.only not in name:
                    continue
                count += 1
                found = ours(options.binary, model, [i[0] for i in images], [v[0] for v in videos], root)
                try:
                    expected, indices = theirs(processor, family, [i[1] for i in images], [v[1:] for v in videos])
                except (ValueError, ZeroDivisionError, RuntimeError) as error:
                    expected, indices = str(error).splitlines()[0], []
                if isinstance(found, str) or isinstance(expected, str):
                    refused.append((name, found if isinstance(found, str) else "answered",
                                    expected if isinstance(expected, str) else "answered"))
                    continue
                *problems, pixels = differences(found, expected, indices, family)
                worst = max(worst, pixels)
                wrong += bool(problems)
                for problem in problems:
                    print(f"  {family}, {name}: {problem}", flush=True)
            print(f"{family}: {count} cases, {wrong} differ, worst pixel {worst:.6f}", flush=True)
            for name, a, b in refused:
                print(f"  not compared, {name}: illava: {a[:110]}; transformers: {b[:110]}", flush=True)
            failed += wrong
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
