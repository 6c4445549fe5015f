import Basics
import Diagnostics

extension JSONCodes {
  /// For the header of a safetensors file.
  static let header = JSONCodes(
    notJSON: .checkpointHeaderNotJSON, notUTF8: .checkpointHeaderNotUTF8,
    tooDeep: .checkpointHeaderTooDeep)
  /// For the index of a split checkpoint.
  static let index = JSONCodes(
    notJSON: .checkpointIndexNotJSON, notUTF8: .checkpointIndexNotUTF8,
    tooDeep: .checkpointIndexTooDeep)
}
