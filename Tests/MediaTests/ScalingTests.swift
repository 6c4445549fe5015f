import Foundation
import Media
import Testing

@Suite struct ScalingTests {
  /// Weights of the antialiased bicubic filter (a = -0.5) in double precision: for each position of the
  /// result, the first source position and the weights from there on.
  private func weights(from size: Int, to target: Int) -> [(Int, [Double])] {
    let scale = Double(size) / Double(target)
    let stretch = max(scale, 1)
    return (0..<target).map { place in
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int(center - 2 * stretch + 0.5))
      let last = min(size, Int(center + 2 * stretch + 0.5))
      let raw = (first..<last).map { source -> Double in
        let x = abs((Double(source) - center + 0.5) / stretch)
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
      }
      let sum = raw.reduce(0, +)
      return (first, raw.map { $0 / sum })
    }
  }

  private func reference(_ image: RGBImage, height: Int, width: Int) -> [UInt8] {
    let across = weights(from: image.width, to: width)
    let down = weights(from: image.height, to: height)
    var wide = [Double](repeating: 0, count: image.height * width * 3)
    for y in 0..<image.height {
      for (x, (first, row)) in across.enumerated() {
        for channel in 0..<3 {
          var sum = 0.0
          for (offset, weight) in row.enumerated() {
            sum += weight * Double(image.pixels[(y * image.width + first + offset) * 3 + channel])
          }
          wide[(y * width + x) * 3 + channel] = max(0, min(255, sum.rounded()))
        }
      }
    }
    var out: [UInt8] = []
    for (first, column) in down {
      for place in 0..<width * 3 {
        var sum = 0.0
        for (offset, weight) in column.enumerated() {
          sum += weight * wide[(first + offset) * width * 3 + place]
        }
        out.append(UInt8(max(0, min(255, sum.rounded()))))
      }
    }
    return out
  }

  // Rounding the weights to 16 bits may occasionally round a value the other way.
  @Test(arguments: [(96, 96), (32, 64), (160, 96), (17, 23), (8, 8)])
  func resizingIsTheAntialiasedBicubicFilter(height: Int, width: Int) throws {
    let path = try Fixtures.make(
      "noise.png", from: "testsrc=size=90x70:rate=1,noise=alls=40:allf=u", "-frames:v 1")
    let source = try decode(path).image
    let seen = try decode(path, height: height, width: width).image
    let error = difference(seen.pixels, reference(source, height: height, width: width))
    #expect(error < 0.02, "\(error)")
  }

  @Test func subsampledPhotosAreResizedAsCloselyAsPictures() throws {
    let path = try Fixtures.make(
      "noise.jpg", from: "testsrc2=size=128x96:rate=1,noise=alls=30:allf=u",
      "-frames:v 1 -pix_fmt yuvj420p -q:v 2")
    let source = try decode(path).image
    for (height, width) in [(48, 64), (33, 100), (144, 192)] {
      let seen = try decode(path, height: height, width: width).image
      let error = difference(seen.pixels, reference(source, height: height, width: width))
      #expect(error < 0.02, "\(height)×\(width): \(error)")
    }
  }

  @Test func grayIsResizedLikeEqualChannels() throws {
    let gray = try Fixtures.make(
      "noise-gray.png", from: "testsrc=size=90x70:rate=1,noise=alls=40:allf=u",
      "-frames:v 1 -pix_fmt gray")
    let color = try Fixtures.make("noise-equal.png") { path in
      try Fixtures.ffmpeg(["-i", gray, "-pix_fmt", "rgb24", path])
    }
    let one = try decode(gray, height: 32, width: 32).image
    let other = try decode(color, height: 32, width: 32).image
    #expect(difference(one.pixels, other.pixels) == 0)
  }

  @Test func onlyOneAxisIsResizedWhereTheOtherFits() throws {
    let path = try Fixtures.make(
      "noise.png", from: "testsrc=size=90x70:rate=1,noise=alls=40:allf=u", "-frames:v 1")
    let source = try decode(path).image
    for (height, width) in [(70, 33), (130, 90)] {
      let seen = try decode(path, height: height, width: width).image
      let error = difference(seen.pixels, reference(source, height: height, width: width))
      #expect(error < 0.02, "\(height)×\(width): \(error)")
    }
  }
}
