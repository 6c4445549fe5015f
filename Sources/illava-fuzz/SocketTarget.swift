import Spool

@preconcurrency import Glibc

/// The control socket of a daemon: lines, incomplete lines and silence.
final class SocketTarget: FuzzTarget {
  let corpus: [[UInt8]]
  let words: [String]
  private let daemon: DaemonProcess
  private var idle: [Int32] = []
  private var rounds = 0

  init(model: String) throws {
    let requests = try TextTarget("request", sources: model + "/../../../..")
    corpus = requests.corpus.map { $0 + [0x0A] } + [[UInt8](repeating: 0x0A, count: 1 << 20)]
    words =
      requests.words + [
        "\n", "\n{\"command\":\"status\",\"ids\":[]}\n", "\"metrics\"", "\"pause\"",
      ]
    daemon = try DaemonProcess(model: model)
    guard daemon.start() else { throw Refused() }
  }

  private struct Refused: Error {}

  func read(_ text: [UInt8]) -> String? {
    rounds += 1
    if let status = daemon.ended() { return "the daemon ended with \(status)" }
    if let client = connected() {
      _ = text.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      // Some clients stay connected and never send anything more.
      if rounds % 3 == 0 { idle.append(client) } else { close(client) }
    }
    if idle.count > 60 { close(idle.removeFirst()) }
    return rounds % 10 == 0 ? daemon.slowness() : nil
  }

  func finish() -> String? {
    idle.forEach { close($0) }
    let memory = daemon.costs.memory
    if memory > 512 { return "the daemon held \(memory) MiB" }
    let status = daemon.stop()
    return status == 0 ? nil : "the daemon ended with \(status)"
  }

  private func connected() -> Int32? {
    let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) {
      $0.copyBytes(from: (daemon.root + "/control.sock").utf8.prefix(107))
    }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(client, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result == 0 { return client }
    close(client)
    return nil
  }
}
