import Grounding

/// Answers in which boxes are looked for.
struct BoxTarget: FuzzTarget {
  let corpus = [
    "```json\n[{\"bbox_2d\": [10, 20, 300, 400], \"label\": \"a \\\"cup\\\" \\u00e9\"},\n{\"point_2d\": [5, 6]}]\n```",
    "{'objects': [{'image': 2, 'bbox_2d': [[1, 2, 3, 4], [5, 6, 7, 8]]}], 'time': '1:02.5'}",
    "<|object_ref_start|>a man<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>",
    "<ref>a dog</ref><box>[[253, 231, 733, 787], [-1.5, 1e3, 0, 1e999]]</box>",
  ].map { Array($0.utf8) }

  let words = [
    "\"bbox_2d\":", "\"point_2d\":", "\"label\":", "\"page\":", "NaN", "1e308", "-0", "<box>",
    "</box>",
    "[[", "]]", "{\"", "\\u", "\\\"",
  ]

  func read(_ text: [UInt8]) -> String? {
    let limit = 5
    let findings = GroundingReader.read(String(decoding: text, as: UTF8.self), limit: limit)
    if findings.items.count > limit { return "\(findings.items.count) boxes" }
    for finding in findings.items {
      if finding.label.map({ $0.isEmpty || $0.utf8.count > 2000 }) == true {
        return "a wrong label"
      }
      guard let pixels = finding.pixels(own: (640, 480), shown: (64, 48), .shownPixels) else {
        continue
      }
      let isInside = zip(pixels, [640, 480, 640, 480]).allSatisfy { 0...$1 ~= $0 }
      let hasArea = pixels.count == 2 || (pixels[0] < pixels[2] && pixels[1] < pixels[3])
      if !isInside || !hasArea { return "pixels \(pixels) of \(finding.numbers)" }
    }
    return nil
  }
}
