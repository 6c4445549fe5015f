import Basics
import Diagnostics
import WorkerProtocol

/// The messages of a conversation, as turns and a question.
struct ChatMessages {
  private var system: [String] = []
  private var turns: [JobTurn] = []
  private var said: [String] = []
  private var files: [Int] = []

  /// Adds a message.
  ///
  /// - Throws: `web.body` for a role that does not take part.
  mutating func add(role: String, text: String, files: [Int]) throws(Failure) {
    switch role {
    case "system", "developer": if !text.isEmpty { system.append(text) }
    case "user":
      if !text.isEmpty { said.append(text) }
      self.files += files
    case "assistant":
      turns.append(JobTurn(question: said.joined(separator: "\n\n"), answer: text))
      said = []
    default:
      throw Failure(
        .badInput, code: .webBody, "there is no role “\(role.prefix(40))” here",
        remedy: "Use system, user and assistant; tools are not called.")
    }
  }

  /// Puts everything into a question.
  func fill(_ question: inout ChatQuestion) {
    question.system += system
    question.turns = turns
    question.prompt = said.joined(separator: "\n\n")
    question.files = files
  }
}
