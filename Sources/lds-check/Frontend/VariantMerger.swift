// What is said of one script read under several sets of flags is said once; where only some variants are
// concerned, a note names them.

import Constraints
import LdsParser

/// Joins findings and proofs of the variants of a script.
struct VariantMerger {
  /// What is the same in several variants.
  private struct Key: Hashable {
    var rule: String
    var severity: Severity
    var message: String
    var place: [String]
    var notes: [String]
  }

  private struct Entry<Item> {
    var item: Item
    var script: FilePath?
    var variants: [String?]
  }

  /// The variants of each script, in order; nil is the command line's own flags.
  private var variants: [FilePath: [String?]] = [:]
  private var batches: [(script: FilePath?, variant: String?)] = []
  private var findings: [Entry<ReportFinding>] = []
  private var known: [Key: Int] = [:]
  private var proofs: [Entry<ReportProof>] = []
  private var knownProofs: [Key: Int] = [:]

  init(_ scripts: [LoadedScript]) {
    for script in scripts { variants[script.path, default: []].append(script.variant) }
  }

  /// Takes the proofs of a result, and remembers whose it is.
  mutating func add(_ result: LintResult) {
    batches.append((result.script, result.variant))
    for proof in result.proofs {
      let key = Key(
        rule: proof.verdict.rawValue, severity: .note, message: proof.message,
        place: Self.words(proof.place), notes: proof.because)
      // One ASSERT may stand twice in a script.
      if let index = knownProofs[key], proofs[index].script == result.script, hasVariants(result),
        !proofs[index].variants.contains(result.variant)
      {
        proofs[index].variants.append(result.variant)
        continue
      }
      if hasVariants(result) { knownProofs[key] = proofs.count }
      proofs.append(Entry(item: proof, script: result.script, variants: [result.variant]))
    }
  }

  private func hasVariants(_ result: LintResult) -> Bool {
    result.script.map { (variants[$0]?.count ?? 0) > 1 } ?? false
  }

  /// Takes the findings of the result that was added as number `batch`.
  mutating func take(_ found: [ReportFinding], ofBatch batch: Int) {
    guard batches.indices.contains(batch) else { return }
    let (script, variant) = batches[batch]
    let isOne = script.map { (variants[$0]?.count ?? 0) > 1 } ?? false
    for finding in found {
      let key = Key(
        rule: finding.rule, severity: finding.severity, message: finding.message,
        place: Self.words(finding.place), notes: finding.notes.map(\.message))
      if isOne, let index = known[key], findings[index].script == script,
        !findings[index].variants.contains(variant)
      {
        findings[index].variants.append(variant)
        continue
      }
      if isOne { known[key] = findings.count }
      findings.append(Entry(item: finding, script: script, variants: [variant]))
    }
  }

  /// Puts everything into `report`.
  func finish(into report: inout Report) {
    report.findings += findings.map { entry in
      var finding = entry.item
      if let text = onlyIn(entry) { finding.notes.append(ReportNote(message: text)) }
      return finding
    }
    report.proofs += proofs.map { entry in
      var proof = entry.item
      if let text = onlyIn(entry) { proof.because.append(text) }
      return proof
    }
  }

  /// The variants that are concerned, if not all are.
  private func onlyIn<Item>(_ entry: Entry<Item>) -> String? {
    guard let script = entry.script, let all = variants[script], all.count > entry.variants.count
    else { return nil }
    let named = entry.variants.compactMap { $0 }.map { "'\($0)'" }
    let plain = entry.variants.contains(nil) ? ["the flags given outside of --variant"] : []
    let variants = named.isEmpty ? [] : ["variant " + named.joined(separator: ", ")]
    return "only with " + (plain + variants).joined(separator: " and ")
  }

  private static func words(_ place: ReportPlace?) -> [String] {
    guard let place else { return [] }
    return [
      place.path.display, "\(place.line ?? 0)", "\(place.column ?? 0)", "\(place.offset ?? 0)",
    ]
  }
}
