import Diagnostics

@preconcurrency import Glibc

/// Starts programs with default signal handling.
enum Spawning {
  static func spawn(
    _ program: String, _ arguments: [String], _ actions: inout posix_spawn_file_actions_t,
    environment: [String]? = nil, searchingPath: Bool = false
  ) throws -> pid_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A separate process group, so that Control-C in a terminal reaches the daemon only, which then
    // drains.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))

    var process: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] = (environment ?? []).map { strdup($0) } + [nil]
    defer { for word in words + settings { free(word) } }
    let given = environment == nil
    let result = settings.withUnsafeMutableBufferPointer { own in
      let environment = given ? environ : own.baseAddress
      return searchingPath
        ? posix_spawnp(&process, program, &actions, &attributes, &words, environment)
        : posix_spawn(&process, program, &actions, &attributes, &words, environment)
    }
    guard result == 0 else {
      throw Failure(
        .fault, code: .spoolSpawn,
        "\(program) cannot be started: \(String(cString: strerror(result)))")
    }
    return process
  }
}
