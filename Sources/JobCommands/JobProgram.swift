import ArgumentParser
import Basics

/// The commands about a daemon's jobs.
public enum JobProgram {
  /// All these commands, in the order of the help.
  public static let commands: [any ParsableCommand.Type] = [
    SubmitCommand.self, StatusCommand.self, ListCommand.self, ShowCommand.self,
    LogCommand.self, WaitCommand.self, RetryCommand.self, CancelCommand.self,
    HoldCommand.self, ReleaseCommand.self, PauseCommand.self, ResumeCommand.self,
    CleanCommand.self, ConfigCommand.self, DoctorCommand.self, ServeCommand.self, WebCommand.self,
  ]

  /// The version of the command line.
  public static let version = ProgramVersion.text

  /// Whether a word is the name of one of these commands.
  public static func has(_ word: String) -> Bool {
    commands.contains { $0.configuration.commandName == word }
  }
}
