"""Questions about a clip with their only right answers."""

from collections import Counter

from .names import DIRECTIONS, NUMBERS, article, place
from .questions import listed, named, pick
from .unanswerable import I_DO_NOT_KNOW, unanswerable

CLIP_SKILLS = ["direction", "first", "last", "enter", "moves", "story", "unknown"]


def story(clip):
    """What happens, in whole sentences."""
    if clip.kind == "appear":
        words = [named(clip.items[index]) for index in clip.order]
        return f"First there is {words[0]}. Then {listed(words[1:])} " + ("appears." if len(words) == 2 else "appear.")
    if clip.kind == "enter":
        if not clip.entering:
            return "Nothing moves."
        if len(clip.entering) == 1:
            return f"{article(clip.items[clip.entering[0]].name)} comes in.".capitalize()
        return f"{NUMBERS[len(clip.entering)]} things come in.".capitalize()
    if clip.kind == "move":
        (index, direction), = clip.moving.items()
        return f"The {clip.items[index].name} moves {direction}."
    return "Nothing moves."


class ClipQuestions:
    def __init__(self, random, clip):
        self.random, self.clip = random, clip
        self.names = Counter(item.name for item in clip.items)

    def ask(self, skill):
        made = getattr(self, "_" + skill)()
        return made and (skill, *made)

    def _direction(self):
        if self.clip.kind != "move":
            return None
        (index, direction), = self.clip.moving.items()
        name = pick(self.random, [self.clip.items[index].name, "thing that moves"])
        return pick(self.random, [f"Which way does the {name} move?", f"In which direction does the {name} move?"]), direction

    def _first(self):
        if self.clip.kind != "appear":
            return None
        return pick(self.random, ["What appears first?", "What is seen first?"]), named(self.clip.items[self.clip.order[0]])

    def _last(self):
        if self.clip.kind != "appear":
            return None
        return pick(self.random, ["What appears last?", "What comes last?"]), named(self.clip.items[self.clip.order[-1]])

    def _enter(self):
        if self.clip.kind != "enter":
            return None
        return pick(self.random, ["How many things come in?", "How many things enter the picture?"]), NUMBERS[len(self.clip.entering)]

    def _moves(self):
        if self.clip.kind == "appear":
            return None
        return pick(self.random, ["Does anything move?", "Is anything moving?"]), "yes" if self.clip.moving else "no"

    def _what_moves(self):
        if self.clip.kind != "move":
            return None
        index = next(iter(self.clip.moving))
        return "What moves?", article(self.clip.items[index].name)

    def _direct_yesno(self):
        if self.clip.kind != "move":
            return None
        (index, direction), = self.clip.moving.items()
        asked = direction if self.random.random() < 0.5 else pick(self.random, [d for d in DIRECTIONS if d != direction])
        return f"Does the {self.clip.items[index].name} move {asked}?", "yes" if asked == direction else "no"

    def _where(self):
        still = [i for i, item in enumerate(self.clip.items) if i not in self.clip.moving and self.names[item.name] == 1]
        if not still or self.clip.kind == "appear":
            return None
        item = self.clip.items[pick(self.random, still)]
        verb = "are" if item.name in ("scissors", "glasses", "grapes") else "is"
        return f"Where {verb} the {item.name}?", place(item.x, item.y, self.clip.width, self.clip.height)

    def _story(self):
        return pick(self.random, ["Describe the clip.", "What happens?", "Describe the video."]), story(self.clip)

    def _unknown(self):
        return unanswerable(self.random), I_DO_NOT_KNOW


def ask_about_clip(random, clip, skills=None):
    source, asked, found = ClipQuestions(random, clip), set(), []
    if skills is None:
        skills = ["story", "direction", "first", "last", "enter", "moves", "what_moves", "direct_yesno", "where", "direction"]
        if random.random() < 0.2:
            skills.append("unknown")
    for skill in skills:
        made = source.ask(skill)
        if made and made[1] not in asked:
            asked.add(made[1])
            found.append(made)
    return found
