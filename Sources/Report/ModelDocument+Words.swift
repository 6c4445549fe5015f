import Basics
import Engine
import Terminal

extension ModelDocument {
  /// The columns of the names on the left.
  private static let indent = 11

  /// The document as lines of text, none wider than `width` but for words that do not fit.
  public func lines(width: Int) -> [String] {
    var lines: [String] = []
    for (name, text) in facts {
      let wrapped = TextWidth.wrapped(text, to: width - Self.indent)
      for (index, line) in wrapped.enumerated() {
        let title = index == 0 ? name : ""
        lines.append(title + String(repeating: " ", count: Self.indent - title.count) + line)
      }
    }
    guard !memory.isEmpty else { return lines }
    return lines + [""] + Table.plain(rows)
  }

  /// The memory table: headings first.
  private var rows: [[String]] {
    let side = PictureNeeds.side
    return [["--weights", "weights take", "with a picture of \(side)×\(side)", "fits now"]]
      + memory.map {
        [
          $0.weights, ByteCount.memory($0.weightBytes), ByteCount.memory($0.predicted),
          $0.fitsNow.map { $0 ? "yes" : "with less, or not" } ?? "no limit",
        ]
      }
  }

  private var facts: [(name: String, text: String)] {
    let model = family.map { "\($0) (\(modelType ?? ""))" } ?? modelType ?? "of no known kind"
    var facts = [("model", runnable ? "\(model): can be run" : "\(model): cannot be run")]
    if let architecture, family == nil { facts.append(("class", architecture)) }
    if let vision {
      facts.append(
        (
          "vision",
          "\(vision.layers) layers of \(vision.hidden), \(vision.heads) heads, patches of "
            + "\(vision.patch)×\(vision.patch) pixels; \(Self.count(vision.parameters)) parameters"
        ))
    }
    if let text {
      facts.append(
        (
          "text",
          "\(text.layers) layers of \(text.hidden), \(text.heads) heads of \(text.headSize), "
            + "\(text.keyValueHeads) for keys and values, MLP of \(text.intermediate); "
            + "\(Self.count(text.parameters)) parameters"
        ))
      facts.append(
        (
          "output",
          (text.isTied ? "shares the embedding's weights" : "has weights of its own")
            + "; \(text.vocabulary) tokens, prompts of up to \(text.positions)"
        ))
    }
    if let picture {
      facts.append(
        (
          "picture",
          "\(picture.width)×\(picture.height) is shown as "
            + "\(picture.shownWidth)×\(picture.shownHeight) in \(picture.views) "
            + "view\(picture.views == 1 ? "" : "s"): \(picture.tokens) tokens"
        ))
    }
    if let files { facts += self.facts(files) }
    return facts + notes.map { ("note", $0) }
  }

  private func facts(_ files: Files) -> [(name: String, text: String)] {
    var facts: [(name: String, text: String)] = []
    if !files.weights.isEmpty {
      let types = stored.map { "\($0.type) \(ByteCount.text($0.bytes))" }.joined(separator: ", ")
      let count = files.weights.count
      let what = files.tensors == 0 ? "" : ": \(files.tensors) tensors, \(types)"
      facts.append(("weights", "\(count) file\(count == 1 ? "" : "s")\(what)"))
    }
    if let quantization { facts.append(("quantized", quantization)) }
    if files.isPacked {
      let bits = files.packedPrecisions.map { $0 == "int4" ? "4-bit" : "8-bit" }.joined(
        separator: " and ")
      facts.append(("packed", "\(bits) weights are beside the model"))
    }
    if let layout = files.layout, family != nil || layout != "flat" {
      let where_ = layout == "flat" ? "at the top of config.json" : "in “\(layout)” of config.json"
      facts.append(("layout", "the language model is described \(where_)"))
    }
    if let tokens { facts.append(("tokenizer", "\(tokens) tokens, from \(files.tokenizer ?? "")")) }
    if family != nil {
      let usual = "the family's own"
      facts.append(("template", files.template ?? usual))
      facts.append(
        (
          "processor",
          "images: \(files.images ?? usual); videos: "
            + "\(files.videos ?? (files.images == nil ? usual : "as images"))"
        ))
    }
    return facts
  }

  /// `8.19 billion`, `407 million`, `321 thousand`, `12`.
  static func count(_ number: Int) -> String {
    for (name, size) in [("billion", 1e9), ("million", 1e6), ("thousand", 1e3)]
    where Double(number) >= size {
      let amount = Double(number) / size
      let digits = amount < 10 ? 100.0 : amount < 100 ? 10 : 1
      let rounded = (amount * digits).rounded() / digits
      return "\(rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)") \(name)"
    }
    return "\(number)"
  }
}
