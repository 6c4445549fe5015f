/// One tensor as a header describes it, checked against the file's length.
struct TensorRecord: Sendable, Equatable {
  let name: String
  let type: StoredType
  let shape: [Int]
  /// Where the bytes lie, counted from the end of the header.
  let range: Range<Int>
}
