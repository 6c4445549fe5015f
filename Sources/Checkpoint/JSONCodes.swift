import Diagnostics

/// The codes of what can be wrong with a JSON text, which depend on the file it is in.
struct JSONCodes {
  /// It is not JSON, or a value in it is not of the kind that belongs there.
  let notJSON: FailureCode
  /// A string in it is not UTF-8.
  let notUTF8: FailureCode
  /// It is nested too deep.
  let tooDeep: FailureCode

  /// All of them.
  var all: [FailureCode] { [notJSON, notUTF8, tooDeep] }

  /// For the header of a safetensors file.
  static let header = JSONCodes(
    notJSON: .checkpointHeaderNotJSON, notUTF8: .checkpointHeaderNotUTF8,
    tooDeep: .checkpointHeaderTooDeep)
  /// For the index of a split checkpoint.
  static let index = JSONCodes(
    notJSON: .checkpointIndexNotJSON, notUTF8: .checkpointIndexNotUTF8,
    tooDeep: .checkpointIndexTooDeep)
}
