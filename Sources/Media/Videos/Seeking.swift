import Diagnostics

/// Where seeking to the wanted frames is worth it.
struct Seeking {
  /// The least number of pixels that then are not decoded: about a second of work. Below it every frame
  /// is decoded, so that damage anywhere in the video is seen.
  var leastSaving = 250_000_000

  /// Whether each packet's frame can be found by its time, as far as the index tells.
  func allows(_ index: FrameIndex, _ demuxer: Demuxer) -> Bool {
    // Frames of animations build on all earlier ones. VP8 stores frames that are never shown.
    guard index.isTimed, index.hasKeys, !demuxer.isAnimation, demuxer.codec != "vp8" else {
      return false
    }
    guard index.starts.count == 1 || demuxer.seeksBytes else { return false }
    let isStart = Set(index.starts)
    for frame in index.order.indices.dropFirst() where !isStart.contains(frame) {
      let before = index.packets[Int(index.order[frame - 1])].presentation
      if index.packets[Int(index.order[frame])].presentation == before { return false }
    }
    return true
  }

  /// Whether a plan saves enough.
  func isWorth(_ plan: SeekPlan, _ index: FrameIndex, width: Int, height: Int) -> Bool {
    let saved = index.packets.count - plan.packets
    return saved.multipliedClamped(by: width.multipliedClamped(by: height)) >= leastSaving
  }
}
