import Media

/// How a model sees an image or a video: the sizes it is resized to, and the views it is cut into.
public struct MediaLayout: Sendable, Equatable {
  /// The sizes that an image is resized to, one for each resized image that views are cut from; for a
  /// video the one size of all frames.
  public var sizes: [PixelSize]
  /// How an image is brought to each of these sizes; empty where it is stretched to all of them.
  public var fittings: [ImageFitting] = []
  /// The views, in the order of the prompt.
  public var views: [View]
  /// The runs: ranges of views whose tokens are contiguous in the prompt and that the language model
  /// merges together. The runs cover all views in order.
  public var runs: [Range<Int>]
  /// How the tokens of each run lie in the prompt; empty where they are those of the views, one after the
  /// other.
  public var packings: [RunPacking] = []

  /// A layout from its parts.
  public init(sizes: [PixelSize], views: [View], runs: [Range<Int>]) {
    self.sizes = sizes
    self.views = views
    self.runs = runs
  }

  /// A layout in which each view is a run.
  public init(sizes: [PixelSize], views: [View]) {
    self.init(sizes: sizes, views: views, runs: views.indices.map { $0..<$0 + 1 })
  }

  /// One view of the whole image, or one for every `depth` frames of a video; the last view may have
  /// fewer frames.
  public init(whole size: PixelSize, of shape: MediaShape, depth: Int, grid: PatchGrid) {
    let starts = stride(from: 0, to: max(1, shape.frames), by: max(1, depth))
    self.init(
      sizes: [size],
      views: starts.map {
        View(images: $0..<min($0 + max(1, depth), max(1, shape.frames)), grid: grid)
      })
  }

  /// Visual tokens of all runs.
  public var tokens: Int {
    packings.isEmpty
      ? views.reduce(0) { $0 + $1.grid.groups } : packings.reduce(0) { $0 + $1.tokens }
  }

  /// The sizes with their fittings, for decoding.
  public var targets: [ImageTarget] {
    sizes.enumerated().map { index, size in
      ImageTarget(size, fittings.indices.contains(index) ? fittings[index] : .stretched)
    }
  }

  /// Bytes of all images, 3 per pixel.
  ///
  /// - Parameter frames: frames of a video; 1 for an image.
  public func bytes(frames: Int) -> Int {
    sizes.reduce(0) { $0 + $1.width * $1.height * 3 } * max(1, frames)
  }
}
