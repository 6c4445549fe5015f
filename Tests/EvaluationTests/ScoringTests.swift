import Evaluation
import Testing

@Suite("Judging answers")
struct ScoringTests {
  @Test(
    "open answers are equal whatever their case, punctuation, articles and number words",
    arguments: [
      ("Red.", "red"), ("a red ball", "Red ball"), ("The  Dog!", "dog"), ("two", "2"),
      ("Twelve dogs", "12 dogs"), ("1,000", "1000"), ("3.5", "3.5"), ("don't know", "dont know"),
      ("it’s", "its"), ("black/white", "black white"), ("t-shirt", "T shirt"), ("none", "0"),
      ("A", "a"), (" left\n", "left"), ("(blue)", "blue"), ("12.", "12"), ("-5", "-5"),
      ("Top, left", "top left"), ("CAFÉ", "café"),
    ])
  func equal(_ a: String, _ b: String) {
    #expect(AnswerText.normalized(a) == AnswerText.normalized(b))
  }

  @Test(
    "open answers that say something else stay different",
    arguments: [
      ("red", "dark red"), ("3.5", "35"), ("ten", "11"), ("left", "right"), ("-5", "5"),
      ("cat", "cats"), ("A", "B"),
    ])
  func different(_ a: String, _ b: String) {
    #expect(AnswerText.normalized(a) != AnswerText.normalized(b))
  }

  private static let options = [
    EvaluationItem.Option(letter: "A", text: "a red ball"),
    EvaluationItem.Option(letter: "B", text: "blue"),
    EvaluationItem.Option(letter: "C", text: "dark blue"),
    EvaluationItem.Option(letter: "D", text: "no color at all"),
  ]

  @Test(
    "the letter of a choice, however it is said",
    arguments: [
      ("B", "B"), ("b", "B"), ("(B)", "B"), ("B.", "B"), ("B. blue", "B"), ("**B**", "B"),
      ("**B** because it is so", "B"), ("B) blue, as I see it", "B"), ("B: blue", "B"),
      ("B\nBecause it looks so.", "B"), ("\"C\"", "C"), ("The answer is B.", "B"),
      ("The answer is (D).", "D"), ("Answer: C", "C"), ("The correct option is A.", "A"),
      ("I would choose option D here.", "D"), ("It must be C, I think", "C"),
      ("A", "A"), ("A.", "A"), ("blue", "B"), ("It is dark blue.", "C"),
      ("The picture shows a red ball", "A"), ("A red ball is shown.", "A"),
      ("Neither A nor B, so the answer is D", "D"), ("  D  ", "D"), ("A is what I see", "A"),
      ("The answer is A because it is red", "A"), ("The answer is A dark blue", "C"),
      ("D\r\n", "D"),
    ])
  func letter(_ prediction: String, _ expected: String) {
    #expect(ChoiceLetter.extract(prediction, options: Self.options) == expected)
  }

  @Test(
    "nothing is read where nothing can be told",
    arguments: [
      "", "E", "green", "A or B", "I cannot see a picture.", "A dog and a cat",
      "either blue or a red ball", "Bluebirds", "?",
    ])
  func unreadable(_ prediction: String) {
    #expect(ChoiceLetter.extract(prediction, options: Self.options) == nil)
  }

  @Test(
    "yes and no",
    arguments: [
      ("Yes", "yes"), ("yes.", "yes"), ("No, there is none.", "no"), ("NO", "no"),
      ("Yes, and not no", "yes"), ("The answer is no", "no"), ("Well, yes!", "yes"),
      ("I think so", nil), ("it could be yes or no", nil), ("", nil), ("Nothing", nil),
      ("Yesterday", nil),
    ] as [(String, String?)])
  func yesNo(_ prediction: String, _ expected: String?) {
    #expect(YesNo(prediction: prediction)?.rawValue == expected)
  }

  @Test("judgments: what was read and whether it is accepted")
  func judgments() {
    func item(_ form: EvaluationItem.Form, _ accepted: [String]) -> EvaluationItem {
      EvaluationItem(id: "1", media: [], question: "?", form: form, accepted: accepted)
    }
    let choice = Judgment("I say C.", to: item(.choice(Self.options), ["C"]))
    #expect(choice.read == "C")
    #expect(choice.isRight)
    #expect(!Judgment("I say B.", to: item(.choice(Self.options), ["C"])).isRight)
    #expect(!Judgment("who knows", to: item(.choice(Self.options), ["C"])).isRight)
    #expect(Judgment("No.", to: item(.yesNo, ["no"])).isRight)
    #expect(Judgment("Yes.", to: item(.yesNo, ["Yes"])).isRight)
    #expect(!Judgment("perhaps", to: item(.yesNo, ["no"])).isRight)
    #expect(Judgment("The sofa", to: item(.open, ["couch", "sofa"])).isRight)
    #expect(!Judgment("a chair", to: item(.open, ["couch", "sofa"])).isRight)
    #expect(Judgment(" . ", to: item(.open, ["couch"])).read == nil)
  }
}
