import ArgumentParser
import Diagnostics
import Spool
import Terminal

/// `illava doctor`: finds problems and says what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Say in plain words what is wrong with a spool.",
    discussion: "Exit status: 0 when nothing is, else 70. Nothing is changed.")
  @OptionGroup var options: SpoolOptions
  @Option(help: "The configuration (default: /etc/illava/illavad.toml, if it is there).")
  var config: String?

  func run() throws {
    try exiting {
      let place = try SpoolPlace(
        spool: options.spool, configuration: config, environment: ProcessEnvironment.all)
      let findings = Checkup(place).findings
      let style = Style()
      for finding in findings {
        if options.json {
          try JSONOutput.print(finding)
          continue
        }
        let (mark, meaning): (String, Style.Meaning) =
          switch finding.level {
          case .good: ("ok  ", .good)
          case .note: ("note", .busy)
          case .bad: ("BAD ", .bad)
          }
        TerminalOutput.write(
          "\(style.text(mark, meaning)) \(finding.subject): \(PlainText.line(finding.message))\n")
        if let remedy = finding.remedy { TerminalOutput.write("     \(PlainText.line(remedy))\n") }
      }
      if findings.contains(where: { $0.level == .bad }) {
        throw ExitCode(Failure.Kind.fault.exitStatus)
      }
    }
  }
}
