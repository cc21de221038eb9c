// More than a hundred links that fail, through what explains logs: none is met with silence, none is called something
// else than it is.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

struct LogCorpusTests {
  /// Kinds that may stand beside the one that a link is about.
  private static let companions: Set<String> = [
    "consequence", "information", "deprecated-default", "linker-fault",
  ]

  @Test(.enabled(if: LogCorpus.canLink)) func realLinks() throws {
    let printed = try LogCorpus.run(LogCorpus.linkers)
    #expect(printed.count { $0.status != 0 } >= 100)
    for link in printed { Self.check(link, LogDress.all[0]) }
  }

  @Test func recordedLinks() throws {
    let printed = try LogCorpus.recorded()
    #expect(printed.count { $0.status != 0 } >= 400)
    for link in printed { Self.check(link, LogDress.all[0]) }
  }

  /// Whatever a build puts around the messages, they are the same. `LDS_LOG_DRESSES=GitHub,ninja` tries each link in
  /// each of these dresses, not all links in turn in all of them.
  @Test func dressedLinks() throws {
    let printed = try LogCorpus.recorded()
    let asked = ProcessInfo.processInfo.environment["LDS_LOG_DRESSES"]?.split(separator: ",")
    for (index, link) in printed.enumerated() {
      let dresses =
        asked.map { names in LogDress.all.filter { names.contains($0.name[...]) } }
        ?? [LogDress.all[1 + index % (LogDress.all.count - 1)]]
      for dress in dresses { Self.check(link, dress) }
    }
  }

  /// Writes the records: `LDS_RECORD_LOGS=Tests/ConstraintsTests/Fixtures/Logs swift test --filter record`.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["LDS_RECORD_LOGS"] != nil && LogCorpus.canLink)
  )
  func record() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["LDS_RECORD_LOGS"])
    // The installed ones are among the versions, or change with the machine.
    let linkers = LogCorpus.linkers.filter { !["ld", "ld.lld"].contains($0.name) }
    try LogCorpus.record(try LogCorpus.run(linkers), in: Checkout.path(folder))
  }

  private static func check(_ printed: PrintedLink, _ dress: LogDress) {
    let buffer = SourceBuffer(name: "ld.log", text: dress.wear(printed.lines))
    let log = LinkerLog(buffer)
    let script = ScriptParser.parse(
      SourceBuffer(name: "\(printed.link.name).lds", text: printed.link.script + "\n"))
    let place = "\(printed.link.name) by \(printed.linker), \(dress.name)"
    // Without the script, the text of an ASSERT that looks like something else is not known.
    let mustHaveScript = printed.link.name.hasPrefix("assert-like-")
    let alone = mustHaveScript ? [] : [LogSubject(scripts: [])]
    for subject in alone + [LogSubject(scripts: [script])] {
      let explained = log.messages.map { LogExplanation($0, in: subject) }
        .filter { !log.isBare || $0.isDistinct }
      let errors = explained.filter { $0.message.severity == .error }
      let complaint = "\(place):\n\(printed.lines.joined(separator: "\n"))"
      if printed.status > 128 {
        #expect(!log.suspects.isEmpty || !errors.isEmpty, "no word of a crash: \(complaint)")
      } else if printed.status != 0 {
        #expect(
          !log.isBare && explained.contains { printed.allows($0.kind?.rawValue) },
          "silent: \(complaint)")
      } else {
        #expect(errors.isEmpty, "an error, and the linker went on: \(complaint)")
      }
      for error in errors {
        let kind = error.kind?.rawValue ?? "unknown"
        #expect(
          printed.allows(kind) || companions.contains(kind),
          "\(kind): \(String(decoding: error.message.text, as: UTF8.self)): \(complaint)")
      }
      if let text = printed.link.assertion, !subject.isEmpty, printed.isJudging {
        #expect(
          errors.contains {
            String(decoding: $0.message.text, as: UTF8.self) == text && !$0.places.isEmpty
          },
          "not found: \(complaint)")
      }
    }
  }
}

extension PrintedLink {
  /// Whether a message of this kind is right for it.
  fileprivate func allows(_ kind: String?) -> Bool {
    guard let kind else { return false }
    return link.kinds.contains(kind) || linker.hasPrefix("mold") && kind == "mold-script"
  }

  /// Whether the linker got as far as to judge ASSERTs: gold refuses some of their forms, mold all.
  fileprivate var isJudging: Bool { !linker.hasPrefix("mold") && linker != "ld.gold" }
}
