import Diagnostics

@preconcurrency import Glibc

/// The location of a spool and of its configuration.
public struct SpoolPlace: Sendable {
  /// The default path of the configuration.
  public static let defaultConfiguration = "/etc/illava/illavad.toml"
  /// The default folder of the spool.
  public static let defaultRoot = "/var/lib/illava"

  /// The folder of the spool, as an absolute path.
  public let root: String
  /// The configuration file, or `nil` if there is none.
  public let configuration: String?

  /// Locates the spool.
  ///
  /// - Parameters:
  ///   - spool: the folder from the command line; otherwise `ILLAVA_SPOOL`, otherwise the default.
  ///   - configuration: the path from the command line; otherwise `ILLAVA_CONFIG`, otherwise the default
  ///     file if it exists.
  /// - Throws: `config.missing` for a named file that does not exist.
  public init(
    spool: String?, configuration: String?, environment: [String: String]
  ) throws(Failure) {
    let folder = spool ?? environment["ILLAVA_SPOOL"] ?? Self.defaultRoot
    root = Self.absolute(folder)
    if let named = configuration ?? environment["ILLAVA_CONFIG"] {
      guard access(named, F_OK) == 0 else {
        throw Failure(
          .missingInput, code: .configMissing,
          "\(named): \(String(cString: strerror(errno)))", remedy: "Check the path.")
      }
      self.configuration = Self.absolute(named)
    } else {
      let found = access(Self.defaultConfiguration, F_OK) == 0
      self.configuration = found ? Self.defaultConfiguration : nil
    }
  }

  /// Reads the configuration, or the defaults where there is none.
  ///
  /// - Throws: `config.*`.
  public func settings() throws(Failure) -> Settings {
    guard let configuration else { return Settings() }
    let bytes: [UInt8]
    do {
      let slash = configuration.lastIndex(of: "/") ?? configuration.startIndex
      let folder = String(configuration[..<slash])
      let name = String(configuration[configuration.index(after: slash)...])
      bytes = try Folder(path: folder.isEmpty ? "/" : folder, calls: SystemCalls())
        .contents(BytePath(name), limit: 1 << 20)
    } catch {
      throw Failure.describing(error)
    }
    return try SettingsFile.read(bytes, source: configuration)
  }

  /// The absolute path, because the daemon may be started in any folder.
  private static func absolute(_ path: String) -> String {
    var result = path
    if !path.hasPrefix("/"), let current = getcwd(nil, 0) {
      result = String(cString: current) + "/" + path
      free(current)
    }
    while result.count > 1, result.hasSuffix("/") { result.removeLast() }
    return result
  }
}
