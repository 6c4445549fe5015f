import Compute
import Diagnostics

/// How a tensor comes, under the name and in the shape that a model family asks for, from tensors of GGUF
/// files.
///
/// Converters split tensors, put rows into another order and change numbers; a recipe undoes it. All are
/// seen as rows of `rowLength` numbers that stay together, of which `place` says where they lie.
public struct GGUFRecipe: Sendable {
  /// Where a row lies: the part, and the row of `rowLength` numbers in it.
  public typealias Place = @Sendable (_ row: Int) -> (part: Int, row: Int)
  /// What is done to every number, after it has been widened to f32.
  public typealias Change = @Sendable (Float) -> Float

  /// The tensors of the files.
  public let parts: [GGUFTensor]
  /// The shape of the result, outermost extent first.
  public let shape: [Int]

  private let rowLength: Int
  private let place: Place?
  private let change: Change?

  /// A tensor as it is.
  ///
  /// - Parameters:
  ///   - shape: the shape of the result; the tensor's own counts where it has another number of numbers.
  ///   - change: what is done to every number.
  public init(_ tensor: GGUFTensor, shape: [Int]? = nil, change: Change? = nil) {
    parts = [tensor]
    self.shape = Self.fitting(shape, tensor)
    rowLength = tensor.shape.last ?? 1
    place = nil
    self.change = change
  }

  /// Tensors one below the other.
  ///
  /// - Returns: `nil` where their rows differ in length.
  public init?(stacking parts: [GGUFTensor]) {
    guard let first = parts.first, let rows = first.shape.first,
      parts.allSatisfy({ !$0.shape.isEmpty && $0.shape.dropFirst() == first.shape.dropFirst() })
    else { return nil }
    // A bias is a column of single numbers.
    rowLength = first.shape.dropFirst().reduce(1, *)
    var starts = [0]
    for part in parts { starts.append((starts.last ?? 0).addingClamped(part.shape.first ?? 0)) }
    let ends = starts
    self.parts = parts
    shape = [ends.last ?? rows] + first.shape.dropFirst()
    place = { row in
      let part = ends.dropFirst().firstIndex { row < $0 }.map { $0 - 1 } ?? 0
      return (part, row - ends[part])
    }
    change = nil
  }

  /// The kernel of a convolution over frames, `[outputs, channels, frames, height, width]`, from one tensor
  /// without the third extent for each frame.
  ///
  /// - Returns: `nil` where they are not of one such shape.
  public init?(frames parts: [GGUFTensor]) {
    guard let first = parts.first, first.shape.count == 4,
      parts.allSatisfy({ $0.shape == first.shape })
    else { return nil }
    let count = parts.count
    self.parts = parts
    shape = Array(first.shape[..<2]) + [count] + first.shape[2...]
    rowLength = first.shape[2] * first.shape[3]
    place = { ($0 % count, $0 / count) }
    change = nil
  }

  /// A tensor whose rows are in another order.
  ///
  /// - Parameters:
  ///   - shape: the shape of the result, as for a tensor as it is.
  ///   - rowLength: the numbers that stay together.
  ///   - row: where row i of the result lies in the tensor.
  ///   - change: what is done to every number.
  /// - Returns: `nil` where the numbers do not make whole rows.
  public init?(
    _ tensor: GGUFTensor, shape: [Int]? = nil, rowLength: Int, change: Change? = nil,
    row: @escaping @Sendable (Int) -> Int
  ) {
    guard rowLength > 0, tensor.shape.reduce(1, *).isMultiple(of: rowLength) else { return nil }
    parts = [tensor]
    self.shape = Self.fitting(shape, tensor)
    self.rowLength = rowLength
    place = { (0, row($0)) }
    self.change = change
  }

  /// The shape that is wanted where the tensor has as many numbers, otherwise its own.
  private static func fitting(_ shape: [Int]?, _ tensor: GGUFTensor) -> [Int] {
    guard let shape,
      shape.allSatisfy({ $0 >= 0 }),
      shape.reduce(1, { $0.multipliedClamped(by: $1) }) == tensor.shape.reduce(1, *)
    else { return tensor.shape }
    return shape
  }

  /// Where row `row` of the result lies; `nil` where there is no such row.
  private func source(of row: Int) -> (tensor: GGUFTensor, row: Int)? {
    let (part, index) = place?(row) ?? (0, row)
    guard parts.indices.contains(part), rowLength > 0, index >= 0,
      index < parts[part].shape.reduce(1, *) / rowLength
    else { return nil }
    return (parts[part], index)
  }

  /// The tensor itself, where the result is one as it lies in the file.
  public var stored: GGUFTensor? { place == nil && change == nil ? parts.first : nil }

  /// The number of rows.
  public var rows: Int { rowLength == 0 ? 0 : shape.reduce(1, *) / rowLength }

  /// The narrowest type that holds all numbers of the result without loss; `nil` where a part is of a type
  /// that is not read.
  public var elementType: ElementType? {
    guard parts.allSatisfy({ $0.type.elementType != nil || $0.type.blocks != nil }) else {
      return nil
    }
    let types = Set(parts.map(\.type.elementType))
    guard change == nil, types.count == 1, let type = types.first else { return .f32 }
    return type ?? .f32
  }

  /// Writes rows to memory for `rows.count * rowLength` numbers of `elementType`.
  public func fill(_ memory: UnsafeMutableRawPointer, rows: Range<Int>) {
    guard let elementType else { return }
    let bytes = rowLength * elementType.size
    var scratch = Scratch()
    for row in rows {
      let target = memory + (row - rows.lowerBound) * bytes
      guard let (tensor, index) = source(of: row) else { continue }
      if change == nil, tensor.type.elementType == elementType, let base = tensor.bytes.baseAddress
      {
        target.copyMemory(from: base + index * bytes, byteCount: bytes)
      } else {
        // The type is f32 then.
        let numbers = target.assumingMemoryBound(to: Float.self)
        widen(tensor, row: index, to: numbers, &scratch)
        if let change { for column in 0..<rowLength { numbers[column] = change(numbers[column]) } }
      }
    }
  }

  /// The result as a matrix of blocks, where it is one without a change of numbers and its rows are whole
  /// blocks.
  ///
  /// Blocks that lie one after the other stay in the file; others are copied.
  public func blocks(copy: (Int) -> (base: UnsafeMutableRawPointer, owner: AnyObject)?)
    -> StoredBlocks?
  {
    guard change == nil, let type = parts.first?.type.blocks, let columns = shape.last,
      parts.allSatisfy({ $0.type.blocks == type }), shape.count >= 2
    else { return nil }
    let outputs = shape.dropLast().reduce(1, *)
    guard place != nil else {
      return parts.first?.blocks.flatMap {
        StoredBlocks(
          type: type, rows: outputs, columns: columns,
          bytes: UnsafeRawBufferPointer(start: $0.base, count: $0.byteCount), owner: $0.owner)
      }
    }
    guard rowLength.isMultiple(of: type.numbers), columns.isMultiple(of: type.numbers) else {
      return nil
    }
    let bytes = rowLength / type.numbers * type.bytes
    guard let (base, owner) = copy(rows * bytes) else { return nil }
    for row in 0..<rows {
      guard let (tensor, index) = source(of: row), let source = tensor.bytes.baseAddress else {
        return nil
      }
      (base + row * bytes).copyMemory(from: source + index * bytes, byteCount: bytes)
    }
    return StoredBlocks(
      type: type, rows: outputs, columns: columns,
      bytes: UnsafeRawBufferPointer(start: base, count: rows * bytes), owner: owner)
  }

  /// The last row of a tensor that was widened, for rows that are shorter than those of the file.
  private struct Scratch {
    var part: String?
    var row = -1
    var numbers: [Float] = []
  }

  /// Writes row `index` of `rowLength` numbers of a tensor as f32.
  private func widen(
    _ tensor: GGUFTensor, row index: Int, to output: UnsafeMutablePointer<Float>,
    _ scratch: inout Scratch
  ) {
    if let type = tensor.type.elementType, let base = tensor.bytes.baseAddress {
      return type.widen(base + index * rowLength * type.size, to: output, count: rowLength)
    }
    guard let blocks = tensor.blocks else { return }
    if blocks.columns == rowLength { return blocks.copyRow(index, to: output) }
    // Rows of the result may cross those of the file, as where a matrix is taken as one long row.
    var (start, written) = (index * rowLength, 0)
    while written < rowLength {
      let row = start / blocks.columns
      if scratch.part != tensor.name || scratch.row != row {
        scratch.numbers = [Float](repeating: 0, count: blocks.columns)
        blocks.copyRow(row, to: &scratch.numbers)
        (scratch.part, scratch.row) = (tensor.name, row)
      }
      let column = start % blocks.columns
      let count = min(rowLength - written, blocks.columns - column)
      for place in 0..<count { output[written + place] = scratch.numbers[column + place] }
      start += count
      written += count
    }
  }
}
