import Diagnostics
import Options
import Spool
import WorkerProtocol

/// A job as `--json` prints it; times are in milliseconds since 1970.
struct JobEntry: Encodable {
  let id: String
  let state: JobState
  let name: String
  let form: JobForm
  let created: Int
  let updated: Int
  let not_before: Int?
  let attempts: Int
  let priority: Int
  let prompts: [String]
  let options: QuestionOptions
  let error: ErrorReport?
  let summary: WorkerSummary?
  let duplicate_of: String?
  let cleaned: Bool

  init(_ job: Job) {
    id = job.id
    state = job.state
    name = job.name
    form = job.claim.form
    created = job.created
    updated = job.updated
    not_before = job.notBefore == 0 ? nil : job.notBefore
    attempts = job.attempts
    priority = job.claim.priority
    prompts = job.claim.prompts
    options = job.claim.options
    error = job.error
    summary = job.summary
    duplicate_of = job.duplicateOf
    cleaned = job.isCleaned
  }
}
