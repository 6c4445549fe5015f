#!/usr/bin/env python3
"""Hands thousands of damaged files to the program: none may crash it, stop it or fill the memory.

usage: damage.py [--count N] [--seed N] [--kinds WORD,…] [--jobs N] [--keep FOLDER] ILLAVA MODEL

Start it through run.sh, which makes the virtual environment: run.sh damage.py …

`illava eval` reads fifty files in a process, decodes everything that would be shown, and answers with one
token; its log says which file was being read if the process ends. A file is a sound one (seeds.py) with one
to three damages (damages.py): bits flipped, its end cut off, a block left out, doubled, zeroed or moved, a
number of two or four bytes set to an extreme, or the start of one file joined to the end of another. Each
file follows from the seed and its number alone, so that `--only` makes it again.

  --count   the number of files (10000)
  --seed    another number makes other files (1)
  --kinds   kinds of files by their endings, such as tif,heic,pdf; all by default
  --only    only the file of this number
  --jobs    processes at a time (2)
  --keep    where files that went wrong are kept (.build/damaged)

What is wrong: the end of the process, more than 30 s of processor time or 150 s of waiting for a file, more
than 1 GiB of resident memory, or a refusal whose code is not about media.
Ends with 1 where there is one.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import seeds
from damages import damaged

# Seconds of processor time for a file, and of any time: beside other work a process may wait for long.
SECONDS = 30
WAITING = 150
RESIDENT = 1 << 30
# Files of a process.
BATCH = 50


def sound_files(kinds):
    """Sound files of every kind: small ones, so that damage hits what matters."""
    with tempfile.TemporaryDirectory() as folder:
        found = seeds.write(Path(folder))
    return {name: data for name, data in found.items() if not kinds or ending(name) in kinds}


def ending(name):
    return name.rsplit(".", 1)[-1]


@dataclass
class Result:
    """How a file went."""

    number: int
    name: str
    outcome: str = ""
    code: str = ""
    message: str = ""
    seconds: float = 0
    wrong: str = ""


def status_words(process):
    """The words behind the name in the kernel's line about a process; none where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def processor_seconds(process):
    """Seconds of processor time that a process has used."""
    words = status_words(process)
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK") if words else 0.0


def state(process):
    """What a process that does not end is doing, for the message."""
    words = status_words(process)
    return f"state {words[0] if words else '?'}, {processor_seconds(process):.1f} s of processor time"


class Batch:
    """Some files that one process reads, one after another: `illava eval`.

    Its log has a line when a file is begun and one when it is done, so a file at which the process
    ends or stays is known. A process then goes on behind it.
    """

    def __init__(self, numbers, chosen, sounds, folder):
        self.chosen, self.folder = chosen, folder
        self.results, self.paths, self.state = {}, {}, ""
        for number in numbers:
            name, data = damaged(number, chosen.seed, sounds)
            path = folder / f"{number}.{ending(name)}"
            path.write_bytes(data)
            self.results[number] = Result(number, name)
            self.paths[number] = path

    def run(self):
        waiting = list(self.paths)
        while waiting:
            begun, resident = self.process(waiting)
            if resident > RESIDENT and len(waiting) > 1:
                # Some file of these took too much memory: each alone, to know which.
                for number in waiting:
                    _, alone = self.process([number])
                    self.weigh(number, alone)
                break
            if resident > RESIDENT:
                self.weigh(waiting[0], resident)
            waiting = waiting[waiting.index(begun) + 1 :] if begun is not None else []
        for number, path in self.paths.items():
            result = self.results[number]
            result.wrong = result.wrong or self.judge(result)
            if result.wrong:
                keep = Path(self.chosen.keep)
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{self.chosen.seed}-{number}-{result.name}").write_bytes(path.read_bytes())
            path.unlink()
        return list(self.results.values())

    def weigh(self, number, resident):
        if resident > RESIDENT:
            self.results[number].wrong = f"{resident >> 20} MiB of memory"

    def judge(self, result):
        if result.outcome == "refused" and not result.code.startswith("media."):
            return f"refused as {result.code}: {result.message}"
        return "" if result.outcome in ("answered", "refused") else "was not read"

    def process(self, numbers):
        """Reads files; returns the one at which it ended early, and the most memory held."""
        data = self.folder / f"{numbers[0]}.jsonl"
        log = self.folder / f"{numbers[0]}.log"
        rows = [{"media": str(self.paths[one]), "question": "D", "answer": "x"} for one in numbers]
        data.write_text("".join(json.dumps(row) + "\n" for row in rows))
        command = [self.chosen.illava, "eval", "--model", self.chosen.model, "--data", str(data)]
        command += ["--profile", "off", "--max-new-tokens", "1", "--threads", "1", "--log", str(log)]
        command += ["--frames", "4", "--fresh"]
        output = self.folder / f"{numbers[0]}.txt"
        with open(output, "wb") as text:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=text,
                stderr=text,
                env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
            )
            late, status, resident = self.wait(child, log)
        begun = self.take(log, numbers)
        tail = output.read_bytes().decode(errors="replace").strip()[-300:]
        for one in (data, log, output):
            one.unlink(missing_ok=True)
        if begun is not None or status != 0:
            # Without a file that is begun, the run itself failed: that is the first file's fault here.
            begun = numbers[0] if begun is None else begun
            result = self.results[begun]
            ended = f"the program ended with {status}"
            if late:
                ended = f"no end: {self.state}"
            result.wrong = f"{ended}: {' '.join(tail.split())}"
        return begun, resident

    def wait(self, child, log):
        """Waits for the end, or until the log has not grown for too long."""
        size, since, used = -1, time.monotonic(), 0.0
        while True:
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
            if ended:
                child.returncode = os.waitstatus_to_exitcode(status)
                return False, child.returncode, usage.ru_maxrss * 1024
            grown = log.stat().st_size if log.exists() else -1
            if grown != size:
                size, since, used = grown, time.monotonic(), processor_seconds(child.pid)
            waited = time.monotonic() - since
            if waited > SECONDS and (waited > WAITING or processor_seconds(child.pid) - used > SECONDS):
                self.state = state(child.pid)
                child.kill()
                _, status, usage = os.wait4(child.pid, 0)
                child.returncode = os.waitstatus_to_exitcode(status)
                return True, child.returncode, usage.ru_maxrss * 1024
            time.sleep(0.02)

    def take(self, log, numbers):
        """Notes the results in a log; returns the file that was begun and not done."""
        begun = None
        if not log.exists():
            return None
        for line in log.read_text(errors="replace").splitlines()[1:]:
            try:
                words = json.loads(line)
            except ValueError:
                continue
            if not 1 <= words.get("row", 0) <= len(numbers):
                continue
            number = numbers[words["row"] - 1]
            if "begun" in words:
                begun = number
                continue
            begun = None
            result = self.results[number]
            result.outcome = "refused" if "failure" in words else "answered"
            result.code = words.get("failure", "")
            result.message = words.get("message", "")
            result.seconds = words.get("seconds", 0)
        return begun


def report(results, seconds):
    kinds = collections.defaultdict(list)
    for result in results:
        kinds[ending(result.name)].append(result)
    print("| kind | files | answered | refused | wrong | longest answer |")
    print("|---|---|---|---|---|---|")
    for kind, ones in sorted(kinds.items()):
        outcomes = [one.outcome for one in ones]
        wrong = sum(bool(one.wrong) for one in ones)
        longest = max(one.seconds for one in ones)
        print(
            f"| {kind} | {len(ones)} | {outcomes.count('answered')} | {outcomes.count('refused')} | "
            f"{wrong} | {longest:.1f} s |"
        )
    codes = collections.Counter(one.code for one in results if one.code)
    print("refusals: " + ", ".join(f"{count} × {code}" for code, count in codes.most_common()))
    failures = [one for one in results if one.wrong]
    for one in failures:
        print(f"file {one.number} ({one.name}): {one.wrong}", file=sys.stderr)
    print(f"{len(results)} files, {len(failures)} wrong, {seconds:.0f} s")
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("illava")
    parser.add_argument("model")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--only", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", default=".build/damaged")
    chosen = parser.parse_args()
    sounds = sound_files({one for one in chosen.kinds.split(",") if one})
    start = time.monotonic()
    numbers = range(chosen.count) if chosen.only is None else [chosen.only]
    batches = [numbers[first : first + BATCH] for first in range(0, len(numbers), BATCH)]
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
            tries = [
                pool.submit(lambda one: Batch(one, chosen, sounds, Path(scratch)).run(), batch)
                for batch in batches
            ]
            for one in concurrent.futures.as_completed(tries):
                results += one.result()
                if sys.stderr.isatty():
                    print(f"\r{len(results)} files", end="", file=sys.stderr)
    results.sort(key=lambda one: one.number)
    return 1 if report(results, time.monotonic() - start) else 0


if __name__ == "__main__":
    sys.exit(main())
