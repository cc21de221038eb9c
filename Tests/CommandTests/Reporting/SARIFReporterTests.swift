// SARIF against the part of the official schema that its properties need, and what GitHub asks for beyond it.

import Foundation
import LdsParser
import TestSupport
import Testing

@testable import lds_check

struct SARIFReporterTests {
  private func document(_ report: Report) throws -> (bytes: [UInt8], run: [String: Any]) {
    let bytes = SyntheticReport.bytes(report, .sarif)
    let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let runs = try #require(object?["runs"] as? [[String: Any]])
    return (bytes, try #require(runs.first))
  }

  @Test func documentsFollowTheSchema() throws {
    let schema = try #require(
      JSONSchema(Checkout.bytes("Tests/CommandTests/Inputs/sarif-2.1.0-subset.schema.json")))
    for report in [SyntheticReport.sample(.lint), SyntheticReport.hostile()] {
      #expect(try schema.faults(of: document(report).bytes) == [])
    }
  }

  @Test func resultsNameTheirRule() throws {
    let run = try document(SyntheticReport.sample(.lint)).run
    let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
    let rules = try #require(driver?["rules"] as? [[String: Any]])
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.count == 5)
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
    }
    let prints = results.compactMap {
      ($0["partialFingerprints"] as? [String: String])?["ldsCheckSubject/v1"]
    }
    #expect(Set(prints).count == 5)
    #expect(results.map { $0["suppressions"] != nil } == [false, false, false, false, true])
  }

  /// Columns count UTF-16 units: before `_end` stand a tab and two characters of three bytes each.
  @Test func columnsAreInUTF16() throws {
    let results = try #require(
      try document(SyntheticReport.sample(.lint)).run["results"] as? [[String: Any]])
    let locations = try #require(results[1]["locations"] as? [[String: Any]])
    let physical = try #require(locations[0]["physicalLocation"] as? [String: Any])
    let region = try #require(physical["region"] as? [String: Int])
    #expect(region == ["startLine": 2, "startColumn": 23, "endLine": 2, "endColumn": 31])
  }

  @Test func everyResultHasALocation() throws {
    let results = try #require(
      try document(SyntheticReport.sample(.lint)).run["results"] as? [[String: Any]])
    let uris = results.map { result in
      let location = (result["locations"] as? [[String: Any]])?.first
      let physical = location?["physicalLocation"] as? [String: Any]
      return (physical?["artifactLocation"] as? [String: String])?["uri"]
    }
    let script = "xen/arch/x86/xen.lds.S"
    #expect(uris == [script, script, script, script, script])
  }
}
