import Testing

@testable import Web

@Suite("Escaping")
struct MarkupTests {
  @Test("Text in a page stays text, in elements and in quoted attributes")
  func escaped() {
    let text = "<script>alert('1')</script> \" & \u{202E}x"
    let page: Markup = "<p title=\"\(text)\">\(text)</p>"
    #expect(
      page.html
        == "<p title=\"&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot; &amp; x\">"
        + "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot; &amp; x</p>")
  }

  @Test("Pieces of pages are put together as they are")
  func pieces() {
    let item: Markup = "<b>\("&")</b>"
    let list: Markup = "\([item, item])\(nil as Markup?)\(7)"
    #expect(list.html == "<b>&amp;</b><b>&amp;</b>7")
  }
}
