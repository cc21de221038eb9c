// The drafts for people's CI say only what the program can do.

import Foundation
import TestSupport
import Testing

@testable import lds_check

struct IntegrationFilesTests {
  private static let files = [
    ".pre-commit-hooks.yaml", ".github/actions/lds-check/action.yml", "samples/ci/gitlab-ci.yml",
    "samples/ci/xen.mk", "samples/ci/memory-github.yml", "samples/ci/memory-gitlab.yml",
  ]

  /// Every long option in them, and every format before `=`, is one of the table.
  @Test(arguments: files) func optionsExist(_ name: String) throws {
    let text = try Checkout.text(name)
    let known = Set(OptionSpec.all.compactMap(\.long))
    // Options of other programs in these files.
    let foreign: Set<String> = ["--strip-debug", "--json", "--edit-last", "--body-file"]
    let pattern = /(?:^|[\s"\[])(--[a-z][a-z-]*)/
    for match in text.matches(of: pattern.anchorsMatchLineEndings()) {
      let option = String(match.output.1)
      #expect(known.contains(option) || foreign.contains(option), "\(option)")
    }
    for match in text.matches(of: /--output "?([a-z]+)=/) {
      #expect(ReportFormat(rawValue: String(match.output.1)) != nil)
    }
  }

  @Test(arguments: files) func theySayHowToUseThem(_ name: String) throws {
    let text = try Checkout.text(name)
    #expect(text.hasPrefix("# "))
    #expect(!text.contains("\t\t"))
  }
}
