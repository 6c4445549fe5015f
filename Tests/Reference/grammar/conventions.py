"""Where illava and others write JSON differently by convention, token by token.

Every rule says of one token at one place of one answer why one side allows it and the other does not.
What no rule is about has to be allowed by both or by neither.
"""

import json
import re

import regex

ESCAPE = re.compile(rb"u00[01][0-9a-fA-F]|u007[fF]|[\"\\\\bfnrt]")


THIRD = "xgrammar takes what the package regex does not"
QUOTES = "xgrammar takes quotes for characters of a pattern, which JSON forbids"
# What depends on the text before, not on the reader's state alone.
DEPENDING = {THIRD, QUOTES}


class Reader:
    """Reads JSON byte by byte and knows what the last bytes belong to."""

    def __init__(self, text=b""):
        self.in_string, self.escape, self.before, self.number = False, None, b"", b""
        self.text, self.content = b"", b""
        for byte in text:
            self.read(byte)

    def copy(self):
        other = Reader()
        other.__dict__.update(self.__dict__)
        return other

    @property
    def state(self):
        """What matters for what follows."""
        return self.in_string, self.escape, is_half(self.before), number_state(self.number)

    def read(self, byte):
        """Reads a byte and returns what it is: the kind, and the bytes of it so far."""
        character = bytes([byte])
        self.text += character
        if not self.in_string:
            if character == b'"':
                self.in_string, self.number, self.content = True, b"", b""
                return "quote", character
            self.number = self.number + character if character in b"-+.eE0123456789" else b""
            return ("number", self.number) if self.number else ("mark", character)
        if self.escape is not None or character != b'"':
            self.content += character
        if self.escape is not None:
            self.escape += character
            found = self.escape
            if found[:1] != b"u" or len(found) == 5:
                self.before, self.escape = found, None
            return "escape", found
        if character == b"\\":
            self.escape = b""
            return "escape", b""
        half = is_half(self.before)
        self.before = b""
        if character == b'"':
            self.in_string = False
        if half:
            return "half", character
        if character == b'"':
            return "close", self.content
        return "control" if byte < 0x20 else "delete" if byte == 0x7F else "plain", character


def number_state(number):
    """The number as far as more digits of it matter."""
    whole, _, rest = number.partition(b".")
    return whole[:1] + (b"0" if number in (b"0", b"-0") else b""), len(number), len(rest), number[-3:]


def is_half(escape):
    """Whether an escape is the first half of a pair of surrogates."""
    return re.fullmatch(rb"u[dD][89abAB]..", escape or b"") is not None


def is_lone(before, escape):
    """Whether an escape, as far as it goes, is the second half alone or no second half of a first one."""
    second = b"u", b"dD", b"cdefCDEF"
    if not is_half(before):
        return re.match(rb"u[dD][c-fC-F]", escape) is not None
    return any(byte not in set(allowed) for byte, allowed in zip(escape, second))


def is_long(number):
    """Whether a number has more digits than illava writes."""
    parts = re.split(rb"[.eE]", number.lstrip(b"-"))
    exponent = re.search(rb"[eE][+-]?([0-9]*)", number)
    digits = parts[:-1] if exponent else parts
    return any(len(part) > 16 for part in digits) or (exponent and len(exponent[1]) > 2)


def is_beginning(escape):
    """Whether an escape is, or begins, one that llguidance writes."""
    rest = b"u0000"[len(escape) :] if escape in (b"", b"u", b"u0", b"u00") else b"F"
    return any(ESCAPE.fullmatch(text) for text in (escape, escape + rest, escape + b"0"))


def fits(expression, text, partial=False):
    """Whether a third implementation finds that bytes fit an expression, or begin what fits."""
    for cut in range(min(4, len(text) + 1) if partial else 1):
        try:
            content = text[: len(text) - cut].decode()
        except UnicodeDecodeError:
            continue
        return regex.fullmatch(expression, content, partial=partial, timeout=5) is not None
    return False


def patterns(schema):
    """All patterns of a schema."""
    if isinstance(schema, dict):
        own = [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        return sum(map(patterns, schema.values()), own)
    return sum(map(patterns, schema), []) if isinstance(schema, list) else []


def reason_of_expression(name, form, text, token, is_ours):
    """The same as `reason` for an expression; `None` as the token is the end."""
    whole = text + (token or b"")
    if name == "xgrammar" and not is_ours:
        if not fits(form.regex_for_others(), whole, partial=token is not None):
            return THIRD
    return None


def reason(name, form, reader, token, is_ours):
    """Why only one side allows a token; `None` where nothing explains it.

    `reader` has read the answer so far; `is_ours` says that illava is the side.
    """
    reader = reader.copy()
    bounded = form.schema is not None and ("Length" in form.schema or "pattern" in form.schema)
    for byte in token:
        before = reader.before
        kind, part = reader.read(byte)
        if kind == "number" and not is_ours and is_long(part):
            return "illava ends numbers after 16 digits before and after the point, exponents after 2"
        if kind == "number" and part == b"-0":
            if name == "llguidance" and not is_ours and "minimum" in form.text:
                return "illava writes no -0 where a whole number has bounds"
            if name == "xgrammar" and is_ours and "integer" in form.text:
                return "xgrammar writes no whole number -0"
        if kind == "delete" and not is_ours:
            return "illava writes DEL as an escape"
        if kind == "escape":
            if name == "llguidance" and is_ours and not is_beginning(part):
                return "llguidance writes only escapes that JSON asks for"
            named = '"const"' in form.text or '"enum"' in form.text
            if name == "llguidance" and not is_ours and named and part[:1] == b"u":
                return "illava writes a constant in one way, llguidance also with longer escapes"
            if name == "xgrammar" and is_ours and bounded:
                return "xgrammar writes no escapes in strings with bounds or a pattern"
            if name == "xgrammar" and not is_ours and is_lone(before, part):
                return "xgrammar writes halves of pairs of surrogates"
        if kind == "half" and name == "xgrammar" and not is_ours:
            return "xgrammar writes halves of pairs of surrogates"
        if kind == "close" and name == "xgrammar" and not is_ours and "pattern" in form.text:
            content = json.loads(b'"' + part + b'"', strict=False).encode()
            expressions = patterns(json.loads(form.schema))
            if not any(fits(expression, content) for expression in expressions):
                return THIRD
            if any(fits(expression, content + b'"', partial=True) for expression in expressions):
                return QUOTES
        if kind == "control" and name == "xgrammar" and not is_ours and bounded:
            return "xgrammar writes control characters as they are, which JSON forbids"
    return None
