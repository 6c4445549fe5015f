#!/usr/bin/env python3
"""Checks the layers of the program: dependencies point down, and there are no cycles.

usage: check.py [--draw] [ROOT]
  ROOT    the folder with Package.swift, by default this repository
  --draw  prints the graph of the targets and of the folders of each; layer 1 uses none
          of the others

The checks:
- Package.swift: no cycle of targets; no target depends on one that is listed above it; every declared
  dependency is imported, and every import is declared.
- The folders of a target, and the folders of such a folder: a folder uses another where a type or a
  function that the other declares is a word in its code. No cycles. Only members declared in an
  extension are recognized: static ones after their type, others where nothing else in the
  package has the name.
- Files of Swift and C have at most 300 lines, functions at most 60.

exceptions.txt beside this file may list the beginnings of known problems, one per line. A line whose
problem is solved is itself a problem and has to be removed.
"""

import sys
from pathlib import Path

from folders import declarations, folder_drawing, folder_problems
from graphs import drawing
from package import SOURCE_ENDINGS, read_package, target_problems
from sources import functions, without_comments

FILE_LINES = 300
FUNCTION_LINES = 60


def size_problems(root):
    """Files and functions that are too long."""
    files = [root / "Package.swift"]
    for folder in ("Sources", "Tests"):
        files += sorted((root / folder).rglob("*"))
    for file in files:
        if file.suffix not in SOURCE_ENDINGS or not file.is_file():
            continue
        text = file.read_text()
        lines = text.count("\n")
        if lines > FILE_LINES and file.name != "Package.swift":
            yield f"{file}: {lines} lines, more than {FILE_LINES}"
        swift = file.suffix == ".swift"
        for name, line, length in functions(without_comments(text, swift), swift):
            if length > FUNCTION_LINES:
                yield (
                    f"{file}: {name} in line {line} has {length} lines, more than {FUNCTION_LINES}"
                )


def problems(root):
    """Everything that is wrong, a text each; files are named from the root."""
    targets = read_package(root)
    found = list(target_problems(targets))
    counts = declarations(targets)
    for target in targets:
        found += folder_problems(target, counts)
    found += size_problems(root)
    return [text.replace(f"{root}/", "") for text in found]


def without_exceptions(found, exceptions):
    """The problems that are not exceptions, and the exceptions that are not needed."""
    for text in found:
        if not any(text.startswith(known) for known in exceptions):
            yield text
    for known in exceptions:
        if not any(text.startswith(known) for text in found):
            yield f"exceptions.txt: this is no problem any more: {known}"


def known_problems(file):
    lines = file.read_text().splitlines() if file.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def draw(root):
    """The graphs of targets and folders as lines."""
    targets = read_package(root)
    yield "targets:"
    built = [target for target in targets if target.kind != "testTarget"]
    yield from drawing({target.name: set(target.dependencies) for target in built}, indent="  ")
    yield ""
    counts = declarations(targets)
    for target in targets:
        yield from folder_drawing(target, counts)


def main(arguments):
    drawn = "--draw" in arguments
    places = [argument for argument in arguments if not argument.startswith("-")]
    if len(places) > 1 or [one for one in arguments if one.startswith("-") and one != "--draw"]:
        print(__doc__, file=sys.stderr)
        return 64
    root = Path(places[0] if places else Path(__file__).parents[2]).resolve()
    if drawn:
        print("\n".join(draw(root)))
        return 0
    known = known_problems(root / "Tests/layout/exceptions.txt")
    found = list(without_exceptions(problems(root), known))
    for text in found:
        print(text, file=sys.stderr)
    if found:
        print(f"{len(found)} problems", file=sys.stderr)
        return 1
    print("the layout is right")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
