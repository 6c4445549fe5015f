/// The stacks of rules that wait for the end of another rule; equal stacks have one number.
struct OpenRules {
  private struct Entry: Hashable {
    let next: Int32
    let below: Int32
  }

  /// The stack without any rule.
  static let none: Int32 = 0

  private var entries = [Entry(next: -1, below: -1)]
  private var depths = [0]
  private var known: [Entry: Int32] = [:]

  /// How many different stacks there are.
  var count: Int { entries.count }

  /// The stack with one more place to go on at; `nil` where it would be too high.
  mutating func pushing(_ next: Int32, on stack: Int32) -> Int32? {
    let entry = Entry(next: next, below: stack)
    if let number = known[entry] { return number }
    guard depths[Int(stack)] < GrammarLimits.openRules else { return nil }
    let number = Int32(entries.count)
    entries.append(entry)
    depths.append(depths[Int(stack)] + 1)
    known[entry] = number
    return number
  }

  /// Where to go on after the rule on top has ended, and the stack then; `nil` for the empty stack.
  func popped(_ stack: Int32) -> (next: Int32, below: Int32)? {
    guard stack != Self.none else { return nil }
    let entry = entries[Int(stack)]
    return (entry.next, entry.below)
  }
}
