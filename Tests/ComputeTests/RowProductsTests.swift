import Basics
import Compute
import Testing

// In the suite of the kernels, so that no other test switches the path meanwhile.
extension KernelPathTests {
  @Suite("Products of rows")
  struct RowProductsTests {
    private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) throws -> Matrix {
      let matrix = try Matrix(rows: rows, columns: columns)
      var random = SplitMix64(seed: seed)
      for index in 0..<rows * columns { matrix.base[index] = Float(random.unit()) - 0.5 }
      return matrix
    }

    @Test(
      "every pair is met once, with its dot product, on any number of threads and every path",
      arguments: [(1, 1, 1), (3, 300, 7), (513, 40, 16), (600, 700, 5)], [1, 3])
    func blocks(_ shape: (Int, Int, Int), _ threads: Int) throws {
      let (m, n, k) = shape
      let (a, b) = (try matrix(m, k, seed: 1), try matrix(n, k, seed: 2))
      let results = try onEveryPath {
        let found = try Matrix(rows: m, columns: n)
        let visits = try Matrix(rows: 1, columns: m)
        try RowProducts.forEachBlock(a.view, b.view, threads: ThreadTeam(count: threads)) {
          rows, products in
          found[rows: rows].copy(from: products)
          for row in rows { visits.base[row] += 1 }
        }
        #expect(visits.elements.allSatisfy { $0 == 1 })
        return found
      }
      for row in 0..<m {
        for column in 0..<n {
          let expected = Vector.dot(a.view.row(row), b.view.row(column), count: k)
          for (path, found) in results where abs(found.view.row(row)[column] - expected) > 1e-5 {
            Issue.record("\(path) \(row), \(column): \(found.view.row(row)[column])")
            return
          }
        }
      }
    }

    @Test("rows of wider ones, and every other row, are taken as they lie")
    func strides() throws {
      let wide = try matrix(10, 9, seed: 3)
      let even = MatrixView(base: wide.base, rows: 5, columns: 4, stride: 18)
      let odd = MatrixView(base: wide.view.row(1), rows: 5, columns: 4, stride: 18)
      let team = ThreadTeam(count: 2)
      let found = try Matrix(rows: 5, columns: 5)
      try RowProducts.forEachBlock(even, odd, threads: team) { rows, products in
        found[rows: rows].copy(from: products)
      }
      let single = try Matrix(rows: 1, columns: 5)
      RowProducts.apply(odd, with: even.row(2), to: single.base, threads: team)
      for row in 0..<5 {
        for column in 0..<5 {
          let expected = Vector.dot(wide.view.row(2 * row), wide.view.row(2 * column + 1), count: 4)
          #expect(abs(found.view.row(row)[column] - expected) < 1e-6)
          if row == 2 { #expect(abs(single.base[column] - expected) < 1e-6) }
        }
      }
    }
  }
}
