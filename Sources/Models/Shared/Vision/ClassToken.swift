import Compute

/// The row that stands for a whole segment in an image encoder, before its patches.
package struct ClassToken: Sendable {
  /// `[hidden]`: the learned token plus its position.
  let row: [Float]

  /// A token and its position, `[hidden]` each.
  package init(token: [Float], position: [Float]) { row = zip(token, position).map { $0 + $1 } }
}
