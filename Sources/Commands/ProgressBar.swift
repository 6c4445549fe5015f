import Terminal

@preconcurrency import Glibc

/// A progress bar on standard error until the answer begins; nothing where that is not a terminal.
final class ProgressBar {
  private let isShown: Bool
  private var line = ""
  private static let width = 30

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows the stage and how much of it is done, from 0 to 1.
  func show(_ stage: String, _ share: Double) {
    guard isShown else { return }
    let name = stage + String(repeating: " ", count: max(0, 8 - stage.count))
    let new = "\(name) \(Bar.text(share, width: Self.width)) \(Int(share * 100)) %"
    guard new != line else { return }
    line = new
    fputs("\r\u{1B}[K" + new, stderr)
    fflush(stderr)
  }

  /// Removes the bar before anything else is printed.
  func clear() {
    guard isShown, !line.isEmpty else { return }
    line = ""
    fputs("\r\u{1B}[K", stderr)
    fflush(stderr)
  }
}
