#!/usr/bin/env python3
"""Opens hundreds of damaged copies of checkpoints: each is refused with one clear error, or answers.

usage: check.py [--count N] [--seed N] [--only N] [--weights W] [--jobs N] [--keep FOLDER] ILLAVA CHECKPOINT…

A copy has one or two damaged files (folders.py): configurations, tokenizer, processor files, index
(jsons.py) and weights (weights.py, ggufs.py). `illava run` is asked one question about a picture or a clip with each,
and `illava model` says what it is. A copy follows from the seed and its number alone.

  --count    copies of every checkpoint (500)
  --seed     another number makes other copies (1)
  --only     only the copy of this number
  --weights  bf16, f32 or int8 (every third copy has each)
  --jobs     copies at a time (2)
  --keep     where copies that went wrong are kept (.build/damaged-checkpoints)

What is wrong: a signal, more than 10 s of processor time or 100 s of waiting, more than 1 GiB of resident
memory, the exit status of a fault, an error without a code or a remedy, or more than one, and `illava model`
saying something else than `illava run`. It prints how often each code was given.
Ends with 1 where something was wrong.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import folders

SECONDS = 10
WAITING = 100
RESIDENT = 1 << 30
MEDIA = Path(__file__).parents[1] / "EngineTests/Fixtures/media"
# One of these is shown to each copy.
SHOWN = [["--image", str(MEDIA / "picture1.png")], ["--video", str(MEDIA / "clip.mp4")]]
WEIGHTS = ["bf16", "f32", "int8"]
# Exit statuses of a refusal: usage is none, for the question is always the same, and neither is a fault.
REFUSALS = {65, 66, 69, 75}
ERROR = re.compile(r"error: (?P<message>.*) \[(?P<code>[a-z]+\.[a-z0-9-]+)\]\n(?P<remedy>(  .+\n)+)\Z", re.S)
# What only a question finds out, after the folder was opened.
QUESTION = ("memory.", "prompt.", "media.", "model.not-numbers")


def run(command, scratch):
    """Runs a command; returns its status (negative: a signal), output, errors, and what it took."""
    with open(scratch / "out", "w+b") as out, open(scratch / "err", "w+b") as err:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - begun > WAITING:
                process.send_signal(signal.SIGKILL)
                pid, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        texts = [stream.read().decode(errors="replace") for stream in (out, err)]
    return process.returncode, *texts, usage


def complaints(status, out, err, usage):
    """What is wrong with the end of a command."""
    if status < 0:
        yield f"signal {-status}: {err[-300:]}"
        return
    if usage.ru_utime + usage.ru_stime > SECONDS:
        yield f"{usage.ru_utime + usage.ru_stime:.1f} s of processor time"
    if usage.ru_maxrss * 1024 > RESIDENT:
        yield f"{usage.ru_maxrss >> 10} MiB resident"
    if status == 0:
        try:
            json.loads(out)
        except ValueError:
            yield "no JSON"
    elif status not in REFUSALS:
        yield f"status {status}: {err[-300:]}"
    elif not ERROR.fullmatch(err) or err.count("error: ") != 1:
        yield f"an unclear error: {err[-600:]!r}"


def code(err):
    found = ERROR.search(err)
    return found["code"] if found else "answered"


def judge(illava, folder, weights, shown, scratch):
    """Runs both commands; returns the code of the answer, and what is wrong."""
    asked = run(
        [illava, "run", "--model", str(folder), *shown, "--prompt", "What is shown?",
         "--max-new-tokens", "2", "--json", "--weights", weights],
        scratch,
    )
    wrong = list(complaints(*asked))
    described = run([illava, "model", "--json", str(folder)], scratch)
    wrong += [f"illava model: {one}" for one in complaints(*described)]
    codes = code(asked[2]), code(described[2])
    # The question may fail where the folder could be opened, but not the other way round.
    if codes[0] != codes[1] and not (codes[1] == "answered" and codes[0].startswith(QUESTION)):
        wrong.append(f"illava run says {codes[0]}, illava model {codes[1]}")
    return codes[0], wrong


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--weights", choices=WEIGHTS)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path(".build/damaged-checkpoints"))
    parser.add_argument("illava")
    parser.add_argument("checkpoints", nargs="+", type=Path)
    return parser.parse_args()


def main():
    chosen = arguments()
    numbers = range(chosen.count) if chosen.only is None else [chosen.only]
    asked = [(sound, number) for sound in chosen.checkpoints for number in numbers]
    failures, codes = 0, collections.Counter()
    with tempfile.TemporaryDirectory() as place:

        def one(sound, number):
            folder = Path(place) / f"{sound.parent.name}-{sound.name}-{number}"
            scratch = Path(f"{folder}.output")
            scratch.mkdir()
            damaged = folders.make(sound, folder / "model", f"{chosen.seed}/{sound.name}/{number}")
            weights = chosen.weights or WEIGHTS[number % len(WEIGHTS)]
            found, wrong = judge(chosen.illava, folder / "model", weights, SHOWN[number % 2], scratch)
            if wrong:
                kept = chosen.keep / folder.name
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(folder / "model", kept, symlinks=True)
            shutil.rmtree(folder)
            shutil.rmtree(scratch)
            return damaged, weights, found, wrong

        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            for (sound, number), result in zip(asked, pool.map(lambda one_: one(*one_), asked)):
                damaged, weights, found, wrong = result
                codes[found] += 1
                failures += bool(wrong)
                if wrong:
                    what = ", ".join(damaged)
                    print(f"{sound} {number} ({what}; {weights}): {'; '.join(wrong)}", flush=True)
    print(", ".join(f"{name} {count}" for name, count in codes.most_common()))
    print(f"{len(asked)} damaged copies, {failures} went wrong")
    return 1 if failures or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
