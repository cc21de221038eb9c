// Paths in reports: relative to the repository, with '/', and as URIs.

import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct RepositoryRootTests {
  private let root = RepositoryRoot(
    folder: FilePath("/src/xen"), workingFolder: FilePath("/src/xen/xen"))

  @Test(arguments: [
    ("arch/x86/xen.lds.S", "xen/arch/x86/xen.lds.S"), ("./a.lds", "xen/a.lds"),
    ("../README", "README"), ("/src/xen/a", "a"), ("/src/xenial/a", "/src/xenial/a"),
    ("../../other/a", "../../other/a"), ("/src/xen/x/../y", "y"), ("/src/xen", "/src/xen"),
  ]) func shownPaths(_ path: String, _ expected: String) {
    #expect(root.shown(FilePath(path)) == FilePath(expected))
  }

  @Test func uris() {
    #expect(root.uri(FilePath("a b/ü#?.lds")) == "xen/a%20b/%C3%BC%23%3F.lds")
    #expect(root.uri(FilePath("/tmp/x")) == "file:///tmp/x")
    #expect(root.uri(FilePath(bytes: [0xFF, 0x3A])) == "xen/%FF%3A")
    let nowhere = RepositoryRoot(folder: nil, workingFolder: FilePath("/w"))
    #expect(nowhere.uri(FilePath("a")) == "file:///w/a")
    #expect(nowhere.shown(FilePath("a")) == FilePath("a"))
  }

  @Test func theNearestRepositoryCounts() {
    let folders: Set<String> = ["/a/.git", "/a/b/c/.git"]
    func find(_ path: String) -> String? {
      RepositoryRoot.find(from: FilePath(path), workingFolder: FilePath("/a/b")) {
        folders.contains($0.display)
      }.folder?.display
    }
    #expect(find("x.lds") == "/a")
    #expect(find("c/d/x.lds") == "/a/b/c")
    #expect(find("/x.lds") == nil)
    #expect(find("../../x.lds") == nil)
  }

  @Test func theConfigurationIsFoundAboveTheScript() throws {
    let folder = try TemporaryFolder()
    let run = try ProgramRun.shell("mkdir -p '\(folder.path)/a/b'")
    #expect(run.status == 0)
    try folder.write(".lds-check.json", #"{"rules": {"image-slot": "off"}, "baseline": "k.json"}"#)
    let script = FilePath(folder.path("a/b/x.lds"))
    let loaded = try #require(try ConfigurationLoader.load(explicit: nil, script: script))
    #expect(loaded.path == FilePath(folder.path(".lds-check.json")))
    #expect(loaded.baseline == FilePath(folder.path("k.json")))
    #expect(loaded.configuration.rules.map(\.rule) == ["image-slot"])
    // The nearer one counts, and one of our own that is wrong is refused.
    try folder.write("a/.lds-check.json", #"{"rules": {"image-slots": "off"}}"#)
    #expect(throws: RefusedFile.self) {
      try ConfigurationLoader.load(explicit: nil, script: script)
    }
    #expect(throws: InputError.self) {
      try ConfigurationLoader.load(explicit: FilePath(folder.path("none")), script: script)
    }
  }

  @Test func tagsComeFromTheDatabase() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "safe.json",
      #"{"content": [{"id": "SAF-7-safe", "analyser": {"lds-check": "image-slot"}}]}"#)
    let path = try folder.write(
      "c.json", #"{"saf": {"SAF-1-safe": "image-slot"}, "safDatabases": "safe.json"}"#)
    let loaded = try #require(
      try ConfigurationLoader.load(explicit: FilePath(path), script: nil))
    #expect(loaded.tags.map(\.tag) == ["SAF-1-safe", "SAF-7-safe"])
  }
}
