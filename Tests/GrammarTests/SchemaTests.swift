import Diagnostics
import Grammar
import Testing

@Suite("Answers by JSON Schemas")
struct SchemaTests {
  @Test(
    "a schema takes the values that are valid, and no others",
    arguments: [
      (#"{"type": "boolean"}"#, ["true", "false"], ["null", "True", "1"]),
      (#"{"type": ["null", "integer"]}"#, ["null", "-3", "0"], ["03", "1.5", "\"a\"", "-"]),
      (
        #"{"type": "number"}"#, ["0", "-1.25", "1e5", "2E-7", "12345678.5"],
        ["01", "1.", ".5", "1e", "+1", "1e999"]
      ),
      (
        #"{"type": "string"}"#, [#""""#, #""a é 😀""#, #""\n\"\\""#, #""\u00e9\ud83d\ude00""#],
        ["\"", "a", "\"\n\"", #""\ud83d""#, #""\x""#]
      ),
      (
        #"{"type": "string", "minLength": 1, "maxLength": 2}"#, [#""é""#, #""😀😀""#, #""\n""#],
        [#""""#, #""abc""#]
      ),
      (
        #"{"type": "string", "pattern": "^[A-Z]{2}\"?$"}"#, [#""AB""#, #""AB\"""#],
        [#""ABC""#, #""AB"""#]
      ),
      (#"{"type": "string", "pattern": "b+"}"#, [#""abc""#, #""b""#], [#""ac""#, #""""#]),
      (
        #"{"type": "string", "pattern": "^(a|bc)*$", "minLength": 3, "maxLength": 4}"#,
        [#""aaa""#, #""bcbc""#, #""abc""#], [#""aa""#, #""aaaaa""#, #""bcb""#]
      ),
      (
        #"{"enum": ["a", 1, null, {"b": [true]}]}"#, ["\"a\"", "1", "null", #"{"b": [true]}"#],
        ["2"]
      ),
      (#"{"type": "string", "enum": ["a", 1]}"#, ["\"a\""], ["1"]),
      (#"{"const": 2.50}"#, ["2.50"], ["2.5"]),
      (
        #"{"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3}"#,
        ["[1]", "[1, 2, 3]"], ["[]", "[1,2]", "[1, 2, 3, 4]", "[\"a\"]", "[1, ]"]
      ),
      (
        #"{"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": false, "minItems": 1}"#,
        ["[1]", "[1, 2]"], ["[]", "[2]", "[1, 2, 3]"]
      ),
      (#"{"type": "array", "maxItems": 0}"#, ["[]"], ["[1]"]),
      (
        #"{"type": "object", "properties": {"a": {"type": "null"}, "b": {"const": 1}, "c": true}, "required": ["b"]}"#,
        [#"{"b": 1}"#, #"{"a": null, "b": 1}"#, #"{"b": 1, "c": {"x": [1, "y"]}}"#],
        [#"{}"#, #"{"b": 1, "a": null}"#, #"{"a": null}"#, #"{"b": 1, }"#, #"{"b": 1, "d": 2}"#]
      ),
      (
        #"{"type": "object", "properties": {"ab": {"const": 1}}, "additionalProperties": {"type": "integer"}}"#,
        [#"{"ab": 1, "a": 2, "abc": 3}"#, #"{"": 2}"#, "{}"],
        [#"{"ab": 2}"#, #"{"a": "x"}"#, #"{"a": 2, "ab": 1}"#, #"{"\u0061b": 2}"#]
      ),
      (#"{"type": "object", "required": ["x"]}"#, [#"{"x": [null]}"#], ["{}"]),
      (
        #"{"anyOf": [{"type": "integer"}, {"const": "a"}], "default": 1}"#, ["7", "\"a\""],
        ["\"b\""]
      ),
      (
        ##"{"$defs": {"list": {"type": "object", "properties": {"next": {"$ref": "#/$defs/list"}}}}, "$ref": "#/$defs/list"}"##,
        ["{}", #"{"next": {"next": {}}}"#], [#"{"next": 1}"#]
      ),
      (##"{"type": "array", "items": {"$ref": "#"}}"##, ["[]", "[[], [[]]]"], ["[1]"]),
      ("true", ["null", "[{}, {\"a\": -1.5}]"], ["", "nul"]),
    ])
  func takesValidValues(_ schema: String, _ valid: [String], _ others: [String]) throws {
    let grammar = try Grammar.schema(schema)
    for text in valid { #expect(try grammar.takes(text), "\(schema) \(text)") }
    for text in others { #expect(try !grammar.takes(text), "\(schema) \(text)") }
  }

  @Test(
    "bounded numbers are exactly those within the bounds",
    arguments: [
      (-12.0, 105.0), (0.0, 0.0), (3.0, 9.0), (-7.0, -2.0), (0.25, 1.5), (-0.5, 0.75),
      (99.0, 1000.0),
      (-120.5, -0.125),
    ])
  func bounds(_ low: Double, _ high: Double) throws {
    for type in ["integer", "number"] {
      for isOpen in [false, true] where low < high || !isOpen {
        let names = isOpen ? ("exclusiveMinimum", "exclusiveMaximum") : ("minimum", "maximum")
        guard
          let grammar = try? Grammar.schema(
            #"{"type": "\#(type)", "\#(names.0)": \#(low), "\#(names.1)": \#(high)}"#)
        else {
          #expect(type == "integer")
          continue
        }
        let guide = try Vocabulary.guide(grammar)
        let scale = type == "integer" ? 1 : 8
        // All steps near the bounds, and some everywhere.
        let steps =
          Array(stride(from: -1010 * scale, through: 1010 * scale, by: 37))
          + [low, high]
          .flatMap { (Int($0) - 20) * scale...(Int($0) + 20) * scale }
        for step in steps {
          let value = Double(step) / Double(scale)
          let text = value == value.rounded() ? "\(Int(value))" : "\(value)"
          let isInside = isOpen ? low < value && value < high : low <= value && value <= high
          guide.restart()
          let isTaken = try guide.accept(text.utf8) && guide.isComplete
          if isTaken != isInside { Issue.record("\(type) \(low) \(high) \(isOpen) \(text)") }
        }
      }
    }
  }

  @Test(
    "what is not supported is refused by name, with its place",
    arguments: [
      (#"{"properties": {"a/b": {"oneOf": []}}}"#, "“oneOf” at “/properties/a~1b/oneOf”"),
      (#"{"items": {"uniqueItems": true}}"#, "“/items/uniqueItems”"),
      (#"{"anyOf": [{"not": {}}]}"#, "“/anyOf/0/not”"),
      (#"{"anyOf": [true], "minimum": 1}"#, "beside “anyOf”"),
      (##"{"$ref": "#", "minimum": 1}"##, "beside “$ref”"),
      (#"{"$ref": "other.json"}"#, "“/$ref”"),
      (#"{"type": "string", "pattern": "(?=a)"}"#, "“/pattern”"),
      (#"{"$schema": "https://example.com/mine", "type": "null"}"#, "“/$schema”"),
      (#"{"format": "date"}"#, "“/format”"),
    ])
  func unsupported(_ schema: String, _ place: String) {
    let failure = refusal { try Grammar.schema(schema) }
    #expect(failure?.code == .grammarUnsupported)
    #expect(failure?.message.contains(place) == true, "\(failure?.message ?? "none")")
  }

  @Test(
    "what is no schema is refused",
    arguments: [
      "", "{", "1", #"{"type": "text"}"#, #"{"minLength": -1}"#, #"{"required": "a"}"#,
      #"{"enum": []}"#, ##"{"$ref": "#/no"}"##, #"{"a": 1, "a": 2}"#, #"{"items": 1}"#,
      #"{"minimum": "1"}"#,
    ])
  func wrong(_ schema: String) {
    let failure = refusal { try Grammar.schema(schema) }
    #expect(failure?.code == .grammarSchema || failure?.code == .grammarUnsupported)
  }

  @Test(
    "a schema that nothing fits is refused",
    arguments: [
      "false", #"{"type": "integer", "minimum": 3, "maximum": 2}"#,
      #"{"type": "object", "required": ["a"], "additionalProperties": false}"#,
      ##"{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}"##,
      ##"{"$ref": "#"}"##, ##"{"anyOf": [{"$ref": "#"}, {"type": "null"}]}"##,
      #"{"type": "array", "minItems": 2, "maxItems": 1}"#, #"{"type": "string", "enum": [1]}"#,
    ])
  func empty(_ schema: String) {
    #expect(refusal { try Grammar.schema(schema) }?.code == .grammarEmpty)
  }

  @Test("hostile schemas end with one error within a second")
  func hostile() throws {
    let deep =
      String(repeating: #"{"items":"#, count: 10_000) + "{}" + String(repeating: "}", count: 10_000)
    let large = #"{"description": ""# + String(repeating: "a", count: 1 << 20) + "\"}"
    let long =
      #"{"properties": {""# + String(repeating: "a", count: 100_000)
      + #"": true}, "additionalProperties": true}"#
    let counted = (0..<40).reduce(
      #"{"type": "string", "pattern": "^([ab]{9}){9}$", "maxLength": 9}"#
    ) {
      schema, _ in #"{"type": "array", "minItems": 60000, "items": \#(schema)}"#
    }
    let references = (0..<500).map { ##""d\##($0)": {"$ref": "#/$defs/d\##($0 + 1)"}"## }
    let chain =
      ##"{"$defs": {"## + references.joined(separator: ", ")
      + ##", "d500": {"$ref": "#/$defs/d0"}}, "##
      + ##""$ref": "#/$defs/d0"}"##
    let clock = ContinuousClock()
    for (text, code) in [
      (deep, FailureCode.grammarTooLarge), (large, .grammarTooLarge), (long, .grammarTooLarge),
      (counted, .grammarTooLarge), (chain, .grammarEmpty),
      (#"{"maxLength": 1e300}"#, .grammarTooLarge), (#"{"minimum": 1e9999}"#, .grammarSchema),
    ] {
      let start = clock.now
      #expect(refusal { try Grammar.schema(text) }?.code == code, "\(text.prefix(60))")
      // Ten times what a release build may take.
      #expect(clock.now - start < .seconds(10))
    }
  }

  @Test("a value of any depth ends before the stack of open rules does")
  func nesting() throws {
    let guide = try Vocabulary.guide(try Grammar.schema("true"))
    var depth = 0
    while depth < 10_000, try guide.accept("[".utf8) { depth += 1 }
    #expect(depth > 100 && depth < 400)
    for _ in 0..<depth { #expect(try guide.accept("]".utf8)) }
    #expect(guide.isComplete)
  }
}
