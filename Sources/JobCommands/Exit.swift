import ArgumentParser
import Diagnostics
@preconcurrency import Glibc

/// Runs a command's work; a `Failure` is printed to standard error and sets the exit status.
public func exiting<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let failure as Failure {
    fflush(stdout)
    fputs("error: \(PlainText.lines("\(failure)"))\n", stderr)
    throw ExitCode(failure.kind.exitStatus)
  }
}
