/// Finds boxes and points in the text of an answer.
///
/// Two notations are read: members of JSON objects, wherever these stand in the text (`bbox_2d` and
/// `point_2d` of Qwen), and numbers between marks (`<|box_start|>(x1,y1),(x2,y2)<|box_end|>` of Qwen,
/// `<box>[[x1,y1,x2,y2]]</box>` of InternVL). The text may be anything: what is not understood is
/// skipped, and the work grows with its length only.
public enum GroundingReader {
  /// The places in a text.
  ///
  /// - Parameter limit: the most places that are kept; the others are counted.
  public static func read(_ text: String, limit: Int = 1000) -> Findings {
    let bytes = Array(text.utf8)
    var objects = ObjectReader(bytes, limit: limit)
    var marks = MarkReader(bytes, limit: limit)
    let (first, second) = (objects.read(), marks.read())
    var all = Findings()
    all.unreadable = first.unreadable + second.unreadable
    // A box around others is complete after them.
    let found = (first.found + second.found).sorted { $0.offset < $1.offset }
    all.items = found.prefix(limit).map(\.finding)
    all.leftOut = first.leftOut + second.leftOut + max(0, found.count - limit)
    return all
  }
}
