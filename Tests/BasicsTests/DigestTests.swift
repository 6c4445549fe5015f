import Basics
import Testing

@Suite struct DigestTests {
  @Test func digestsAreThoseOfTheStandard() {
    func digest(_ text: String, pieces: Int) -> String {
      var hash = SHA256()
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        rest.prefix(pieces).withUnsafeBytes { hash.update($0) }
        rest = rest.dropFirst(pieces)
      }
      return hash.finish()
    }
    // FIPS 180-4's own examples.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(digest("abc", pieces: 3) == abc)
    #expect(digest("abc", pieces: 1) == abc)
    #expect(
      digest("", pieces: 1) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    for pieces in [1, 7, 55, 56, 64] {
      #expect(
        digest(long, pieces: pieces)
          == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    }
    #expect(
      digest(String(repeating: "a", count: 1_000_000), pieces: 4096)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
