import Basics
import Diagnostics

/// Tells JSON that asks something about the file beside it from JSON of other programs: exports of
/// photos, downloaders and cameras put files of the same names beside media.
enum SidecarJSON {
  /// Names of members that nobody writes but to ask.
  private static let wishes = ["prompt", "prompts", "options", "priority"]

  /// Whether somebody wrote this to ask: an object with a member of a sidecar, or an empty one.
  ///
  /// Broken JSON asks where it begins as an object with such a member, so that a mistake in a question is
  /// said and does not lead to an answer to another one.
  ///
  /// - Parameters:
  ///   - bytes: the file, or its beginning.
  ///   - isWhole: whether the file has no more bytes.
  static func asks(_ bytes: [UInt8], isWhole: Bool) -> Bool {
    // A beginning may end within a character of UTF-16, which has two or four bytes.
    let cut = isWhole ? bytes : Array(bytes.prefix(bytes.count & ~1))
    guard let text = TextBytes.utf8(cut) ?? (isWhole ? nil : TextBytes.utf8(cut.dropLast(2)))
    else { return false }
    guard isWhole,
      let value = try? JSONValue.read(text, code: .jobJSON, verbatim: OptionReading.verbatim)
    else {
      return MemberNames.of(text).contains { isWish($0) || OptionReading.names.contains($0) }
    }
    guard case .object(let members) = value else { return false }
    return members.isEmpty || members.contains { asks($0.key, $0.value) }
  }

  private static func asks(_ name: String, _ value: JSONValue) -> Bool {
    if isWish(name) { return true }
    // Social networks write objects into members of these names.
    if name == "media" {
      guard case .array(let values) = value else { return value.string != nil }
      return values.contains { $0.string != nil }
    }
    return OptionReading.names.contains(name) && value.plain != nil
  }

  /// Whether a name is one of the wishes, in any case and with at most one letter wrong.
  private static func isWish(_ name: String) -> Bool {
    guard name.utf8.count <= 16 else { return false }
    let letters = Array(name.lowercased().utf8)
    return wishes.contains { isNear(letters, Array($0.utf8)) }
  }

  /// Whether at most one letter is missing, too many, wrong or changed with its neighbor.
  private static func isNear(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let start = zip(left, right).prefix { $0 == $1 }.count
    let (a, b) = (left[start...], right[start...])
    let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
    let (own, other) = (Array(a.dropLast(end)), Array(b.dropLast(end)))
    return max(own.count, other.count) <= 1 || (own.count == 2 && own == other.reversed())
  }
}
