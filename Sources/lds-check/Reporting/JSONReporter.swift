// The program's own JSON: `lint` and `eval` of the contract, section 4. Keys are stable; new ones may come.

import Constraints
import LdsParser

/// Writes a report as JSON.
struct JSONReporter {
  private let json: JSONWriter

  init(output: Output) {
    json = JSONWriter(output)
  }

  /// Writes into a document that is open.
  init(json: JSONWriter) { self.json = json }

  func write(_ report: Report) {
    if report.kind == .superpages {
      PlanJSON(json: json).write(
        report.plans, differences: report.comparison?.differences ?? [], report.root,
        growth: report.growth, order: report.order)
      return
    }
    if let memory = report.memory {
      MemoryJSON(json: json).write(memory, report)
      return
    }
    json.object {
      json.row("tool") {
        json.member("name", Version.name)
        json.member("version", Version.number)
      }
      if !report.linkers.isEmpty {
        json.array("linkers", report.linkers) { json.string($0.description) }
      }
      if report.kind == .lint {
        json.array("findings", report.findings) { json.finding($0, report.root) }
        json.array("proofs", report.proofs) { write($0, report.root) }
        json.row("summary") { writeCounts(report) }
      } else {
        json.array("assertions", report.assertions) { write($0, report.root) }
        json.array("assignments", report.assignments) { write($0, report.root) }
        json.array("findings", report.findings) { json.finding($0, report.root) }
        json.growths(report.growth)
        if !report.unmet.isEmpty {
          json.array("unmetPremises", report.unmet) { write($0) }
        }
        json.row("summary") {
          for verdict in Verdict.allCases { json.member(verdict.rawValue, report.count(verdict)) }
          writeCounts(report)
        }
      }
    }
    json.end()
  }

  private func writeCounts(_ report: Report) {
    for severity in Severity.allCases.reversed() {
      json.member(severity.rawValue, report.count(severity))
    }
    json.member("suppressed", report.suppressed.count)
    json.member("baseline", report.knownCount)
  }

  private func write(_ proof: ReportProof, _ root: RepositoryRoot) {
    json.object {
      json.member("message", proof.message)
      json.place(proof.place, root)
      json.member("verdict", proof.verdict.rawValue)
      json.member("linker", proof.linker.family.rawValue)
      write(linkers: proof.linkers)
      json.array("because", proof.because) { json.string($0) }
      if let counterexample = proof.counterexample {
        json.row("counterexample") {
          json.member("sentence", counterexample.sentence)
          json.member("command", counterexample.command)
        }
      }
    }
  }

  private func write(_ premise: ReportPremise) {
    json.object {
      json.member("image", premise.subject.image)
      json.member("variant", premise.subject.variant)
      json.member("linker", premise.linker.description)
      json.member("premise", premise.unmet.premise.rawValue)
      json.member("reason", premise.unmet.reason)
      json.array("assertions", premise.assertions) { json.string($0) }
    }
  }

  func write(_ assertion: ReportAssertion, _ root: RepositoryRoot) {
    json.object {
      json.member("message", assertion.message)
      json.member("source", assertion.source)
      json.member("expression", assertion.expression)
      json.place(assertion.place, root)
      json.member("image", assertion.image)
      json.member("variant", assertion.variant)
      json.member("verdict", assertion.verdict.rawValue)
      json.member("value", hex: assertion.value)
      json.member("reason", assertion.reason)
      json.array("operands", assertion.operands) { operand in
        json.row {
          json.member("text", operand.name)
          json.member("value", hex: operand.value)
        }
      }
      write(linkers: assertion.linkers)
      if let room = assertion.headroom.first {
        json.row("headroom") {
          json.member("left", Int(room.left))
          json.member("total", room.total.map { Int(clamping: $0) })
        }
      }
      if !assertion.growth.isEmpty {
        json.array("growth", assertion.growth) { threshold in
          json.row { json.growth(threshold) }
        }
      }
    }
  }

  private func write(_ assignment: ReportAssignment, _ root: RepositoryRoot) {
    json.row {
      json.member("symbol", assignment.symbol)
      json.place(assignment.place, root, hasColumn: false)
      json.member("value", hex: assignment.value)
      json.member("imageValue", hex: assignment.imageValue)
      json.member("refused", assignment.refused)
      write(linkers: assignment.linkers)
    }
  }

  /// The linkers that agree, where others do not.
  private func write(linkers: [LinkerDialect]) {
    if linkers.isEmpty { return }
    json.array("linkers", linkers) { json.string($0.description) }
  }
}
