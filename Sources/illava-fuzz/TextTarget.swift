import Diagnostics
import Spool
import TOML

/// Texts that the daemon reads in its own process: configuration, job files, requests.
struct TextTarget: FuzzTarget {
  let corpus: [[UInt8]]
  let words: [String]
  private let reader: @Sendable ([UInt8]) throws -> Void

  init(_ name: String, sources: String) throws {
    let file = try FuzzTargets.bytes(sources + "/etc/illava/illavad.toml")
    // With every option uncommented.
    let all = Array(String(decoding: file, as: UTF8.self).replacing("\n#", with: "\n").utf8)
    let options = "fps frames max_pixels temperature illava_vit_k illava_llm_r seed floor system"
    var words = options.split(separator: " ").map(String.init)
    switch name {
    case "toml", "settings":
      let small = [
        "prompts = [\"a\", 'b']\npriority = -5\n[options]\nfps = 1.5\n", "a.b.c = { d = [1, 2] }\n",
        "[[a]]\nb = 1979-05-27T07:32:00Z\n[[a]]\nc = 0x10\n[a.d]\ne = \"\"\"x\n\"\"\"\n",
      ]
      corpus = [file, all] + small.map { Array($0.utf8) }
      words += [
        "[[", "]]", "\"\"\"", "'''", "[inbox]", "[defaults.options]", "a.a.a.", "\"2s\"", "= [",
      ]
      let isPlain = name == "toml"
      reader = { text in
        if isPlain {
          _ = try TOMLDocument.read(text)
        } else {
          _ = try SettingsFile.read(text, source: "fuzz.toml")
        }
      }
    case "job":
      corpus = [
        #"{"media":["a.png","b/c.mp4"],"prompts":["One?","Two?"],"priority":5,"options":{"fps":2}}"#,
        #"{"prompt":"What?","max_new_tokens":64,"temperature":0.5,"illava_vit_k":"5-6"}"#, "What?",
      ].map { Array($0.utf8) }
      words += [
        "\"media\":", "\"prompts\":", "\"prompt\":", "\"options\":{", "\"priority\":", "[[[[",
      ]
      reader = { text in
        _ = try? JobDocument(text: text, source: "fuzz.txt")
        _ = try JobDocument(json: text, source: "fuzz.json")
      }
    default:
      corpus = [
        #"{"command":"status","ids":[]}"#,
        #"{"command":"clean","ids":[],"olderThan":60,"forgets":true}"#,
        #"{"command":"cancel","ids":["01a218bb-c31a-70b8-8869-fa56f25bbc35"]}"#,
        #"{"command":"query","ids":[],"query":{"subject":"jobs","states":["done"],"limit":5}}"#,
      ].map { Array($0.utf8) }
      words += [
        "\"ids\":[", "\"retry-failed\"", "\"olderThan\":", "\"query\":{", "\"events\"", "[[[[",
      ]
      reader = { _ = try ControlRequest(line: $0) }
    }
    self.words = words
  }

  func read(_ text: [UInt8]) -> String? {
    do {
      try reader(text)
    } catch let failure as Failure {
      // An error is reported in a line or two, however long the text is.
      if "\(failure)".utf8.count > 4000 { return "a message of \("\(failure)".utf8.count) bytes" }
    } catch let problem as TOMLProblem {
      if problem.message.utf8.count > 1000 { return "a long message" }
    } catch {
      return "an error of another kind: \(error)"
    }
    return nil
  }
}
