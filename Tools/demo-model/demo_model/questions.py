"""Questions about a picture with their only right answers."""

from collections import Counter

from .names import COLORS, NUMBERS, OBJECTS, PLACES, SHAPES, article, plural
from .unanswerable import I_DO_NOT_KNOW, unanswerable

IMAGE_SKILLS = ["color", "shape", "place", "at", "object", "count", "yesno", "digits", "describe", "unknown"]


def pick(random, options):
    return options[int(random.integers(len(options)))]


def listed(words):
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def named(item):
    """The item as an answer or a description calls it."""
    return f"the {item.name}" if item.is_number else article(item.name)


def describe(scene):
    rows = {place: index for index, place in enumerate(PLACES)}
    order = sorted(scene.items, key=lambda item: (rows[scene.place(item)], item.x))
    verb = "is" if order[0].name not in ("scissors", "glasses", "grapes") else "are"
    parts = [f"{named(item)} at the {scene.place(item)}" for item in order]
    return f"There {verb} {listed(parts)}."


class PictureQuestions:
    """Draws questions of a wanted skill about one scene; None where the scene has none of it."""

    def __init__(self, random, scene):
        self.random, self.scene, self.items = random, scene, scene.items
        self.names = Counter(item.name for item in self.items)
        self.kinds = Counter(item.kind for item in self.items)
        self.shapes = [item for item in self.items if item.is_shape]
        self.objects = [item for item in self.items if item.is_object]
        self.numbers = [item for item in self.items if item.is_number]
        self.colors = Counter(item.color for item in self.shapes)

    def ask(self, skill):
        made = getattr(self, "_" + skill)()
        if made is None:
            return None
        question, answer = made
        if skill != "unknown" and self.random.random() < 0.1:
            question = question[0].lower() + question[1:]
        return skill, question, answer

    def _color(self):
        once = [item for item in self.shapes if self.kinds[item.kind] == 1]
        if not once:
            return None
        kind = pick(self.random, once)
        return pick(self.random, [f"What color is the {kind.kind}?", f"What is the color of the {kind.kind}?",
                                  f"Which color does the {kind.kind} have?"]), kind.color

    def _shape(self):
        once = [item for item in self.shapes if self.colors[item.color] == 1]
        if not once:
            return None
        item = pick(self.random, once)
        return pick(self.random, [f"What is the {item.color} shape?", f"Which shape is {item.color}?",
                                  f"What shape is {item.color}?"]), item.kind

    def _noun(self, item):
        """The shortest name that only this item has, or None."""
        if item.is_number:
            return "number" if len(self.numbers) == 1 else item.name if self.names[item.name] == 1 else None
        if self.kinds[item.kind] == 1 and (item.is_object or self.random.random() < 0.5):
            return item.kind
        return item.name if self.names[item.name] == 1 else None

    def _place(self):
        nouns = [(noun, item) for item in self.items if (noun := self._noun(item))]
        if not nouns:
            return None
        noun, item = pick(self.random, nouns)
        verb = "are" if noun in ("scissors", "glasses", "grapes") else "is"
        return pick(self.random, [f"Where {verb} the {noun}?", f"Where in the picture {verb} the {noun}?"]), self.scene.place(item)

    def _alone(self, items):
        places = Counter(self.scene.place(item) for item in self.items)
        return [item for item in items if places[self.scene.place(item)] == 1]

    def _at(self):
        alone = self._alone(self.items)
        if alone and self.random.random() < 0.93:
            item = pick(self.random, alone)
            return f"What is at the {self.scene.place(item)}?", named(item)
        empty = [place for place in PLACES if all(self.scene.place(item) != place for item in self.items)]
        return (f"What is at the {pick(self.random, empty)}?", "nothing") if empty else None

    def _object(self):
        if len(self.objects) == 1 and self.random.random() < 0.6:
            return pick(self.random, ["What object is in the picture?", "What object is shown?",
                                      "Which object do you see?"]), self.objects[0].kind
        alone = self._alone(self.objects)
        if not alone:
            return None
        item = pick(self.random, alone)
        return f"What object is at the {self.scene.place(item)}?", item.kind

    def _count(self):
        style = self.random.random()
        if style < 0.3:
            return pick(self.random, ["How many things are there?", "How many things are in the picture?"]), NUMBERS[len(self.items)]
        if style < 0.4:
            return "How many shapes are there?", NUMBERS[len(self.shapes)]
        if style < 0.6:
            color = pick(self.random, list(self.colors)) if self.colors and self.random.random() < 0.8 else pick(self.random, list(COLORS))
            return f"How many {color} shapes are there?", NUMBERS[self.colors[color]]
        counted = [kind for kind in self.kinds if kind != "number"]
        kind = pick(self.random, counted) if counted and self.random.random() < 0.8 else pick(self.random, SHAPES + OBJECTS)
        return pick(self.random, [f"How many {plural(kind)} are there?", f"How many {plural(kind)} do you see?"]), NUMBERS[self.kinds[kind]]

    def _yesno(self):
        yes, style = self.random.random() < 0.5, self.random.random()
        if style < 0.5:  # is it there?
            things = [item for item in self.items if not item.is_number]
            if yes:
                if not things:
                    return None
                name = pick(self.random, things).name
            else:
                name = self._absent()
            verb = "Are there" if name in ("scissors", "glasses", "grapes") else "Is there"
            return f"{verb} {article(name)}?", "yes" if yes else "no"
        if style < 0.75:  # is it of that color?
            once = [item for item in self.shapes if self.kinds[item.kind] == 1]
            if not once:
                return None
            item = pick(self.random, once)
            others = [color for color in COLORS if color != item.color]
            near = [color for color in self.colors if color != item.color]
            color = item.color if yes else pick(self.random, near if near and self.random.random() < 0.5 else others)
            return f"Is the {item.kind} {color}?", "yes" if yes else "no"
        nouns = [(noun, item) for item in self.items if (noun := self._noun(item))]
        if not nouns:
            return None
        noun, item = pick(self.random, nouns)
        right = self.scene.place(item)
        place = right if yes else pick(self.random, [p for p in PLACES if p != right])
        verb = "Are" if noun in ("scissors", "glasses", "grapes") else "Is"
        return f"{verb} the {noun} at the {place}?", "yes" if yes else "no"

    def _absent(self):
        """Something that is not there, though its color or its shape may be."""
        while True:
            if self.objects and self.random.random() < 0.4 or not self.shapes:
                name = pick(self.random, OBJECTS)
            else:
                color = pick(self.random, list(self.colors) if self.random.random() < 0.5 else list(COLORS))
                shape = pick(self.random, [i.kind for i in self.shapes] if self.random.random() < 0.5 else SHAPES)
                name = f"{color} {shape}"
            if self.names[name] == 0:
                return name

    def _digits(self):
        if len(self.numbers) != 1:
            return None
        return pick(self.random, ["What number is in the picture?", "What number is shown?", "Which number can you read?",
                                  "Read the number."]), self.numbers[0].text

    def _describe(self):
        return pick(self.random, ["Describe the picture.", "What is in the picture?", "Describe the image.",
                                  "What do you see?", "What is shown in the image?"]), describe(self.scene)

    def _unknown(self):
        return unanswerable(self.random), I_DO_NOT_KNOW


def ask_about_picture(random, scene, turns, skills=None):
    """Several different questions, now and then a description among them: (skill, question, answer).

    Questions that name a thing or count things are the hardest and the most.
    """
    source, asked, found = PictureQuestions(random, scene), set(), []
    if skills is None:
        if random.random() < 0.45:
            found.append(source.ask("describe"))
        weights = {"color": 2, "shape": 1, "place": 4, "at": 2, "object": 2, "count": 5, "yesno": 5, "digits": 4, "unknown": 0.3}
        if len(source.numbers) > 1:
            weights["at"] = 8    # the question whose answer is a number to read
        names = list(weights)
        odds = [weights[name] / sum(weights.values()) for name in names]
        wanted = random.choice(len(names), turns * 3, p=odds)
        skills = [names[i] for i in wanted]
    for skill in skills:
        if len(found) >= turns:
            break
        made = source.ask(skill)
        if made and made[1].lower() not in asked:
            asked.add(made[1].lower())
            found.append(made)
    return found
