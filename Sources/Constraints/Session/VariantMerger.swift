// What is said of one script read under several sets of flags is said once; where only some variants are
// concerned, a note names them.

internal import LdsParser

/// Joins findings and proofs of the variants of a script.
public struct VariantMerger: Sendable {
  /// A finding or proof with the result that its spans belong to.
  public struct Said<Item: Sendable>: Sendable {
    /// What is said.
    public var item: Item
    /// The number of the result, in the order in which they were added.
    public var result: Int
  }

  /// What is the same in several variants.
  private struct Key: Hashable {
    var rule: String
    var severity: Severity
    var message: String
    var place: [String]
    var notes: [String]
  }

  private struct Entry<Item: Sendable>: Sendable {
    var said: Said<Item>
    var script: FilePath?
    var variants: [String?]
  }

  /// The variants of each script, in order; nil is the command line's own flags.
  private var variants: [FilePath: [String?]] = [:]
  private var count = 0
  private var entries: [Entry<Finding>] = []
  private var known: [Key: Int] = [:]
  private var proofEntries: [Entry<StatedProof>] = []
  private var knownProofs: [Key: Int] = [:]

  /// For the results of `scripts`.
  public init(_ scripts: [LoadedScript]) {
    for script in scripts { variants[script.path, default: []].append(script.variant) }
  }

  /// Takes the proofs of a result, and those of its findings that are to be shown.
  public mutating func add(_ result: LintResult, shown: [Finding]) {
    let hasVariants = result.script.map { (variants[$0]?.count ?? 0) > 1 } ?? false
    for proof in result.proofs {
      let key = Key(
        rule: proof.verdict.rawValue, severity: .note, message: proof.message,
        place: Self.words(.source(proof.span), result.sources), notes: proof.because)
      Self.note(
        proof, key, result, count, hasVariants: hasVariants, in: &proofEntries, &knownProofs)
    }
    for finding in shown {
      let key = Key(
        rule: finding.rule, severity: finding.severity, message: finding.message,
        place: Self.words(finding.place, result.sources), notes: finding.notes.map(\.message))
      Self.note(finding, key, result, count, hasVariants: hasVariants, in: &entries, &known)
    }
    count += 1
  }

  /// Adds what is new; what another variant of the same script said gets one more variant. What one variant says twice
  /// stands there twice: one ASSERT may.
  private static func note<Item>(
    _ item: Item, _ key: Key, _ result: LintResult, _ number: Int, hasVariants: Bool,
    in entries: inout [Entry<Item>], _ known: inout [Key: Int]
  ) {
    if hasVariants, let index = known[key], entries[index].script == result.script,
      !entries[index].variants.contains(result.variant)
    {
      entries[index].variants.append(result.variant)
      return
    }
    if hasVariants { known[key] = entries.count }
    entries.append(
      Entry(
        said: Said(item: item, result: number), script: result.script, variants: [result.variant]))
  }

  /// Every finding, once.
  public var findings: [Said<Finding>] {
    entries.map { entry in
      var said = entry.said
      if let text = onlyIn(entry) { said.item.notes.append(FindingNote(text)) }
      return said
    }
  }

  /// Every proof, once.
  public var proofs: [Said<StatedProof>] {
    proofEntries.map { entry in
      var said = entry.said
      if let text = onlyIn(entry) { said.item.because.append(text) }
      return said
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

  private static func words(_ place: FindingPlace, _ sources: SourceSet) -> [String] {
    switch place {
    case .source(let span):
      let position = sources.position(of: sources.authoredSpan(of: span))
      return [position.path.display, "\(position.line)", "\(position.column)"]
    case .image(let path, let line, let offset):
      return [path.display, "\(line ?? 0)", "at", "\(offset ?? 0)"]
    case .none: return []
    }
  }
}
