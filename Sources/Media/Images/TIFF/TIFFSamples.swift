import CFFmpeg
import CImages
import Diagnostics

/// Reads images whose samples are gray or RGB with 8 or 16 bits just as they are stored: libtiff's own
/// conversion would round 16 bits to 8 and multiply colors by their alpha.
struct TIFFSamples {
  private let handle: TIFFHandle
  private let isWide: Bool
  private let isInverted: Bool
  /// Samples of a pixel in the file, and those that are used.
  private let stored: Int
  private let used: Int
  private let isPremultiplied: Bool
  private let isPlanar: Bool

  /// `nil` where libtiff has to convert the pixels.
  init?(_ handle: TIFFHandle) {
    self.handle = handle
    let bits = handle.short(TIFFTAG_BITSPERSAMPLE, 1)
    let photometric = handle.short(TIFFTAG_PHOTOMETRIC, -1)
    guard bits == 8 || bits == 16,
      [PHOTOMETRIC_MINISWHITE, PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_RGB].contains(photometric)
    else { return nil }
    let colors = photometric == PHOTOMETRIC_RGB ? 3 : 1
    stored = Int(handle.short(TIFFTAG_SAMPLESPERPIXEL, 1))
    guard stored >= colors else { return nil }
    let extra = ill_tiff_extra(handle.tiff)
    // A fourth sample about which the file says nothing is alpha, one without meaning is not.
    let hasAlpha =
      stored > colors
      && (extra == EXTRASAMPLE_ASSOCALPHA || extra == EXTRASAMPLE_UNASSALPHA
        || (extra == -1 && stored == 4))
    used = colors + (hasAlpha ? 1 : 0)
    isWide = bits == 16
    isInverted = photometric == PHOTOMETRIC_MINISWHITE
    isPremultiplied = hasAlpha && extra == EXTRASAMPLE_ASSOCALPHA
    isPlanar = handle.short(TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE
  }

  private var bytes: Int { isWide ? 2 : 1 }

  private var pixels: AVPixelFormat {
    switch used {
    case 1: isWide ? ill_gray16 : AV_PIX_FMT_GRAY8
    case 2: isWide ? ill_ya16 : AV_PIX_FMT_YA8
    case 3: isWide ? ill_rgb48 : AV_PIX_FMT_RGB24
    default: isWide ? ill_rgba64 : AV_PIX_FMT_RGBA
    }
  }

  func decode() throws(Failure) -> StillFrame {
    let still = try StillFrame(
      width: handle.width, height: handle.height, pixels: pixels, format: "tiff")
    let part =
      TIFFIsTiled(handle.tiff) != 0 ? try tiles(into: still) : try lines(into: still)
    if isPremultiplied {
      for y in 0..<handle.height {
        ill_straighten(still.line(y), Int32(used), Int32(handle.width), isWide ? 1 : 0)
      }
    }
    if let warning = try part.warning(name: handle.name, reason: handle.reason) {
      still.warnings.append(warning)
    }
    return still
  }

  /// Copies one line of samples; `plane` is the sample of a plane, `nil` where all are together.
  private func copy(
    _ line: UnsafeRawPointer, plane: Int?, count: Int, to out: UnsafeMutablePointer<UInt8>
  ) {
    for sample in plane.map({ $0..<$0 + 1 }) ?? 0..<used {
      // Alpha is never inverted.
      let inverts = isInverted && sample == 0
      ill_copy_samples(
        plane == nil ? line + sample * bytes : line, plane == nil ? Int32(stored) : 1,
        out + sample * bytes, Int32(used), Int32(count), isWide ? 1 : 0, inverts ? 1 : 0)
    }
  }

  // MARK: Strips

  /// Reads line by line, so that every line before the damage is there.
  private func lines(into still: StillFrame) throws(Failure) -> MissingPart {
    let bytesPerLine = Int(TIFFScanlineSize(handle.tiff))
    guard bytesPerLine >= handle.width * (isPlanar ? 1 : stored) * bytes else {
      throw handle.damaged
    }
    var buffer = [UInt8](repeating: 0, count: bytesPerLine)
    var good = handle.height
    for plane in 0..<(isPlanar ? used : 1) {
      let end = present(plane: plane)
      var y = 0
      while y < min(good, end) {
        let out = still.line(y)
        let isRead = buffer.withUnsafeMutableBytes { bytes in
          guard let base = bytes.baseAddress, let out,
            TIFFReadScanline(handle.tiff, base, UInt32(y), UInt16(plane)) == 1
          else { return false }
          copy(base, plane: isPlanar ? plane : nil, count: handle.width, to: out)
          return true
        }
        guard isRead else { break }
        y += 1
      }
      good = min(good, y)
    }
    still.clear(
      x: 0, y: good, width: handle.width, height: handle.height - good, bytesPerPixel: used * bytes)
    let isCut = (0..<(isPlanar ? used : 1)).contains { present(plane: $0) < handle.height }
    return MissingPart(
      missing: handle.height - good, total: handle.height, endsEarly: isCut)
  }

  /// The lines of a plane before the end of the file, at most.
  private func present(plane: Int) -> Int {
    let stated = Int(ill_tiff_long(handle.tiff, UInt32(TIFFTAG_ROWSPERSTRIP), UInt32.max))
    let rows = max(1, min(stated, handle.height))
    let strips = (handle.height + rows - 1) / rows
    for strip in 0..<strips {
      let share = handle.share(ofPiece: UInt32(clamping: plane * strips + strip))
      guard share < 1 else { continue }
      let high = min(rows, handle.height - strip * rows)
      return strip * rows + Int(share * Double(high))
    }
    return handle.height
  }

  // MARK: Tiles

  private func tiles(into still: StillFrame) throws(Failure) -> MissingPart {
    let across = Int(ill_tiff_long(handle.tiff, UInt32(TIFFTAG_TILEWIDTH), 0))
    let down = Int(ill_tiff_long(handle.tiff, UInt32(TIFFTAG_TILELENGTH), 0))
    let count = Int(TIFFTileSize(handle.tiff))
    let perPixel = (isPlanar ? 1 : stored) * bytes
    let (area, overflow) = across.multipliedReportingOverflow(by: down)
    guard across > 0, down > 0, !overflow, area <= 1 << 30, count >= area * perPixel,
      count <= 1 << 30
    else { throw handle.damaged }
    var buffer = [UInt8](repeating: 0, count: count)
    var part = MissingPart(
      missing: 0, total: handle.width * handle.height, place: .scattered, endsEarly: false)
    for y in stride(from: 0, to: handle.height, by: down) {
      for x in stride(from: 0, to: handle.width, by: across) {
        let (wide, high) = (min(across, handle.width - x), min(down, handle.height - y))
        var isGood = true
        for plane in 0..<(isPlanar ? used : 1) where isGood {
          let tile = TIFFComputeTile(handle.tiff, UInt32(x), UInt32(y), 0, UInt16(plane))
          let isWhole = handle.share(ofPiece: tile) == 1
          part.endsEarly = part.endsEarly || !isWhole
          isGood = isWhole && TIFFReadEncodedTile(handle.tiff, tile, &buffer, tmsize_t(count)) >= 0
          guard isGood else { break }
          buffer.withUnsafeBytes { tile in
            guard let base = tile.baseAddress else { return }
            for row in 0..<high {
              guard let line = still.line(y + row) else { return }
              copy(
                base + row * across * perPixel, plane: isPlanar ? plane : nil, count: wide,
                to: line + x * used * bytes)
            }
          }
        }
        guard !isGood else { continue }
        part.missing += wide * high
        still.clear(x: x, y: y, width: wide, height: high, bytesPerPixel: used * bytes)
      }
    }
    return part
  }
}
