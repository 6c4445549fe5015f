// Codes about the configuration of the daemon.
extension FailureCode {
  /// The configuration has a key that is not known.
  public static let configKey = FailureCode(rawValue: "config.key")
  /// The configuration file cannot be found.
  public static let configMissing = FailureCode(rawValue: "config.missing")
  /// The configuration names no model.
  public static let configModel = FailureCode(rawValue: "config.model")
  /// The configuration is not TOML.
  public static let configTOML = FailureCode(rawValue: "config.toml")
  /// A value of the configuration is out of range or of the wrong type.
  public static let configValue = FailureCode(rawValue: "config.value")

  /// All codes of this area.
  static let settingsCodes: [FailureCode] = [
    .configKey, .configMissing, .configModel, .configTOML, .configValue,
  ]
}
