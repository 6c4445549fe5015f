import Foundation
import Options
import Testing

@Suite("What is written about options by hand")
struct DocumentationTests {
  private func text(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }

  /// The part of a text between two of its lines.
  private func part(_ text: String, from start: String, to end: String) throws -> Substring {
    let begin = try #require(text.range(of: start)).upperBound
    let rest = text[begin...]
    return rest[..<(try #require(rest.range(of: end)).lowerBound)]
  }

  @Test("the table of docs/daemon.md has every option and no other")
  func daemon() throws {
    let table = try part(try text("docs/daemon.md"), from: "### Options", to: "\n## ")
    var named: [String] = []
    for line in table.split(separator: "\n") where line.hasPrefix("| `") {
      let cell = line.split(separator: "|")[0]
      named += cell.matches(of: /`([a-z_]+)`/).map { String($0.1) }
    }
    #expect(Set(named) == Set(OptionTable.all.map(\.name)))
    #expect(named.count == OptionTable.all.count)
  }

  @Test("illavad.toml names every option of jobs")
  func configuration() throws {
    let comments = try part(
      try text("etc/illava/illavad.toml"), from: "[defaults.options]", to: "\n[")
    let words = Set(comments.matches(of: /[a-z_]+/).map { String($0.0) })
    for option in OptionTable.all { #expect(words.contains(option.name), "\(option.name)") }
    #expect(words.filter { $0.contains("_") && OptionTable.option($0) == nil } == [])
  }

  @Test("the schema of answers has every option of merging with its values")
  func schema() throws {
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(try text("docs/answer.schema.json").utf8))
        as? [String: Any])
    func properties(_ object: Any?) throws -> [String: Any] {
      try #require((object as? [String: Any])?["properties"] as? [String: Any])
    }
    let merging = try properties(try properties(root)["merging"])
    let asked = try properties(merging["asked"])
    let profile = OptionTable.shared.profile.name
    // FastV is written as the parameters that it stands for.
    let options = OptionTable.options(of: .merging).filter {
      $0.name != profile && $0.exclusion != .topic
    }
    #expect(Set(asked.keys) == Set(options.map(\.name)))
    for option in options + [OptionTable.shared.profile] {
      let place = option.name == profile ? merging[profile] : asked[option.name]
      let entry = try #require(place as? [String: Any])
      switch option.kind {
      case .choice(let names): #expect(entry["enum"] as? [String] == names, "\(option.name)")
      case .texts: #expect(entry["type"] as? String == "array", "\(option.name)")
      case .flag: #expect(entry["type"] as? String == "boolean", "\(option.name)")
      case .text: #expect(entry["type"] as? String == "string", "\(option.name)")
      case .number: #expect(entry["type"] as? String == "number", "\(option.name)")
      case .integer(let range):
        let isEnumerated = range.upperBound < 10 && entry["enum"] as? [Int] == Array(range)
        #expect(isEnumerated || entry["type"] as? String == "integer", "\(option.name)")
      }
    }
  }

  @Test("docs/merging.md shows every option of merging and its values, and none that there is not")
  func merging() throws {
    let text = try text("docs/merging.md")
    for option in OptionTable.options(of: .merging) {
      #expect(text.contains(option.flag), "\(option.flag)")
      guard case .choice(let names) = option.kind else { continue }
      for name in names {
        #expect(
          text.contains("`\(name)`") || text.contains("\(option.flag) \(name)"), "\(name)")
      }
    }
    let flags = Set(OptionTable.all.map(\.flag))
    for match in text.matches(of: /--(no-)?illava-[a-z-]*[a-z]/) {
      #expect(flags.contains(String(match.0)), "\(match.0)")
    }
  }
}
