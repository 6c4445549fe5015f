/// A 64-bit checksum against damage, not against malice: FNV-1a over words of eight bytes, each
/// followed by a rotation so that high bits count too.
struct PackedChecksum {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The first, the middle and the last page of a tensor.
  static func spots(_ bytes: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
    let page = 4096
    guard bytes.count > 3 * page else { return [bytes] }
    let middle = bytes.count / 2 / page * page
    return [0, middle, bytes.count - page].map {
      UnsafeRawBufferPointer(rebasing: bytes[$0..<$0 + page])
    }
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    mix(UInt64(bytes.count))
    let words = bytes.count / 8
    for word in 0..<words {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)))
    }
    for index in words * 8..<bytes.count { mix(UInt64(bytes[index])) }
  }

  private mutating func mix(_ word: UInt64) {
    state = (state ^ word) &* 0x100_0000_01b3
    state = state << 29 | state >> 35
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
