/// A value of a GGUF file's metadata. Texts and lists stay in the file until they are asked for.
enum GGUFValue: Sendable, Equatable {
  /// A whole number of any width; one above 2^63 - 1 is `tooLarge`.
  case integer(Int)
  case tooLarge
  case number(Double)
  case truth(Bool)
  /// Where the bytes of a text lie in the file.
  case text(Range<Int>)
  /// The kind of the elements, their number, and where their bytes lie in the file.
  case list(Kind, count: Int, Range<Int>)

  /// The kinds of values (`gguf_metadata_value_type`).
  enum Kind: UInt32 {
    case u8 = 0
    case i8 = 1
    case u16 = 2
    case i16 = 3
    case u32 = 4
    case i32 = 5
    case f32 = 6
    case truth = 7
    case text = 8
    case list = 9
    case u64 = 10
    case i64 = 11
    case f64 = 12

    /// The bytes of a value; `nil` where they differ from value to value.
    var size: Int? {
      switch self {
      case .u8, .i8, .truth: 1
      case .u16, .i16: 2
      case .u32, .i32, .f32: 4
      case .u64, .i64, .f64: 8
      case .text, .list: nil
      }
    }
  }
}
