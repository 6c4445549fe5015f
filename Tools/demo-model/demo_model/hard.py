"""The hard set: held-out questions of the kinds that were taught, about pictures and clips that are harder to see."""

from .clip_questions import ask_about_clip
from .feed import HELD_OUT, Studio, seeded
from .hard_clips import draw_hard_clip
from .hard_scenes import draw_hard_scene
from .questions import PictureQuestions

HARD_SKILLS = ["color", "shape", "place", "at", "object", "count", "yesno", "digits",
               "direction", "first", "last", "enter", "moves", "where"]
# In turns, so that as many clips move as do not.
_CLIP_KINDS = {"direction": ["move"], "first": ["appear"], "last": ["appear"], "enter": ["enter"],
               "moves": ["still", "move", "still", "enter"], "where": ["move", "enter", "still"]}
_STREAM = 1000    # beside the numbers of the skills of the held-out set, whose random numbers are others


class HardSet:
    """Drawn with the backgrounds of the held-out set; `sample` is like HeldOut's."""

    def __init__(self, assets_folder, seed):
        self.studio = Studio(assets_folder, seed, HELD_OUT)
        self.seed = seed

    def sample(self, skill, number):
        """One picture or clip with one question of the skill: (frames, times, questions)."""
        random, studio = seeded(self.seed, HELD_OUT, _STREAM + HARD_SKILLS.index(skill), number), self.studio
        while True:
            if kinds := _CLIP_KINDS.get(skill):
                clip = draw_hard_clip(random, studio.assets, studio.backgrounds, kinds[number % len(kinds)])
                if made := ask_about_clip(random, clip, [skill]):
                    return clip.frames, clip.times, made
            else:
                scene = draw_hard_scene(random, studio.assets, studio.backgrounds, numbers=1.0 if skill == "digits" else 0.2)
                if made := PictureQuestions(random, scene).ask(skill):
                    return scene.picture[None], None, [made]
