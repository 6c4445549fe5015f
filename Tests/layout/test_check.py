"""The layout check, on small trees that are made up here."""

import contextlib
import io
import tempfile
import textwrap
import unittest
from pathlib import Path

import check
from graphs import circles, drawing
from package import read_package
from sources import functions, without_comments


def manifest(targets):
    return "let package = Package(\n  name: \"x\",\n  targets: [\n" + targets + "\n  ])\n"


class Tree(unittest.TestCase):
    """A test with a package of its own in a temporary folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()

    def write(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def problems(self, targets, files):
        self.write({"Package.swift": manifest(targets), **files})
        return check.problems(self.root)

    def assert_one(self, found, *parts):
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])


TWO = '.target(name: "A", dependencies: ["B"]), .target(name: "B")'


class Targets(Tree):
    def test_right(self):
        files = {"Sources/A/A.swift": "import B\n", "Sources/B/B.swift": "import Glibc\n"}
        self.assertEqual(self.problems(TWO, files), [])

    def test_circle(self):
        targets = '.target(name: "A", dependencies: ["B"]), .target(name: "B", dependencies: ["A"])'
        found = self.problems(
            targets, {"Sources/A/A.swift": "import B\n", "Sources/B/B.swift": "import A\n"})
        self.assertIn("Package.swift: a circle of targets: A, B", found)

    def test_upward(self):
        targets = '.target(name: "B"), .target(name: "A", dependencies: ["B"])'
        found = self.problems(targets, {"Sources/A/A.swift": "import B\n", "Sources/B/B.swift": ""})
        self.assert_one(found, "A depends on B, which is listed above it")

    def test_tests_may_be_last(self):
        targets = '.target(name: "B"), .testTarget(name: "T", dependencies: ["B"])'
        files = {"Tests/T/T.swift": "@testable import B\nimport Testing\n", "Sources/B/B.swift": ""}
        self.assertEqual(self.problems(targets, files), [])

    def test_unused(self):
        files = {
            "Sources/A/A.swift": '// import B\n/* import B */ let text = """\nimport B\n"""\n',
            "Sources/B/B.swift": "",
        }
        self.assert_one(self.problems(TWO, files), "A depends on B, but does not import it")

    def test_missing(self):
        targets = '.target(name: "A"), .target(name: "B")'
        for line in ("import B", "@testable import B", "import struct B.Thing", "  public import B"):
            found = self.problems(
                targets, {"Sources/A/A.swift": line + "\n", "Sources/B/B.swift": ""})
            self.assert_one(found, "Sources/A/A.swift: imports B, on which A does not declare")

    def test_products(self):
        targets = '.target(name: "A", dependencies: [.product(name: "GRDB", package: "GRDB.swift")])'
        self.assertEqual(self.problems(targets, {"Sources/A/A.swift": "import GRDB\n"}), [])
        found = self.problems('.target(name: "A")', {})
        self.assert_one(found, "imports GRDB, on which A does not declare")

    def test_comment_in_manifest(self):
        targets = '// .target(name: "C", dependencies: ["A"]),\n' + TWO
        files = {"Sources/A/A.swift": "import B\n", "Sources/B/B.swift": ""}
        self.assertEqual(self.problems(targets, files), [])
        self.assertEqual([one.name for one in read_package(self.root)], ["A", "B"])

    def test_headers(self):
        files = {
            "Sources/A/main.c": '#include "b.h"\nint main(void) { return 0; }\n',
            "Sources/B/include/b.h": "int b(void);\n",
        }
        self.assertEqual(self.problems(TWO, files), [])
        files["Sources/A/main.c"] = '// #include "b.h"\n'
        self.assert_one(self.problems(TWO, files), "A depends on B, but does not import it")


class Folders(Tree):
    TARGET = '.target(name: "A")'

    def circles(self, files):
        return self.problems(self.TARGET, {f"Sources/A/{name}": text for name, text in files.items()})

    def test_circle(self):
        found = self.circles({
            "Up/Upper.swift": "struct Upper { let lower: Lower }\n",
            "Down/Lower.swift": "public struct Lower { func up(_ one: Upper?) {} }\n",
        })
        self.assert_one(
            found, "A: a circle of folders: Down, Up", "Down/Lower.swift: Upper of Up/Upper.swift",
            "Up/Upper.swift: Lower of Down/Lower.swift")

    def test_arrow_down(self):
        self.assertEqual(self.circles({
            "Up/Upper.swift": "struct Upper { let lower: Lower }\n",
            "Down/Lower.swift": "struct Lower {}\n",
        }), [])

    def test_root_is_a_folder(self):
        found = self.circles({
            "Upper.swift": "struct Upper { let lower: Lower }\n",
            "Down/Lower.swift": "struct Lower { let upper: [Upper] }\n",
        })
        self.assert_one(found, "A: a circle of folders: ., Down")

    def test_below(self):
        found = self.circles({
            "Top/Up/Upper.swift": "struct Upper { let lower: Lower }\n",
            "Top/Down/Lower.swift": "struct Lower { let upper: [Upper] }\n",
        })
        self.assert_one(found, "A/Top: a circle of folders: Down, Up")

    def test_through_folders_of_folders(self):
        found = self.circles({
            "Up/One/First.swift": "struct First { let third: Third }\n",
            "Up/Two/Second.swift": "struct Second {}\n",
            "Down/One/Third.swift": "struct Third {}\n",
            "Down/Two/Fourth.swift": "struct Fourth { let second: Second }\n",
        })
        self.assert_one(found, "A: a circle of folders: Down, Up")

    def test_three(self):
        found = self.circles({
            "One/First.swift": "protocol First { func run(_ one: Second) }\n",
            "Two/Second.swift": "actor Second { typealias Own = Int\n  func run() { third() } }\n",
            "Three/third.swift": "func third() { let one: any First }\n",
        })
        self.assert_one(found, "One, Three, Two", "Two/Second.swift: third of Three/third.swift")

    def test_words_that_are_none(self):
        self.assertEqual(self.circles({
            "Up/Upper.swift": "struct Upper { let lower: Lower }\n",
            "Down/Lower.swift": '''
                // Upper is above.
                /* Upper /* and */ Upper */
                struct Lower {
                  let name = "Upper", raw = #"an "Upper" \\(Upper)"#
                  let long = """
                    Upper "and" \\\\(Upper)
                    """
                  let member = Other.Upper.self
                }
                ''',
            "Down/Own.swift": "struct Own { enum Upper { case one }\n  let one: Upper }\n",
            "Down/Hidden.swift": "private struct Upper {}\nlet one = Upper()\n",
        }), [])

    def test_interpolation_is_code(self):
        found = self.circles({
            "Up/Upper.swift": "struct Upper { let lower: Lower }\n",
            "Down/Lower.swift": 'struct Lower { let text = "a \\(Upper.name("x)")) b" }\n',
        })
        self.assert_one(found, "Down/Lower.swift: Upper")

    def test_types_in_extensions(self):
        found = self.circles({
            "Down/Lower.swift": "struct Lower { var state: Lower.State }\n",
            "Up/Lower+State.swift": "extension Lower { enum State { case one } }\n",
        })
        self.assert_one(found, "Down/Lower.swift: Lower.State of Up/Lower+State.swift")

    def test_members_of_extensions(self):
        files = {
            "Down/Lower.swift": "struct Lower { func run() { Lower.make().finish() } }\n",
            "Up/Lower+Making.swift": "extension Lower {\n  static func make() -> Lower { Lower() }\n}\n",
        }
        self.assert_one(self.circles(files), "Down/Lower.swift: Lower.make of Up/Lower+Making.swift")
        files["Up/Lower+Making.swift"] = "extension Lower {\n  func finish() { _ = Lower.self }\n}\n"
        self.assert_one(self.circles(files), "Down/Lower.swift: .finish of Up/Lower+Making.swift")
        files["Up/Other.swift"] = "struct Other { var finish = 1 }\n"
        self.assertEqual(self.circles(files), [])

    def test_module_before_the_dot(self):
        found = self.circles({
            "Up/Upper.swift": "struct Upper { let lower: A.Lower }\n",
            "Down/Lower.swift": "struct Lower { let upper: A.Upper }\n",
        })
        self.assert_one(found, "A: a circle of folders")


class Sizes(Tree):
    def sizes(self, name, text):
        return self.problems('.target(name: "A")', {f"Sources/A/{name}": text})

    def test_long_file(self):
        self.assertEqual(self.sizes("A.swift", "\n" * 300), [])
        self.assert_one(self.sizes("A.swift", "\n" * 301), "Sources/A/A.swift: 301 lines")
        self.assert_one(self.sizes("A.swift", "") + self.sizes("a.c", "\n" * 301), "A/a.c: 301")

    def test_long_function(self):
        def function(lines):
            return "struct A {\n  func run(_ go: () -> Void = { }) async throws\n  {\n" + "\n" * (lines - 3) + "  }\n}\n"
        self.assertEqual(self.sizes("A.swift", function(60)), [])
        self.assert_one(self.sizes("A.swift", function(61)), "Sources/A/A.swift: run in line 2 has 61 lines")

    def test_long_function_in_c(self):
        head = '#include <x.h>\n#define BODY { \\\n  {\nstatic const char *names[] = {"{", "a"};\n'
        def function(lines):
            return head + "MACRO(one, two)\nstatic int run(int (*one)(int), char two) {\n" + \
                "\n" * (lines - 2) + "}\n"
        self.assertEqual(self.sizes("a.c", function(60)), [])
        self.assert_one(self.sizes("a.c", function(61)), "a.c: run in line 6 has 61 lines")

    def test_braces_in_strings(self):
        text = 'func one() { print("}{{{") /* { */ } // {\n' + "\n" * 70
        self.assertEqual(self.sizes("A.swift", text), [])

    def test_what_counts_as_a_function(self):
        code = without_comments(
            "protocol P {\n  func no()\n  var get: Int { get }\n  init(x: Int)\n}\n"
            "struct S: P {\n  init?(x: Int) {\n  }\n  let a = S(x: 1)\n  var b: Int {\n    self.init(x: 2)\n"
            "  }\n  var c = 1\n  subscript(i: Int) -> Int {\n    i\n  }\n"
            "  static func == (a: S, b: S) -> Bool { true }\n}\n")
        self.assertEqual(
            list(functions(code)),
            [("get", 3, 1), ("init", 7, 2), ("b", 10, 3), ("subscript", 14, 3), ("==", 17, 1)])


class Parts(Tree):
    def test_stripping_keeps_places(self):
        text = 'let a = "é\\("b")" // c\n/* d\n*/ let e = ##"f"#"##\n'
        stripped = without_comments(text)
        self.assertEqual(len(stripped), len(text))
        self.assertEqual(stripped.split(), ["let", "a", "=", "let", "e", "="])
        self.assertEqual(stripped.count("\n"), text.count("\n"))

    def test_what_does_not_end(self):
        for text in ('"', '"\\(', '"""', "/*", 'let a = "x\nlet b = "y"'):
            self.assertEqual(len(without_comments(text)), len(text))
        self.assertIn("let b", without_comments('let a = "x\nlet b = "y"'))

    def test_circles(self):
        arrows = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"d"}, "e": set()}
        self.assertEqual(circles(arrows), [["b", "c"], ["d"]])

    def test_drawing(self):
        lines = list(drawing({"a": {"b", "e"}, "b": {"c"}, "c": {"b"}, "e": set()}))
        self.assertEqual(
            lines, ["  3  a  -> b, e", "  2  b  -> c", "  2  c  -> b", "  1  e"])

    def test_exceptions(self):
        found = list(check.without_exceptions(["a: one", "b: two"], ["a:", "c:"]))
        self.assertEqual(found, ["b: two", "exceptions.txt: this is no problem any more: c:"])

    def test_program(self):
        self.write({
            "Package.swift": manifest(TWO),
            "Sources/A/Up/A.swift": "import B\nlet one = C.self\n",
            "Sources/A/Down/C.swift": "struct C {}\n",
            "Sources/B/B.swift": "\n" * 301,
        })
        for arguments, status, expected in (
            ([], 1, "Sources/B/B.swift: 301 lines"),
            (["--draw"], 0, "  2  Up    -> Down"),
            (["--wrong"], 64, "usage:"),
        ):
            out = io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                self.assertEqual(check.main(arguments + [str(self.root)]), status)
            self.assertIn(expected, out.getvalue())


if __name__ == "__main__":
    unittest.main()
