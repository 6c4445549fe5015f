import Basics
import Diagnostics
import WorkerProtocol

extension ControlRequest {
  /// The most jobs of one request; the command line sends several for more.
  public static let maxIDs = 1000
  /// The most bytes of a request's line: enough for that many ids and a query.
  static let maxBytes = 1 << 16
  private static let depthLimit = 8

  /// Reads a line that any user may have sent.
  ///
  /// - Throws: `control.request` for a line that is not a request.
  package init(line: [UInt8]) throws(Failure) {
    let value: JSONValue
    do throws(FormatProblem) {
      value = try JSONValue.read(line, code: .controlRequest, depthLimit: Self.depthLimit)
    } catch {
      throw Self.wrong(error.text)
    }
    guard case .object(let object) = value else { throw Self.wrong("it is not a JSON object") }
    guard case .text(let name)? = object["command"], let command = Command(rawValue: name) else {
      throw Self.wrong("its command is not known")
    }
    self.init(command)
    // A request without jobs must not be taken as a request about all jobs.
    switch object["ids"] {
    case .array(let values)?:
      guard values.count <= Self.maxIDs else {
        throw Self.wrong("it names more than \(Self.maxIDs) jobs")
      }
      for value in values {
        guard case .text(let id) = value else { throw Self.wrong("an id in it is \(value.kind)") }
        ids.append(id)
      }
    case .null?, nil: break
    case let other?: throw Self.wrong("its ids are \(other.kind)")
    }
    switch object["olderThan"] {
    case .integer(let seconds)?: olderThan = Double(seconds)
    case .number(let seconds)?: olderThan = seconds
    case .null?, nil: break
    case let other?: throw Self.wrong("its age is \(other.kind)")
    }
    switch object["forgets"] {
    case .flag(let flag)?: forgets = flag
    case .null?, nil: break
    case let other?: throw Self.wrong("whether it forgets is \(other.kind)")
    }
    if command == .query {
      guard case .object(let members)? = object["query"] else {
        throw Self.wrong("it asks nothing")
      }
      do {
        query = try JSONLine.decode(StoreQuery.self, JSONLine.encode(members))
      } catch {
        throw Self.wrong("what it asks is not known")
      }
    }
  }

  private static func wrong(_ reason: String) -> Failure {
    Failure(
      .usage, code: .controlRequest,
      "the daemon was sent something that is not a request: \(reason)",
      remedy: "Use a daemon and a command line of the same version.")
  }
}
