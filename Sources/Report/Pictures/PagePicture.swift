import Diagnostics
import FoundationEssentials
import Media

/// A picture in the page: as JPEG, in several qualities.
struct PagePicture: Sendable {
  let content: MergePicture.Content
  let caption: String
  /// The name of the file with the exact pixels beside the page, if there is one.
  let file: String?
  let source: Int
  let width: Int
  let height: Int
  /// The JPEG's bytes in Base64, from fine to coarse.
  let variants: [String]

  /// From good to the coarsest with legible labels.
  private static let quantizers = [4, 9, 18]

  init(_ picture: MergePicture) throws(Failure) {
    content = picture.content
    caption = picture.caption
    file = picture.name
    source = picture.source
    width = picture.image.width
    height = picture.image.height
    var variants: [String] = []
    for quantizer in Self.quantizers {
      let bytes = try JPEGWriter.encode(picture.image, quantizer: quantizer)
      variants.append(Data(bytes).base64EncodedString())
    }
    self.variants = variants
  }
}
