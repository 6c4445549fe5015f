// Codes about jobs and what they ask.
extension FailureCode {
  /// More than one job has an id that begins so.
  public static let jobAmbiguous = FailureCode(rawValue: "job.ambiguous")
  /// The answer is no longer in the outbox.
  public static let jobAnswerGone = FailureCode(rawValue: "job.answer-gone")
  /// The answer was changed or replaced by somebody else.
  public static let jobAnswerUnreadable = FailureCode(rawValue: "job.answer-unreadable")
  /// The job that is to be followed up is unknown or not answered, or its files are gone.
  public static let jobFollowUp = FailureCode(rawValue: "job.follow-up")
  /// A job file is not a JSON object.
  public static let jobJSON = FailureCode(rawValue: "job.json")
  /// The list of media is malformed, empty, too long or in the wrong place.
  public static let jobMedia = FailureCode(rawValue: "job.media")
  /// The folder holds files that its job does not ask about.
  public static let jobMediaLeft = FailureCode(rawValue: "job.media-left")
  /// Media that the job file names did not come.
  public static let jobMediaMissing = FailureCode(rawValue: "job.media-missing")
  /// A job file has a member that is not known.
  public static let jobMemberUnknown = FailureCode(rawValue: "job.member-unknown")
  /// An option of the job is out of range or excluded by another one.
  public static let jobOption = FailureCode(rawValue: "job.option")
  /// The job has an option that is not known.
  public static let jobOptionUnknown = FailureCode(rawValue: "job.option-unknown")
  /// The options of the job are not a JSON object.
  public static let jobOptions = FailureCode(rawValue: "job.options")
  /// A path of the job leaves the inbox.
  public static let jobPathOutside = FailureCode(rawValue: "job.path-outside")
  /// The priority of the job is out of range.
  public static let jobPriority = FailureCode(rawValue: "job.priority")
  /// A question is empty or not text in UTF-8.
  public static let jobPrompt = FailureCode(rawValue: "job.prompt")
  /// The list of questions is malformed or given twice.
  public static let jobPrompts = FailureCode(rawValue: "job.prompts")
  /// The earlier turns of a conversation are malformed.
  public static let jobTurns = FailureCode(rawValue: "job.turns")
  /// There is no job of this id or name.
  public static let jobUnknown = FailureCode(rawValue: "job.unknown")
  /// The job asks for pictures that are not known.
  public static let jobVisualize = FailureCode(rawValue: "job.visualize")
  /// A file to be handed in cannot be found.
  public static let submitMissing = FailureCode(rawValue: "submit.missing")

  /// All codes of this area.
  static let jobCodes: [FailureCode] = [
    .jobAmbiguous, .jobAnswerGone, .jobAnswerUnreadable, .jobFollowUp, .jobJSON, .jobMedia,
    .jobMediaLeft,
    .jobMediaMissing, .jobMemberUnknown, .jobOption, .jobOptionUnknown, .jobOptions,
    .jobPathOutside, .jobPriority, .jobPrompt, .jobPrompts, .jobTurns, .jobUnknown,
    .jobVisualize, .submitMissing,
  ]
}
