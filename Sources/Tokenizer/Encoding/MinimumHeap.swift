/// A binary heap of numbers, the smallest first.
struct MinimumHeap {
  private var items: [UInt64]

  /// Orders all items in linear time.
  init(_ items: [UInt64]) {
    self.items = items
    for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { siftDown(from: index) }
  }

  /// Adds an item.
  mutating func push(_ item: UInt64) {
    items.append(item)
    var index = items.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      if items[parent] <= item { break }
      items[index] = items[parent]
      index = parent
    }
    items[index] = item
  }

  /// Takes the smallest item out, or returns `nil` when there is none.
  mutating func pop() -> UInt64? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty {
      items[0] = last
      siftDown(from: 0)
    }
    return first
  }

  private mutating func siftDown(from start: Int) {
    let item = items[start]
    var index = start
    while true {
      var child = 2 * index + 1
      if child >= items.count { break }
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      if item <= items[child] { break }
      items[index] = items[child]
      index = child
    }
    items[index] = item
  }
}
