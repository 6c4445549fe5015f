import Diagnostics

@preconcurrency import Glibc

/// The other programs of illava.
enum OwnPrograms {
  /// The path of a program: beside this one, or where it was installed.
  ///
  /// - Throws: `web.program`.
  static func path(_ name: String) throws(Failure) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let own = String(
      decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    for place in [folder, folder + "/../libexec/illava", folder + "/../../bin"] {
      let path = place + "/" + name
      if access(path, X_OK) == 0 { return path }
    }
    throw Failure(
      .missingInput, code: .webProgram, "\(name) is not beside \(own)",
      remedy: "Install illava again, or build it with make build.")
  }

  /// Replaces this process by a program.
  ///
  /// - Throws: `web.program`.
  static func become(_ name: String, _ arguments: [String]) throws(Failure) -> Never {
    let path = try path(name)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    execv(path, &words)
    throw Failure(
      .fault, code: .webProgram, "\(path) cannot be run: \(String(cString: strerror(errno)))")
  }

  /// Starts a program with no signal blocked.
  ///
  /// - Throws: `web.program`.
  static func start(_ name: String, _ arguments: [String]) throws(Failure) -> pid_t {
    let path = try path(name)
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let result = posix_spawn(&process, path, nil, &attributes, &words, environ)
    guard result == 0 else {
      throw Failure(
        .fault, code: .webProgram, "\(path) cannot be run: \(String(cString: strerror(result)))")
    }
    return process
  }
}
