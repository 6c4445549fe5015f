import Spool
import WebServer

/// Files of a job that are shown: its answer, its report and its pictures.
struct JobFiles {
  /// Their types by the endings of their names.
  private static let types = [
    "json": "application/json", "html": "text/html; charset=utf-8", "png": "image/png",
    "jpg": "image/jpeg", "mp4": "video/mp4",
  ]

  /// A file; `nil` for a name that is not shown, or where there is none.
  ///
  /// - Parameters:
  ///   - name: a name without a slash, in the folder of the job's answer or failure.
  static func reply(_ job: Job, _ name: String, root: String) -> WebResponse? {
    guard !name.hasPrefix("."), !name.contains("/"), name != "error.json",
      let type = name.split(separator: ".").last.flatMap({ types[String($0)] })
    else { return nil }
    let folders =
      [root + "/outbox/" + job.id, root + "/failed/" + job.id]
      + (job.duplicateOf.map { [root + "/outbox/" + $0] } ?? [])
    for folder in folders {
      guard let file = OpenFile(folder + "/" + name) else { continue }
      return WebResponse(
        200,
        headers: [
          ("content-type", type), ("cache-control", "private, max-age=60"),
          // The report has styles of its own, and no script.
          (
            "content-security-policy",
            "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; "
              + "style-src 'unsafe-inline'"
          ),
        ], body: .file(file))
    }
    return nil
  }

  /// Whether a job has a file.
  static func has(_ job: Job, _ name: String, root: String) -> Bool {
    reply(job, name, root: root) != nil
  }
}
