/// A page for man(1), written with the macros of man(7).
public struct ManualPage: Sendable {
  /// The name of the file, such as `illava-status.1`.
  public let fileName: String
  /// The page.
  public let text: String

  /// The pages of a program: one for itself and one for each visible subcommand.
  ///
  /// - Parameters:
  ///   - section: the section of the manual, such as 1.
  ///   - more: roff text that follows the options on the program's own page.
  public static func pages(
    of program: CommandDescription, section: Int, more: String = ""
  ) -> [ManualPage] {
    let commands = shown(program)
    // A program with one command has a single page.
    guard commands.count > 1 else {
      return [ManualPage(program, commands, below: [], section, more: more)]
    }
    return [ManualPage(program, commands, below: [], section, more: more)]
      + commands.map {
        ManualPage($0, shown($0), below: [program.commandName], section, more: "")
      }
  }

  private static func shown(_ command: CommandDescription) -> [CommandDescription] {
    (command.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
  }

  private init(
    _ command: CommandDescription, _ commands: [CommandDescription], below parents: [String],
    _ section: Int, more: String
  ) {
    let words = parents + [command.commandName]
    let title = words.joined(separator: "-")
    let isProgram = parents.isEmpty && commands.count > 1
    var text = ".\\\" Generated from the program's own help.\n"
    text += ".TH \(Roff.quoted(title.uppercased())) \(section)\n"
    text += ".SH NAME\n\(Roff.text(title)) \\- \(Roff.text(Self.line(command.abstract)))\n"
    text += ".SH SYNOPSIS\n"
    if isProgram {
      text += ".B \(Roff.text(command.commandName))\n.I command\n[options]\n"
    } else if commands.isEmpty {
      text += Self.synopsis(words, command)
    } else {
      for inner in commands {
        let isDefault = parents.isEmpty
        text += Self.synopsis(isDefault ? words : words + [inner.commandName], inner) + ".br\n"
      }
    }
    if let discussion = command.discussion, !discussion.isEmpty {
      text += ".SH DESCRIPTION\n\(Roff.paragraphs(discussion))"
    }
    if isProgram {
      text += ".SH COMMANDS\n"
      for inner in commands {
        text += ".TP\n.BR \(Roff.word(title + "-" + inner.commandName)) (\(section))\n"
        text += "\(Roff.text(inner.abstract ?? ""))\n"
      }
      text +=
        ".PP\n.B \(Roff.text(command.commandName)) help\n.I command\nsays the same as its page.\n"
    }
    text += Self.options(command, title: "OPTIONS")
    if !isProgram {
      for inner in commands {
        text += ".SH \(Roff.quoted(inner.commandName.uppercased()))\n"
        text += Roff.paragraphs(inner.abstract ?? "")
        if let discussion = inner.discussion { text += ".PP\n" + Roff.paragraphs(discussion) }
        text += Self.options(inner, title: nil)
      }
    }
    text += more
    if let parent = parents.first {
      text += ".SH \"SEE ALSO\"\n.BR \(Roff.word(parent)) (\(section))\n"
    }
    fileName = "\(title).\(section)"
    self.text = text
  }

  /// An abstract for the NAME line: without its period.
  private static func line(_ abstract: String?) -> String {
    let text = abstract ?? ""
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  private static func arguments(_ command: CommandDescription) -> [CommandDescription.Argument] {
    (command.arguments ?? []).filter(\.shouldDisplay)
  }

  private static func synopsis(_ words: [String], _ command: CommandDescription) -> String {
    var text = ".B \(words.map(Roff.text).joined(separator: " "))\n"
    for argument in arguments(command) {
      if argument.names?.contains(where: { ["help", "version"].contains($0.name) }) == true {
        continue
      }
      var form = form(argument, onlyLong: true)
      if argument.isOptional { form = "[\(form)]" }
      if argument.isRepeating { form += " ..." }
      text += form + "\n"
    }
    return text
  }

  /// The syntax of an argument, with names in bold and values in italics.
  private static func form(_ argument: CommandDescription.Argument, onlyLong: Bool) -> String {
    let value = "\\fI\(Roff.text(argument.valueName ?? "value"))\\fR"
    guard argument.kind != .positional else { return value }
    var names = (argument.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    if onlyLong { names = Array(names.suffix(1)) }
    let text = names.map { "\\fB\(Roff.text($0))\\fR" }.joined(separator: ", ")
    return argument.kind == .option ? "\(text) \(value)" : text
  }

  private static func options(_ command: CommandDescription, title: String?) -> String {
    var sections: [(title: String, arguments: [CommandDescription.Argument])] = []
    for argument in arguments(command) {
      let name = argument.sectionTitle ?? ""
      if let index = sections.firstIndex(where: { $0.title == name }) {
        sections[index].arguments.append(argument)
      } else {
        sections.append((name, [argument]))
      }
    }
    // Arguments without a section come first, right below the heading.
    sections = sections.filter { $0.title.isEmpty } + sections.filter { !$0.title.isEmpty }
    var text = title.map { sections.isEmpty ? "" : ".SH \($0)\n" } ?? ""
    for section in sections {
      if !section.title.isEmpty { text += ".SS \(Roff.quoted(section.title))\n" }
      for argument in section.arguments {
        text += ".TP\n\(form(argument, onlyLong: false))\n\(Roff.text(about(argument)))\n"
      }
    }
    return text
  }

  private static func about(_ argument: CommandDescription.Argument) -> String {
    var parts = [argument.abstract, argument.discussion].compactMap(\.self).filter { !$0.isEmpty }
    if let values = argument.allValues, !values.isEmpty {
      parts.append("One of: \(values.joined(separator: ", ")).")
    }
    if let value = argument.defaultValue, !value.isEmpty { parts.append("Default: \(value).") }
    return parts.isEmpty ? "See the description." : parts.joined(separator: " ")
  }
}
