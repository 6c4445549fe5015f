"""Tests of the generator: python -m unittest discover -s tests (from Tools/demo-model; no network, no PyTorch)."""

import hashlib
import multiprocessing
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo_model import assets as assets_module
from demo_model.clip_questions import ask_about_clip
from demo_model.clips import KINDS_OF_CLIP, draw_clip
from demo_model.curriculum import Plan, plan_batch
from demo_model.feed import HELD_OUT, TRAINING, Feed, Studio, seeded
from demo_model.names import COLORS, DIRECTIONS, KINDS, NUMBERS, OBJECTS, PLACES, SHAPES
from demo_model.questions import IMAGE_SKILLS, PictureQuestions, ask_about_picture, describe
from demo_model.scenes import CELL, between_places, cell_labels, draw_scene
from demo_model.sequences import IGNORED, PREFIX, frame_stamps


def write_stand_in_assets(folder):
    """Sprites that need no installed package: a differently patterned square for every object."""
    import json
    random = np.random.default_rng(1)
    listing, folder = {}, Path(folder)
    with zipfile.ZipFile(folder / "sprites.zip", "w") as archive:
        for name in OBJECTS:
            pattern = np.kron(random.integers(0, 256, (4, 4, 3)), np.ones((24, 24, 1))).astype(np.uint8)
            image = Image.fromarray(pattern).convert("RGBA")
            assets_module.store(archive, f"objects/{name}-0.png", image)
            listing[name] = [f"objects/{name}-0.png"]
        archive.writestr("listing.json", json.dumps({"objects": listing, "clutter": []}))


def _feed_once(folder):
    """Takes a batch while others are being drawn, and stops."""
    feed = Feed(folder, 5, 1, 256, 0.3)
    feed.next(0.5)
    feed.close()


class GeneratorTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        write_stand_in_assets(cls.folder.name)
        cls.studio = Studio(cls.folder.name, 5, TRAINING)
        cls.held_out = Studio(cls.folder.name, 5, HELD_OUT)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def scenes(self, count, side=160):
        for number in range(count):
            random = np.random.default_rng([9, number])
            yield random, draw_scene(random, self.studio.assets, self.studio.backgrounds, side, side)

    def test_pixels_have_the_color_that_is_told(self):
        palette = np.array(list(COLORS.values()), float)
        checked = 0
        for _, scene in self.scenes(60):
            for index, item in enumerate(scene.items):
                if item.is_shape:
                    seen = scene.picture[scene.owners == index + 1]
                    nearest = np.abs(palette - np.median(seen, 0)).sum(1).argmin()
                    self.assertEqual(list(COLORS)[nearest], item.color)
                    checked += 1
        self.assertGreater(checked, 60)

    def test_every_item_is_seen_where_it_is_told_to_be(self):
        for _, scene in self.scenes(60):
            for index, item in enumerate(scene.items):
                rows, columns = np.nonzero(scene.owners == index + 1)
                self.assertGreater(len(rows), 20)
                self.assertLess(abs(columns.mean() - item.x), item.picture.width / 2)
                self.assertLess(abs(rows.mean() - item.y), item.picture.height / 2)
                self.assertFalse(between_places(item.x, scene.width) or between_places(item.y, scene.height))

    def test_answers_follow_from_the_items(self):
        seen = set()
        for random, scene in self.scenes(120):
            names = [item.name for item in scene.items]
            kinds = [item.kind for item in scene.items]
            for skill in IMAGE_SKILLS * 2:
                made = PictureQuestions(random, scene).ask(skill)
                if made is None:
                    continue
                _, question, answer = made
                seen.add(skill)
                question = question.lower()
                if skill == "color":
                    (kind,) = [k for k in SHAPES if re.search(rf"\b{k}\b", question)]
                    self.assertEqual([f"{answer} {kind}"], [n for n in names if n.endswith(" " + kind)])
                elif skill == "shape":
                    (color,) = [c for c in COLORS if re.search(rf"\b{c}\b", question)]
                    self.assertEqual([f"{color} {answer}"], [n for n in names if n.split()[0] == color])
                elif skill == "count" and "things" in question:
                    self.assertEqual(answer, NUMBERS[len(names)])
                elif skill == "count" and " shapes " in question:
                    colors = [c for c in COLORS if f" {c} " in question]
                    number = sum(i.is_shape and (not colors or i.color == colors[0]) for i in scene.items)
                    self.assertEqual(answer, NUMBERS[number])
                elif skill == "yesno" and "there" in question:
                    thing = re.sub(r"^(is|are) there (an?|some) ", "", question)[:-1]
                    self.assertEqual(answer == "yes", thing in names)
                elif skill == "digits":
                    self.assertEqual([answer], [i.text for i in scene.items if i.is_number])
                    self.assertLessEqual(len(answer), 4)
                elif skill == "object":
                    self.assertIn(answer, kinds)
                elif skill in ("place",):
                    self.assertIn(answer, PLACES)
                elif skill == "at" and answer != "nothing":
                    self.assertIn(answer.split(" ", 1)[1], names)
                elif skill == "describe":
                    self.assertEqual(answer, describe(scene))
                    for name in names:
                        self.assertIn(name, answer)
                elif skill == "unknown":
                    self.assertEqual(answer, "I do not know.")
        self.assertEqual(seen, set(IMAGE_SKILLS))

    def test_cells_name_what_covers_them(self):
        for _, scene in self.scenes(30):
            kinds, colors, centers, digits, places, numbers = cell_labels(scene.items, scene.owners)
            self.assertEqual(len(kinds), (160 // CELL) ** 2)
            self.assertEqual(int(centers.sum()), len(scene.items))
            told = {KINDS[k] for k in kinds if k}
            self.assertTrue(told <= {item.kind for item in scene.items})
            shown = {int(d) for item in scene.items if item.is_number for d in item.text}
            self.assertEqual(set(np.nonzero(digits.max(0))[0].tolist()), shown)
            read = {"".join(str(d) for d in row if d < 10) for row in numbers if row[0] >= 0}
            self.assertTrue(read <= {item.text for item in scene.items if item.is_number})
            self.assertEqual({PLACES[p] for p in places if p >= 0}, {scene.place(item) for item in scene.items})

    def test_clips_do_what_is_told(self):
        for number in range(48):
            random = np.random.default_rng([11, number])
            kind = KINDS_OF_CLIP[number % 4]
            clip = draw_clip(random, self.studio.assets, self.studio.backgrounds, 128, 128, 4 + number % 13, kind)
            first, last = clip.owners[0], clip.owners[-1]
            if kind == "still":
                self.assertTrue((clip.owners == first).all())
            for index, direction in clip.moving.items() if kind == "move" else []:
                start, end = (np.array([a.mean() for a in np.nonzero(o == index + 1)])[::-1] for o in (first, last))
                self.assertGreater(float((end - start) @ np.array(DIRECTIONS[direction])), 128 * 0.3)
            if kind == "appear":
                seen = [int(np.nonzero((clip.owners == i + 1).any((1, 2)))[0][0]) for i in clip.order]
                self.assertEqual(seen, sorted(set(seen)))
                self.assertTrue(all(a // 2 < b // 2 for a, b in zip(seen, seen[1:])))
            if kind == "enter":
                there = set(np.unique(first)) - {0}
                self.assertEqual(len(set(np.unique(last)) - {0} - there), len(clip.entering))
            for skill, _, answer in ask_about_clip(random, clip):
                if skill == "enter":
                    self.assertEqual(answer, NUMBERS[len(clip.entering)])
                if skill == "moves":
                    self.assertEqual(answer == "yes", not (clip.frames.shape[0] and (clip.owners == first).all()))

    def test_training_asks_for_things_by_name_and_counts_more_than_it_describes(self):
        asked = Counter()
        for random, scene in self.scenes(60):
            questions = ask_about_picture(random, scene, 10)
            self.assertEqual(len({question.lower() for _, question, _ in questions}), len(questions))
            self.assertLessEqual(len(questions), 10)
            asked.update(skill for skill, _, _ in questions)
        self.assertTrue(10 < asked["describe"] < 45)
        self.assertGreater(min(asked["place"], asked["yesno"], asked["count"]), 1.3 * asked["describe"])
        self.assertEqual(set(asked), set(IMAGE_SKILLS))

    def test_pages_of_numbers_ask_for_each_by_where_it_is(self):
        read = 0
        for number in range(20):
            random = np.random.default_rng([10, number])
            scene = draw_scene(random, self.studio.assets, self.studio.backgrounds, 192, 192, number_odds=1)
            self.assertTrue(all(item.is_number for item in scene.items))
            for skill, question, answer in ask_about_picture(random, scene, 10):
                if skill == "at" and answer != "nothing":
                    item, = [item for item in scene.items if scene.place(item) == question[len("What is at the "):-1]]
                    self.assertEqual(answer, f"the number {item.text}")
                    read += 1
        self.assertGreater(read, 20)

    def test_a_feed_that_is_closed_lets_its_process_end(self):
        process = multiprocessing.get_context("spawn").Process(target=_feed_once, args=(self.folder.name,))
        process.start()
        process.join(timeout=120)
        self.assertEqual(process.exitcode, 0)

    def test_a_feed_draws_what_it_is_asked_for_and_leaves_nothing_behind(self):
        feed = Feed(self.folder.name, 5, 2, 512, None)
        shared = Path(feed._folder)
        try:
            drawn = [feed.next(0.5) for _ in range(6)]
        finally:
            feed.close()
        self.assertFalse(shared.exists())
        for number, batch in enumerate(drawn):
            plan = plan_batch(seeded(5, 2, number), 0.5, None, 512, False)
            self.assertEqual(batch.frames.shape, (plan.count, plan.frames, plan.height, plan.width, 3))

    def test_what_draws_never_imports_pytorch(self):
        code = "import demo_model.feed, demo_model.heldout, sys; sys.exit('torch' in sys.modules)"
        root = Path(__file__).resolve().parent.parent
        self.assertEqual(subprocess.run([sys.executable, "-c", code], cwd=root).returncode, 0)

    def test_banks_of_backgrounds_differ_and_are_renewed(self):
        banks = [Studio(self.folder.name, 5, TRAINING, bank).backgrounds for bank in (1, 2)]
        textures = [{t.tobytes() for t in bank.textures} for bank in banks]
        self.assertFalse(textures[0] & textures[1])
        for number in range(20):
            banks[0].renew(seeded(5, TRAINING, 8, number))
        fresh = {t.tobytes() for t in banks[0].textures} - textures[0]
        self.assertTrue(10 <= len(fresh) <= 20)

    def test_a_batch_knows_where_its_pictures_and_targets_are(self):
        batch = self.studio.batch(3, Plan("clip", 128, 160, 5, 2))
        writer = self.studio.writer
        self.assertTrue((batch.ids.flat[batch.where] == writer.video).all())
        self.assertEqual(len(batch.where), 2 * 3 * 20)
        self.assertTrue((batch.targets.flat[batch.wanted] == batch.answers).all())
        self.assertEqual(len(batch.wanted), int((batch.targets != IGNORED).sum()))
        self.assertAlmostEqual(float(batch.weights.sum()), 1.0, places=5)

    def test_a_seed_draws_the_same_again(self):
        plan = Plan("scene", 128, 128, 1, 3)
        again = Studio(self.folder.name, 5, TRAINING)
        one, two = self.studio.batch(4, plan), again.batch(4, plan)
        for name in ("frames", "ids", "positions", "turns", "targets", "kinds", "digits"):
            self.assertTrue((getattr(one, name) == getattr(two, name)).all(), name)
        self.assertFalse((self.studio.batch(5, plan).frames == one.frames).all())

    def test_training_never_draws_a_held_out_picture(self):
        plan = Plan("scene", 128, 128, 1, 1)
        digest = lambda studio, split, n: hashlib.sha256(studio.sample(plan, seeded(5, split, 0, n))[0].tobytes()).digest()
        training = {digest(self.studio, TRAINING, n) for n in range(40)}
        held_out = {digest(self.held_out, HELD_OUT, n) for n in range(40)}
        self.assertEqual((len(training), len(held_out)), (40, 40))
        self.assertFalse(training & held_out)
        textures = [{t.tobytes() for t in studio.backgrounds.textures} for studio in (self.studio, self.held_out)]
        self.assertFalse(textures[0] & textures[1])
        self.assertNotEqual(seeded(5, TRAINING, 0, 0).random(), seeded(5, HELD_OUT, 0, 0).random())

    def test_turns_share_the_picture_and_begin_where_it_ends(self):
        batch = self.studio.batch(2, Plan("scene", 160, 128, 1, 4))
        for row, questions in enumerate(batch.questions):
            turns = batch.turns[row]
            end = batch.positions[:, row][:, turns == PREFIX].max()
            for number, (_, _, answer) in enumerate(questions, 1):
                mine = turns == number
                self.assertEqual(batch.positions[0, row][mine][0], end + 1)
                told = batch.targets[row][mine]
                told = told[told != IGNORED]
                self.assertEqual(told[-1], self.studio.writer.end)
                self.assertEqual(self.studio.writer.vocabulary.decode(told), answer)

    def test_frame_stamps(self):
        self.assertEqual(frame_stamps([0, 0.5, 1.0, 1.5, 2.0]), ["<0.2 seconds>", "<1.2 seconds>", "<2.0 seconds>"])

    def test_batches_keep_to_their_budget(self):
        random = np.random.default_rng(0)
        for number in range(400):
            plan = plan_batch(random, number / 400, 0.3, 2048)
            self.assertEqual((plan.width % 32, plan.height % 32), (0, 0))
            self.assertTrue(4 <= plan.frames <= 16 or plan.source != "clip")
            share = number / 400
            if share < 0.19 or 0.3 <= share < 0.64:
                self.assertEqual((plan.width, plan.height), (128, 128))

    def test_who_was_taught_before_sees_every_size_at_once(self):
        plans = [plan_batch(seeded(1, 2, number), 0.0, None, 2048) for number in range(300)]
        self.assertEqual({max(plan.width, plan.height) for plan in plans} >= {128, 192, 256, 384, 448}, True)
        self.assertEqual({plan.most for plan in plans}, {None})
        self.assertEqual({plan.source for plan in plans}, {"scene", "clip", "easy-vqa"})


if __name__ == "__main__":
    unittest.main()
