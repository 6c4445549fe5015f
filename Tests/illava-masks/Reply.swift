/// What is told about a form.
struct Reply: Encodable {
  /// Why it is refused.
  var code: String?
  var message: String?
  /// Seconds that it took to compile.
  var compileSeconds = 0.0
  /// Whether each value has the form.
  var values: [Bool] = []
  /// What is told of each text.
  var texts: [Text] = []
  /// Seconds that the sets of allowed tokens took in all, and their number.
  var maskSeconds = 0.0
  var maskCount = 0
  /// The longest time of one set that was not known yet, in seconds.
  var slowestSeconds = 0.0

  /// What is told of a text.
  struct Text: Encodable {
    /// Digests of the allowed tokens of each kind before each token, and after the last.
    var digests: [[String]] = []
    /// Whether the text may end at each of these places.
    var ends: [Bool] = []
    /// The allowed tokens after the last, where they were asked for.
    var ids: [Int32] = []
  }
}
