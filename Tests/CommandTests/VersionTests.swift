// One version, wherever it is said.

import Foundation
import TestSupport
import Testing

@testable import lds_check

struct VersionTests {
  private let map = Checkout.path("samples/sound/boot.map")

  @Test func everyPlaceSaysTheSame() throws {
    let number = Version.number
    #expect(number.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    #expect(try ProgramRun.run(["--version"]).output == "lds-check \(number)\n")
    #expect(try ProgramRun.run(["eval", "--version"]).output == "lds-check \(number)\n")
    let title = try ProgramRun.run(["--man"]).output.split(separator: "\n")
      .first { $0.hasPrefix(".TH") }
    #expect(title?.contains(number) == true, "\(title ?? "")")
    let sarif = try ProgramRun.run(["eval", map, "--format", "sarif"]).output
    #expect(sarif.contains("\"version\": \"\(number)\""))
    #expect(sarif.contains("\"semanticVersion\": \"\(number)\""))
    for command in [["eval", map], ["lint", map], ["superpages", map], ["explain", map]] {
      let json = try ProgramRun.run(command + ["--format", "json"]).output
      let tool = "\"tool\": {\"name\": \"lds-check\", \"version\": \"\(number)\"}"
      #expect(json.contains(tool), "\(command)")
    }
  }

  /// The newest release in the changelog is this one; before the first release the number starts with 0.
  @Test func theChangelogKnowsIt() throws {
    let headings = try Checkout.text("CHANGELOG.md").split(separator: "\n")
      .filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
    let releases = headings.filter { $0 != "Unreleased" }
      .compactMap { $0.split(separator: " ").first }
    if let newest = releases.first {
      #expect(newest == Version.number)
    } else {
      #expect(Version.number.hasPrefix("0."))
    }
    #expect(headings.dropFirst().allSatisfy { $0 != "Unreleased" })
  }

  /// The number stands in one file of the sources only.
  @Test func theNumberIsWrittenOnce() throws {
    let quoted = "\"\(Version.number)\""
    let files = try Checkout.swiftFiles(under: "Sources").filter {
      try Checkout.text($0).contains(quoted)
    }
    #expect(files == ["Sources/lds-check/Program/Version.swift"])
  }
}
