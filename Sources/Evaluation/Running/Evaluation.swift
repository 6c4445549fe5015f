import Diagnostics
import Engine
import Media
import Merging
import Models
import Options

/// Answers the questions of a data set. Each question is answered under every variant before the next
/// one, so that a run that is stopped early still compares all variants on the same questions.
public struct Evaluation {
  /// The progress of a run.
  public struct Progress: Sendable {
    /// The variant that comes next.
    public let variant: String
    /// The number of answers so far, including those of earlier runs.
    public let done: Int
    /// The number of answers in the end.
    public let all: Int
  }

  private let session: Session
  private let data: DataSet
  private let variants: [EvaluationVariant]
  private let settings: EvaluationSettings
  private let log: EvaluationLog

  /// An evaluation from its parts.
  public init(
    _ session: Session, _ data: DataSet, _ variants: [EvaluationVariant],
    settings: EvaluationSettings, log: EvaluationLog
  ) {
    self.session = session
    self.data = data
    self.variants = variants
    self.settings = settings
    self.log = log
  }

  /// A variant and its key in the log, or the reason why the model cannot run it.
  private struct Entry {
    let variant: EvaluationVariant
    let fingerprint: String
    let problem: Failure?
    var records: [EvaluationRecord] = []
  }

  /// Answers what is not in the log yet.
  ///
  /// A question that cannot be answered is counted and skipped; so is a variant that the model cannot
  /// run.
  ///
  /// - Parameters:
  ///   - limit: takes only this many rows, from the first.
  ///   - progress: called before every answer.
  ///   - check: called before every answer; an error it throws ends the run, whose results are kept.
  /// - Throws: what `check` throws, and `evaluation.log` when the log cannot be written.
  public func run(
    limit: Int? = nil, progress: (Progress) -> Void = { _ in },
    check: () throws(Failure) -> Void = {}
  ) throws(Failure) -> EvaluationReport {
    var entries = variants.map { entry($0) }
    let rows = data.rows.prefix(limit ?? data.rows.count)
    let runnable = entries.filter { $0.problem == nil }.count
    var done = 0
    var damaged: [EvaluationReport.DamagedRow] = []
    for row in rows {
      switch row.item {
      case .failure(let failure):
        damaged.append(EvaluationReport.DamagedRow(row: row.number, message: failure.message))
        done += runnable
      case .success(let item):
        for index in entries.indices where entries[index].problem == nil {
          progress(
            Progress(
              variant: entries[index].variant.name, done: done, all: rows.count * runnable))
          entries[index].records.append(
            try record(item, row: row.number, entries[index], check: check))
          done += 1
        }
      }
    }
    let groups = ImageGroups(rows)
    return EvaluationReport(
      data: data.path, rows: rows.count, damaged: damaged,
      results: entries.enumerated().map { index, entry in
        VariantResult(
          entry.variant, records: entry.records,
          against: index == 0 || entry.problem != nil ? nil : entries[0].records, groups: groups,
          problem: entry.problem?.message)
      })
  }

  private func entry(_ variant: EvaluationVariant) -> Entry {
    do throws(Failure) {
      let text = try variant.description(for: session.model)
      return Entry(variant: variant, fingerprint: Fingerprint.text(text), problem: nil)
    } catch {
      return Entry(variant: variant, fingerprint: "", problem: error)
    }
  }

  /// The result in the log, or a new one. Variants with the same settings share their results.
  private func record(
    _ item: EvaluationItem, row: Int, _ entry: Entry, check: () throws(Failure) -> Void
  ) throws(Failure) -> EvaluationRecord {
    if let known = log.record(variant: entry.fingerprint, row: row) { return known }
    try check()
    var record = EvaluationRecord(variant: entry.fingerprint, row: row, id: item.id)
    do throws(Failure) {
      try log.begin(variant: entry.fingerprint, row: row)
    } catch {
      guard error.code == .evaluationEnded else { throw error }
      record.fail(error)
      try log.append(record)
      return record
    }
    ProcessMemory.resetPeak()
    do throws(Failure) {
      let media = try TemporaryMedia(item.media)
      let request = try settings.request(item, media: media.items, variant: entry.variant)
      try fill(&record, with: try session.answer(request), to: item)
    } catch {
      record.fail(error)
    }
    try log.append(record)
    return record
  }

  private func fill(
    _ record: inout EvaluationRecord, with answer: Answer, to item: EvaluationItem
  ) throws(Failure) {
    let judgment = Judgment(answer.text, to: item)
    record.answer = answer.text
    record.read = judgment.read
    record.isRight = judgment.isRight
    let right = answer.choices.firstIndex { Judgment($0.text, to: item).isRight }
    record.choices = right.map {
      ChoiceOutcome(logprobs: answer.choices.map(\.logprob), right: $0)
    }
    record.visualTokens = try unshrunkTokens(answer)
    record.visualTokensAfterVision = answer.runCounts.reduce(0, +)
    record.visualTokensLeft = answer.visualTokensLeft
    record.seconds = answer.seconds.total
    record.visionSeconds = answer.seconds.vision
    record.prefillSeconds = answer.seconds.prefill
    record.peakBytes = answer.peakMemory
  }

  /// Visual tokens of a question whose images are shown at the model's own size.
  private func unshrunkTokens(_ answer: Answer) throws(Failure) -> Int {
    var tokens = 0
    for source in answer.sources {
      var shape = MediaShape(
        source.kind, frames: max(1, source.frames.count), height: source.size.height,
        width: source.size.width)
      shape.isAmongImages = answer.sources.count { $0.kind == .image } > 1
      tokens += try session.model.layout(
        of: shape, maxPixels: settings.options.maxPixels
      ).tokens
    }
    return tokens
  }
}
