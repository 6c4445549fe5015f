/// One step of a program that reads bytes; places are indices of instructions.
enum Instruction: Sendable {
  /// Reads a byte of a set and goes on.
  case read(ByteSet, next: Int32)
  /// Goes on at each of these places.
  case fork([Int32])
  /// Goes on with a rule, and at `next` when the rule has ended.
  case call(rule: Int32, next: Int32)
  /// The rule ends.
  case end
}
