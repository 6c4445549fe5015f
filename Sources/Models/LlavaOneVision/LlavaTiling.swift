import Media

/// How an image is cut into tiles at the best of several resolutions, and which of the tiles' patches show
/// it (HF `LlavaOnevisionImageProcessor`, `LlavaOnevisionModel.pack_image_features`).
struct LlavaTiling: Sendable, Equatable {
  /// Pixels along a tile's side.
  let side: Int
  /// Patches along a tile's side.
  let patches: Int
  /// The tiles whose tokens an image may have; it is resampled to as many where its canvas has more.
  let mostTiles: Int
  /// The sizes of canvases, `(height, width)` each.
  let resolutions: [[Int]]

  /// An image on the canvas that suits it best.
  struct Canvas: Sendable, Equatable {
    /// The canvas in pixels.
    let size: PixelSize
    /// The image on it, in pixels.
    let content: PixelSize
    /// Tiles from top to bottom.
    let down: Int
    /// Tiles from left to right.
    let across: Int
    /// The patches that show the image.
    let area: GridArea
  }

  /// The canvases of the published models: all of one to six tiles a side.
  static let published = (1...6).flatMap { down in (1...6).map { [384 * down, 384 * $0] } }
  /// More tiles than any release has, to bound memory.
  private static let largest = 256

  /// The number in `anyres_max_9`; `nil` for anything else.
  static func mostTiles(_ aspect: String) -> Int? {
    let prefix = "anyres_max_"
    guard aspect.hasPrefix(prefix), let number = Int(aspect.dropFirst(prefix.count)),
      1...largest ~= number
    else { return nil }
    return number
  }

  /// A sentence about the first invalid value; `nil` if all are valid.
  var problem: String? {
    if resolutions.isEmpty || resolutions.count > 1024 {
      return "image_grid_pinpoints has \(resolutions.count) sizes, expected 1 to 1024"
    }
    for size in resolutions {
      guard size.count == 2, size.allSatisfy({ $0 > 0 && $0.isMultiple(of: side) }),
        size[0] / side <= Self.largest, size[0] / side * (size[1] / side) <= Self.largest
      else {
        return "image_grid_pinpoints names \(size), expected heights and widths of whole tiles of "
          + "\(side) pixels, \(Self.largest) tiles at most"
      }
    }
    return nil
  }

  /// The canvas of an image of this size.
  ///
  /// - Parameter maxPixels: a limit on the pixels of the canvas; the smallest canvas is taken where none is
  ///   so small. `nil` for none.
  func canvas(height: Int, width: Int, maxPixels: Int?) -> Canvas {
    let (height, width) = (max(1, height), max(1, width))
    let size = best(height: height, width: width, maxPixels: maxPixels)
    let (down, across) = (size.height / side, size.width / side)
    return Canvas(
      size: size, content: content(height: height, width: width, on: size), down: down,
      across: across,
      area: area(height: height, width: width, down: down * patches, across: across * patches))
  }

  /// The resolution that shows most of an image; of several, the one that wastes least, the first of these
  /// (HF `select_best_resolution`).
  private func best(height: Int, width: Int, maxPixels: Int?) -> PixelSize {
    var allowed = resolutions.filter { $0[0] * $0[1] <= maxPixels ?? .max }
    if allowed.isEmpty, let least = resolutions.min(by: { $0[0] * $0[1] < $1[0] * $1[1] }) {
      allowed = [least]
    }
    var best = PixelSize(width: side, height: side)
    var (most, least) = (0.0, Double.infinity)
    for size in allowed {
      let scale = min(Double(size[1]) / Double(width), Double(size[0]) / Double(height))
      let shown =
        (Double(width) * scale).rounded(.down) * (Double(height) * scale).rounded(.down)
      let useful = min(shown, Double(width) * Double(height))
      let wasted = Double(size[0] * size[1]) - useful
      if useful > most || (useful == most && wasted < least) {
        (most, least) = (useful, wasted)
        best = PixelSize(width: size[1], height: size[0])
      }
    }
    return best
  }

  /// The size of an image on its canvas: as large as there is room (HF `get_patch_output_size`).
  private func content(height: Int, width: Int, on size: PixelSize) -> PixelSize {
    let scaleX = Double(size.width) / Double(width)
    let scaleY = Double(size.height) / Double(height)
    if scaleX < scaleY {
      let scaled = (Double(height) * scaleX).rounded(.up)
      return PixelSize(width: size.width, height: max(1, min(Int(scaled), size.height)))
    }
    let scaled = (Double(width) * scaleY).rounded(.up)
    return PixelSize(width: max(1, min(Int(scaled), size.width)), height: size.height)
  }

  /// The patches of a canvas that are not padding (HF `unpad_image`).
  private func area(height: Int, width: Int, down: Int, across: Int) -> GridArea {
    let (h, w) = (Double(height), Double(width))
    func padding(_ exact: Double, of length: Int) -> Int {
      // Python's `round` to 7 digits, then cut.
      let shown = (exact * 1e7).rounded(.toNearestOrEven) / 1e7
      return max(0, (length - Int(min(Double(length), shown))) / 2)
    }
    if w / h > Double(across) / Double(down) {
      let margin = padding(h * (Double(across) / w), of: down)
      return GridArea(rows: margin..<down - margin, columns: 0..<across)
    }
    let margin = padding(w * (Double(down) / h), of: across)
    return GridArea(rows: 0..<down, columns: margin..<across - margin)
  }

  /// The grid that an area of patches is resampled to; `nil` where it is small enough.
  func target(of area: GridArea) -> PatchGrid? {
    let limit = Double(mostTiles * patches * patches)
    let ratio = (Double(area.count) / limit).squareRoot()
    guard ratio > 1.1 else { return nil }
    func divided(_ length: Int) -> Int {
      // Python's `//`: what is left over is taken away first.
      let length = Double(length)
      return max(
        1, Int(((length - length.truncatingRemainder(dividingBy: ratio)) / ratio).rounded()))
    }
    return PatchGrid(
      height: divided(area.rows.count), width: divided(area.columns.count), mergeSize: 1)
  }
}
