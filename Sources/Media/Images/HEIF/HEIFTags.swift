import CImages

/// The EXIF data of AVIF and HEIC files (ISO/IEC 23008-12, annex A).
enum HEIFTags {
  /// The longest data that are read.
  private static let mostBytes = 1 << 20

  /// When the picture of a file was taken; `nil` where the file does not say it.
  static func created(_ file: SourceFile) -> String? {
    let bytes = file.head(file.size)
    guard let context = heif_context_alloc() else { return nil }
    defer { heif_context_free(context) }
    return bytes.withUnsafeBufferPointer { buffer in
      let error = heif_context_read_from_memory_without_copy(
        context, buffer.baseAddress, buffer.count, nil)
      var found: OpaquePointer?
      guard error.code == heif_error_Ok,
        heif_context_get_primary_image_handle(context, &found).code == heif_error_Ok,
        let handle = found
      else { return nil }
      defer { heif_image_handle_release(handle) }
      return created(handle)
    }
  }

  /// When a picture was taken.
  static func created(_ handle: OpaquePointer) -> String? {
    var id: heif_item_id = 0
    guard heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) == 1 else {
      return nil
    }
    let size = heif_image_handle_get_metadata_size(handle, id)
    guard size > 4, size <= mostBytes else { return nil }
    var block = [UInt8](repeating: 0, count: size)
    guard heif_image_handle_get_metadata(handle, id, &block).code == heif_error_Ok else {
      return nil
    }
    // Four bytes say how far behind them the data begin.
    let offset = block.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard offset <= size - 4 else { return nil }
    return ExifTags(block[(4 + offset)...])?.created
  }
}
