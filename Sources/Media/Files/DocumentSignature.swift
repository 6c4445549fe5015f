/// Documents, recognized by their first bytes.
enum DocumentSignature {
  /// Whether the file is a PDF: its header is within the first 1024 bytes (ISO 32000-1, annex H.3.4.1).
  static func isPDF(_ head: [UInt8]) -> Bool {
    let header = Array("%PDF-".utf8)
    let start = head.prefix(1024)
    return start.indices.contains { start[$0] == header[0] && start[$0...].starts(with: header) }
  }
}
