extension LiveStatus.LeftAlone {
  /// The files of several folders together; `nil` where there are none.
  init?(_ folders: some Collection<LeftAlone>) {
    self.init(count: 0, reasons: [:], files: [])
    for reason in LeftAlone.Reason.allCases {
      let number = folders.reduce(0) { $0 + ($1.counts[reason] ?? 0) }
      guard number > 0 else { continue }
      count += number
      reasons[reason.rawValue] = number
      let some = folders.flatMap { $0.files[reason] ?? [] }.sorted {
        $0.path.bytes.lexicographicallyPrecedes($1.path.bytes)
      }
      files += some.prefix(LeftAlone.most).map {
        LiveStatus.LeftFile(path: $0.path.escaped, kind: reason.rawValue, reason: $0.words)
      }
    }
    if count == 0 { return nil }
  }
}
