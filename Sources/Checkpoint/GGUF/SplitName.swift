/// The path of a file of a split GGUF model: `PREFIX-00001-of-00003.gguf`.
struct SplitName {
  private let prefix: Substring
  /// The number of files.
  let count: Int

  /// - Returns: `nil` for a path of another form.
  init?(_ path: String) {
    let match = path.wholeMatch(of: /(.+)-([0-9]{5})-of-([0-9]{5})\.gguf/)
    guard let match, let number = Int(match.2), let count = Int(match.3), number >= 1,
      number <= count
    else { return nil }
    prefix = match.1
    self.count = count
  }

  /// The path of file `number`, from 1 on.
  func path(_ number: Int) -> String {
    "\(prefix)-\(Self.digits(number))-of-\(Self.digits(count)).gguf"
  }

  private static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
