#!/usr/bin/env python3
"""Compares what `illava run --dump` writes with reference cases, from the command line alone.

usage: check.py [--weights W] [--kernels K] [--only WORD] [--jobs N] [--keep FOLDER] ILLAVA FOLDER…

A folder has `cases.json`, NAME.safetensors for every case (beside it or in `cases`), and the checkpoints
and media that the cases name. Tests/EngineTests/Fixtures/README.md says what is in the tensors.

  --weights  f32, bf16, int8, int4; by default all, separated by commas
  --kernels  portable, avx2, avx512, avx512vnni, avx512bf16, plainbf16, or automatic; by default all
             that this processor has
  --only     cases whose name contains the word
  --jobs     questions at a time (2)
  --keep     the folder in which the dumps stay; otherwise they are deleted

| weights | cases | what is compared |
|---|---|---|
| f32 | all | ids, positions, grids, counts, survivors, cache lengths and words are equal; rows and states after layers within 1e-4 of the largest, pixels within 1e-5 (resized: 0.031, two steps of 255), logits within 1e-4 (resized: 5e-2) of the largest |
| bf16 | merging off | logits within 5e-2 of the largest |
| int8 | merging off, not resized | logits within 12 %, of Qwen3.5 30 %, whose states carry errors on |
| int4 | merging off, not resized, not Qwen3.5 | logits within 75 %: rounding to 16 steps changes random weights by 7 % each |

Words are not compared where two logits are closer than 1e-3, nor survivors and what follows from them
where two scores are as close as `selection_margin` of case.py says; it prints how often that was needed.
Ends with 1 where a case differs, and with 64 for wrong usage.
"""

import argparse
import array
import collections
import concurrent.futures
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import tensors
from case import cases

KERNELS = {
    "portable": [],
    "avx2": ["avx2", "fma"],
    "avx512": ["avx512f", "avx512bw", "avx512vl"],
    "avx512vnni": ["avx512f", "avx512bw", "avx512vl", "avx512_vnni"],
    "avx512bf16": ["avx512f", "avx512bw", "avx512vl", "avx512_bf16"],
    "plainbf16": [],
}
# What illava chooses by itself.
AUTOMATIC = "automatic"
WEIGHTS = {
    "f32": lambda case: True,
    "bf16": lambda case: case.is_off,
    "int8": lambda case: case.is_off and not case.line.get("resized"),
    "int4": lambda case: (
        case.is_off and not case.line.get("resized") and case.line["family"] != "qwen3.5"
    ),
}
SECONDS = 300


def present_kernels():
    """The kernel paths that this processor has."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    flags = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    return [name for name, needed in KERNELS.items() if flags.issuperset(needed)]


def ask(illava, case, weights, kernels, dump):
    """Runs one question.

    Returns its tensors, and what is wrong where there are none."""
    command = [illava, "run", *case.arguments(), "--weights", weights, "--dump", str(dump)]
    if weights == "f32" and any(is_trace(name) for name in case.expected):
        command.append("--dump-traces")
    environment = dict(os.environ)
    environment.pop("ILLAVA_KERNELS", None)
    if kernels != AUTOMATIC:
        environment["ILLAVA_KERNELS"] = kernels
    try:
        done = subprocess.run(command, capture_output=True, env=environment, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, f"no answer within {SECONDS} s"
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()
        return None, f"exit status {done.returncode}: {words}"
    return tensors.read(dump), None


def is_trace(name):
    """Whether these are rows after a layer or a state, which are written only on request."""
    return name.startswith(("trace.", "state."))


def exact_differences(case, own):
    """What differs from a case at `--weights f32`: pairs of the tensor's name and a text."""
    factor = max(1, tensors.largest(case.expected["logits"].values))
    for name, wanted in case.expected.items():
        # Videos of some families have the name that Transformers gives to images.
        found = own.get(name) or (own.get("pixel_values_videos") if name == "pixel_values" else None)
        if name == "second_per_grid_ts":
            # They are in position_ids.
            continue
        if found is None:
            yield name, "is missing"
        elif wanted.is_whole:
            if list(found.values) != list(wanted.values):
                yield name, f"is {list(found.values)[:12]}, not {list(wanted.values)[:12]}"
        elif is_trace(name):
            values = tensors.columns(wanted)[1:] if name.startswith("state.conv.") else [wanted.values]
            values = array.array("f", itertools.chain(*values))
            apart = tensors.distance(found.values, values)
            if apart > 1e-4 * max(1, tensors.largest(values)):
                yield name, f"is off by {apart:.2g}"
        elif name.startswith("pixel_values"):
            # Patches of Qwen's are written as they are compared; only of whole images the side matters.
            side = round((found.shape[-1] / 3) ** 0.5)
            pixels = tensors.patches(wanted, side, case.group)
            apart = tensors.distance(found.values, pixels)
            if apart > (0.031 if case.is_resized else 1e-5):
                yield name, f"is off by {apart:.2g}"
        elif name == "logits":
            apart = tensors.distance(found.values, wanted.values) / factor
            if apart > (5e-2 if case.is_resized else 1e-4):
                yield name, f"is off by {apart:.2g} of the largest"


def is_open(case, name):
    """Whether another result of this name may be just as right."""
    if name == "generated" and case.has_open_words:
        return True
    unsure = name in ("generated", "logits") or "survivors" in name or is_trace(name)
    return case.is_close_choice and unsure


def judge(case, weights, own):
    """What is wrong, and how many differences were allowed."""
    logits, wanted = own["logits"].values, case.expected["logits"].values
    if weights == "bf16":
        apart = tensors.distance(logits, wanted) / tensors.largest(wanted)
        return [f"logits are off by {apart:.2g} of the largest"] if apart > 5e-2 else [], 0
    if weights == "int8":
        error = tensors.relative_error(logits, wanted)
        # Less than 1e-4 would be f32 in secret.
        limit = 0.3 if case.line["family"] == "qwen3.5" else 0.12
        return [] if 1e-4 < error < limit else [f"logits are off by {100 * error:.2g} %"], 0
    if weights == "int4":
        error = tensors.relative_error(logits, wanted)
        # Less would be 8 bits in secret.
        return [] if 0.02 < error < 0.75 else [f"logits are off by {100 * error:.2g} %"], 0
    found = list(exact_differences(case, own))
    wrong = [f"{name} {text}" for name, text in found if not is_open(case, name)]
    return wrong, len(found) - len(wrong)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", default=",".join(WEIGHTS))
    parser.add_argument("--kernels", default=",".join(present_kernels()))
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep")
    parser.add_argument("illava")
    parser.add_argument("folders", nargs="+", type=Path)
    chosen = parser.parse_args()
    chosen.weights, chosen.kernels = chosen.weights.split(","), chosen.kernels.split(",")
    unknown = set(chosen.weights) - set(WEIGHTS) | set(chosen.kernels) - {*KERNELS, AUTOMATIC}
    missing = [str(one) for one in chosen.folders if not (one / "cases.json").exists()]
    if unknown or missing:
        print(f"unknown or without cases.json: {', '.join([*unknown, *missing])}", file=sys.stderr)
        sys.exit(64)
    return chosen


def main():
    chosen = arguments()
    asked = [
        (case, weights, kernels)
        for folder in chosen.folders
        for case in cases(folder)
        if chosen.only in str(case)
        for weights in chosen.weights
        if WEIGHTS[weights](case)
        for kernels in chosen.kernels
    ]
    failures, allowed, done = 0, 0, collections.Counter()
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(chosen.keep or scratch)
        place.mkdir(parents=True, exist_ok=True)

        def compare(case, weights, kernels):
            name = f"{str(case).replace('/', '-')}-{weights}-{kernels}.safetensors"
            own, problem = ask(chosen.illava, case, weights, kernels, place / name)
            if own is not None and not chosen.keep:
                (place / name).unlink()
            return ([problem], 0) if own is None else judge(case, weights, own)

        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            for one, (wrong, open_) in zip(asked, pool.map(lambda one: compare(*one), asked)):
                allowed += open_
                done[one[1:]] += 1
                failures += bool(wrong)
                if wrong:
                    print(f"{one[0]} {one[1]} {one[2]}: {'; '.join(wrong)}", flush=True)
    for (weights, kernels), count in done.items():
        print(f"{count} cases with --weights {weights} and ILLAVA_KERNELS={kernels}")
    print(f"{len(asked)} runs, {failures} failed, {allowed} differences where either is right")
    return 1 if failures or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
