import WebServer

/// Asks for the token.
enum LoginPage {
  /// The page.
  static func make(isWrong: Bool) -> WebResponse {
    let note: Markup? = isWrong ? "<p class=\"bad\" role=\"alert\">That is not the token.</p>" : nil
    return PageFrame.page(
      "Token", current: "", status: 401,
      """
      \(note)
      <form method="post" action="/login" class="login">
      <label>The token that <code>illava web token</code> prints
      <input type="password" name="token" autocomplete="current-password" required></label>
      <button>Go on</button></form>
      """)
  }
}
