import Synchronization

/// Counts requests for Prometheus (exposition format 0.0.4).
final class WebMetrics: Sendable {
  private struct State {
    var statuses: [Int: Int] = [:]
    var buckets: [String: [Int]] = [:]
    var sums: [String: Double] = [:]
  }

  private let state = Mutex(State())
  /// The upper ends of the histogram's buckets, in seconds.
  private static let ends = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300]

  /// Counts a request.
  ///
  /// - Parameter area: what it asked for: a page, a reply of an interface.
  func count(_ status: Int, area: String, seconds: Double) {
    state.withLock { state in
      state.statuses[status, default: 0] += 1
      let bucket = Self.ends.firstIndex { seconds <= $0 } ?? Self.ends.count
      state.buckets[area, default: Array(repeating: 0, count: Self.ends.count + 1)][bucket] += 1
      state.sums[area, default: 0] += seconds
    }
  }

  /// All counts as text.
  func text(connections: Int, questions: Int) -> String {
    let state = state.withLock { State(statuses: $0.statuses, buckets: $0.buckets, sums: $0.sums) }
    var text = """
      # HELP illava_web_connections Connections that are open.
      # TYPE illava_web_connections gauge
      illava_web_connections \(connections)
      # HELP illava_web_questions Questions of the interfaces that are being answered.
      # TYPE illava_web_questions gauge
      illava_web_questions \(questions)
      # HELP illava_web_requests_total Requests by the status of their reply.
      # TYPE illava_web_requests_total counter

      """
    for (status, count) in state.statuses.sorted(by: { $0.key < $1.key }) {
      text += "illava_web_requests_total{status=\"\(status)\"} \(count)\n"
    }
    text += """
      # HELP illava_web_request_seconds Seconds until the head of a reply, or its whole where it is not streamed.
      # TYPE illava_web_request_seconds histogram

      """
    for (area, buckets) in state.buckets.sorted(by: { $0.key < $1.key }) {
      var total = 0
      for (index, count) in buckets.enumerated() {
        total += count
        let end = index < Self.ends.count ? "\(Self.ends[index])" : "+Inf"
        text += "illava_web_request_seconds_bucket{area=\"\(area)\",le=\"\(end)\"} \(total)\n"
      }
      text += "illava_web_request_seconds_sum{area=\"\(area)\"} \(state.sums[area] ?? 0)\n"
      text += "illava_web_request_seconds_count{area=\"\(area)\"} \(total)\n"
    }
    return text
  }
}
