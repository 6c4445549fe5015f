"""Writes held-out questions with their media as files, for `illava eval`: JSONL, and a VLMEvalKit table."""

import base64
import csv
import json
import subprocess
from pathlib import Path

from PIL import Image

from .heldout import SKILLS, HeldOut


def write_clip(frames, path, frames_per_second=2, lossless=False):
    """A film whose every frame is looked at by a reader that takes two a second."""
    count, height, width, _ = frames.shape
    codec = ["-c:v", "ffv1", "-pix_fmt", "bgr0"] if lossless else ["-c:v", "libx264", "-crf", "10", "-pix_fmt", "yuv420p"]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}",
         "-r", str(frames_per_second), "-i", "-", *codec, str(path)],
        input=frames.tobytes(), check=True)


def write_media(sample, folder, name, lossless=False):
    frames, times, _, _ = sample
    path = folder / (name + (".png" if times is None else ".mkv" if lossless else ".mp4"))
    if times is None:
        Image.fromarray(frames[0]).save(path)
    else:
        write_clip(frames, path, lossless=lossless)
    return path


def write_dataset(options):
    folder = Path(options.data)
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    held_out = HeldOut(options.assets, options.seed)
    rows = []
    # All skills in turn, so that the first of them are questions of every skill.
    for number in range(options.questions):
        for skill in SKILLS:
            sample = held_out.sample(skill, number)
            path = write_media(sample, media, f"{skill}-{number}")
            _, question, answer = sample[2][0]
            rows.append({"index": f"{skill}-{number}", "media": f"media/{path.name}", "question": question,
                         "answer": answer, "skill": skill})
    with open(folder / "held-out.jsonl", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    pictures = [row for row in rows if row["media"].endswith(".png")]
    with open(folder / "held-out.tsv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(["index", "image", "question", "answer", "category"])
        for number, row in enumerate(pictures):
            data = base64.b64encode((folder / row["media"]).read_bytes()).decode()
            table.writerow([number, data, row["question"], row["answer"], row["skill"]])
    print(f"{len(rows)} questions in {folder / 'held-out.jsonl'}, {len(pictures)} about pictures in {folder / 'held-out.tsv'}")
    _write_easy_vqa(folder)


def _write_easy_vqa(folder):
    """The test split of easy-VQA as JSONL beside its pictures, where the package is installed."""
    try:
        import easy_vqa
    except ImportError:
        return
    pictures = folder / "easy-vqa"
    pictures.mkdir(exist_ok=True)
    for owner, path in easy_vqa.get_test_image_paths().items():
        (pictures / f"{owner}.png").write_bytes(Path(path).read_bytes())
    with open(folder / "easy-vqa.jsonl", "w", encoding="utf-8") as file:
        for question, answer, owner in zip(*easy_vqa.get_test_questions()):
            file.write(json.dumps({"media": f"easy-vqa/{owner}.png", "question": question, "answer": answer,
                                   "skill": "easy-vqa"}) + "\n")
