import Diagnostics
import Models

/// The family, for a program that registers it.
public enum SkeletonFamily {
  /// The family.
  public static let family = ModelFamily("Skeleton", modelTypes: ["skeleton"]) {
    files, weights, options throws(Failure) in
    try Skeleton(files, weights, options)
  }

  /// A `config.json` of the family.
  public static let configuration = """
    {"model_type": "skeleton", "width": 48, "vocabulary": 464, "tile": 64, "max_tiles": 4}
    """
}
