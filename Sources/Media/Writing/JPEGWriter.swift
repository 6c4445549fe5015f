import CFFmpeg
import Diagnostics

/// Encodes pictures as JPEG, for pages that have to stay small.
public enum JPEGWriter {
  /// The bytes of a JPEG file (4:4:4, so that thin colored lines stay sharp).
  ///
  /// - Parameter quantizer: 2 (large, good) to 31 (small, poor).
  /// - Throws: `media.encode`, `media.no-encoder`, `media.out-of-memory`.
  public static func encode(_ image: RGBImage, quantizer: Int) throws(Failure) -> [UInt8] {
    try StillEncoder(codec: AV_CODEC_ID_MJPEG, format: AV_PIX_FMT_YUVJ444P) { context in
      context.pointee.flags |= AV_CODEC_FLAG_QSCALE
      context.pointee.global_quality = FF_QP2LAMBDA * Int32(min(31, max(2, quantizer)))
      av_opt_set(context.pointee.priv_data, "huffman", "optimal", 0)
    }.encode(image)
  }
}
