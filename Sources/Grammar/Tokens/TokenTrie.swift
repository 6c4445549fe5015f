/// The tokens of a vocabulary by their bytes, as trees in which a walk over a subtree is a walk over a
/// part of an array.
public struct TokenTrie: Sendable {
  /// A place of a tree, behind its parent and before its children.
  struct Node {
    /// One past the last node below this one.
    var end: Int32
    /// The first token that ends here, or −1.
    var token: Int32
    /// How many bytes come before this one.
    var depth: Int32
    /// The byte.
    var byte: UInt8
  }

  /// The most scalars of a plain token.
  static let plainScalars = 16

  /// All tokens, depth first, bytes in ascending order.
  let nodes: [Node]
  /// All short tokens but the plain ones.
  let others: [Node]
  /// The tokens that are not short.
  let long: [Node]
  /// The plain tokens by the most scalars that they have: short ones of 1 to 16 whole scalars that are
  /// themselves in a JSON string. Where any of them may come, they need no walk, and they are most of a
  /// vocabulary.
  let plain: [TokenMask]
  /// The most bytes of a token.
  let depth: Int
  /// Other tokens with the bytes of a token.
  let twins: [Int32: [Int32]]
  /// One more than the largest id.
  public let idBound: Int

  private typealias Token = (id: Int32, bytes: ArraySlice<UInt8>)

  /// The trees of a vocabulary; tokens without bytes are left out.
  ///
  /// - Parameters:
  ///   - idBound: one more than the largest id.
  ///   - bytes: the bytes of a token; empty for ids that text is never made of, such as special ones.
  public init(idBound: Int, bytes: (Int32) -> ArraySlice<UInt8>) {
    self.idBound = idBound
    var tokens: [Token] = []
    tokens.reserveCapacity(idBound)
    for id in 0..<Int32(clamping: idBound) {
      let bytes = bytes(id)
      if !bytes.isEmpty { tokens.append((id, bytes)) }
    }
    tokens.sort { a, b in
      a.bytes == b.bytes ? a.id < b.id : a.bytes.lexicographicallyPrecedes(b.bytes)
    }
    var twins: [Int32: [Int32]] = [:]
    var plain = [TokenMask](
      repeating: TokenMask(idBound: idBound), count: Self.plainScalars + 1)
    var (others, long): ([Token], [Token]) = ([], [])
    for token in tokens {
      if token.bytes.count > GrammarLimits.shortTokenBytes {
        long.append(token)
      } else if let count = Self.plainCount(token.bytes) {
        for most in count...Self.plainScalars { plain[most].insert(token.id) }
      } else {
        others.append(token)
      }
    }
    nodes = Self.tree(tokens, &twins)
    self.others = Self.tree(others, &twins)
    self.long = Self.tree(long, &twins)
    self.twins = twins
    self.plain = plain
    depth = tokens.reduce(0) { max($0, $1.bytes.count) }
  }

  /// The number of scalars of a plain token; `nil` for others.
  private static func plainCount(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let count = text.unicodeScalars.count
    return count <= plainScalars
      && text.unicodeScalars.allSatisfy { !ScalarEncoding.escaped.contains($0.value) } ? count : nil
  }

  private static func tree(_ tokens: [Token], _ twins: inout [Int32: [Int32]]) -> [Node] {
    var nodes: [Node] = []
    var path: [Int] = []
    var last: ArraySlice<UInt8> = []
    for (id, bytes) in tokens {
      let shared = zip(bytes, last).prefix { $0 == $1 }.count
      for open in path[shared...] { nodes[open].end = Int32(nodes.count) }
      path.removeSubrange(shared...)
      for (place, byte) in bytes.enumerated().dropFirst(shared) {
        path.append(nodes.count)
        nodes.append(Node(end: 0, token: -1, depth: Int32(place), byte: byte))
      }
      guard let end = path.last else { continue }
      if nodes[end].token < 0 {
        nodes[end].token = id
      } else if twins[nodes[end].token]?.contains(id) != true {
        twins[nodes[end].token, default: []].append(id)
      }
      last = bytes
    }
    for open in path { nodes[open].end = Int32(nodes.count) }
    return nodes
  }

  /// The tokens that are a beginning of bytes, the shortest first.
  public func beginnings(of bytes: ArraySlice<UInt8>) -> [Int32] {
    var found: [Int32] = []
    var range = 0..<nodes.count
    for byte in bytes {
      guard let child = child(byte, in: range) else { break }
      let token = nodes[child].token
      if token >= 0 { found += [token] + (twins[token] ?? []) }
      range = child + 1..<Int(nodes[child].end)
    }
    return found
  }

  /// The places below the one that is reached by bytes; `nil` where no token begins with them.
  func subtree(of bytes: ArraySlice<UInt8>) -> Range<Int>? {
    var range = 0..<nodes.count
    for byte in bytes {
      guard let child = child(byte, in: range) else { return nil }
      range = child + 1..<Int(nodes[child].end)
    }
    return range
  }

  private func child(_ byte: UInt8, in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound {
      if nodes[index].byte == byte { return index }
      index = Int(nodes[index].end)
    }
    return nil
  }
}
