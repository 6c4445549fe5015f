import Diagnostics
import Foundation
import Testing

@Suite("Codes of failures") struct FailureCodeTests {
  @Test("every code is there once and is written like the others")
  func list() throws {
    #expect(Set(FailureCode.all).count == FailureCode.all.count)
    for code in FailureCode.all {
      #expect(
        code.rawValue.wholeMatch(
          of: /[a-z]+(-[a-z]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+/) != nil, "\(code)")
    }
  }

  @Test("the list holds every code that has a name, and names follow the codes")
  func names() throws {
    var found: [FailureCode] = []
    for file in try SwiftSources.files() where file.path.hasPrefix("Diagnostics/Codes/") {
      for match in file.text.matches(
        of: /static let (\w+) = FailureCode\(\s*rawValue: "([^"]+)"/)
      {
        let letters = match.2.filter { $0 != "." && $0 != "-" }
        #expect(match.1.lowercased() == letters, "\(match.1)")
        found.append(FailureCode(rawValue: String(match.2)))
      }
    }
    #expect(Set(found) == Set(FailureCode.all) && found.count == FailureCode.all.count)
  }

  @Test("the program has no code as a bare text")
  func bareTexts() throws {
    for file in try SwiftSources.files() where !file.path.hasPrefix("Diagnostics/Codes/") {
      #expect(file.text.firstMatch(of: /\bcode(:| ==| !=) "/) == nil, "\(file.path)")
      #expect(!file.text.contains("FailureCode(rawValue: \""), "\(file.path)")
    }
  }

  @Test("a code is its text in JSON, as a value and as a key, and need not be known")
  func json() throws {
    let unknown = FailureCode(rawValue: "later.unheard-of")
    #expect(
      String(decoding: try JSONEncoder().encode([unknown]), as: UTF8.self)
        == #"["later.unheard-of"]"#)
    #expect(
      String(decoding: try JSONEncoder().encode([unknown: 2]), as: UTF8.self)
        == #"{"later.unheard-of":2}"#)
    #expect(
      try JSONDecoder().decode(
        [FailureCode: FailureCode].self, from: Data(#"{"media.size":"later.unheard-of"}"#.utf8))
        == [.mediaSize: unknown])
    #expect("\(unknown)" == "later.unheard-of")
  }
}
