/// A stable name for programs of what went wrong, such as `checkpoint.tensor-missing`.
///
/// It holds any text: reports of other versions, which come over a pipe or out of a store, may have
/// codes that are not known here.
public struct FailureCode: RawRepresentable, Hashable, Codable, CodingKeyRepresentable, Sendable,
  CustomStringConvertible
{
  /// The code as it is written.
  public let rawValue: String

  /// The code that is written so, known or not.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The code as it is written.
  public var description: String { rawValue }

  /// All codes that are known, area by area.
  public static let all: [FailureCode] = [
    mediaCodes,
    mergingCodes,
    memoryCodes,
    modelCodes,
    engineCodes,
    computeCodes,
    checkpointCodes,
    packCodes,
    tokenizerCodes,
    reportCodes,
    evaluationCodes,
    commandCodes,
    jobCodes,
    controlCodes,
    workerCodes,
    spoolCodes,
    storeCodes,
    settingsCodes,
  ].flatMap { $0 }
}
