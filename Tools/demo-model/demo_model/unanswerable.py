"""Questions that nobody can answer from the picture, and the answer to them."""

I_DO_NOT_KNOW = "I do not know."

_QUESTIONS = """
What is the capital of {country}?|Who painted this picture?|Who took this photo?|How old is {person}?
What is the name of {person}?|What time is it in {country}?|Where does {person} live?|Who is the president of {country}?
How much does it cost?|What did {person} eat yesterday?|When was this made?|What will happen tomorrow?
What is the weather in {country}?|Why is {person} sad?|What does {person} think?|Which year was {person} born?
Who won the game?|What is your name?|How do I get to {country}?|What language do they speak in {country}?
How heavy is it?|What does it smell like?|Who is the owner?|Where was this bought?|What is the phone number of {person}?
Can you write a poem?|How many people live in {country}?|What is the meaning of life?|Tell me about {country}.
Who wrote the book?|How far is {country}?|What is the best song of {person}?|What is {number} times {number}?
Is {person} taller than {person}?|What is the price of the ticket?|Which team do you like?|What is behind the camera?
How fast can {person} run?|When does the store open?|What is the password?|Why did {person} leave?|What happened in {number}?
""".replace("\n", "|").split("|")
_QUESTIONS = [question for question in _QUESTIONS if question]

_FILL = {
    "country": "France|Spain|China|India|Brazil|Canada|Japan|Kenya|Peru|Italy|Egypt|Norway|Texas|London|Paris".split("|"),
    "person": "Anna|Peter|the teacher|my father|Maria|David|the doctor|the king|your friend|John|the author|the man".split("|"),
}
_WORDS = ("when why who whose did does could would should might the a my your their some any new old best next last man "
          "woman child city world year day week money law water company system program file function word state school "
          "family history music story war reason idea answer letter method value price user server network paper "
          "market plan energy health result report study power force theory rate level cost test error local public "
          "write make take give find tell become leave feel bring begin keep hold run believe buy send build fall "
          "from with about into after before under between for of to in by than because during without").split()


def unanswerable(random):
    def pick(options):
        return options[int(random.integers(len(options)))]

    if random.random() < 0.35:  # words at random: whatever is asked, the picture does not say
        words = [pick(_WORDS) for _ in range(int(random.integers(3, 9)))]
        return (pick(["What", "Who", "When", "Why", "How", "Which", "Tell me", "Explain"]) + " " + " ".join(words)
                + pick(["?", "?", "."]))
    question = pick(_QUESTIONS)
    while "{" in question:
        name = question[question.index("{") + 1:question.index("}")]
        fill = str(int(random.integers(2, 2000))) if name == "number" else pick(_FILL[name])
        question = question.replace("{" + name + "}", fill, 1)
    return question
