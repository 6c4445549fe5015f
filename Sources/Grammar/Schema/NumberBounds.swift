/// The numbers between two bounds, as what the automaton reads.
struct NumberBounds {
  /// A bound, and whether it belongs to what it bounds.
  struct Bound {
    let value: Decimal
    let isIncluded: Bool
  }

  /// The least number.
  var low: Bound?
  /// The greatest number.
  var high: Bound?
  /// Whether there are whole numbers only.
  let isWhole: Bool

  private static let digit = Expression.range(0x30...0x39)

  /// The numbers; those without bounds may have an exponent.
  var expression: Expression {
    if low == nil, high == nil { return unbounded }
    var signs: [Expression] = []
    if high.map({ !$0.value.isNegative }) ?? true {
      let low = low.flatMap { $0.value.isNegative ? nil : $0 }
      signs.append(Digits(low: low, high: high, isWhole: isWhole).expression)
    }
    if low.map({ $0.value.isNegative }) ?? true {
      func negated(_ bound: Bound?) -> Bound? {
        bound.map { Bound(value: $0.value.negated, isIncluded: $0.isIncluded) }
      }
      let least = high.flatMap { $0.value.isNegative ? negated($0) : nil }
      let digits = Digits(
        low: least ?? Bound(value: .zero, isIncluded: false), high: negated(low), isWhole: isWhole)
      signs.append(.sequence([.text("-"), digits.expression]))
    }
    return .either(signs)
  }

  private var unbounded: Expression {
    let most = Decimal.digits
    var parts: [Expression] = [
      .optional(.text("-")),
      .either([
        .text("0"),
        .sequence([.range(0x31...0x39), .repeated(Self.digit, min: 0, max: most - 1)]),
      ]),
    ]
    if !isWhole {
      parts.append(
        .optional(.sequence([.text("."), .repeated(Self.digit, min: 1, max: most)])))
      // More digits of an exponent would leave the range of a Double.
      parts.append(
        .optional(
          .sequence([
            .any(of: "eE"), .optional(.any(of: "+-")), .repeated(Self.digit, min: 1, max: 2),
          ])))
    }
    return .sequence(parts)
  }
}

/// The numbers from zero on between two bounds, digit by digit. A digit that equals a bound's leaves the
/// rest bounded; one inside of both leaves it free.
private struct Digits {
  let low: NumberBounds.Bound?
  let high: NumberBounds.Bound?
  let isWhole: Bool

  /// Which bounds the digits so far are equal to.
  struct Tight {
    var low: Bool
    var high: Bool
  }

  var expression: Expression { .either((1...Decimal.digits).map { whole($0) }) }

  /// The numbers with so many digits before the point.
  private func whole(_ count: Int) -> Expression {
    func digits(_ bound: NumberBounds.Bound?) -> [UInt8]? {
      bound.map { $0.value.whole.isEmpty ? [0] : $0.value.whole }
    }
    let (low, high) = (digits(low), digits(high))
    if let low, low.count > count { return .nothing }
    if let high, high.count < count { return .nothing }
    let tight = Tight(low: low?.count == count, high: high?.count == count)
    return next(0, of: count, low ?? [], high ?? [], tight)
  }

  private func next(
    _ place: Int, of count: Int, _ low: [UInt8], _ high: [UInt8], _ tight: Tight
  ) -> Expression {
    guard place < count else { return fraction(0, tight) }
    // No number begins with a zero but zero.
    let first: UInt8 = count > 1 && place == 0 ? 1 : 0
    if !tight.low, !tight.high {
      return .sequence([
        Self.digits(first, 9),
        .repeated(Self.digits(0, 9), min: count - place - 1, max: count - place - 1),
        freeFraction(0),
      ])
    }
    return branches(
      from: tight.low ? low[place] : first, to: tight.high ? high[place] : 9, tight
    ) { next(place + 1, of: count, low, high, $0) }
  }

  /// What may follow so many digits behind the point.
  private func fraction(_ place: Int, _ tight: Tight) -> Expression {
    if !tight.low, !tight.high { return freeFraction(place) }
    var ways: [Expression] = mayEnd(place, tight) ? [.empty] : []
    if !isWhole, place < Decimal.digits {
      func digit(_ bound: NumberBounds.Bound?) -> UInt8 {
        bound.flatMap { place < $0.value.fraction.count ? $0.value.fraction[place] : nil } ?? 0
      }
      let more = branches(
        from: tight.low ? digit(low) : 0, to: tight.high ? digit(high) : 9, tight
      ) { fraction(place + 1, $0) }
      ways.append(place == 0 ? .sequence([.text("."), more]) : more)
    }
    return .either(ways)
  }

  /// Whether the number with these digits and no others lies within the bounds.
  private func mayEnd(_ place: Int, _ tight: Tight) -> Bool {
    if tight.low, let low {
      guard low.value.fraction.count <= place, low.isIncluded else { return false }
    }
    if tight.high, let high, high.value.fraction.count <= place { return high.isIncluded }
    return true
  }

  private func freeFraction(_ place: Int) -> Expression {
    if isWhole { return .empty }
    let rest = Expression.repeated(
      Self.digits(0, 9), min: place == 0 ? 1 : 0, max: Decimal.digits - place)
    return place == 0 ? .optional(.sequence([.text("."), rest])) : rest
  }

  private func branches(
    from first: UInt8, to last: UInt8, _ tight: Tight, _ rest: (Tight) -> Expression
  ) -> Expression {
    guard first <= last else { return .nothing }
    let (isLow, isHigh) = (tight.low, tight.high)
    if first == last, isLow || isHigh {
      return .sequence([Self.digits(first, last), rest(Tight(low: isLow, high: isHigh))])
    }
    var ways: [Expression] = []
    var (low, high) = (first, last)
    if isLow {
      ways.append(.sequence([Self.digits(first, first), rest(Tight(low: true, high: false))]))
      low += 1
    }
    if isHigh {
      ways.append(.sequence([Self.digits(last, last), rest(Tight(low: false, high: true))]))
      // A digit that is the last is not zero where there is another below it.
      high -= 1
    }
    if low <= high {
      ways.append(.sequence([Self.digits(low, high), rest(Tight(low: false, high: false))]))
    }
    return .either(ways)
  }

  private static func digits(_ first: UInt8, _ last: UInt8) -> Expression {
    .range(0x30 + first...0x30 + last)
  }
}
