import Answers
import Basics
import Diagnostics
import Engine
import Merging
import Models
import Options
import Report
import WorkerProtocol

@preconcurrency import Glibc

/// Answers jobs, one after the other, with a model that stays loaded.
final class JobDesk {
  private let pipe: WorkerPipe
  private var loaded: (model: WorkerJob.Model, session: Session, seconds: Double)?
  private let fault = WorkerFault(getenv("ILLAVA_WORKER_FAULT").map { String(cString: $0) })
  private var lastSent: (stage: String, time: ContinuousClock.Instant)?

  /// Progress is sent when the stage changes and at this interval.
  private static let interval = Duration.milliseconds(250)

  init(pipe: WorkerPipe) { self.pipe = pipe }

  /// Answers a job and returns the outcome.
  ///
  /// - Parameter files: the media of the job.
  func answer(_ job: WorkerJob, _ files: OpenFiles) -> WorkerEvent {
    // The paths refer to descriptors, which have to stay open.
    defer { withExtendedLifetime(files) {} }
    do {
      try fault.strike(job.media.map(\.name))
      return .done(try work(on: job, files.paths(of: job)))
    } catch {
      if error.code == Self.cancelled.code { return .cancelled }
      return .failed(ErrorReport(error))
    }
  }

  private static let cancelled = Failure(.fault, code: .workerCancelled, "the job was given up")

  private func work(on job: WorkerJob, _ paths: [String]) throws(Failure) -> WorkerSummary {
    ProcessMemory.resetPeak()
    let isNew = loaded?.model != job.model
    let (session, load) = try session(job)
    let keepsMedia = job.keepsMedia == true
    var isDone = false
    session.remembersMedia = keepsMedia || job.prompts.count > 1
    defer { session.remembersMedia = keepsMedia && isDone }
    try session.hand(to: paths.map { MediaItem(path: $0) }, check: check)
    let model = AnswerDocument.Model(
      path: job.model.path, weights: precision(job.model).rawValue,
      family: session.identity?.family, digest: session.identity?.digest)
    pipe.send(.opened(model))
    let folder = ReportFolder { [pipe] name, bytes in pipe.send(bytes, as: name) }
    let pictures = Visualization(rawValue: job.visualize) ?? .final
    let names = Dictionary(zip(paths, job.media.map(\.name))) { first, _ in first }
    var document: AnswerDocument?
    var notes: [String] = []
    var first: (answer: Answer, request: Request, drawing: ReportDrawing)?
    var summary = WorkerSummary(
      answer: "", peakMemory: 0, seconds: isNew ? ["loading": load] : [:], visualTokens: 0,
      visualTokensLeft: 0)
    for (index, prompt) in job.prompts.enumerated() {
      var request = try RequestBuilder.request(job, media: paths, prompt: prompt)
      request.keepsVisuals = pictures != .none
      request.drawing = ReportFolder.drawingBytes
      var answer = try session.answer(
        request, events: events(index: index, count: job.prompts.count))
      // Pictures are drawn over the original files, so this comes before the names change.
      let drawing = try draw(answer, request, question: index + 1, pictures, folder)
      answer.visuals = []
      Self.rename(&answer, &request, names)
      let all = first?.drawing.adding(drawing) ?? drawing
      first = (first?.answer ?? answer, first?.request ?? request, all)
      let own = AnswerDocument(
        answer, request: request, origin: job.origin, model: model,
        load: isNew && index == 0 ? load : 0, drawing: drawing, details: true)
      document = document?.adding(own) ?? own
      if index == 0 { summary.answer = String(answer.text.prefix(200)) }
      summary.add(answer, questions: job.prompts.count)
      // They are about the model, and the same for every job.
      notes += answer.notes + answer.merging.notes
    }
    if var document, let first {
      document.job = job.origin.ended("done", Timestamp.now).job
      let others = notes + (summary.adaptations ?? [])
      summary.add(warnings: document.warnings.filter { !others.contains($0) }, notes: notes)
      if pictures == .none {
        try folder.write(document, of: first.answer)
      } else {
        try folder.write(
          document, of: first.answer, request: first.request, drawing: first.drawing)
      }
    }
    summary.peakMemory = ProcessMemory.peak
    isDone = true
    return summary
  }

  /// Draws everything of the first answer, and the boxes of the others.
  private func draw(
    _ answer: Answer, _ request: Request, question: Int, _ pictures: Visualization,
    _ folder: ReportFolder
  ) throws(Failure) -> ReportDrawing {
    question == 1
      ? try folder.draw(answer, reading: request.reading, pictures)
      : try folder.drawBoxes(answer, reading: request.reading, question: question, pictures)
  }

  /// Outside the worker, files have the names they were submitted with.
  private static func rename(
    _ answer: inout Answer, _ request: inout Request, _ names: [String: String]
  ) {
    for index in answer.sources.indices {
      answer.sources[index].path = names[answer.sources[index].path] ?? answer.sources[index].path
    }
    for index in request.media.indices {
      request.media[index].path = names[request.media[index].path] ?? request.media[index].path
    }
  }

  private func precision(_ model: WorkerJob.Model) -> WeightPrecision {
    model.weights.flatMap(WeightPrecision.init(rawValue:))
      ?? ModelPlace(model.path).usualPrecision
  }

  private func session(
    _ job: WorkerJob
  ) throws(Failure) -> (Session, Double) {
    let model = job.model
    if let loaded, loaded.model == model { return (loaded.session, loaded.seconds) }
    loaded = nil
    pipe.send(
      .progress(WorkerProgress(stage: "loading", share: 0, prompt: 0, prompts: job.prompts.count)))
    let clock = ContinuousClock()
    let start = clock.now
    let memory = try RequestBuilder.memory(job)
    let session: Session
    do {
      session = try Session(
        ModelPlace(model.path), options: ModelOptions(weights: precision(model)),
        threads: model.threads, memory: memory)
    } catch {
      // The job names its media, never the model. So an error in opening the model, even a missing
      // folder, is not the job's fault.
      guard error.kind != .outOfMemory else { throw error }
      throw Failure(.modelUnusable, code: error.code, error.message, remedy: error.remedy)
    }
    let seconds = (clock.now - start) / .seconds(1)
    loaded = (model, session, seconds)
    return (session, seconds)
  }

  private func events(index: Int, count: Int) -> SessionEvents {
    var events = SessionEvents()
    events.progress = { [weak self] stage, share in
      self?.tell(
        WorkerProgress(stage: stage.rawValue, share: share, prompt: index, prompts: count))
    }
    events.text = { [pipe] in pipe.send(.text(WorkerText(prompt: index, text: $0))) }
    events.planned = { [pipe] in pipe.send(.planned(WorkerPlan($0))) }
    events.check = check
    return events
  }

  /// Throws where the daemon has cancelled the job.
  private var check: () throws(Failure) -> Void {
    { [pipe] () throws(Failure) in if pipe.wantsCancel { throw Self.cancelled } }
  }

  private func tell(_ progress: WorkerProgress) {
    let now = ContinuousClock.now
    if let lastSent, lastSent.stage == progress.stage, now - lastSent.time < Self.interval {
      return
    }
    lastSent = (progress.stage, now)
    pipe.send(.progress(progress))
  }
}
