import Engine
import Grounding

/// The boxes of an answer in words.
public enum BoxText {
  /// The most lines.
  private static let limit = 100

  /// A line for each box and point: its number, its label, its pixels and its file.
  public static func lines(_ answer: Answer) -> [String] {
    let boxes = answer.boxes.items
    let lines = boxes.prefix(limit).enumerated().map { index, box in
      let label = box.label.map { " “\($0)”" } ?? ""
      return
        "\(box.kind.rawValue) \(index + 1)\(label): \(pixels(box.pixels)) \(place(box, answer))"
    }
    return boxes.count > limit ? lines + ["and \(boxes.count - limit) more boxes"] : lines
  }

  /// `12, 30 to 120, 200`, or `12, 30` for a point.
  static func pixels(_ pixels: [Int]?) -> String {
    guard let pixels else { return "no pixels" }
    let corners = stride(from: 0, to: pixels.count - 1, by: 2).map {
      "\(pixels[$0]), \(pixels[$0 + 1])"
    }
    return corners.joined(separator: " to ")
  }

  private static func place(_ box: AnswerBox, _ answer: Answer) -> String {
    guard let index = box.source, answer.sources.indices.contains(index) else {
      return "of an unknown picture"
    }
    let source = answer.sources[index]
    let page = source.page.map { ", page \($0)" } ?? ""
    let time = box.frame.map { ", at \(SourceView.time($0.seconds))" } ?? ""
    return "of \(source.path)\(page)\(time)"
  }
}
