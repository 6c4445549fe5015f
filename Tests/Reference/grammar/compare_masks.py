"""Compares the tokens that illava allows with those of two other implementations, at every step.

    python3 compare_masks.py MODEL_FOLDER ILLAVA_MASKS [--forms N] [--texts N] [--seed N] [--show N]

MODEL_FOLDER has vocab.json and merges.txt of Qwen; ILLAVA_MASKS is the program of that name. Needs the
packages llguidance, xgrammar, torch and numpy. N schemas and expressions are made up, and for each N
texts: fitting ones, damaged ones, and walks through what llguidance allows. The other implementations
are configured alike: one line, a space behind commas and colons, no other members. What still differs by
convention is left out of both sides, and each reason is in DIFFERENCES. Prints what was compared and how
many steps differ; the exit status is 1 when any does.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys

import llguidance
import numpy
import torch
import xgrammar

from forms import Forms
from vocabulary import Vocabulary

BOUND = 151_643
END = 151_645
SIZE = 151_936


class Guidance:
    """llguidance."""

    name = "llguidance"

    def __init__(self, vocabulary):
        self.tokenizer = llguidance.LLTokenizer(
            llguidance.TokenizerWrapper(vocabulary), n_vocab=SIZE, slices=[]
        )

    def start(self, form):
        if form.schema is not None:
            grammar = llguidance.LLMatcher.grammar_from_json_schema(
                form.schema,
                defaults={
                    "whitespace_flexible": False,
                    "item_separator": ", ",
                    "key_separator": ": ",
                },
            )
        else:
            grammar = llguidance.LLMatcher.grammar_from_regex(form.regex_for_others())
        self.grammar = grammar
        matcher = llguidance.LLMatcher(self.tokenizer, grammar)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        self.matcher = matcher

    def restart(self):
        self.matcher.reset()

    def allowed(self):
        bits = numpy.frombuffer(self.matcher.compute_bitmask(), dtype=numpy.uint8)
        if self.matcher.is_error():
            raise ValueError(self.matcher.get_error())
        return spread(bits)

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
        bits = self.bits.numpy().view(numpy.uint8)
        return spread(bits)

    def take(self, token):
        return self.matcher.accept_token(token)


class Illava:
    """The program that is compared."""

    def __init__(self, program, folder):
        self.process = subprocess.Popen(
            [program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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


def digest(allowed):
    """A set of tokens is known by the sum of their numbers."""
    return str(int(NUMBERS[allowed].sum(dtype=numpy.uint64)))


class Comparison:
    def __init__(self, vocabulary, illava, show):
        self.vocabulary, self.illava, self.show = vocabulary, illava, show
        self.steps, self.differ, self.refused, self.explained = {}, {}, {}, {}
        delete = numpy.zeros(SIZE, dtype=bool)
        for token, text in enumerate(vocabulary.tokens[:BOUND]):
            delete[token] = b"\x7f" in text
        self.delete = delete

    def clean(self, allowed, form):
        """What is left of the allowed tokens without special ones and conventions."""
        allowed = allowed.copy()
        allowed[BOUND:] = False
        if form.schema is not None:
            allowed &= ~self.delete
        return allowed

    def form(self, form, texts, others):
        replies = self.illava.ask(form, texts)
        for other in others:
            count = lambda table, by=1: table.__setitem__(
                other.name, table.get(other.name, 0) + by
            )
            try:
                other.start(form)
            except Exception as error:
                count(self.refused)
                print(f"{other.name} refuses {form.text}: {str(error)[:100]}")
                continue
            known = {}
            for text, reply in zip(texts, replies):
                taken = self.text(form, text, reply, other, known)
                count(self.steps, taken)

    def text(self, form, text, reply, other, known):
        other.restart()
        steps = 0
        position = 0
        for place, expected in enumerate(reply["digests"]):
            prefix = tuple(text[:place])
            if prefix not in known:
                while position < place and other.take(text[position]):
                    position += 1
                if position < place:
                    break
                allowed = other.allowed()
                known[prefix] = (digest(self.clean(allowed, form)), bool(allowed[END]))
            steps += 1
            found, end = known[prefix]
            if found == expected and end == reply["ends"][place]:
                continue
            if self.explains(form, text, place, other, position):
                position = max(position, place)
                known[prefix] = (expected, end)
                continue
            self.differ.setdefault((other.name, form.text), []).append(prefix)
            # What follows a step that differs differs, too.
            break
        return steps

    def explains(self, form, text, place, other, position):
        """Whether a difference is one of convention; otherwise it is shown."""
        mine = self.illava.ask(form, [text[:place]], ids=True)[0]
        ours = numpy.zeros(SIZE, dtype=bool)
        ours[mine["ids"][place]] = True
        while position < place:
            other.take(text[position])
            position += 1
        allowed = other.allowed()
        theirs = self.clean(allowed, form)
        before = b"".join(self.vocabulary.tokens[t] for t in text[:place])
        more = [self.vocabulary.tokens[t] for t in numpy.flatnonzero(ours & ~theirs)]
        less = [self.vocabulary.tokens[t] for t in numpy.flatnonzero(theirs & ~ours)]
        few = [self.vocabulary.tokens[t] for t in numpy.flatnonzero(theirs)[:2]]
        reason = form.difference(before, more, less, other.name, few)
        if bool(allowed[END]) != mine["ends"][place]:
            reason = None
        if reason is not None:
            key = (other.name, reason)
            self.explained[key] = self.explained.get(key, 0) + 1
            return True
        if self.show > 0 and (other.name, form.text) not in self.differ:
            self.show -= 1
            print(f"{other.name} {form.text}\n  after {before!r}")
            print(f"  only illava {len(more)}: {more[:8]}\n  only {other.name} {len(less)}: {less[:8]}")
            print(f"  end: illava {mine['ends'][place]}, {other.name} {bool(allowed[END])}")
        return False


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
            allowed = guidance.allowed()
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
    options = parser.parse_args()
    torch.set_num_threads(1)
    generator = random.Random(options.seed)
    vocabulary = Vocabulary(options.model, END)
    guidance, other = Guidance(vocabulary), XGrammar(vocabulary)
    comparison = Comparison(vocabulary, Illava(options.program, options.model), options.show)
    forms = Forms(generator).make(options.forms)
    texts = 0
    for form in forms:
        made = [vocabulary.cut(form.fitting(generator), generator) for _ in range(options.texts // 2)]
        made += [
            vocabulary.cut(form.damaged(generator), generator) for _ in range(options.texts // 4)
        ]
        made += walks(form, guidance, vocabulary, generator, options.texts - len(made))
        texts += len(made)
        comparison.form(form, made, [guidance, other])
    illava = comparison.illava
    print(
        f"{len(forms)} forms, {texts} texts; {illava.masks} masks of illava, "
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
        for (who, reason), count in sorted(comparison.explained.items()):
            if who == name:
                print(f"  {count} texts end at a difference of convention: {reason}")
    sys.exit(1 if comparison.differ else 0)


if __name__ == "__main__":
    main()
