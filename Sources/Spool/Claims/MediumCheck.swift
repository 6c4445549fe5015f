import Basics
import Diagnostics

/// What keeps a medium from being looked at before anything reads it.
enum MediumCheck {
  /// A file may have so many bytes of holes whatever it is: cameras allocate ahead.
  private static let fewHoles = 1 << 30

  /// Why a medium is refused, or `nil`.
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
    // Reading holes takes as long as reading data, and nothing can be in them.
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
    // What cannot be opened now is refused, with its reason, by who reads it.
    try? inbox.withFile(path) { file, _ in FileData.bytes(file, enough: enough) }
  }
}
