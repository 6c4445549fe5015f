import Testing
import WebServer

@Suite("Requests")
struct RequestTests {
  @Test(
    "A path that leaves its place, or cannot be a name, is no path",
    arguments: [
      "/..", "/a/../b", "/%2e%2e/etc", "/a%2f..%2fb", "/a%00b", "/%zz", "/%ff", "http://x/", "*",
      "",
      "/a%0ab", "/?a=%zz",
    ])
  func brokenPaths(target: String) {
    #expect(WebRequest(method: "GET", target: target, headers: []) == nil)
  }

  @Test("Paths and queries are decoded once")
  func decoded() throws {
    let request = try #require(
      WebRequest(method: "GET", target: "//jobs/%41%20%2541?name=a+b%26c&x", headers: []))
    #expect(request.path == ["jobs", "A %41"])
    #expect(request.query == ["name": "a b&c", "x": ""])
  }

  @Test("Encoding and decoding a text gives the text", arguments: ["a b/c?d&e=ü😀%", "", "~-._"])
  func encoded(text: String) {
    #expect(PercentText.decoded(PercentText.encoded(text).utf8, plusIsSpace: true) == text)
  }

  @Test("Addresses to listen at")
  func addresses() throws {
    #expect(try ListenAddress("7862") == .host("127.0.0.1", 7862))
    #expect(try ListenAddress("0.0.0.0:80") == .host("0.0.0.0", 80))
    #expect(try ListenAddress("[::1]:80") == .host("::1", 80))
    #expect(try ListenAddress(":80") == .host("0.0.0.0", 80))
    #expect(try ListenAddress("127.0.0.1:80").isLoopback)
    #expect(try !ListenAddress(":80").isLoopback)
    for wrong in ["99999", "host:port", "a b:1", "x:-1"] {
      #expect(throws: (any Error).self) { try ListenAddress(wrong) }
    }
  }
}
