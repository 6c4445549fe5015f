/// A stable code of a failure for programs, such as `checkpoint.tensor-missing`.
///
/// It can hold any text, because reports of other versions, which come over a pipe or from a store, may
/// have codes that this version does not know.
public struct FailureCode: RawRepresentable, Hashable, Codable, CodingKeyRepresentable, Sendable,
  CustomStringConvertible
{
  /// The code as it is written.
  public let rawValue: String

  /// The code with this text, known or not.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The code as it is written.
  public var description: String { rawValue }

  /// All known codes, by area.
  public static let all: [FailureCode] = [
    mediaCodes,
    mergingCodes,
    memoryCodes,
    modelCodes,
    engineCodes,
    grammarCodes,
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
    webCodes,
  ].flatMap { $0 }
}
