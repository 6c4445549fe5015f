"""Swift and C files as text without comments and strings, and the functions in them."""

import re

SWIFT_CODE = re.compile(r'//|/\*|#*"""|#*"|[()]')
C_CODE = re.compile(r"//|/\*|\"|'")
COMMENT_EDGE = re.compile(r"/\*|\*/")
DECLARATION_WORDS = frozenset(
    """actor associatedtype case class deinit enum extension fileprivate final func import init
    internal lazy let mutating nonisolated nonmutating open override package private protocol public
    static struct subscript typealias var weak""".split()
)


def blank(text):
    """The same number of characters and lines, all of them spaces."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, swift=True, keep_strings=False):
    """`text` with spaces in the place of comments and, unless they are kept, strings."""
    return Stripper(text, swift, keep_strings).run()


class Stripper:
    """Reads a file in one pass."""

    def __init__(self, text, swift, keep_strings):
        self.text = text
        self.swift = swift
        self.keep_strings = keep_strings
        self.pieces = []

    def run(self):
        self.code(0, interpolated=False)
        return "".join(self.pieces)

    def code(self, start, interpolated):
        """Copies code; inside a string it ends before the parenthesis that ends the code."""
        depth = 0
        at = start
        pattern = SWIFT_CODE if self.swift else C_CODE
        while found := pattern.search(self.text, at):
            token = found.group()
            if token == "(":
                depth += 1
            elif token == ")":
                if interpolated and depth == 0:
                    break
                depth -= 1
            if token in "()":
                self.pieces.append(self.text[at : found.end()])
                at = found.end()
                continue
            self.pieces.append(self.text[at : found.start()])
            if token == "//":
                at = self.skip(found.start(), self.line_end(found.start()))
            elif token == "/*":
                at = self.skip(found.start(), self.comment_end(found.end()))
            else:
                at = self.string(found)
        end = found.start() if found else len(self.text)
        self.pieces.append(self.text[at:end])
        return end

    def skip(self, start, end):
        self.pieces.append(blank(self.text[start:end]))
        return end

    def line_end(self, start):
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end

    def comment_end(self, at):
        """Skips a comment that began before `at`; in Swift, comments can be nested."""
        depth = 1
        while depth > 0:
            found = COMMENT_EDGE.search(self.text, at)
            if not found:
                return len(self.text)
            at = found.end()
            if found.group() == "*/":
                depth -= 1
            elif self.swift:
                depth += 1
        return at

    def string(self, opening):
        """Skips the string that begins with `opening`; code inside it is copied."""
        quote = opening.group().lstrip("#")
        hashes = "#" * (len(opening.group()) - len(quote))
        interpolation = "\\" + hashes + "("
        one_line = quote != '"""'
        edge = re.compile(
            re.escape(quote + hashes) + "|" + re.escape("\\" + hashes) + r"[\s\S]" + ("|\n" if one_line else "")
        )
        start, at = opening.start(), opening.end()
        while found := edge.search(self.text, at):
            at = found.end()
            if found.group() == "\n" and one_line:
                at = found.start()
                break
            if found.group() == quote + hashes:
                break
            if self.swift and found.group() == interpolation:
                self.inside(start, at)
                start = at = self.code(at, interpolated=True)
        else:
            at = len(self.text)
        self.inside(start, at)
        return at

    def inside(self, start, end):
        piece = self.text[start:end]
        self.pieces.append(piece if self.keep_strings else blank(piece))


def closing(text, opening):
    """Where the bracket at `opening` is closed, or the end of the text."""
    pair = {"(": "()", "{": "{}", "[": "[]"}[text[opening]]
    depth = 0
    for found in re.compile("[" + re.escape(pair) + "]").finditer(text, opening):
        depth += 1 if found.group() == pair[0] else -1
        if depth == 0:
            return found.start()
    return len(text)


def line_of(text, at):
    """The number of the line of a place, from 1."""
    return text.count("\n", 0, at) + 1


def functions(text, swift=True):
    """(name, first line, number of lines) of every function in a text without comments."""
    found = swift_functions(text) if swift else c_functions(text)
    for name, start, body in found:
        first = line_of(text, start)
        yield name, first, line_of(text, closing(text, body)) - first + 1


def swift_functions(text):
    keyword = re.compile(r"(?<![\w.`])(func\s+([^\s(<]+)|init(?=[?!]?\s*[<(])|deinit|subscript|var\s+(\w+))")
    for found in keyword.finditer(text):
        word = found.group(1)
        body = swift_body(text, found.end(), variable=word.startswith("var"))
        if body is not None:
            yield found.group(2) or found.group(3) or word, found.start(), body


def swift_body(text, at, variable):
    """The brace that opens the body of what is declared before `at`, if it has one."""
    token = re.compile(r"[({\[};=\n]|->|==|\w+")
    while found := token.search(text, at):
        at = found.end()
        word = found.group()
        if word == "{":
            return found.start()
        if word in "};" or word in DECLARATION_WORDS:
            return None
        if word in "([":
            at = closing(text, found.start()) + 1
        elif variable and word == "=":
            return None
        elif variable and word == "\n" and not text[at:].lstrip(" \n").startswith("{"):
            return None
    return None


def c_functions(text):
    text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", lambda line: blank(line.group()), text, flags=re.MULTILINE)
    at = start = 0
    while found := re.compile(r"[;{}]").search(text, at):
        at = found.end()
        if found.group() == "{":
            head = text[start : found.start()]
            # The last name whose parentheses go up to the brace: macros may stand before it.
            named = re.search(r"(\w+)\s*\((?=[^()]*(?:\([^()]*\)[^()]*)*\)\s*$)", head)
            if named:
                yield named.group(1), start + head.rfind("\n", 0, named.start()) + 1, found.start()
            at = closing(text, found.start()) + 1
        start = at
