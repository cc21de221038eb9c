// A configuration is read whole, or every fault in it is shown in the JSON.

import LdsParser
import TestSupport
import Testing

struct ConfigurationReaderTests {
  private let names = ConfigurationReader.Names(
    rules: ["superpage-alignment", "load-address"], profiles: ["xen-x86", "elf"],
    pageTables: ["sv39"])

  private func read(_ text: String) -> Configuration {
    ConfigurationReader.read(SourceBuffer(name: ".lds-check.json", text: text), names: names)
  }

  @Test func everythingIsRead() throws {
    let configuration = read(
      #"""
      {"$schema": "x", "profile": "elf", "rules": {"load-address": "off", "superpage-alignment": "note"},
       "mapping": {"pageSizes": ["2M", 4096], "pageTable": "sv39", "base": ["a", "b + 1"], "window": "1G",
         "firstSlot": 3, "start": "_s", "end": "_e", "superpageSymbols": ["x"],
         "needsSuperpageBase": true, "listsAllSections": false,
         "regions": [{"name": "t", "start": "_s", "end": "_e", "permissions": "r-x", "sections": [".t"]}]},
       "constraints": [{"name": "fits", "expression": "_e - _s <= 64K", "why": "one page"}],
       "linker": "lld", "ldVersion": "2.40.1", "loadAddress": "0x200000", "failOn": "never", "strict": true,
       "baseline": "known.json", "saf": {"SAF-12-safe": "load-address"}, "safDatabases": ["safe.json"]}
      """#)
    #expect(configuration.diagnostics.map(\.message) == [])
    #expect(configuration.profile == "elf")
    #expect(configuration.rules.map(\.rule) == ["load-address", "superpage-alignment"])
    #expect(configuration.rules.map(\.severity) == [nil, .note])
    let mapping = try #require(configuration.mapping)
    #expect(mapping.pageSizes == [4096, 2 << 20])
    #expect(mapping.base.map(\.text) == ["a", "b + 1"])
    #expect(mapping.window == 1 << 30)
    #expect(mapping.firstSlot == 3)
    #expect(mapping.regions.map(\.permissions) == ["r-x"])
    #expect(mapping.regions.map(\.sections) == [[".t"]])
    #expect(mapping.needsSuperpageBase == true)
    #expect(mapping.listsAllSections == false)
    #expect(configuration.constraints.map(\.name) == ["fits"])
    #expect(configuration.constraints.map(\.why) == ["one page"])
    #expect(configuration.linkers.map(\.description) == ["lld@24"])
    #expect(configuration.linkerVersion == LinkerVersion(2, 40))
    #expect(configuration.loadAddress == 0x20_0000)
    #expect(configuration.failOn == .never)
    #expect(configuration.isStrict == true)
    #expect(configuration.baseline == FilePath("known.json"))
    #expect(configuration.tags == [ConfiguredTag(tag: "SAF-12-safe", rules: ["load-address"])])
    #expect(configuration.tagDatabases == [FilePath("safe.json")])
  }

  @Test func constraintsAreAScriptOfAssertions() throws {
    let configuration = read(#"{"constraints": [{"name": "n", "expression": "a == 0x10"}]}"#)
    let statement = try #require(configuration.script.statements.first)
    guard case .assertion(let assertion) = statement.kind else {
      Issue.record("no ASSERT")
      return
    }
    #expect(configuration.script.names.string(assertion.message.name) == "n")
    guard case .binary(.equal, _, let right) = configuration.script.expressions[assertion.condition]
    else {
      Issue.record("no comparison")
      return
    }
    #expect(configuration.script.expressions[right] == .integer(16))
  }

  @Test(arguments: [
    (#"{↓"profil": "elf"}"#, "the configuration has no key 'profil'; did you mean 'profile'?"),
    (#"{"profile": ↓"xen"}"#, "no profile is called 'xen'"),
    (#"{"profile": ↓1}"#, "found a number, expected a string"),
    (
      #"{"rules": {↓"load-adress": "off"}}"#,
      "no rule is called 'load-adress'; did you mean 'load-address'?"
    ),
    (
      #"{"rules": {"load-address": ↓"of"}}"#,
      "found 'of', expected one of error, warning, note, off"
    ),
    (#"{"rules": ↓[]}"#, "found an array, expected an object"),
    (#"{"strict": ↓"yes"}"#, "found a string, expected true or false"),
    (#"{"ldVersion": ↓"new"}"#, "'new' is no version, expected one such as \"2.40\""),
    (#"{"loadAddress": ↓-1}"#, "'-1' is no number, expected one such as \"0x200000\" or \"2M\""),
    (
      #"{"loadAddress": ↓"2 MB"}"#,
      "'2 MB' is no number, expected one such as \"0x200000\" or \"2M\""
    ),
    (#"{"loadAddress": ↓"+1"}"#, "'+1' is no number, expected one such as \"0x200000\" or \"2M\""),
    (
      #"{"loadAddress": ↓null}"#,
      "found null, expected a number or a string such as \"0x200000\" or \"2M\""
    ),
    (
      #"{"mapping": {"pageSizes": [↓"3M"]}}"#,
      "a page size is a power of two, such as \"4K\" or \"2M\""
    ),
    (
      #"{"mapping": {"regions": [↓{"name": "t", "start": "a", "end": "b"}]}}"#,
      "a region needs the key 'permissions'"
    ),
    (
      #"{"mapping": {"regions": [{"name": "t", "start": "a", "end": "b", "permissions": ↓"xr-"}]}}"#,
      "'xr-' are no permissions, expected letters such as r-x or rw-"
    ),
    (
      #"{"saf": {↓"SAF-1-good": "load-address"}}"#,
      "'SAF-1-good' is no tag, expected one such as SAF-12-safe"
    ),
    (#"{"baseline": ↓""}"#, "no file can have this name"),
    (#"↓[]"#, "found an array, expected an object"),
    (
      #"{"linker": ↓"gold"}"#,
      "'gold' is no linker, expected bfd, lld or mold, with a version (bfd@2.40, lld@19) or a range (bfd@2.35..2.47)"
    ),
  ]) func faultsAreShownInTheFile(_ marked: String, _ message: String) throws {
    let text = MarkedText(marked)
    let configuration = read(text.text)
    #expect(configuration.isRefused)
    #expect(configuration.diagnostics.map(\.message) == [message])
    #expect(configuration.diagnostics.first?.span.map { Int($0.start) } == text.offsets.first)
  }

  @Test(arguments: [
    #"{"constraints": [{"name": "n", "expression": "a +↓)"}]}"#,
    // Escapes take more bytes in the file than in the expression.
    #"{"constraints": [{"name": "n", "expression": "\u0061\t +↓)"}]}"#,
    #"{"constraints": [{"name": "n", "expression": "a +↓"}]}"#,
    #"{"mapping": {"base": ["a", "MB↓(,2)"]}}"#,
  ]) func aMistakeInAnExpressionIsShownInTheFile(_ marked: String) throws {
    let text = MarkedText(marked)
    let configuration = read(text.text)
    let fault = try #require(configuration.diagnostics.first)
    let span = try #require(fault.span)
    let shown = configuration.script.sources.position(of: span)
    #expect(shown.path == FilePath(".lds-check.json"))
    #expect(shown.column == text.offsets[0] + 1, "\(fault.message)")
  }

  @Test func severalFaultsAreFoundInOneRun() {
    let configuration = read(#"{"a": 1, "b": 2, "strict": 3, "constraints": [{"name": "n"}]}"#)
    #expect(configuration.diagnostics.count == 4)
    #expect(configuration.diagnostics.count { $0.id == "unknown-key" } == 2)
  }

  @Test func faultsAreLimited() {
    let members = (0..<1000).map { "\"k\($0)\": 1" }.joined(separator: ",")
    #expect(read("{\(members)}").diagnostics.count == Limit.reportedErrors)
  }
}
