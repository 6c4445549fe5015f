"""Held-out pictures and clips: random numbers, backgrounds and answers that training never sees."""

from .clip_questions import ask_about_clip
from .clips import draw_clip
from .curriculum import SIDES, aspect
from .feed import HELD_OUT, Studio, seeded
from .questions import PictureQuestions
from .scenes import draw_scene
from .sequences import clip_labels, scene_labels

SKILLS = ["color", "shape", "place", "at", "object", "count", "yesno", "digits", "describe", "unknown",
          "direction", "first", "last", "enter", "moves"]
CLIP_KIND = {"direction": "move", "first": "appear", "last": "appear", "enter": "enter", "moves": None}


class HeldOut:
    def __init__(self, assets_folder, seed):
        self.studio = Studio(assets_folder, seed, HELD_OUT)
        self.seed = seed

    def sample(self, skill, number, side=None):
        """One picture or clip with one question of the skill: (frames, times, questions, labels)."""
        index = SKILLS.index(skill)
        random = seeded(self.seed, HELD_OUT, index, number)
        studio = self.studio
        if skill in CLIP_KIND:
            return self._clip(random, skill, number, side)
        while True:
            width, height = (side, side) if side else aspect(random, int(random.choice(SIDES)))
            scene = draw_scene(random, studio.assets, studio.backgrounds, width, height)
            made = PictureQuestions(random, scene).ask(skill)
            if made:
                return scene.picture[None], None, [made], scene_labels(scene)

    def _clip(self, random, skill, number, side):
        studio = self.studio
        while True:
            frames = int(random.integers(4, 7 if side else 17))
            size = (side, side) if side else aspect(random, int(random.choice([128, 160, 192])))
            kind = CLIP_KIND[skill]
            if skill == "moves":     # as often yes as no
                kind = ["still", "move", "still", "enter"][number % 4]
            clip = draw_clip(random, studio.assets, studio.backgrounds, *size, frames, kind)
            clip.times = [frame * 0.5 for frame in range(frames)]
            made = ask_about_clip(random, clip, [skill])
            if made:
                return clip.frames, clip.times, made, clip_labels(clip)


__all__ = ["HeldOut", "SKILLS"]
