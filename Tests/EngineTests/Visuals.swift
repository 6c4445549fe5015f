import Media
import Models

extension Visual {
  /// An image at its own size, for a model with patches of 16 pixels in groups of 2×2.
  init(image: RGBImage) {
    self.init(
      .image, images: [image],
      layout: Self.layout(MediaShape(.image, height: image.height, width: image.width)))
  }

  /// A video with frames at their own size, for a model whose patches are two frames deep.
  init(frames: [RGBImage], timestamps: [Double]) {
    self.init(
      .video, images: frames, timestamps: timestamps,
      layout: Self.layout(
        MediaShape(
          .video, frames: frames.count, height: frames[0].height, width: frames[0].width)))
  }

  private static func layout(_ shape: MediaShape) -> MediaLayout {
    MediaLayout(
      whole: PixelSize(width: shape.width, height: shape.height), of: shape, depth: 2,
      grid: PatchGrid(height: shape.height / 16, width: shape.width / 16, mergeSize: 2))
  }
}
