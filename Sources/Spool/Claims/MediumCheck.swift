import Basics
import Diagnostics

/// Checks on media before anything reads them.
enum MediumCheck {
  /// The most bytes of holes that are always allowed, because cameras preallocate files.
  private static let fewHoles = 1 << 30

  /// Why a medium is refused; `nil` if it is not.
  ///
  /// - Parameters:
  ///   - size: its length in bytes.
  ///   - largest: the most bytes it may have; 0 for no limit.
  static func refusal(
    _ path: BytePath, in inbox: Folder, size: Int, largest: Int
  ) -> Failure? {
    if largest > 0, size > largest {
      return Failure(
        .badInput, code: .spoolMediumTooLarge,
        "\(path) is \(ByteCount.text(size)) long; limits.largest_medium is "
          + ByteCount.text(largest),
        remedy: "Hand in a shorter or smaller one, or raise limits.largest_medium.")
    }
    // Holes take as long to read as data, and contain nothing.
    guard size > fewHoles, let data = data(path, inbox, enough: size / 2), data < size / 2 else {
      return nil
    }
    return Failure(
      .badInput, code: .spoolSparse,
      "\(path) is \(ByteCount.text(size)) long, but only \(ByteCount.text(data)) of "
        + "that were ever written: the rest are holes",
      remedy: "Hand in the whole file: the copy may have broken off.")
  }

  private static func data(_ path: BytePath, _ inbox: Folder, enough: Int) -> Int? {
    // A file that cannot be opened now is refused later, with the reason, when it is read.
    try? inbox.withFile(path) { file, _ in FileData.bytes(file, enough: enough) }
  }
}
