/// A group of files in the inbox that form one job and are ready to be claimed.
struct ClaimPlan {
  /// A file, or the folder itself for a job folder.
  struct Input {
    var path: BytePath
    var role: JobClaim.Input.Role
    /// The file's status when it was found ready.
    var status: FileStatus
  }

  var form: JobForm
  /// The name of the job for people.
  var name: BytePath
  /// Everything that is moved out of the inbox.
  var inputs: [Input]
  /// The paths of the media in the inbox, in order.
  var media: [BytePath]
  /// The contents of the job's own files and its folder's settings.
  var document: JobDocument
  /// Why the job can never be answered; `nil` if it can.
  var refusal: (any Error)?
}
