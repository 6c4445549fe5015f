"""Tests of the vocabulary."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo_model.names import COLORS, OBJECTS, PLACES, SHAPES
from demo_model.unanswerable import unanswerable
from demo_model.vocabulary import RANKS, SPECIAL_TOKENS, Vocabulary


class VocabularyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.vocabulary = Vocabulary()

    def test_it_is_closed_under_merges(self):
        ranks = self.vocabulary.ranks
        self.assertEqual(sorted(ranks.values()), list(range(RANKS)))
        self.assertEqual(len(self.vocabulary.merges), RANKS - 256)
        for first, second in self.vocabulary.merges:
            self.assertLess(max(ranks[first], ranks[second]), ranks[first + second])

    def test_text_comes_back(self):
        import numpy as np
        random = np.random.default_rng(0)
        texts = [f"There is {name} at the {place}.\n" for name in OBJECTS for place in PLACES]
        texts += [unanswerable(random) for _ in range(200)] + [*COLORS, *SHAPES, "<1.2 seconds>user\n  0 12 3456?!"]
        for text in texts:
            self.assertEqual(self.vocabulary.decode(self.vocabulary.encode(text)), text)

    def test_special_tokens_follow_the_ranks(self):
        self.assertEqual(self.vocabulary.special["<|endoftext|>"], RANKS)
        self.assertEqual(self.vocabulary.size, RANKS + len(SPECIAL_TOKENS))

    def test_the_files_read_the_same_elsewhere(self):
        try:
            from tokenizers import Tokenizer
        except ImportError:
            self.skipTest("tokenizers is not installed")
        with tempfile.TemporaryDirectory() as folder:
            self.vocabulary.save(folder)
            other = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
            table = json.loads((Path(folder) / "vocab.json").read_text(encoding="utf-8"))
        self.assertEqual(len(table), RANKS)
        for text in ["What color is the octopus?", " two  spaces\n\nand lines\n", "it's 1234 o'clock!?", "<0.2 seconds>"]:
            self.assertEqual(other.encode(text).ids, self.vocabulary.encode(text))
            self.assertEqual(other.decode(other.encode(text).ids), text)
        self.assertEqual(other.encode("<|im_end|>").ids, [self.vocabulary.special["<|im_end|>"]])


if __name__ == "__main__":
    unittest.main()
