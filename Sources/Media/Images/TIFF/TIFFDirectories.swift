import Diagnostics

/// The directories of a TIFF file: TIFF 6.0, section 2, and BigTIFF. Each one is an image; only what
/// decides whether it is a page is read here, without any of its arrays.
struct TIFFDirectories {
  /// One directory.
  struct Directory {
    /// Where it begins in the file.
    let offset: UInt64
    /// `NewSubfileType`: bit 0 for a smaller copy of another image, bit 2 for a mask.
    var subfile = 0
    /// `PhotometricInterpretation`; `nil` where there is none.
    var photometric: Int?
    /// Whether the file says that it is a digital negative (DNG).
    var isNegative = false
    /// Where the directories below this one begin.
    var children: [UInt64] = []

    /// Whether this is an image of its own.
    var isPage: Bool { subfile & 0b101 == 0 }
    /// Whether its pixels are those of a sensor behind a color filter, or linear ones of a camera.
    var isRaw: Bool { isNegative || photometric == 32803 || photometric == 34892 }
  }

  /// The directories in the order of the file.
  private var all: [Directory] = []
  /// The directories below those.
  private var below: [Directory] = []
  /// Whether the file is a raw picture of a camera.
  private(set) var isRaw = false
  private let file: SourceFile
  private let isLittle: Bool
  private let isBig: Bool
  /// The entries that may still be read: a million, so that no file takes long.
  private var left = 1_000_000

  /// The most directories of a file.
  private static let most = 20_000

  /// Reads the chain of directories.
  ///
  /// - Throws: `media.undecodable` for a file without directories.
  init(_ file: SourceFile) throws(Failure) {
    self.file = file
    let head = file.head(16)
    isLittle = head.first == 0x49
    isBig = head.count > 3 && (head[2] == 43 || head[3] == 43)
    // "CR" after the header: a raw picture of Canon.
    isRaw = head.count > 9 && head[8...9].elementsEqual("CR".utf8)
    var known: Set<UInt64> = []
    var next = isBig ? number(8, 8) : number(4, 4)
    while let offset = next, offset > 0, known.insert(offset).inserted, all.count < Self.most,
      let (directory, following) = read(offset)
    {
      all.append(directory)
      next = following
    }
    guard !all.isEmpty else {
      throw LibavError.undecodable(
        file.name,
        (next ?? UInt64.max) >= UInt64(file.size)
          ? ": the file ends before its list of images" : ": it has no list of images")
    }
    for offset in all.flatMap(\.children).prefix(16) {
      if let (directory, _) = read(offset) { below.append(directory) }
    }
    isRaw = isRaw || (all + below).contains { $0.isRaw }
  }

  /// The images that are pages: all but smaller copies and masks. Where the chain has none, as in files of
  /// cameras that begin with a preview, those below it; then the first image of all.
  var pages: [Directory] {
    for pages in [all.filter(\.isPage), below.filter(\.isPage)] where !pages.isEmpty {
      return pages
    }
    return Array(all.prefix(1))
  }

  private mutating func read(_ offset: UInt64) -> (Directory, UInt64)? {
    guard let start = Int(exactly: offset), start < file.size,
      let stated = number(start, isBig ? 8 : 2), let count = Int(exactly: stated), count <= left
    else { return nil }
    left -= count
    let entry = isBig ? 20 : 12
    let first = start + (isBig ? 8 : 2)
    let bytes = read(first, count * entry)
    guard bytes.count == count * entry else { return nil }
    var directory = Directory(offset: offset)
    for at in stride(from: 0, to: bytes.count, by: entry) {
      let tag = number(bytes[at..<at + 2])
      guard [254, 262, 330, 50706].contains(tag) else { continue }
      let kind = number(bytes[at + 2..<at + 4])
      let values = number(bytes[at + 4..<at + (isBig ? 12 : 8)])
      let place = at + (isBig ? 12 : 8)
      // SHORT is 3, LONG 4, IFD 13, LONG8 16, IFD8 18.
      let size = kind == 3 ? 2 : kind == 16 || kind == 18 ? 8 : 4
      let fits = size <= entry - (isBig ? 12 : 8)
      let value = fits ? number(bytes[place..<place + size]) : 0
      switch tag {
      case 254: directory.subfile = Int(clamping: value)
      case 262: directory.photometric = Int(clamping: value)
      case 50706: directory.isNegative = true
      default: directory.children = children(values, size: size, value: value, bytes[place...])
      }
    }
    return (directory, number(first + count * entry, isBig ? 8 : 4) ?? 0)
  }

  /// The values of `SubIFDs`: in the entry where there is one, otherwise where the entry points to.
  private func children(
    _ count: UInt64, size: Int, value: UInt64, _ rest: ArraySlice<UInt8>
  ) -> [UInt64] {
    if count <= 1 { return [value] }
    guard let at = Int(exactly: number(rest.prefix(isBig ? 8 : 4))) else { return [] }
    return (0..<Int(min(count, 16))).compactMap { number(at.addingClamped($0 * size), size) }
  }

  private func read(_ offset: Int, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, used in
      guard let base = buffer.baseAddress, count > 0 else { return }
      used = max(0, file.read(at: offset, into: base, count: count))
    }
  }

  private func number(_ offset: Int, _ size: Int) -> UInt64? {
    let bytes = read(offset, size)
    return bytes.count == size ? number(bytes[...]) : nil
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    isLittle
      ? bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
      : bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
