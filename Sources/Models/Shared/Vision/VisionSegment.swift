import Diagnostics
import Media

/// One segment with its pixels.
struct VisionSegment {
  /// The images it shows: one, or as many frames as a patch is deep.
  let images: [RGBImage]
  /// The part of the images that it shows.
  let segment: Segment
  /// The patches that are computed.
  let patches: ComputedPatches
  /// What is remembered of the film that it is a frame of; `nil` where nothing is.
  var film: FilmMemory?

  var grid: PatchGrid { segment.grid }

  /// The groups that are computed.
  var groups: [Int] { patches.groups ?? Array(0..<grid.groups) }

  /// Whether each group is computed.
  var isComputed: [Bool] {
    guard let groups = patches.groups else { return Array(repeating: true, count: grid.groups) }
    var result = [Bool](repeating: false, count: grid.groups)
    for group in groups { result[group] = true }
    return result
  }

  /// The segments of a question's visuals.
  ///
  /// - Throws: `media.size` where a view does not lie within its images.
  static func all(
    of question: Question, _ shape: VisionShape, _ plan: FilmPlan
  ) throws(Failure) -> [VisionSegment] {
    var segments: [VisionSegment] = []
    for (number, segment) in question.segments.enumerated() {
      let images = question.visuals[segment.source].images
      let view = segment.view
      guard view.images.lowerBound >= 0, view.images.upperBound <= images.count,
        !view.images.isEmpty, view.x >= 0, view.y >= 0, view.grid.patches > 0,
        view.grid.height.isMultiple(of: shape.mergeSize),
        view.grid.width.isMultiple(of: shape.mergeSize),
        images[view.images].allSatisfy({ image in
          view.x + view.grid.width * shape.patchSize <= image.width
            && view.y + view.grid.height * shape.patchSize <= image.height
            && image.pixels.count == image.width * image.height * 3
        })
      else {
        throw Failure(
          .fault, code: .mediaSize,
          "a view of \(view.grid.width)×\(view.grid.height) patches does not lie within its image")
      }
      segments.append(
        VisionSegment(
          images: Array(images[view.images]), segment: segment,
          patches: ComputedPatches(of: view.grid, groups: plan.computed[number])))
    }
    return segments
  }
}
