"""The dependencies between the folders of a target, and the cycles in them."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from graphs import circles, drawing
from sources import without_comments

DECLARATION = re.compile(
    r"[{}]|(?<![\w.`])(class|struct|enum|protocol|actor|typealias|extension|func|let|var|case)\s+([\w.`]+)"
)
TYPES = ("class", "struct", "enum", "protocol", "actor", "typealias")


@dataclass
class SourceFile:
    """The declarations of a file, and the words of its code."""

    folder: tuple
    path: object
    # The names of types and functions that others of the target can use.
    names: set = field(default_factory=set)
    # "Outer.inner" of types and static members that are declared in an extension.
    inner: set = field(default_factory=set)
    # ".name" of the other members that are declared in an extension.
    members: set = field(default_factory=set)
    # Names that mean something else here: types inside types, members, locals.
    own: set = field(default_factory=set)
    declared: set = field(default_factory=set)
    words: set = field(default_factory=set)
    pairs: set = field(default_factory=set)


def read_file(path, folder, text, module):
    """What a Swift file declares and uses."""
    file = SourceFile(folder, path)
    code = without_comments(text)
    depth = 0
    extended = None
    for found in DECLARATION.finditer(code):
        if found.group() in "{}":
            depth += 1 if found.group() == "{" else -1
            continue
        kind, name = found.group(1), found.group(2).strip("`")
        file.declared.add(name)
        if kind == "class" and name in ("func", "var", "let"):
            continue
        if kind == "extension":
            extended = name if depth == 0 else extended
            continue
        line = code[code.rfind("\n", 0, found.start()) + 1 : found.start()]
        hidden = re.search(r"\b(private|fileprivate)\b(?!\()", line)
        if depth == 0:
            extended = None
            (file.own if hidden else file.names).add(name)
        elif depth == 1 and extended and not hidden and (kind in TYPES or "static" in line.split()):
            file.inner.add(f"{extended}.{name}")
        else:
            file.own.add(name)
            if depth == 1 and extended and not hidden and kind in ("func", "var"):
                file.members.add(f".{name}")
    file.pairs = set(re.findall(r"\b(?=(\w+\.\w+)\b)", code)) | set(re.findall(r"\.\w+", code))
    # After a dot it is a member, unless the dot follows the module.
    code = re.sub(rf"\b{re.escape(module)}\s*\.\s*", "", code)
    file.words = set(re.findall(r"(?<![\w.`])\w+|(?<=\.\.[.<])\w+", code))
    return file


def read_files(target):
    """The Swift files of a target, which are read once."""
    if not target.files:
        for path, text in target.texts.items():
            if path.suffix == ".swift":
                folder = path.relative_to(target.folder).parts[:-1]
                target.files.append(read_file(path, folder, text, target.name))
    return target.files


def declarations(targets):
    """In how many files of the package each name is declared."""
    return Counter(
        name for target in targets for file in read_files(target) for name in file.declared)


def uses(files, counts):
    """(file that uses, name, file that declares) for every use across files of a target."""
    where = defaultdict(list)
    for file in files:
        # A member's name is unambiguous only where nothing else has the name.
        members = {name for name in file.members if counts[name[1:]] == 1}
        for name in file.names | file.inner | members:
            where[name].append(file)
    for file in files:
        for name in (file.words - file.own - file.names) | file.pairs:
            for other in where.get(name, ()):
                if other is not file:
                    yield file, name, other


def folder_graphs(target, counts):
    """For the target and each of its folders that has folders: its name, and the arrows between what
    is directly in it, each with its reasons. Files that are directly in it are the folder “.”."""
    files = read_files(target)
    parents = {file.folder[:depth] for file in files for depth in range(len(file.folder))}
    found = list(uses(files, counts)) if parents else []
    for parent in sorted(parents):
        arrows = {child(file.folder, parent): {} for file in files if below(file.folder, parent)}
        for user, name, owner in found:
            if below(user.folder, parent) and below(owner.folder, parent):
                start, end = child(user.folder, parent), child(owner.folder, parent)
                if start != end:
                    arrows[start].setdefault(end, set()).add((name, owner.path, user.path))
        yield "/".join((target.name,) + parent), arrows


def below(folder, parent):
    return folder[: len(parent)] == parent


def child(folder, parent):
    return folder[len(parent)] if len(folder) > len(parent) else "."


def folder_problems(target, counts):
    """The cycles between folders, with the type and the file of each dependency."""
    for name, arrows in folder_graphs(target, counts):
        for circle in circles(arrows):
            lines = [f"{name}: a circle of folders: " + ", ".join(circle)]
            pairs = [(start, end) for start in circle for end in circle if end in arrows[start]]
            for start, end in sorted(pairs, key=lambda pair: len(arrows[pair[0]][pair[1]])):
                lines.append(f"  {start} uses {end}:")
                for what, owner, user in sorted(arrows[start][end], key=str):
                    lines.append(f"    {user.relative_to(target.folder)}: {what}"
                                 f" of {owner.relative_to(target.folder)}")
            yield "\n".join(lines)


def folder_drawing(target, counts):
    """The graphs of a target's folders as lines."""
    for name, arrows in folder_graphs(target, counts):
        if len(arrows) > 1:
            yield f"{name}:"
            yield from drawing(arrows, indent="  ")
            yield ""
