"""Compares the tokens that illava allows with those of two other implementations, at every step.

    python3 compare_masks.py MODEL_FOLDER ILLAVA_MASKS [--forms N] [--texts N] [--seed N] [--show N] \\
        [--seconds N]

MODEL_FOLDER has vocab.json and merges.txt of Qwen; ILLAVA_MASKS is the program of that name. Needs the
packages llguidance, xgrammar, torch, numpy and regex. N schemas and expressions are made up, and for each N
texts: fitting ones, damaged ones, and walks through what llguidance allows. The other implementations
are configured alike: one line, a space behind commas and colons, no other members, every way to cut a text
into tokens. At every step of every text each token has to be allowed by both or by neither; conventions.py
explains the tokens for which that is not so. Prints what was compared, how many steps differ, and how many
tokens are explained by which rule; the exit status is 1 when any step differs.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import llguidance
import numpy
import torch
import xgrammar

import conventions
from forms import Forms
from vocabulary import Vocabulary

BOUND = 151_643
END = 151_645
SIZE = 151_936


class Guidance:
    """llguidance."""

    name = "llguidance"
    SPACES = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}

    def __init__(self, vocabulary):
        self.tokenizer = llguidance.LLTokenizer(
            llguidance.TokenizerWrapper(vocabulary), n_vocab=SIZE, slices=[]
        )

    def start(self, form):
        grammar = '%llguidance {"no_forcing": true}\nstart: '
        if form.schema is not None:
            schema = json.loads(form.schema) | {"x-guidance": self.SPACES}
            grammar += "%json " + json.dumps(schema, ensure_ascii=False)
        else:
            grammar += "/" + form.regex_for_others().replace("/", "\\/") + "/"
        matcher = llguidance.LLMatcher(self.tokenizer, grammar)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        self.first = matcher
        self.restart()

    def restart(self):
        # A matcher that is reset does not always allow what a new one does.
        self.matcher = self.first.deep_copy()

    def allowed(self):
        bits = self.matcher.compute_bitmask()
        if self.matcher.is_error():
            raise ValueError(self.matcher.get_error())
        return bytes(bits)

    def take(self, token):
        return self.matcher.consume_token(token)


class XGrammar:
    """xgrammar."""

    name = "xgrammar"

    def __init__(self, vocabulary):
        tokens = list(vocabulary.tokens) + [b"<unused>"] * (SIZE - len(vocabulary.tokens))
        self.compiler = xgrammar.GrammarCompiler(
            xgrammar.TokenizerInfo(
                tokens, xgrammar.VocabType.RAW, vocab_size=SIZE, stop_token_ids=[END]
            )
        )
        self.bits = xgrammar.allocate_token_bitmask(1, SIZE)

    def start(self, form):
        if form.schema is not None:
            self.compiled = self.compiler.compile_json_schema(
                form.schema, any_whitespace=False, separators=(", ", ": "), strict_mode=True
            )
        else:
            self.compiled = self.compiler.compile_regex(form.regex_for_others())
        self.restart()

    def restart(self):
        self.matcher = xgrammar.GrammarMatcher(self.compiled)

    def allowed(self):
        self.bits.fill_(-1)
        self.matcher.fill_next_token_bitmask(self.bits)
        return self.bits.numpy().tobytes()

    def take(self, token):
        return self.matcher.accept_token(token)


class Illava:
    """The program that is compared."""

    def __init__(self, program, folder, kinds):
        self.process = subprocess.Popen(
            [program, folder, kinds], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process.stdout.readline()
        self.seconds, self.masks, self.slowest = 0.0, 0, 0.0

    def ask(self, form, texts, ids=False):
        asked = {"texts": texts, "ids": ids}
        asked["schema" if form.schema is not None else "regex"] = form.schema or form.regex
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        if reply.get("code"):
            raise ValueError(f"illava refuses {form.text}: {reply['message']}")
        self.seconds += reply["maskSeconds"]
        self.masks += reply["maskCount"]
        self.slowest = max(self.slowest, reply["slowestSeconds"])
        return reply["texts"]


def spread(bits):
    """A truth value for every token."""
    allowed = numpy.zeros(SIZE, dtype=bool)
    bits = numpy.frombuffer(bits, dtype=numpy.uint8)
    values = numpy.unpackbits(bits, bitorder="little")[:SIZE]
    allowed[: len(values)] = values
    return allowed


def numbers():
    """The first random number of SplitMix64 for each id as the seed."""
    with numpy.errstate(over="ignore"):
        z = numpy.arange(SIZE, dtype=numpy.uint64) + numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return z ^ (z >> numpy.uint64(31))


NUMBERS = numbers()


def kinds(vocabulary):
    """The kind of each token: 1 and 2 have escapes, 3 control characters, 4 DEL, 0 are all others."""
    kinds = numpy.zeros(SIZE, dtype=numpy.uint8)
    for token, text in enumerate(vocabulary.tokens[:BOUND]):
        if b"\\/" in text or b"\\u" in text:
            kinds[token] = 1
        elif b"\\" in text:
            kinds[token] = 2
        elif any(byte < 0x20 for byte in text):
            kinds[token] = 3
        elif b"\x7f" in text:
            kinds[token] = 4
    return kinds


class Digests:
    """A set of tokens is known by the sums of its tokens' numbers, one for each kind."""

    def __init__(self, kinds):
        self.kinds = [numpy.flatnonzero(kinds[:BOUND] == kind) for kind in range(kinds.max() + 1)]
        self.known = {}

    def __call__(self, bits):
        if bits not in self.known:
            if len(self.known) > 20_000:
                self.known = {}
            allowed = spread(bits)
            sums = [NUMBERS[ids[allowed[ids]]].sum(dtype=numpy.uint64) for ids in self.kinds]
            self.known[bits] = [str(int(total)) for total in sums], bool(allowed[END])
        return self.known[bits]


class Comparison:
    def __init__(self, vocabulary, illava, kinds, show):
        self.vocabulary, self.illava, self.show = vocabulary, illava, show
        self.digests = Digests(kinds)
        self.steps, self.differ, self.refused, self.explained = {}, {}, {}, {}
        self.reasons = {}

    def form(self, form, texts, others):
        replies = self.illava.ask(form, texts)
        for other in others:
            try:
                other.start(form)
            except Exception as error:
                self.refused[other.name] = self.refused.get(other.name, 0) + 1
                print(f"{other.name} refuses {form.text}: {str(error)[:200]}")
                continue
            known = {}
            for text, reply in zip(texts, replies):
                steps = self.text(form, text, reply, other, known)
                self.steps[other.name] = self.steps.get(other.name, 0) + steps

    def text(self, form, text, reply, other, known):
        """Compares every step until the texts part, and returns how many there were."""
        other.restart()
        steps = 0
        position = 0
        reader = conventions.Reader()
        for place, expected in enumerate(reply["digests"]):
            prefix = tuple(text[:place])
            if place > 0:
                for byte in self.vocabulary.tokens[text[place - 1]]:
                    reader.read(byte)
            if prefix not in known:
                while position < place and other.take(text[position]):
                    position += 1
                if position < place:
                    break
                known[prefix] = other.allowed()
            steps += 1
            found, end = self.digests(known[prefix])
            same = found == expected and end == reply["ends"][place]
            if same or self.explains(form, prefix, known[prefix], reply, other, reader):
                continue
            self.differ.setdefault((other.name, form.text), []).append(prefix)
            # What follows a step that differs differs, too.
            break
        return steps

    def explains(self, form, prefix, bits, reply, other, reader):
        """Whether conventions explain every token that one side allows alone; others are shown."""
        found, end = self.digests(bits)
        expected, expected_end = reply["digests"][len(prefix)], reply["ends"][len(prefix)]
        differing = tuple(pair for pair in zip(found, expected) if pair[0] != pair[1])
        words = "Length", "pattern", "minimum", "integer", "const", "enum"
        key = (
            other.name, form.schema is not None, *(word in form.text for word in words),
            reader.state, differing,
        )
        # Reasons that depend on the text before are found for each text.
        place = form.text, other.name, reader.text
        if key not in self.reasons and place not in self.reasons:
            found = self.find(form, prefix, bits, other, reader)
            depends = form.schema is None or not conventions.DEPENDING.isdisjoint(found)
            self.reasons[place if depends else key] = found
        key = key if key in self.reasons else place
        reasons = list(self.reasons[key])
        if end != expected_end:
            reasons.append(
                None if form.schema is not None
                else conventions.reason_of_expression(other.name, form, reader.text, None, not end)
            )
        for reason in reasons:
            name = (other.name, reason)
            self.explained[name] = self.explained.get(name, 0) + 1
        if None not in reasons:
            return True
        if self.show > 0 and (other.name, form.text) not in self.differ:
            self.show -= 1
            self.find(form, prefix, bits, other, reader, shows=True)
        return False

    def find(self, form, prefix, bits, other, reader, shows=False):
        """The reasons why tokens are allowed by one side alone."""
        ours = numpy.zeros(SIZE, dtype=bool)
        ours[self.illava.ask(form, [list(prefix)], ids=True)[0]["ids"]] = True
        theirs = spread(bits)
        theirs[BOUND:] = False
        tokens = self.vocabulary.tokens
        sides = [(True, numpy.flatnonzero(ours & ~theirs)), (False, numpy.flatnonzero(theirs & ~ours))]
        reasons, left = set(), {}
        for is_ours, ids in sides:
            for token in ids:
                if form.schema is not None:
                    reason = conventions.reason(other.name, form, reader, tokens[token], is_ours)
                else:
                    reason = conventions.reason_of_expression(
                        other.name, form, reader.text, tokens[token], is_ours
                    )
                reasons.add(reason)
                if reason is None:
                    left.setdefault("illava" if is_ours else other.name, []).append(tokens[token])
        if shows:
            print(f"{other.name} {form.text}\n  after {b''.join(tokens[t] for t in prefix)!r}")
            for name, texts in left.items():
                print(f"  only {name} {len(texts)}: {texts[:12]}")
            sys.stdout.flush()
        return sorted(reasons, key=str)


def walks(form, guidance, vocabulary, generator, count):
    """Texts of tokens that llguidance allows, drawn at random."""
    texts = []
    try:
        guidance.start(form)
    except ValueError:
        return texts
    for _ in range(count):
        guidance.restart()
        text = []
        for _ in range(generator.randrange(2, 24)):
            allowed = spread(guidance.allowed())
            allowed[BOUND:] = False
            choices = numpy.flatnonzero(allowed)
            if len(choices) == 0:
                break
            text.append(int(generator.choice(choices)))
            guidance.take(text[-1])
        texts.append(text)
    return texts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("program")
    parser.add_argument("--forms", type=int, default=200)
    parser.add_argument("--texts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no form after these")
    options = parser.parse_args()
    torch.set_num_threads(1)
    generator = random.Random(options.seed)
    vocabulary = Vocabulary(options.model, END)
    guidance, other = Guidance(vocabulary), XGrammar(vocabulary)
    kind = kinds(vocabulary)
    with tempfile.NamedTemporaryFile() as file:
        file.write(kind.tobytes())
        file.flush()
        # The program has read the file when it says that it is ready.
        illava = Illava(options.program, options.model, file.name)
    comparison = Comparison(vocabulary, illava, kind, options.show)
    forms = Forms(generator).make(options.forms)
    texts = done = 0
    start = time.monotonic()
    for form in forms:
        if time.monotonic() - start > options.seconds:
            break
        done += 1
        made = [vocabulary.cut(form.fitting(generator), generator) for _ in range(options.texts // 2)]
        made += [
            vocabulary.cut(form.damaged(generator), generator) for _ in range(options.texts // 4)
        ]
        made += walks(form, guidance, vocabulary, generator, options.texts - len(made))
        texts += len(made)
        comparison.form(form, made, [guidance, other])
    print(
        f"{done} forms, {texts} texts; {illava.masks} masks of illava, "
        f"{1e3 * illava.seconds / max(1, illava.masks):.3f} ms each, the slowest "
        f"{1e3 * illava.slowest:.1f} ms"
    )
    for name in (guidance.name, other.name):
        differing = {form: steps for (who, form), steps in comparison.differ.items() if who == name}
        print(
            f"{name}: {comparison.steps.get(name, 0)} steps compared, "
            f"{comparison.refused.get(name, 0)} forms it refuses, "
            f"{sum(map(len, differing.values()))} texts of {len(differing)} forms differ"
        )
        for form, steps in differing.items():
            print(f"  {len(steps):4} {form}")
        for (who, reason), count in sorted(comparison.explained.items(), key=str):
            if who == name:
                print(f"  at {count} steps: {reason or 'no reason'}")
    sys.exit(1 if comparison.differ else 0)


if __name__ == "__main__":
    main()
