"""Schemas and expressions that are made up, with texts that fit them."""

import json
import string

WORDS = "person car dog door garden naïve 東京 count place note is_open äöü a b über".split()
PUNCTUATION = ' .,-_/:;!?()[]{}"\\\'\n\t'


class Form:
    """A schema or an expression, and what makes texts of it."""

    def __init__(self, make, schema=None, regex=None):
        self.make = make
        self.schema = None if schema is None else json.dumps(schema, ensure_ascii=False)
        self.regex = regex
        self.text = self.schema or self.regex

    def regex_for_others(self):
        """The expression with the classes that dialects read differently written out."""
        return (
            self.regex.replace("\\d", "[0-9]")
            .replace("\\w", "[0-9A-Z_a-z]")
            .replace("\\s", "[\\t\\n\\x0B\\f\\r ]")
        )

    def fitting(self, generator):
        return self.make(generator).encode()

    def damaged(self, generator):
        text = bytearray(self.fitting(generator))
        for _ in range(generator.randrange(1, 3)):
            place = generator.randrange(len(text) + 1)
            change = generator.randrange(3)
            if change == 0:
                text[place:place] = generator.choice(['"', "\\", "0", "é", " ", "}", "a"]).encode()
            elif change == 1:
                del text[place : place + 1]
            else:
                text[place:] = text[:place]
        return bytes(text[:300])


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def words(generator, least, most):
    text = ""
    while len(text) < least or (len(text) < most and generator.random() < 0.7):
        text += generator.choice(WORDS + list(PUNCTUATION) + list(string.ascii_letters))
    return text[:most]


class Forms:
    def __init__(self, generator):
        self.generator = generator

    def make(self, count):
        schemas = [self.schema(3) for _ in range(count * 7 // 10)]
        return [Form(make, schema=schema) for schema, make in schemas] + [
            Form(make, regex=regex)
            for regex, make in (self.regex(3) for _ in range(count - len(schemas)))
        ]

    def schema(self, depth):
        kinds = ["string", "length", "integer", "bounded", "number", "boolean", "null", "enum"]
        kinds += ["const", "pattern"]
        if depth > 0:
            kinds += ["object", "array", "anyOf"] * (4 if depth == 3 else 2)
        return getattr(self, "_" + self.generator.choice(kinds))(depth)

    def _string(self, depth):
        return {"type": "string"}, lambda g: quoted(words(g, 0, 30))

    def _length(self, depth):
        least = self.generator.randrange(0, 4)
        most = least + self.generator.randrange(0, 12)
        schema = {"type": "string", "minLength": least, "maxLength": most}
        return schema, lambda g: quoted(words(g, least, most))

    def _pattern(self, depth):
        regex, make = self.regex(2)
        return {"type": "string", "pattern": f"^({regex})$"}, lambda g: quoted(make(g))

    def _integer(self, depth):
        return {"type": "integer"}, lambda g: str(g.randrange(-10_000, 10_000))

    def _bounded(self, depth):
        low = self.generator.randrange(-1200, 1200)
        high = low + self.generator.randrange(1, 3000)
        return {"type": "integer", "minimum": low, "maximum": high}, lambda g: str(
            g.randrange(low, high + 1)
        )

    def _number(self, depth):
        return {"type": "number"}, lambda g: json.dumps(
            g.choice([1, -1]) * g.random() * 10 ** g.randrange(-8, 8)
        )

    def _boolean(self, depth):
        return {"type": "boolean"}, lambda g: g.choice(["true", "false"])

    def _null(self, depth):
        return {"type": "null"}, lambda g: "null"

    def _enum(self, depth):
        values = [
            self.generator.choice([quoted(words(self.generator, 1, 8)), "true", "7", "null"])
            for _ in range(4)
        ]
        values = sorted(set(values))
        return {"enum": [json.loads(value) for value in values]}, lambda g: g.choice(values)

    def _const(self, depth):
        value = words(self.generator, 1, 12)
        return {"const": value}, lambda g: quoted(value)

    def _anyOf(self, depth):
        parts = [self.schema(depth - 1) for _ in range(self.generator.randrange(1, 4))]
        return {"anyOf": [schema for schema, _ in parts]}, lambda g: g.choice(parts)[1](g)

    def _array(self, depth):
        schema, make = self.schema(depth - 1)
        least = self.generator.randrange(0, 3)
        most = least + self.generator.randrange(0, 4)
        bounds = {} if self.generator.random() < 0.3 else {"minItems": least, "maxItems": most}
        return {"type": "array", "items": schema} | bounds, lambda g: (
            "[" + ", ".join(make(g) for _ in range(g.randrange(least, most + 1))) + "]"
        )

    def _object(self, depth):
        names = self.generator.sample(WORDS, self.generator.randrange(1, 5))
        parts = {name: self.schema(depth - 1) for name in names}
        required = [name for name in names if self.generator.random() < 0.6]

        def make(g):
            members = [
                f"{quoted(name)}: {parts[name][1](g)}"
                for name in names
                if name in required or g.random() < 0.5
            ]
            return "{" + ", ".join(members) + "}"

        schema = {
            "type": "object",
            "properties": {name: schema for name, (schema, _) in parts.items()},
            "required": required,
            "additionalProperties": False,
        }
        return schema, make

    def regex(self, depth):
        kind = self.generator.choice(
            ["text", "class", "digits", "word"]
            + (["sequence", "either", "repeated", "bounded"] * 2 if depth > 0 else [])
        )
        return getattr(self, "_r_" + kind)(depth)

    def _r_text(self, depth):
        word = self.generator.choice([word for word in WORDS])
        return word, lambda g: word

    def _r_class(self, depth):
        letters = "".join(sorted(self.generator.sample(string.ascii_lowercase, 3)))
        if self.generator.random() < 0.3:
            return f"[^{letters}\\n]", lambda g: g.choice("ABC é東0")
        return f"[{letters}é-ü]", lambda g: g.choice(letters + "éêü")

    def _r_digits(self, depth):
        return "\\d{2,4}", lambda g: str(g.randrange(10, 10_000))

    def _r_word(self, depth):
        return "\\w+", lambda g: g.choice(["person", "a", "is_open2"])

    def _r_sequence(self, depth):
        parts = [self.regex(depth - 1) for _ in range(2)]
        return "".join(regex for regex, _ in parts), lambda g: "".join(make(g) for _, make in parts)

    def _r_either(self, depth):
        parts = [self.regex(depth - 1) for _ in range(2)]
        text = "|".join(regex for regex, _ in parts)
        return f"({text})", lambda g: g.choice(parts)[1](g)

    def _r_repeated(self, depth):
        regex, make = self.regex(depth - 1)
        mark = self.generator.choice("*+?")
        least, most = {"*": (0, 4), "+": (1, 4), "?": (0, 1)}[mark]
        return f"({regex}){mark}", lambda g: "".join(make(g) for _ in range(g.randint(least, most)))

    def _r_bounded(self, depth):
        regex, make = self.regex(depth - 1)
        least = self.generator.randrange(0, 3)
        most = least + self.generator.randrange(0, 3)
        most = max(most, 1)
        return f"({regex}){{{least},{most}}}", lambda g: "".join(
            make(g) for _ in range(g.randint(least, most))
        )
