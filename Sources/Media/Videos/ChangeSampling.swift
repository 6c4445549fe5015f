import Diagnostics

/// Chooses frames where something happens: candidates are evenly spread over a video and compared at a
/// small size, and the frames are taken at equal steps of time and change together.
struct ChangeSampling {
  /// How many candidates there are for each frame, and how many at most.
  private static let candidatesPerFrame = 4
  private static let mostCandidates = 1024
  /// The share of the steps that is time, so that no part of a video is left out.
  private static let timeShare = 0.3
  /// The longer side of a candidate, in pixels.
  static let side = 64

  /// The numbers of the candidates, ascending.
  let candidates: [Int]

  /// Candidates for so many frames of a video of `total`; `nil` where all of its frames are taken anyway.
  init?(frames: Int, total: Int) {
    guard frames > 2, frames < total else { return nil }
    let most = min(Self.mostCandidates, frames.multipliedClamped(by: Self.candidatesPerFrame))
    let count = min(total, most)
    guard count > frames else { return nil }
    candidates = (0..<count).map { index in
      Int((Double(index) * Double(total - 1) / Double(count - 1)).rounded())
    }
  }

  /// The size at which candidates are compared.
  static func size(height: Int, width: Int) -> (height: Int, width: Int) {
    let scale = Double(side) / Double(max(1, height, width))
    return (max(8, Int(Double(height) * scale)), max(8, Int(Double(width) * scale)))
  }

  /// The mean difference of each candidate from the one before, 0 for the first.
  static func changes(of images: [RGBImage]) -> [Double] {
    images.indices.map { index in
      guard index > 0, images[index].pixels.count == images[index - 1].pixels.count else {
        return 0
      }
      let pair = zip(images[index].pixels, images[index - 1].pixels)
      let sum = pair.reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      return Double(sum) / Double(max(1, images[index].pixels.count))
    }
  }

  /// The numbers of so many frames, ascending, the first and the last candidate among them.
  ///
  /// - Parameter changes: of each candidate from the one before.
  func chosen(_ frames: Int, changes: [Double]) -> [Int] {
    guard changes.count == candidates.count, frames > 1 else { return candidates }
    // What is there between any two frames is noise, not change.
    let noise = changes.dropFirst().sorted()[(changes.count - 1) / 4]
    let steps = changes.dropFirst().map { max(0, $0 - noise) }
    let total = steps.reduce(0, +)
    let even = 1 / Double(steps.count)
    var places = [0.0]
    for step in steps {
      let own = total > 0 ? step / total : even
      places.append((places.last ?? 0) + Self.timeShare * even + (1 - Self.timeShare) * own)
    }
    let end = places.last ?? 1
    var picked: [Int] = []
    var next = 0
    for frame in 0..<frames {
      let wanted = end * Double(frame) / Double(frames - 1)
      // Later frames need a candidate each.
      let last = candidates.count - (frames - frame)
      while next < last, places[next + 1] <= wanted + 1e-9 { next += 1 }
      picked.append(candidates[min(next, last)])
      next = min(next, last) + 1
      next = min(next, candidates.count - 1)
    }
    return picked
  }
}
