import Diagnostics
import WorkerProtocol

/// Claims of jobs that ask again about the media of an answered job.
extension Claimer {
  /// The job that a job follows up; where there is none that can be, the refusal says so.
  func followUp(_ plan: ClaimPlan, _ refusal: inout (any Error)?) throws -> FollowUp? {
    guard let id = plan.document.followUp, refusal == nil else { return nil }
    guard plan.media.isEmpty else {
      refusal = Failure(
        .badInput, code: .jobFollowUp, "\(plan.name) follows up a job and has media of its own",
        remedy: "Follow up with a job file or a folder without media.")
      return nil
    }
    do {
      return try FollowUp(id, store: store, layout: layout)
    } catch let failure as Failure where failure.code == .jobFollowUp {
      refusal = failure
      return nil
    }
  }

  /// Brings the files of the job that is followed up, as links where that is possible.
  ///
  /// - Returns: the claim, with a refusal where they are gone.
  func bringFiles(_ claim: JobClaim, to folder: Folder) throws -> JobClaim {
    guard let id = claim.followUp, claim.refusal == nil else { return claim }
    guard let files = try FollowUp.files(of: id, layout) else {
      return try refuse(claim, FollowUp.filesGone(id), in: folder)
    }
    let input = try folder.folder(JobClaim.inputFolder)
    try input.link(allOf: files)
    try input.syncTree()
    calls.passed("claim.linked")
    return claim
  }

  /// Writes into the claim why it can never be answered.
  func refuse(
    _ claim: JobClaim, _ failure: Failure, in folder: Folder
  ) throws -> JobClaim {
    var refused = claim
    refused.refusal = ErrorReport(failure)
    try folder.write(try refused.json(), to: JobClaim.fileName)
    try folder.sync()
    return refused
  }
}
