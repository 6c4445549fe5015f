@preconcurrency import Glibc

/// Times as RFC 3339 has them: in UTC, to the millisecond.
public enum Timestamp {
  private static let millisecondsOfDay = 86_400_000
  /// The first and the last millisecond that have a year of four digits.
  private static let range = -62_167_219_200_000...253_402_300_799_999

  /// The time now, by the clock that people set.
  public static var now: String { text(milliseconds: nowMilliseconds) }

  /// The same in milliseconds since 1970.
  public static var nowMilliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// A time such as `2026-11-27T14:03:22.120Z`.
  ///
  /// - Parameter milliseconds: since 1970; times without a year of four digits become the nearest one.
  public static func text(milliseconds: Int) -> String {
    let time = min(max(milliseconds, range.lowerBound), range.upperBound)
    var (days, rest) = time.quotientAndRemainder(dividingBy: millisecondsOfDay)
    if rest < 0 {
      days -= 1
      rest += millisecondsOfDay
    }
    let (year, month, day) = date(days)
    let seconds = rest / 1000
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
      + "T\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
      + ".\(digits(rest % 1000, 3))Z"
  }

  /// The date of a day, counted from 1970-01-01, in the Gregorian calendar.
  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    // Years are counted from March, so that the day that leap years add is the last one of its year.
    // An era has 400 years, which all have the same number of days.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
