import Basics
import Checkpoint
import Diagnostics
import FoundationEssentials
import Testing

@Suite struct MutationTests {
  private func mutate(_ bytes: inout [UInt8], headerEnd: Int, _ generator: inout SplitMix64) {
    let at = Int.random(in: 0..<min(headerEnd, bytes.count), using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
    case 3:
      let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
      guard let left = digits.randomElement(using: &generator),
        let right = digits.randomElement(using: &generator)
      else { return }
      bytes.swapAt(left, right)
    case 4: bytes.remove(at: at)
    default:
      // Structural characters pass the scanner more often than noise.
      let marks = Array(#"{}[]",:0-e."#.utf8)
      bytes[at] = marks.randomElement(using: &generator) ?? 0
    }
  }

  /// Reads everything that a file claims to hold.
  private func touch(_ file: Safetensors) -> Int {
    var sum = 0
    for name in file.names {
      guard let entry = file.tensor(name) else { continue }
      withExtendedLifetime(entry.owner) {
        for byte in entry.bytes { sum &+= Int(byte) }
      }
    }
    return sum
  }

  @Test func twoThousandMutatedFilesAreReadOrRefused() throws {
    let header = #"""
      {"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
      "b.bias":{"dtype":"BF16","shape":[6],"data_offsets":[24,36]},"c":{"dtype":"I64","shape":[],
      "data_offsets":[36,44]},"d\u00e9":{"dtype":"U8","shape":[0,9],"data_offsets":[44,44]}}
      """#
    let original = safetensors(header: header, data: Array(0..<44))
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: 20_250_101)
    var refused = 0
    for round in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
        mutate(&bytes, headerEnd: 8 + header.utf8.count, &generator)
      }
      // A file that shrinks while mapped is out of scope, so no file is overwritten while it is mapped.
      let path = try folder.write("mutant-\(round)", bytes)
      do throws(Failure) {
        _ = touch(try Safetensors(path: path))
      } catch {
        refused += 1
        #expect(error.kind == .modelUnusable && error.message.contains(path), "\(error)")
      }
      try FileManager.default.removeItem(atPath: path)
    }
    // Most mutations matter; some only change a name or the metadata.
    #expect(refused > 1200 && refused < 2000, "\(refused)")
  }

  @Test func mutatedIndexesAreReadOrRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("config.json", "{}")
    try folder.write(
      "s1", header: #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      data: [0, 0, 0, 0])
    let index = Array(#"{"metadata":{"total_size":4},"weight_map":{"a":"s1"}}"#.utf8)
    var generator = SplitMix64(seed: 7)
    for _ in 0..<500 {
      var bytes = index
      mutate(&bytes, headerEnd: bytes.count, &generator)
      try folder.write("model.safetensors.index.json", bytes)
      do throws(Failure) {
        #expect(try Checkpoint(folder: folder.path).names.count == 1)
      } catch {
        #expect(error.kind == .modelUnusable, "\(error)")
      }
    }
  }
}
