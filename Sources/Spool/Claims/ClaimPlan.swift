/// Files in the inbox that are a job and ready to be taken.
struct ClaimPlan {
  /// A file or, in the fourth form, the folder.
  struct Input {
    var path: BytePath
    var role: JobClaim.Input.Role
    /// As it was when it was found ready.
    var status: FileStatus
  }

  var form: JobForm
  /// What people call it.
  var name: BytePath
  /// Everything that is moved.
  var inputs: [Input]
  /// Paths in the inbox of what is looked at, in order.
  var media: [BytePath]
  /// What the job's own files and its folder's settings say.
  var document: JobDocument
  /// Why it can never be answered.
  var refusal: (any Error)?
}
