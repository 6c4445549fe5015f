import Diagnostics
import Engine
import Media
import Merging
import Models
import Options

/// The pictures of one image.
struct ImagePictures {
  /// The approximate length of the longer side of the largest picture, in pixels.
  static let side = 1024

  private let view: SourceView
  private let reading: MediaReading

  init(_ view: SourceView, reading: MediaReading) {
    self.view = view
    self.reading = reading
  }

  /// Draws the pictures, one at a time.
  func draw(
    _ choice: Visualization, _ body: (MergePicture) throws(Failure) -> Void
  ) throws(Failure) {
    guard let image = view.parts.first?.images.first,
      view.visual.images.indices.contains(image)
    else { return }
    let seen = view.visual.images[image]
    let large = try painter(seen, longest: Self.side, cells: 8...128)
    let (stem, title, index) = (view.stem, view.title, view.index)
    try body(
      MergePicture(
        nil, .original, "\(title) as the model saw it.", source: index,
        Canvas(large.image)))
    let final = view.fates(part: 0)
    try body(
      MergePicture(
        "\(stem)-final.png", .final, "\(title): what was left in the end.", source: index,
        overlay(large, final, title: view.steps.last.map { "after \(SourceView.name($0))" })))
    guard !view.steps.isEmpty else { return }
    let small = try painter(seen, longest: 208, cells: 3...64)
    try body(
      MergePicture(
        "\(stem)-layers.png", .layers,
        "\(title): every merging layer; above what it left, below its scores.", source: index,
        LayerStrip(view, part: 0).draw(small)))
    let medium = try painter(seen, longest: 640, cells: 6...96)
    try body(
      MergePicture(
        "\(stem)-scores.png", .scores,
        "\(title): the scores by which the first merging layer of each stage chose.",
        source: index, scores(medium)))
    guard choice == .all else { return }
    for (number, step) in view.steps.enumerated() {
      let name = SourceView.name(step)
      let sheet = Sheet(
        title: "\(title), scores at \(name)",
        panels: [
          Sheet.Panel(
            pictures: [large.scores(view.ranks(part: 0, step: number))],
            labels: [])
        ], columns: 1, legend: MergePictures.scoreLegend)
      try body(
        MergePicture(
          "\(stem)-\(SourceView.slug(step)).png", .layer, "\(title): after \(name).",
          source: index,
          overlay(large, view.fates(part: 0, only: number), title: "after \(name)")))
      try body(
        MergePicture(
          "\(stem)-\(SourceView.slug(step))-scores.png", .layer, "\(title): scores at \(name).",
          source: index, sheet.draw()))
    }
  }

  private func overlay(_ painter: GroupPainter, _ fates: GroupFates, title: String?) -> Canvas {
    let share = SourceView.percent(fates.left, of: view.tokens)
    let heading =
      title.map {
        "\(view.title) \($0): \(fates.left) of \(view.tokens) \(view.unit) left (\(share))"
      } ?? "\(view.title): all \(view.tokens) \(view.unit), nothing was merged"
    return Sheet(
      title: heading, panels: [Sheet.Panel(pictures: [painter.fates(fates)], labels: [])],
      columns: 1,
      legend: MergePictures.legend(
        left: fates.left, recycled: fates.recycled, of: view.tokens)
    ).draw()
  }

  /// The scores of the first merging layer of each stage side by side; the ViT's has scored all groups.
  private func scores(_ painter: GroupPainter) -> Canvas {
    let firsts = [MergePlace.vision, .text].compactMap { stage in
      view.steps.firstIndex { $0.stage == stage }
    }
    let panels = firsts.map { number in
      let count = view.record(view.steps[number], part: 0).arrived.count
      return Sheet.Panel(
        pictures: [painter.scores(view.ranks(part: 0, step: number))],
        labels: [SourceView.name(view.steps[number]), "\(count) scored"])
    }
    return Sheet(
      title: "\(view.title), scores", panels: panels, columns: panels.count,
      legend: MergePictures.scoreLegend
    ).draw()
  }

  /// Whether the image that the model saw is the file's whole picture, without margins.
  private var isWhole: Bool {
    guard let image = view.parts.first?.images.first else { return false }
    let fittings = view.visual.layout.fittings
    return !fittings.indices.contains(image) || fittings[image] == .stretched
  }

  /// A painter on the image at a readable size.
  ///
  /// The file is decoded again, in the model's proportions, if it has not changed; otherwise the image
  /// that the model saw is scaled.
  private func painter(
    _ seen: RGBImage, longest: Int, cells: ClosedRange<Int>
  ) throws(Failure) -> GroupPainter {
    let grid = GroupGrid(view.patches, longest: longest, cells: cells)
    if isWhole, grid.width > seen.width, view.source.size.width > seen.width,
      (try? FileDigest.identity(path: view.source.path).digest) == view.source.digest,
      let picture = try? ImageFile.decode(
        path: view.source.path, page: (view.source.page ?? 1) - 1, reading: reading,
        target: { _, _ in (height: grid.height, width: grid.width) })
    {
      return GroupPainter(image: picture.image, grid: grid)
    }
    return GroupPainter(
      image: try seen.resized(width: grid.width, height: grid.height), grid: grid)
  }
}
