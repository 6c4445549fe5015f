import CImages

/// What the properties of a HEIF file say before it is decoded; they are found by their names in the
/// file's first 64 KiB, where its `meta` box is.
struct HEIFProperties {
  private let head: [UInt8]

  init(_ head: [UInt8]) { self.head = head }

  /// Whether the image is only a coded one: neither turned, mirrored, put together of several, nor with
  /// alpha. FFmpeg decodes such an AVIF image without any loss in color. Its crop (`clap`) is not
  /// followed, as libavif and Pillow do not follow it.
  var isPlain: Bool {
    !["irot", "imir", "grid", "iovl", "iden", "auxl", "auxC"].contains { !places($0).isEmpty }
  }

  /// How chroma is stored: in ISO/IEC 14496-15 (`hvcC`), section 8.3.3, or in the AV1 binding (`av1C`),
  /// section 2.3. libheif before 1.17 does not tell. The image's is found among those of its alpha.
  var chroma: heif_chroma {
    var found: [Int] = []
    for at in places("hvcC") where at + 20 < head.count { found.append(Int(head[at + 20] & 3)) }
    for at in places("av1C") where at + 6 < head.count {
      let flags = head[at + 6]
      let isMono = flags & 0b1_0000 != 0
      let (halvesWidth, halvesHeight) = (flags & 0b1000 != 0, flags & 0b0100 != 0)
      found.append(isMono ? 0 : halvesHeight ? 1 : halvesWidth ? 2 : 3)
    }
    switch found.max() {
    case 0: return heif_chroma_monochrome
    case 1: return heif_chroma_420
    case 2: return heif_chroma_422
    case 3: return heif_chroma_444
    default: return heif_chroma_undefined
    }
  }

  /// Where a name of four letters is.
  private func places(_ name: String) -> [Int] {
    let letters = Array(name.utf8)
    return head.indices.dropLast(4).filter { at in
      head[at] == letters[0] && head[at..<at + 4].elementsEqual(letters)
    }
  }
}
