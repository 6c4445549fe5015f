import CImages
import CPoppler

/// The libraries that decode media.
public enum MediaLibraries {
  /// Lets the libraries read settings, fonts and their own parts, for a process that may not open files
  /// later. Nothing else needs this.
  public static func prepare() {
    // Newer versions of libheif load their decoders at run time. Where that fails, decoding says so.
    _ = heif_init(nil)
    ill_pdf_prepare()
  }

  /// Whether a library goes on with a file that took too long and was given up: it cannot be stopped, and
  /// takes a processor and memory until this process ends.
  public static var hasWorkLeftOver: Bool { ill_pdf_left_over() > 0 }
}
