/// One tensor as the header of a GGUF file describes it, checked against the file's length.
struct GGUFRecord: Sendable, Equatable {
  let name: String
  let type: GGUFType
  /// The extents, outermost first.
  let shape: [Int]
  /// Where the bytes lie, counted from the beginning of the file.
  let range: Range<Int>
}
