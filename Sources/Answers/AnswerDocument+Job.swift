extension AnswerDocument {
  /// A job; times are RFC 3339 in UTC.
  public struct Job: Sendable, Codable, Equatable {
    /// Its id: a UUID of version 7, unique and sortable by age.
    public var id: String
    /// Its name: the path of its media in the inbox, or of the first file of a question without a daemon.
    public var name: String
    /// The state, as `illava list` has it.
    public var state: String
    /// The number of the attempt, from 1; 0 before the first.
    public var attempt: Int
    /// When it was taken from the inbox.
    public var taken: String
    /// When the last attempt began.
    public var begun: String?
    /// When it ended.
    public var ended: String?
    /// The job whose answer this one repeats.
    public var duplicateOf: String?
    /// The job whose media it asks about again.
    public var followUp: String?

    private enum CodingKeys: String, CodingKey {
      case id, name, state, attempt, taken, begun, ended
      case duplicateOf = "duplicate_of"
      case followUp = "follow_up"
    }

    /// A job from its parts.
    public init(
      id: String, name: String, state: String, attempt: Int, taken: String, begun: String? = nil,
      ended: String? = nil, duplicateOf: String? = nil
    ) {
      self.id = id
      self.name = name
      self.state = state
      self.attempt = attempt
      self.taken = taken
      self.begun = begun
      self.ended = ended
      self.duplicateOf = duplicateOf
    }
  }

  /// An attempt at a job; times are RFC 3339 in UTC.
  public struct Attempt: Sendable, Codable, Equatable {
    /// Its number, from 1.
    public var number: Int
    /// When it began.
    public var begun: String
    /// When it ended; `nil` for one that is not at its end.
    public var ended: String?
    /// How it ended, in a word; `nil` for one that is not at its end.
    public var ending: String?
    /// The same in words.
    public var detail: String?
    /// The exit status of its worker.
    public var exitStatus: Int?
    /// The signal that ended its worker.
    public var signal: Int?
    /// The most bytes that its worker held.
    public var peak: Int?

    private enum CodingKeys: String, CodingKey {
      case number, begun, ended, ending, detail, signal, peak
      case exitStatus = "exit_status"
    }

    /// An attempt that began.
    public init(number: Int, begun: String) {
      self.number = number
      self.begun = begun
    }
  }

  /// Why there is no answer.
  public struct ErrorEntry: Sendable, Codable, Equatable {
    /// A stable code for programs.
    public var code: String
    /// What happened.
    public var message: String
    /// What to do, where there is advice.
    public var remedy: String?
    /// Who has to act: the kind of the error, in a word.
    public var kind: String
    /// The stage of the work; `nil` before any work was done.
    public var stage: String?

    /// An error from its parts.
    public init(code: String, message: String, remedy: String?, kind: String, stage: String?) {
      self.code = code
      self.message = message
      self.remedy = remedy
      self.kind = kind
      self.stage = stage
    }
  }

  /// The model that answered, or was to answer.
  public struct Model: Sendable, Codable, Equatable {
    /// The last part of the folder's path.
    public var name: String
    /// The family, such as `Qwen3-VL`; `nil` where the folder was not opened.
    public var family: String?
    /// What tells its files from those of other models; `nil` where the folder was not opened.
    public var digest: String?
    /// The folder's path as it was given.
    public var path: String
    /// The precision of weights and KV cache: `f32`, `bf16`, `int8` or `int4`.
    public var weights: String?

    /// A model by its folder.
    public init(path: String, weights: String?, family: String? = nil, digest: String? = nil) {
      self.path = path
      self.weights = weights
      self.family = family
      self.digest = digest
      // “.” and “..” name no model, but nothing better is known of them here.
      name = path.split(separator: "/").last.map(String.init) ?? path
    }
  }
}
