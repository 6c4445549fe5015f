/// Which parts of a video are decoded where only a few frames are wanted.
struct SeekPlan {
  /// Consecutive packets from a key frame on that give some of the wanted frames.
  struct Run: Equatable {
    /// The key frame: an index of the packets.
    let start: Int
    /// The last packet that is needed.
    var end: Int
    /// The number of the first frame that comes out and is not shown before the key frame.
    let firstFrame: Int
    /// The number of the last frame that is needed.
    var lastFrame: Int
  }

  /// The runs, in the order of the file; none overlaps another.
  private(set) var runs: [Run] = []
  /// The packets of all runs.
  var packets: Int { runs.reduce(0) { $0 + $1.end - $1.start + 1 } }

  /// Each later frame in order of decoding is shown before no more than 16 earlier ones; twice that, in
  /// case fields come in packets of their own.
  private static let reordered = 32

  /// A plan for the frames with these numbers, ascending; `nil` where a frame has no key frame before it.
  ///
  /// - Parameter neighbors: whether the frames beside each wanted one are needed to deinterlace it.
  init?(_ index: FrameIndex, frames: [Int], neighbors: Bool) {
    let keys = index.packets.indices.filter { index.packets[$0].isKey }
    for frame in frames {
      let low = neighbors ? max(0, frame - 1) : frame
      let high = neighbors ? min(index.count - 1, frame + 1) : frame
      guard let run = Self.run(index, keys: keys, low: low, high: high) else { return nil }
      if let last = runs.last, run.start <= last.end + 1 {
        runs[runs.count - 1].end = max(last.end, run.end)
        runs[runs.count - 1].lastFrame = max(last.lastFrame, run.lastFrame)
      } else {
        runs.append(run)
      }
    }
  }

  private static func run(_ index: FrameIndex, keys: [Int], low: Int, high: Int) -> Run? {
    guard index.order.indices.contains(low), index.order.indices.contains(high) else { return nil }
    let segment = index.starts.last { $0 <= low } ?? 0
    let wanted = Int(index.order[low])
    let time = index.packets[wanted].presentation
    // The last key frame that is decoded no later and shown no later. A frame of an open group of
    // pictures can be decoded after a key frame and be shown before it; then it needs the one before.
    var (below, above) = (0, keys.count)
    while below < above {
      let middle = (below + above) / 2
      if keys[middle] <= wanted { below = middle + 1 } else { above = middle }
    }
    // Another clock's times cannot be compared.
    let barrier = segmentStart(index, segment)
    var start: Int?
    for key in keys[..<below].reversed() {
      if key < barrier { break }
      if index.packets[key].presentation <= time {
        start = key
        break
      }
    }
    // What is shown before the very first key frame can need no other.
    if start == nil, segment == 0, keys.first == 0 { start = 0 }
    guard let start else { return nil }
    let first =
      start == 0 ? 0 : firstFrame(index, from: segment, at: index.packets[start].presentation)
    let from = min(low, max(first, low - reordered))
    let end = index.order[from...high].max().map(Int.init) ?? wanted
    return Run(start: start, end: max(end, start), firstFrame: first, lastFrame: high)
  }

  /// The first packet in order of decoding of the part that begins with a frame.
  private static func segmentStart(_ index: FrameIndex, _ frame: Int) -> Int {
    guard frame > 0 else { return 0 }
    return index.order[frame..<min(index.count, frame + reordered)].min().map(Int.init) ?? 0
  }

  /// The number of the first frame of a part that is shown at a time or later.
  private static func firstFrame(_ index: FrameIndex, from frame: Int, at time: Int64) -> Int {
    var (low, high) = (frame, index.starts.first { $0 > frame } ?? index.count)
    while low < high {
      let middle = (low + high) / 2
      if index.packets[Int(index.order[middle])].presentation < time {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
