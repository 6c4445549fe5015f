import CFFmpeg
import Diagnostics

/// Encodes pictures as PNG, without loss.
public enum PNGWriter {
  /// The bytes of a PNG file with 8-bit RGB.
  ///
  /// - Throws: `media.encode`, `media.no-encoder`, `media.out-of-memory`.
  public static func encode(_ image: RGBImage) throws(Failure) -> [UInt8] {
    try StillEncoder(codec: AV_CODEC_ID_PNG, format: AV_PIX_FMT_RGB24) { context in
      context.pointee.compression_level = 6
      // The filter is chosen line by line, because photographs and flat areas need different ones.
      av_opt_set(context.pointee.priv_data, "pred", "mixed", 0)
    }.encode(image)
  }
}
