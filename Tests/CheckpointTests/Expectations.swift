import Checkpoint
import Diagnostics
import Testing

/// Expects a failure of this kind and code whose message holds all of `words`.
func expectFailure(
  _ code: FailureCode, _ kind: Failure.Kind = .modelUnusable, naming words: [String] = [],
  at location: SourceLocation = #_sourceLocation, from body: () throws(Failure) -> Void
) {
  do throws(Failure) {
    try body()
    Issue.record("no failure, \(code) expected", sourceLocation: location)
  } catch {
    #expect(error.code == code, "\(error)", sourceLocation: location)
    #expect(error.kind == kind, "\(error)", sourceLocation: location)
    for word in words {
      #expect(error.message.contains(word), "\(error)", sourceLocation: location)
    }
  }
}

/// The elements of a tensor, copied as bytes.
func bytes(_ file: Safetensors, _ name: String) -> [UInt8]? {
  withExtendedLifetime(file) { file.tensor(name).map { Array($0.bytes) } }
}
