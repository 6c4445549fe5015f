"""The targets that Package.swift lists, and the problems with the dependencies between them."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from graphs import circles
from sources import closing, without_comments

# Modules that come with Swift and need not be declared.
WITH_SWIFT = frozenset(
    """Builtin CoreFoundation Darwin Dispatch Foundation FoundationEssentials
    FoundationInternationalization FoundationNetworking FoundationXML Glibc Musl Observation
    RegexBuilder Swift Synchronization Testing XCTest""".split()
)
KINDS = {
    "target": "Sources",
    "executableTarget": "Sources",
    "systemLibrary": "Sources",
    "testTarget": "Tests",
}
SOURCE_ENDINGS = (".swift", ".c", ".h", ".inc")


@dataclass
class Target:
    """One target: what it declares and what its files import."""

    name: str
    kind: str
    folder: Path
    dependencies: list = field(default_factory=list)
    products: list = field(default_factory=list)
    imports: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    files: list = field(default_factory=list)

    @property
    def declared(self):
        return self.dependencies + self.products


def read_package(root):
    """The targets of the package in the order in which they are listed, with their sources."""
    text = without_comments((root / "Package.swift").read_text(), keep_strings=True)
    start = re.search(r"\btargets:\s*\[\s*\.", text)
    if not start:
        raise SystemExit("Package.swift: no list of targets")
    opening = text.index("[", start.start())
    body = text[opening : closing(text, opening)]
    targets = []
    at = 0
    while found := re.compile(r"\.(\w+)\s*\(").search(body, at):
        at = closing(body, found.end() - 1)
        if found.group(1) in KINDS:
            targets.append(read_target(root, found.group(1), body[found.end() : at]))
    read_imports(targets)
    return targets


def read_target(root, kind, text):
    name = re.search(r'\bname:\s*"([^"]+)"', text).group(1)
    path = re.search(r'\bpath:\s*"([^"]+)"', text)
    folder = root / (path.group(1) if path else f"{KINDS[kind]}/{name}")
    target = Target(name, kind, folder)
    listed = re.search(r"\bdependencies:\s*\[", text)
    if listed:
        entries = text[listed.end() : closing(text, listed.end() - 1)]
        of_products = re.compile(r'\.product\(\s*name:\s*"([^"]+)"[^)]*\)')
        target.products = of_products.findall(entries)
        target.dependencies = re.findall(r'"([^"]+)"', of_products.sub("", entries))
    for file in sorted(folder.rglob("*")):
        if file.suffix in SOURCE_ENDINGS:
            target.texts[file] = file.read_text()
    return target


def read_imports(targets):
    """Records, for every target, the modules that its files import and one file that does."""
    owner = {}
    for target in targets:
        for file, text in target.texts.items():
            if file.suffix == ".h":
                owner[file.name] = target.name
                if target.kind == "systemLibrary":
                    # A library's own headers, with their folders: <libavutil/frame.h>.
                    owner.update((name, target.name) for name in included(text) if "/" in name)
    for target in targets:
        for file, text in target.texts.items():
            for module in imported(file, text, owner):
                if module != target.name:
                    target.imports.setdefault(module, file)


def imported(file, text, owner):
    if file.suffix == ".swift":
        return re.findall(
            r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+|public |package |internal |fileprivate |private )*import\s+"
            r"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)",
            without_comments(text),
            re.MULTILINE,
        )
    names = [header if header in owner else Path(header).name for header in included(text)]
    return [owner[name] for name in names if name in owner]


def included(text):
    """The headers that a C file names."""
    code = without_comments(text, swift=False, keep_strings=True)
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', code, re.MULTILINE)


def target_problems(targets):
    """The problems with the dependencies between targets, one line each."""
    place = {target.name: number for number, target in enumerate(targets)}
    for target in targets:
        for name in target.dependencies:
            if name not in place:
                yield f"Package.swift: {target.name} depends on {name}, which is no target"
            # Tests are at the end of the list.
            elif target.kind != "testTarget" and place[name] < place[target.name]:
                yield f"Package.swift: {target.name} depends on {name}, which is listed above it"
        for name in target.declared:
            if name not in target.imports:
                yield f"Package.swift: {target.name} depends on {name}, but does not import it"
        for name, file in target.imports.items():
            if name not in target.declared and name not in WITH_SWIFT:
                yield f"{file}: imports {name}, on which {target.name} does not declare to depend"
    arrows = {target.name: [name for name in target.dependencies if name in place] for target in targets}
    for circle in circles(arrows):
        yield "Package.swift: a circle of targets: " + ", ".join(circle)
