import Basics
import Options
import WebServer

/// The page on which questions are asked.
enum AskPage {
  private static let presets = [
    ("Describe", "Describe what you see."), ("Read", "Read all text in it."),
    ("Count", "How many people are there?"), ("Sum up", "What happens, in order?"),
  ]

  /// The authors' parameters with the defaults of their demo.
  private static let merging: [(option: any QuestionOption, standard: String)] = [
    (OptionTable.shared.visionEnabled, "true"), (OptionTable.shared.visionLayers, "5-6-7-8"),
    (OptionTable.shared.visionRetention, "0.85"), (OptionTable.shared.visionMode, "3"),
    (OptionTable.shared.textEnabled, "true"), (OptionTable.shared.textLayers, "19-21-23-25"),
    (OptionTable.shared.textRetention, "0.9"), (OptionTable.shared.textMode, "3"),
  ]

  /// The page.
  static func make() -> WebResponse {
    let buttons = presets.map { name, text -> Markup in
      "<button type=\"button\" class=\"preset\" data-text=\"\(text)\">\(name)</button>"
    }
    return PageFrame.page(
      "Ask", current: "ask",
      """
      <noscript><p class="note">Asking here needs the page's script. Without it, drop files into the
      inbox, or use illava submit; <a href="/jobs">Jobs</a> shows the answers.</p></noscript>
      <form id="ask" novalidate>
      <div role="tablist" aria-label="What to ask about" class="tabs">
      <button type="button" role="tab" id="tab-image" aria-controls="panel" aria-selected="true">Image</button>
      <button type="button" role="tab" id="tab-images" aria-controls="panel" aria-selected="false" tabindex="-1">Several images</button>
      <button type="button" role="tab" id="tab-video" aria-controls="panel" aria-selected="false" tabindex="-1">Video</button>
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-image">
      <div class="drop" id="drop">
      <p><label class="file"><span>Choose or drop <span id="kind">a picture</span></span>
      <input type="file" id="files" accept="image/*,application/pdf"></label>
      <label class="file camera" id="camera-label">or take one
      <input type="file" id="camera" accept="image/*" capture="environment"></label></p>
      <ul id="chosen" aria-label="Chosen files"></ul>
      </div>
      <label class="wide">Question <textarea id="prompt" rows="3" required>Describe what you see.</textarea></label>
      <p class="presets" role="group" aria-label="Questions to begin with">\(buttons)</p>
      \(settings)
      <p class="actions"><button class="main" id="send">Ask</button>
      <button type="button" id="stop" hidden>Cancel</button></p>
      </div>
      </form>
      <section id="result" hidden aria-label="Answer">
      <p><progress id="share" max="100" value="0" aria-label="share of this stage"></progress>
      <span id="stage" class="how"></span></p>
      <blockquote id="answer" class="text" aria-live="polite"></blockquote>
      <p id="problem" class="bad" role="alert" hidden></p>
      <p id="about" class="how"></p>
      <div id="layers" hidden><label class="wide">Picture <span id="layer-name"></span>
      <input type="range" id="layer" min="0" value="0"></label>
      <img id="layer-picture" alt=""></div>
      <form id="follow" hidden><label class="wide">Ask on about the same
      <input id="follow-prompt" required></label>
      <p class="actions"><button class="main">Ask on</button>
      <button type="button" id="again">Ask the first question again</button></p></form>
      </section>
      """)
  }

  private static var settings: Markup {
    let profiles = MergeProfile.names.map { name -> Markup in
      let mark: Markup = name == MergeProfile.standard.rawValue ? " selected" : ""
      return "<option\(mark)>\(name)</option>"
    }
    let fields = merging.map { option, standard -> Markup in
      if option.kind == .flag {
        return """
          <label>\(option.name) <select name="\(option.name)"><option value="">the profile's (\(standard))</option>
          <option>true</option><option>false</option></select></label>
          """
      }
      return
        "<label>\(option.name) <input name=\"\(option.name)\" placeholder=\"\(standard)\"></label>"
    }
    return """
      <details><summary>Merging</summary><div class="fields" id="merging">
      <label>profile <select name="profile">\(profiles)</select></label>
      \(fields)</div>
      <p class="how">Empty fields have what the profile says. Shown in them are the defaults of the authors' demo.</p></details>
      <details><summary>Form of the answer, frames</summary><div class="fields" id="form">
      <label>Choices, one per line <textarea name="choices" rows="3"></textarea></label>
      <label>JSON Schema <textarea name="json_schema" rows="3"></textarea></label>
      <label>Frames of a video <input name="frames" inputmode="numeric"></label>
      <label>Most tokens <input name="max_new_tokens" inputmode="numeric" placeholder="256"></label>
      <label>Temperature <input name="temperature" inputmode="decimal" placeholder="0"></label>
      </div></details>
      """
  }
}
