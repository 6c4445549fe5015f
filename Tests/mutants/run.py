#!/usr/bin/env python3
"""Makes small mistakes (mutants) in a copy of the program and shows that the tests notice each.

usage: run.py [--list] [--only N,M…] [--scratch DIR]
  --list     prints the mutants and runs nothing
  --only     runs these mutants, by number
  --scratch  the folder of the copy and its build (default: illava-mutants in the folder for temporary
             files); kept, so that the next run builds only what has changed

Not part of .ci/run: the first run makes a debug build of its own, and each round of mutants builds
again. Mutants that no suite can mix up with each other are in one round. Ends with 1 when a mutant
survives that mutants.py does not argue to be equivalent, and with 2 when something is wrong with the
mutants: a text that is not in its file exactly once, a mutant that does not compile, or a suite that
fails without any.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from mutants import MUTANTS, RUNS

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 600
FAILED_TEST = re.compile(r"Test (?!run with)(.+?)(?: with \d+ test cases?)? failed after", re.MULTILINE)
RAN = re.compile(r"Test run with [1-9]\d* tests?")


def stop(message):
    """Ends the script because something is wrong with the mutants."""
    print(f"run.py: {message}", file=sys.stderr)
    sys.exit(2)


def tracked():
    """The files of the working tree that git knows and that are there."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def copy_tree(scratch):
    """Brings the copy up to date; files that are the same are left alone, so they are not built."""
    names = set(tracked())
    for name in names:
        source, target = ROOT / name, scratch / name
        data = source.read_bytes()
        if target.is_file() and target.read_bytes() == data:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(source.stat().st_mode)
    for folder in ["Sources", "Tests"]:
        for path in (scratch / folder).rglob("*"):
            name = path.relative_to(scratch).as_posix()
            if path.is_file() and name not in names:
                path.unlink()


def build(scratch):
    """Builds the copy. Returns the compiler's output where it does not compile, else nothing."""
    ran = subprocess.run(
        ["swift", "build", "--build-tests"], cwd=scratch, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    return ran.stdout if ran.returncode else ""


def test(scratch, suites):
    """Runs suites. Returns whether they passed, and which tests failed."""
    try:
        ran = subprocess.run(
            ["swift", "test", "--skip-build", "--disable-xctest", "--filter", "|".join(suites)],
            cwd=scratch, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return False, ["(the tests did not end)"]
    if ran.returncode == 0:
        if not RAN.search(ran.stdout):
            stop(f"no tests of the name {'|'.join(suites)}")
        return True, []
    failed = sorted(set(FAILED_TEST.findall(ran.stdout)))
    if not failed and ran.returncode > 0 and "signal" not in ran.stdout:
        stop(f"the tests of {'|'.join(suites)} could not be run:\n{ran.stdout[-3000:]}")
    return False, failed or ["(the tests crashed)"]


def rounds(numbers):
    """Deals the mutants into rounds: in one round no suite runs code of two mutants."""
    dealt = []
    for number in numbers:
        mutant = MUTANTS[number - 1]

        def fits(others):
            return all(
                other.target not in RUNS[mutant.suite] and mutant.target not in RUNS[other.suite]
                for other in (MUTANTS[other - 1] for other in others))

        for others in dealt:
            if fits(others):
                others.append(number)
                break
        else:
            dealt.append([number])
    return dealt


def run_round(scratch, numbers):
    """Builds the program with these mutants. Returns what each one's suite says."""
    originals = {}
    try:
        for number in numbers:
            mutant = MUTANTS[number - 1]
            path = scratch / mutant.file
            originals[path] = path.read_bytes()
            path.write_text(path.read_text().replace(mutant.old, mutant.new))
        problem = build(scratch)
        if problem:
            stop(f"mutants {numbers} do not compile:\n{problem[-3000:]}")
        return {number: test(scratch, [MUTANTS[number - 1].suite]) for number in numbers}
    finally:
        for path, data in originals.items():
            path.write_bytes(data)


def check(numbers):
    """Looks for every text that is to be replaced."""
    for number in numbers:
        mutant = MUTANTS[number - 1]
        path = ROOT / mutant.file
        count = path.read_text().count(mutant.old) if path.is_file() else 0
        if count != 1:
            stop(f"mutant {number}: its text is {count} times in {mutant.file}, not once:\n{mutant.old}")
        if mutant.suite not in RUNS:
            stop(f"mutant {number}: RUNS does not say what {mutant.suite} runs")


def main():
    parser = argparse.ArgumentParser(description="Shows that the tests notice small mistakes.")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument("--only", metavar="N,M", help="run these mutants, by number")
    parser.add_argument(
        "--scratch", type=Path, default=Path(tempfile.gettempdir()) / "illava-mutants",
        help="the folder of the copy and its build")
    options = parser.parse_args()
    numbers = list(range(1, len(MUTANTS) + 1))
    if options.only:
        try:
            numbers = sorted({int(number) for number in options.only.split(",")})
        except ValueError:
            parser.error("--only takes numbers with commas between them")
        if not all(1 <= number <= len(MUTANTS) for number in numbers):
            parser.error(f"--only takes numbers of 1…{len(MUTANTS)}")
    check(numbers)
    if options.list:
        for number in numbers:
            mutant = MUTANTS[number - 1]
            print(f"{number:2}  {mutant.breaks}\n    {mutant.file}, {mutant.suite}")
        return 0

    scratch = options.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    copy_tree(scratch)
    if problem := build(scratch):
        stop(f"the program does not compile:\n{problem[-3000:]}")
    passed, failed = test(scratch, sorted({MUTANTS[number - 1].suite for number in numbers}))
    if not passed:
        stop(f"without any mutant these fail: {', '.join(failed)}")

    results = {}
    for number_of_round, together in enumerate(dealt := rounds(numbers), 1):
        print(f"round {number_of_round} of {len(dealt)}: {together}", file=sys.stderr, flush=True)
        results |= run_round(scratch, together)
        for number in together:
            print(row(number, results[number]), file=sys.stderr, flush=True)
    print("| | mutant | caught by |\n|---|---|---|")
    for number in numbers:
        print(row(number, results[number]))
    survivors = [
        number for number in numbers if results[number][0] and not MUTANTS[number - 1].equivalent]
    if survivors:
        print(f"run.py: not noticed: {survivors}", file=sys.stderr)
    return 1 if survivors else 0


def row(number, result):
    """A mutant's line of the table."""
    mutant = MUTANTS[number - 1]
    survives, failed = result
    if survives:
        caught = f"equivalent: {mutant.equivalent}" if mutant.equivalent else "SURVIVES"
    else:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        caught = f"{mutant.suite}: {failed[0]}{more}"
    return f"| {number} | {mutant.breaks} | {caught} |"


if __name__ == "__main__":
    sys.exit(main())
