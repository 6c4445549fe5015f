import ArgumentParser

/// The commands about the jobs of a daemon.
public enum JobProgram {
  /// All of them, in the order of the help.
  public static let commands: [any ParsableCommand.Type] = [
    SubmitCommand.self, StatusCommand.self, ListCommand.self, ShowCommand.self,
    LogCommand.self, WaitCommand.self, RetryCommand.self, CancelCommand.self,
    HoldCommand.self, ReleaseCommand.self, PauseCommand.self, ResumeCommand.self,
    CleanCommand.self, ConfigCommand.self, DoctorCommand.self,
  ]

  /// The version of the command line.
  public static let version = "0.1.0"

  /// Whether a word is one of them.
  public static func has(_ word: String) -> Bool {
    commands.contains { $0.configuration.commandName == word }
  }
}
