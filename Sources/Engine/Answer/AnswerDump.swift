import Checkpoint
import Compute
import Diagnostics
import Media
import Models

/// Collects intermediate results for comparison with other implementations, and writes them as
/// safetensors.
///
/// `input_ids` `[n]`, `position_ids` `[axes, n]`, `pixel_values` and `pixel_values_videos` `[patches, numbers per patch]`,
/// `image_grid_thw` and `video_grid_thw` `[items, 3]`, `logits` `[vocabulary]` of the last prompt
/// position, `generated`, `vit_counts` `[segments]`, `run_counts` `[runs]`, `image_sizes` `[images, 2]`, `kv_lengths` `[layers]`, `frame_indices`, and
/// `survivors.N` of every run; where frames of films are not computed whole, `computed.N`, the groups of every
/// segment that are; with traces also the hidden states, and of recurrences the states after the
/// prompt: `state.conv.N` `[taps − 1, channels]` and `state.recurrent.N` `[heads · key size, value size]`.
public final class AnswerDump {
  /// Whether hidden states are kept. They are large, so they are kept only on request.
  public let keepsTraces: Bool

  private var names: [String] = []
  private var floats: [String: (shape: [Int], values: [Float])] = [:]
  private var integers: [String: (shape: [Int], values: [Int64])] = [:]

  /// An empty collection.
  public init(keepsTraces: Bool = false) { self.keepsTraces = keepsTraces }

  /// The recorded numbers of this name.
  public func floats(_ name: String) -> [Float]? { floats[name]?.values }

  /// The recorded integers of this name.
  public func integers(_ name: String) -> [Int]? { integers[name]?.values.map { Int($0) } }

  /// Adds rows under a name; rows recorded under the same name are appended.
  func record(_ name: String, _ rows: MatrixView) {
    let isPixels = name.hasPrefix("pixel_values")
    guard isPixels || keepsTraces else { return }
    let key = isPixels || name.hasPrefix("state.") ? name : "trace." + name
    if floats[key] == nil { names.append(key) }
    var entry = floats[key] ?? ([0, rows.columns], [])
    for row in 0..<rows.rows {
      entry.values += UnsafeBufferPointer(start: rows.row(row), count: rows.columns)
    }
    entry.shape[0] += rows.rows
    floats[key] = entry
  }

  /// Adds the numbers of an answer and its prompt.
  ///
  /// - Parameter logits: `[vocabulary]`, after the last position of the prompt.
  func record(_ answer: Answer, prompt: Prompt, logits: [Float]) {
    add("input_ids", prompt.ids.map { Int64($0) })
    add(
      "position_ids", prompt.positions.axes.flatMap { $0.map { Int64($0) } },
      shape: [prompt.positions.axes.count, prompt.ids.count])
    addGrids("image_grid_thw", prompt.segments.filter { !$0.isVideo })
    addGrids("video_grid_thw", prompt.segments.filter(\.isVideo))
    names.append("logits")
    floats["logits"] = ([logits.count], logits)
    add("generated", answer.generated.map { Int64($0) })
    add("vit_counts", answer.visionCounts.isEmpty ? [0] : answer.visionCounts.map { Int64($0) })
    add("run_counts", answer.runCounts.isEmpty ? [0] : answer.runCounts.map { Int64($0) })
    let images = answer.sources.filter { $0.kind == .image }.map(\.size)
    if !images.isEmpty, answer.runs.contains(where: { $0.packing != nil }) {
      add(
        "image_sizes", images.flatMap { [Int64($0.height), Int64($0.width)] },
        shape: [images.count, 2])
    }
    add("kv_lengths", answer.cacheLengths.map { Int64($0) })
    let frames = answer.sources.flatMap(\.frames)
    if !frames.isEmpty { add("frame_indices", frames.map { Int64($0.index) }) }
    if answer.computed.contains(where: { $0 != nil }) {
      for (index, groups) in answer.computed.enumerated() {
        let all = groups ?? Array(0..<prompt.segments[index].grid.groups)
        add("computed.\(index)", all.map { Int64($0) })
      }
    }
    for (index, kept) in answer.survivors.enumerated() {
      add("survivors.\(index)", kept.map { Int64($0) })
    }
  }

  /// One row `(segments, height, width)`, the sides in patches, per image or video.
  private func addGrids(_ name: String, _ segments: [Segment]) {
    var rows: [[Int64]] = []
    var last: Int?
    for segment in segments {
      if segment.source == last {
        rows[rows.count - 1][0] += 1
      } else {
        rows.append([1, Int64(segment.grid.height), Int64(segment.grid.width)])
      }
      last = segment.source
    }
    if !rows.isEmpty { add(name, rows.flatMap(\.self), shape: [rows.count, 3]) }
  }

  private func add(_ name: String, _ values: [Int64], shape: [Int]? = nil) {
    names.append(name)
    integers[name] = (shape ?? [values.count], values)
  }

  /// Writes everything to a file, whole or not at all.
  ///
  /// - Throws: `fault` when it cannot be written.
  public func write(to path: String) throws(Failure) {
    var writer = SafetensorsWriter()
    for name in names {
      if let entry = floats[name] {
        try writer.add(name, shape: entry.shape, entry.values)
      } else if let entry = integers[name] {
        try writer.add(name, shape: entry.shape, entry.values)
      }
    }
    try writer.write(to: path)
  }
}
