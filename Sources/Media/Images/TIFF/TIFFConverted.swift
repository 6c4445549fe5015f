import CFFmpeg
import CImages
import Diagnostics

/// Reads images that libtiff converts to RGB: palettes, few bits, YCbCr, CMYK, Lab.
struct TIFFConverted {
  private let handle: TIFFHandle

  init(_ handle: TIFFHandle) { self.handle = handle }

  func decode() throws(Failure) -> StillFrame {
    var image = TIFFRGBAImage()
    var message = [CChar](repeating: 0, count: 1024)
    guard TIFFRGBAImageOK(handle.tiff, &message) == 1,
      TIFFRGBAImageBegin(&image, handle.tiff, 1, &message) == 1
    else {
      let bits = handle.short(TIFFTAG_BITSPERSAMPLE, 1)
      let samples = handle.short(TIFFTAG_SAMPLESPERPIXEL, 1)
      throw TIFFPicture.unsupported(
        handle.name, "of a rare form (\(samples) × \(bits) bits per pixel\(Self.text(message)))")
    }
    defer { TIFFRGBAImageEnd(&image) }
    // Lab is relative to the white of paper (D50), which becomes the white of screens (D65), ICC.1:2022,
    // annex E; libtiff would leave it yellow.
    image.cielab?.pointee.X0 = 95.047
    image.cielab?.pointee.Z0 = 108.883
    // In the order in which they are stored.
    image.req_orientation = image.orientation
    let still = try StillFrame(
      width: handle.width, height: handle.height, pixels: AV_PIX_FMT_RGBA, format: "tiff")
    let part = try pieces(&image, into: still)
    if image.alpha != 0 {
      for y in 0..<handle.height { ill_straighten(still.line(y), 4, Int32(handle.width), 0) }
    }
    if let warning = try part.warning(name: handle.name, reason: handle.reason) {
      still.warnings.append(warning)
    }
    return still
  }

  /// libtiff's reason, which begins with an apology, without it.
  private static func text(_ message: [CChar]) -> String {
    let text = String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? "" : "; libtiff: \(text)"
  }

  /// Reads strip by strip, or tile by tile.
  private func pieces(
    _ image: inout TIFFRGBAImage, into still: StillFrame
  ) throws(Failure) -> MissingPart {
    let isTiled = TIFFIsTiled(handle.tiff) != 0
    let (width, height) = (handle.width, handle.height)
    let across = isTiled ? long(TIFFTAG_TILEWIDTH) : width
    let down = isTiled ? long(TIFFTAG_TILELENGTH) : min(long(TIFFTAG_ROWSPERSTRIP), height)
    guard across > 0, down > 0 else { throw handle.damaged }
    let (area, overflow) = min(across, width).multipliedReportingOverflow(by: min(down, height))
    guard !overflow else { throw handle.damaged }
    var pixels = [UInt32](repeating: 0, count: area)
    var part = MissingPart(missing: 0, total: width * height, endsEarly: false)
    for y in stride(from: 0, to: height, by: down) {
      for x in stride(from: 0, to: width, by: across) {
        let (wide, high) = (min(across, width - x), min(down, height - y))
        let share = self.share(x: x, y: y, isTiled: isTiled, down: down, image.isContig == 0)
        image.row_offset = Int32(y)
        image.col_offset = Int32(x)
        image.stoponerr = share < 1 ? 0 : 1
        let isRead =
          share > 0
          && TIFFRGBAImageGet(&image, &pixels, UInt32(wide), UInt32(high)) == 1
        let good = isRead ? Int(share * Double(high)) : 0
        for row in 0..<good {
          pixels.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let line = still.line(y + row) else { return }
            ill_unpack_rgba(base + row * wide, Int32(wide), line + 4 * x)
          }
        }
        guard good < high else { continue }
        still.clear(x: x, y: y + good, width: wide, height: high - good, bytesPerPixel: 4)
        part.missing += wide * (high - good)
        part.endsEarly = part.endsEarly || share < 1
        // After the lower part of a strip only whole strips can follow.
        if isTiled || share == 1 { part.place = .scattered }
      }
    }
    return part
  }

  private func long(_ tag: Int32) -> Int {
    Int(ill_tiff_long(handle.tiff, UInt32(tag), UInt32(Int32.max)))
  }

  /// The share of a piece's bytes that the file holds; of the shortest plane.
  private func share(x: Int, y: Int, isTiled: Bool, down: Int, _ isPlanar: Bool) -> Double {
    let planes = isPlanar ? Int(handle.short(TIFFTAG_SAMPLESPERPIXEL, 1)) : 1
    return (0..<max(1, min(planes, 8))).map { plane in
      handle.share(
        ofPiece: isTiled
          ? TIFFComputeTile(handle.tiff, UInt32(x), UInt32(y), 0, UInt16(plane))
          : TIFFComputeStrip(handle.tiff, UInt32(y), UInt16(plane)))
    }.min() ?? 0
  }
}
