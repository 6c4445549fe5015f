import Diagnostics
import Foundation
import Media
import Testing

@Suite struct RefusalTests {
  private func refusals(_ path: String) -> [Failure?] {
    [
      failure { _ = try decode(path) }, failure { _ = try sample(path) },
      failure { _ = try MediaKind.probe(path) },
    ]
  }

  @Test func soundFilesHaveNoVideo() throws {
    for (name, options) in [
      ("door.mp3", "-c:a libmp3lame"), ("door.m4a", "-c:a aac"), ("door.wav", ""),
      ("door.flac", ""), ("door.ogg", "-c:a libvorbis"), ("door.mka", "-c:a aac"),
    ] {
      let path = try Fixtures.make(name, from: "sine=duration=1", options)
      for refusal in refusals(path) {
        #expect(refusal?.code == .mediaNoVideo)
        #expect(refusal?.message == "\(name) has no video stream")
      }
    }
  }

  @Test func coverArtIsNotAVideo() throws {
    let cover = try Fixtures.make("cover.png", from: ImageTests.still, "-frames:v 1")
    let path = try Fixtures.make("cover.m4a") { path in
      try Fixtures.ffmpeg([
        "-f", "lavfi", "-i", "sine=duration=1", "-i", cover, "-map", "0", "-map", "1", "-c:v",
        "copy", "-disposition:v", "attached_pic", path,
      ])
    }
    #expect(failure { _ = try sample(path) }?.code == .mediaNoVideo)
  }

  @Test func whatIsNoMediaIsNamed() throws {
    let video = try Fixtures.make("h264.ts", "-c:v libx264")
    let texts = [
      "note.txt": "Hello, this is a letter.\n",
      "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nh264.ts\n#EXT-X-ENDLIST\n",
      "list.ffconcat": "ffconcat version 1.0\nfile \(video)\n",
      "meta.txt": ";FFMETADATA1\ntitle=x\n",
      "graph.svg": "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
      "titles.srt": "1\n00:00:00,000 --> 00:00:01,000\nHello\n",
      "stream.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
    ]
    for (name, text) in texts {
      for refusal in refusals(try Fixtures.make(name, bytes: Array(text.utf8))) {
        #expect(refusal?.code == .mediaUnsupportedFormat, "\(name)")
        #expect(refusal?.remedy?.contains("MP4") == true)
      }
    }
  }

  @Test func missingEmptyAndSpecialFilesAreNamed() throws {
    let missing = Fixtures.folder.appending(path: "nowhere.mp4").path
    for refusal in refusals(missing) + refusals("") {
      #expect(refusal?.kind == .missingInput && refusal?.code == .mediaMissing)
    }
    for refusal in refusals(try Fixtures.make("zero.mp4", bytes: [])) {
      #expect(refusal?.code == .mediaEmpty)
    }
    let pipe = Fixtures.folder.appending(path: "pipe.mp4").path
    mkfifo(pipe, 0o600)
    for path in [pipe, Fixtures.folder.path, "/dev/zero"] {
      for refusal in refusals(path) { #expect(refusal?.code == .mediaNotAFile, "\(path)") }
    }
  }

  @Test func aFileCannotMakeAnotherOneBeRead() throws {
    // A reference movie: its only track is in another file.
    let video = try Fixtures.make("plain.mp4", "-c:v libx264")
    var bytes = try Fixtures.bytes(video)
    let own = Array("url ".utf8) + [0, 0, 0, 1]
    let at = try #require(bytes.indices.first { bytes[$0...].starts(with: own) })
    bytes[at + 7] = 0  // Not "in this file" any more.
    let path = try Fixtures.make("reference.mov", bytes: bytes)
    // Either refused or read from itself: no crash, and no other file opened.
    _ = failure { _ = try sample(path) }
  }

  @Test func encryptedVideosAreNamed() throws {
    let path = try Fixtures.make(
      "locked.mp4",
      "-c:v libx264 -encryption_scheme cenc-aes-ctr "
        + "-encryption_key 00112233445566778899aabbccddeeff "
        + "-encryption_kid 0123456789abcdef0123456789abcdef")
    #expect(failure { _ = try sample(path) }?.code == .mediaEncrypted)
  }

  @Test(arguments: [
    ("limit.png", ""), ("limit.jpg", ""), ("limit.webp", ""), ("limit.bmp", ""), ("limit.tiff", ""),
    ("limit.gif", ""),
  ])
  func picturesOverTheLimitAreRefusedBeforeDecoding(name: String, options: String) throws {
    let path = try Fixtures.make(
      name, from: "testsrc2=size=320x240:rate=1", "-frames:v 1 \(options)")
    var limits = MediaLimits()
    limits.maxPixels = 320 * 240
    #expect(failure { _ = try decode(path, height: 8, width: 8, limits: limits) } == nil)
    limits.maxPixels -= 1
    let refusal = failure { _ = try decode(path, height: 8, width: 8, limits: limits) }
    #expect(refusal?.code == .mediaTooLarge)
    #expect(refusal?.message.contains("320×240") == true, "\(String(describing: refusal))")
  }

  @Test(arguments: ["h264.mp4", "h264.mkv", "h264.ts", "hevc.hevc", "vp9.webm", "mjpeg.mjpeg"])
  func videosOverTheLimitAreRefusedBeforeDecoding(name: String) throws {
    let options = try #require(VideoTests.videos.first { $0.0 == name }).1
    let path = try Fixtures.make(name, options)
    var limits = MediaLimits()
    limits.maxVideoPixels = 160 * 120 - 1
    let refusal = failure { _ = try sample(path, limits: limits) }
    #expect(refusal?.code == .mediaTooLarge, "\(String(describing: refusal))")
  }

  @Test func aDeclaredSizeOfGigapixelsIsRefusedAtOnce() throws {
    // A PNG header that declares 100,000 × 100,000 pixels, with its checksum, and nothing else.
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header: [UInt8] = Array("IHDR".utf8) + [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0, 8, 2, 0, 0, 0]
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in header {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    crc = ~crc
    bytes +=
      [0, 0, 0, 13] + header + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (24 - 8 * $0)) }
    bytes += [0, 0, 0, 0] + Array("IDAT".utf8) + [0, 0, 0, 0]
    let path = try Fixtures.make("bomb.png", bytes: bytes)
    #expect(failure { _ = try decode(path) }?.code == .mediaTooLarge)
  }
}
