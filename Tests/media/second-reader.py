#!/usr/bin/env python3
"""Compares what the model is shown with what a second reader says a person sees.

usage: second-reader.py [--quick] [--only WORD] [--keep FOLDER] [--jobs N] ILLAVA MODEL

Start it through run.sh, which makes the virtual environment: run.sh second-reader.py …

The script makes several hundred files, hands each to `illava run --dump` and puts the pixels together
again. The second readers are Pillow and pillow-heif for stills, the ffmpeg command with zscale and bwdif
for videos, the formulas of BT.2100 for HDR, and what was drawn for documents. The reference is resized to
the size that was shown with Pillow's bicubic filter. The mean absolute difference of every frame may be
2 of 255; reasons.py lists the files that may be further away, and why.

  --quick   about sixty files, some of every kind, for the automatic checks
  --only    files whose kind or name contains the word
  --keep    the folder in which the files stay; otherwise they are deleted
  --jobs    files at a time (2)

It prints the worst difference of every kind and every failure, and ends with 1 where there is one.

| module | has |
|---|---|
| `case.py` | what a case is |
| `card.py` | the picture in most files |
| `videos.py`, `turns.py` | videos that ffmpeg makes: codecs and colors; turns and shapes |
| `films.py`, `times.py` | HDR, transparency and fields; clocks, starts and ends |
| `stills.py`, `tiffs.py`, `heifs.py`, `pngs.py` | pictures |
| `documents.py` | PDF |
| `existing.py` | the files in Tests/MediaTests/Cases |
| `references.py` | the second readers |
| `shown.py`, `compare.py` | what the model is shown, and the comparison |
| `reasons.py` | where more difference is right |
"""

import argparse
import collections
import concurrent.futures
import re
import sys
import tempfile
import time
from pathlib import Path

import documents
import existing
import films
import heifs
import pngs
import reasons
import stills
import tiffs
import times
import turns
import videos
from case import Refused
from compare import Verdict, brief, judge
from shown import ask

QUICK_FILES = 60


def all_cases():
    for module in (existing, stills, pngs, tiffs, heifs, documents, videos, turns, films, times):
        yield from module.cases()


def quick(cases):
    """Some of every kind, spread evenly over it."""
    kinds = collections.defaultdict(list)
    for case in cases:
        if not case.slow:
            kinds[case.kind].append(case)
    total = sum(len(kind) for kind in kinds.values())
    for kind in kinds.values():
        count = max(1, round(QUICK_FILES * len(kind) / total))
        yield from (kind[index * len(kind) // count] for index in range(count))


def check(case, number, folder, illava, model):
    place = folder / f"{number:03}"
    place.mkdir()
    path = place / case.name
    try:
        made = case.make(path)
        # A file of the repository is read where it is.
        path = made or path
        expected = case.right if isinstance(case.right, Refused) else case.right(path)
        shown = ask(illava, model, path, case.video, case.arguments)
        verdict = judge(case, shown, expected, reasons.limit(case.name))
    except Exception as error:  # A reference that fails is a failure of the check.
        verdict = Verdict(
            case, outcome="not compared", problems=[f"{type(error).__name__}: {brief(str(error))}"]
        )
    return verdict


def report(verdicts, seconds):
    kinds = collections.defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.case.kind].append(verdict)
    print("| kind | files | shown | refused | wrong | worst difference | of |")
    print("|---|---|---|---|---|---|---|")
    for kind, ones in sorted(kinds.items()):
        compared = [one for one in ones if one.worst is not None]
        worst = max(compared, key=lambda one: one.worst, default=None)
        number = f"{worst.worst:.2f}" if worst else ""
        outcomes = [one.outcome for one in ones]
        wrong = sum(bool(one.problems) for one in ones)
        print(
            f"| {kind} | {len(ones)} | {outcomes.count('shown')} | {outcomes.count('refused')} | "
            f"{wrong} | {number} | {worst.case.name if worst else ''} |"
        )
    failures = [one for one in verdicts if one.problems]
    failures.sort(key=lambda one: -(one.worst if one.worst is not None else 999))
    for one in failures:
        for problem in one.problems:
            print(f"{one.case.kind}: {one.case.name}: {problem}", file=sys.stderr)
    print(f"{len(verdicts)} files, {len(failures)} wrong, {seconds:.0f} s")
    return failures


def main():
    parser = argparse.ArgumentParser(add_help=True)
    parser.add_argument("illava")
    parser.add_argument("model")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("--keep")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    cases = list(all_cases())
    if chosen.quick:
        cases = list(quick(cases))
    if chosen.only:
        cases = [one for one in cases if re.search(chosen.only, f"{one.kind}/{one.name}")]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(chosen.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            waiting = [
                pool.submit(check, case, number, folder, chosen.illava, chosen.model)
                for number, case in enumerate(cases)
            ]
            verdicts = [one.result() for one in waiting]
    return 1 if report(verdicts, time.monotonic() - start) else 0


if __name__ == "__main__":
    sys.exit(main())
