import Answers
import Engine
import Media
import Options

/// The `illava run` command that asks the same question again.
public struct ShellCommand: Sendable, Equatable {
  /// The words, unquoted; the first is the program.
  public let words: [String]

  /// The command for a request.
  ///
  /// Only options that differ from the defaults are written out.
  ///
  /// - Parameters:
  ///   - sources: the files that were looked at; they tell images from videos where the request left
  ///     that open.
  public init(_ request: Request, model: AnswerDocument.Model?, sources: [Source] = []) {
    var words = ["illava", "run"]
    if let model { words += Self.option("--model", model.path) }
    for item in request.media {
      // A document has a source for each of its pages.
      let kind = item.kind ?? sources.first { $0.path == item.path }?.kind ?? .image
      words += Self.option(kind == .image ? "--image" : "--video", item.path)
    }
    words += Self.option("--prompt", request.prompt)
    for (option, value) in request.chosenOptions.chosen { words += option.words(value) }
    if request.limits.maxPixels != MediaLimits().maxPixels {
      words += ["--max-source-pixels", String(request.limits.maxPixels)]
    }
    if !request.stops { words.append("--ignore-stop-tokens") }
    switch request.memory.limit {
    case .automatic: break
    case .bytes(let bytes): words += ["--memory", String(bytes)]
    case .unplanned: words += ["--memory", "unplanned"]
    }
    if let weights = model?.weights { words += ["--weights", weights] }
    self.words = words
  }

  /// An option and its text, joined by `=` where the text would otherwise be read as an option.
  private static func option(_ name: String, _ text: String) -> [String] {
    text.utf8.first == UInt8(ascii: "-") ? ["\(name)=\(text)"] : [name, text]
  }

  /// The command as a POSIX shell reads it.
  public var text: String { words.map(Self.quoted).joined(separator: " ") }

  /// A word in single quotes unless it is made of harmless characters only.
  static func quoted(_ word: String) -> String {
    let harmless = word.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", ":", "=", ",", "+", "@", "%": true
      default: false
      }
    }
    if harmless, !word.isEmpty { return word }
    var quoted = "'"
    for scalar in word.unicodeScalars {
      // Inside single quotes only the quote itself has a meaning.
      if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }
}
