/// A pattern of file names: `*` stands for any characters and `?` for one, upper and lower case are
/// equal. One that ends in a slash is for folders, any other for files.
struct NamePattern: Sendable, Equatable {
  /// The pattern as it was written.
  let text: String
  /// Whether it is for the names of folders.
  let isForFolders: Bool
  private let characters: [Character]
  /// What names have to end in, for patterns such as `*.xmp`, which are checked most often.
  let ending: [UInt8]?

  /// The most bytes of a name (NAME_MAX).
  private static let longest = 255

  /// Returns `nil` for a text that matches no name: an empty or too long one, or one with a slash inside.
  init?(_ text: String) {
    isForFolders = text.hasSuffix("/")
    let own = (isForFolders ? String(text.dropLast()) : text).lowercased()
    guard !own.isEmpty, own.utf8.count <= Self.longest, !own.utf8.contains(UInt8(ascii: "/")),
      !own.utf8.contains(0)
    else { return nil }
    self.text = text
    characters = Array(own)
    let rest = own.dropFirst()
    let isEnding = own.hasPrefix("*") && rest.utf8.allSatisfy { $0 < 0x80 }
    ending = isEnding && !rest.contains { $0 == "*" || $0 == "?" } ? Array(rest.utf8) : nil
  }

  /// Whether the whole name is of this pattern; bytes that are no UTF-8 count as one character each.
  func matches(_ name: BytePath) -> Bool { matches(NameText(name)) }

  /// Whether the whole name is of this pattern, in time that grows with the product of their lengths.
  func matches(_ name: NameText) -> Bool {
    if let ending {
      return name.bytes == ending || name.ends(in: ending)
    }
    let others = Array(name.lower)
    var (own, other) = (0, 0)
    // Where the last star is, and what follows the characters that it stands for so far.
    var star: (own: Int, other: Int)?
    while other < others.count {
      let next = own < characters.count ? characters[own] : nil
      if next == "*" {
        star = (own, other)
        own += 1
      } else if let next, next == "?" || next == others[other] {
        own += 1
        other += 1
      } else if let last = star {
        star = (last.own, last.other + 1)
        (own, other) = (last.own + 1, last.other + 1)
      } else {
        return false
      }
    }
    return characters[own...].allSatisfy { $0 == "*" }
  }
}
