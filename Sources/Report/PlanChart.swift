import Basics
import MemoryPlanner

/// A text chart of the visual tokens left of a question within smaller and larger budgets.
struct PlanChart {
  private let points: [PlanDocument.Point]
  private let budget: Int?
  private static let rows = 10

  init(_ points: [PlanDocument.Point], budget: Int?) {
    self.points = points
    self.budget = budget
  }

  /// The chart, with no line wider than the number of points and ten columns.
  var lines: [String] {
    guard let first = points.first, let last = points.last, points.count > 1 else { return [] }
    let most = points.map(\.percentLeft).max() ?? 0
    guard most > 0 else { return [] }
    var lines = ["visual tokens left, in percent of all, by memory budget"]
    for row in stride(from: Self.rows, to: 0, by: -1) {
      let label = Self.decimal(most * Double(row) / Double(Self.rows))
      let bars = points.map { point -> String in
        // In eighths of a row, so that small steps are visible.
        let height = point.percentLeft / most * Double(Self.rows) - Double(row - 1)
        return Self.eighths[max(0, min(8, Int((height * 8).rounded())))]
      }
      let isLabeled = row == Self.rows || row == 1 || row == Self.rows / 2
      lines.append(Self.right(isLabeled ? label : "", 7) + " │" + bars.joined())
    }
    let axis = points.map { $0.fits ? "─" : "╌" }.joined()
    lines.append(String(repeating: " ", count: 8) + "└" + axis)
    let (low, high) = (ByteCount.memory(first.budget), ByteCount.memory(last.budget))
    let gap = max(1, points.count - low.count - high.count)
    lines.append(
      String(repeating: " ", count: 9) + low + String(repeating: " ", count: gap) + high)
    if let budget, budget >= first.budget, budget <= last.budget {
      let share = Double(budget - first.budget) / Double(max(1, last.budget - first.budget))
      let column = Int((share * Double(points.count - 1)).rounded())
      let isFarRight = column + 5 > points.count
      lines.append(
        String(repeating: " ", count: 9 + (isFarRight ? column - 4 : column))
          + (isFarRight ? "now ▲" : "▲ now"))
    }
    return lines
  }

  private static let eighths = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return value < 10 ? "\(tenths / 10).\(tenths % 10) %" : "\((tenths + 5) / 10) %"
  }
}
