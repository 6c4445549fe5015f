import Testing
import WebServer

@testable import Web

@Suite("Who is let in")
struct GateTests {
  private func verdict(
    _ headers: [String: String], method: String = "GET", token: String? = nil
  ) throws -> Gate.Verdict {
    let gate = Gate(token: token.map { WebToken($0) }, hosts: ["box.lan"])
    let all = ["host": "localhost:7862"].merging(headers) { $1 }
    let request = try #require(
      WebRequest(method: method, target: "/jobs", headers: all.map { ($0.key, $0.value) }))
    return gate.verdict(request)
  }

  @Test(
    "Addresses, localhost and known names are own names",
    arguments: [
      "localhost", "127.0.0.1:7862", "192.168.1.5", "[::1]:7862", "BOX.lan:80", "a.localhost",
    ])
  func ownNames(host: String) throws { #expect(try verdict(["host": host]) == .open) }

  @Test(
    "A name that may have been made point here is refused",
    arguments: [
      "evil.com", "evil.com:7862", "127.0.0.1.evil.com", "localhost.evil.com", "", "[", "1.2.3.999",
    ])
  func otherNames(host: String) throws {
    #expect(try verdict(["host": host]) != .open)
  }

  @Test("Pages of other sites may change nothing and read nothing")
  func origins() throws {
    #expect(try verdict(["origin": "http://localhost:7862"], method: "POST") == .open)
    for origin in [
      "http://evil.com", "null", "http://localhost:80", "http://localhost:7862.evil.com",
    ] {
      #expect(try verdict(["origin": origin], method: "POST") != .open)
      #expect(try verdict(["origin": origin]) != .open)
    }
    for site in ["cross-site", "same-site"] {
      #expect(try verdict(["sec-fetch-site": site], method: "POST") != .open)
      #expect(try verdict(["sec-fetch-site": site, "sec-fetch-mode": "no-cors"]) != .open)
      #expect(try verdict(["sec-fetch-site": site, "sec-fetch-mode": "navigate"]) == .open)
    }
  }

  @Test("The token may come in three ways, and only the whole of it counts")
  func tokens() throws {
    let token = "abcdefghijkmnpqr"
    #expect(try verdict([:], token: token) == .token)
    for headers in [
      ["authorization": "Bearer \(token)"], ["x-api-key": token],
      ["cookie": "a=b; illava_token=\(token)"],
    ] { #expect(try verdict(headers, token: token) == .open) }
    for wrong in ["", "abcdefghijkmnpq", token + "x", token.uppercased()] {
      #expect(try verdict(["authorization": "Bearer \(wrong)"], token: token) == .token)
    }
  }

  @Test("A header that must not come twice is refused if it does")
  func repeated() throws {
    let request = try #require(
      WebRequest(
        method: "GET", target: "/", headers: [("host", "localhost"), ("Host", "evil.com")]))
    #expect(Gate(token: nil, hosts: []).verdict(request) != .open)
  }
}
