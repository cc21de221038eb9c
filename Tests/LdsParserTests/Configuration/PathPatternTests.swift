// Patterns of paths in a configuration, as .gitignore has them.

import LdsParser
import Testing

struct PathPatternTests {
  @Test(arguments: [
    ("*.ld", "a.ld", true), ("*.ld", "x/y/a.ld", true), ("*.ld", "a.lds", false),
    ("boards/**", "boards/a/linker.ld", true), ("boards/**", "other/boards/a.ld", false),
    ("boards/*.ld", "boards/a.ld", true), ("boards/*.ld", "boards/b/a.ld", false),
    ("**/ldscripts/*.ld", "cpu/x/ldscripts/a.ld", true),
    ("**/ldscripts/*.ld", "ldscripts/a.ld", true),
    ("build", "x/build/a.ld", true), ("build/", "build/x/y.ld", true),
    ("/build", "x/build/a.ld", false),
    ("cpu/*/a.ld", "cpu/x/a.ld", true), ("cpu/*/a.ld", "cpu/x/y/a.ld", false),
    ("a/**/b.ld", "a/b.ld", true), ("a/**/b.ld", "a/x/y/b.ld", true), ("./a/b.ld", "a/b.ld", true),
    ("a/[bc].ld", "a/c.ld", true), ("a/[bc].ld", "a/d.ld", false),
    ("a/b.ld", "./a/../a/b.ld", true),
    ("**", "a.ld", true), ("", "a.ld", true), ("a?.ld", "a/.ld", false),
  ]) func matches(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(PathPattern(pattern).matches(FilePath(path)) == expected)
  }

  @Test(arguments: [
    ("a/b/../c", "a/c"), ("./a", "a"), ("../a", "../a"), ("a/../../b", "../b"), ("/a/./b", "/a/b"),
    ("a//b/", "a/b"), (".", ""), ("/", "/"),
  ]) func normalized(_ path: String, _ expected: String) {
    #expect(FilePath(path).normalized == FilePath(expected))
  }

  @Test(
    arguments: [
      ("/r/a.ld", "/r", "a.ld"), ("/r/x/a.ld", "/r/", "x/a.ld"), ("/rr/a.ld", "/r", nil),
      ("x/a.ld", "", "x/a.ld"), ("/a.ld", "", nil), ("/a.ld", "/", "a.ld"),
      ("x/y/../a.ld", "x", "a.ld"),
    ] as [(String, String, String?)])
  func relative(_ path: String, _ folder: String, _ expected: String?) {
    #expect(FilePath(path).relative(to: FilePath(folder)) == expected.map { FilePath($0) })
  }

  @Test(arguments: [
    ("xen-syms", ["xen-syms"]), ("build/*.o", ["build/a.o", "build/b.o"]),
    ("**/a.o", ["build/a.o", "build/deep/a.o"]),
    ("build/**/*.o", ["build/a.o", "build/b.o", "build/deep/a.o"]),
    ("a.o", []), ("build/deep", ["build/deep"]), ("nowhere/*", []),
  ])
  func leadsToEntries(_ pattern: String, _ expected: [String]) {
    let folders = [
      "": ["build", "xen-syms"], "build": ["a.o", "b.o", "deep"], "build/deep": ["a.o"],
    ]
    var looked: Set<String> = []
    let found = PathPattern(pattern).paths(below: FilePath(""), most: 100) { folder in
      looked.insert(folder.display)
      return (folders[folder.display] ?? []).map { FilePath($0) }
    }
    #expect(Set(found.map(\.display)) == Set(expected))
    // A pattern without `**` looks into no folder that is not on its way.
    #expect(pattern.contains("**") || !looked.contains("build/deep"))
  }

  @Test func looksAtNoMoreThanItMay() {
    var count = 0
    let found = PathPattern("**/x").paths(below: FilePath(""), most: 50) { _ in
      count += 1
      return [FilePath("x"), FilePath("y")]
    }
    #expect(found.count <= 50 && count <= 60)
  }
}
