// One state of a script's text, and what is known of it. Each part is worked out when it is first asked for.

public import LdsParser

/// A script as an editor holds it, with everything that can be said about it.
///
/// It does not change: another text is another analysis, and so is the same text beside another image. A file that an
/// open script includes is seen as a part of it: names, verdicts and addresses are those of the whole.
public final class ScriptAnalysis {
  /// The script's file.
  public let path: FilePath
  /// Its text.
  public let text: SourceBuffer
  let host: any EditorHost
  /// The script that the text is seen as a part of.
  public let includer: ScriptAnalysis?

  /// An analysis of `text`, which is read when something is asked.
  public init(_ text: SourceBuffer, host: any EditorHost) {
    path = text.path
    self.text = text
    self.host = host
    includer = nil
  }

  /// The text as a part of a script that includes it; nil if that does not, or has read another state of it.
  public init?(_ text: SourceBuffer, within includer: ScriptAnalysis) {
    guard includer.includer == nil, includer.path != text.path,
      includer.files.contains(where: { file in
        let buffer = includer.sources.buffer(file)
        return buffer.path == text.path && buffer.count == text.count
          && buffer.bytes(in: 0..<buffer.count) == text.bytes(in: 0..<text.count)
      })
    else { return nil }
    path = text.path
    self.text = text
    host = includer.host
    self.includer = includer
  }

  /// Whether the text is a part of scripts of which none is known: nothing can be said of what is wrong with it.
  public var isHeader: Bool { includer == nil && path.bytes.suffix(2).elementsEqual(".h".utf8) }

  /// The script as it was read.
  public private(set) lazy var loaded: LoadedScript = includer?.loaded ?? host.read(text)
  /// What the project says of it.
  public private(set) lazy var settings: EditorSettings =
    includer?.settings ?? host.settings(for: path)

  /// The tree.
  public var script: LinkerScript { loaded.script }
  /// Where spans point.
  public var sources: SourceSet { loaded.script.sources }

  /// The source that is the author's text.
  public private(set) lazy var source: SourceID = {
    for index in 0..<sources.count {
      let id = SourceID(index: UInt32(truncatingIfNeeded: index))
      if sources.buffer(id).path == path, sources.origins(id)?.runs.isEmpty ?? true { return id }
    }
    return loaded.script.main
  }()

  /// The files that the script was read from, itself first.
  public private(set) lazy var files: [SourceID] = {
    let all = (0..<sources.count).map { SourceID(index: UInt32(truncatingIfNeeded: $0)) }
    let authored = all.filter { sources.origins($0)?.runs.isEmpty ?? true }
    return [source] + authored.filter { $0 != source }
  }()

  /// Names and where they stand.
  private(set) lazy var occurrences: OccurrenceTable =
    includer?.occurrences ?? OccurrenceTable(script, main: source)

  /// The files of the newest image that this script made, as far as its symbols tell; empty if there is none.
  public var images: [Image] { evidence.files }

  /// The same as one body of facts about the script's symbols.
  private(set) lazy var evidence: ImageEvidence = {
    if let includer { return includer.evidence }
    let names = Set(occurrences.all.filter { $0.kind == .symbol }.map(\.name))
    for images in host.evidence(for: path) {
      let evidence = ImageEvidence(images, names: Array(names))
      if isOfThisScript(evidence) { return evidence }
    }
    return ImageEvidence([], names: [])
  }()

  /// What the script alone decides of its symbols; nil for one that no linker would read.
  private(set) lazy var proof: ProofReport? =
    isHeader || script.isRefused
    ? nil
    : includer?.proof ?? ProofReport(Program(script), dialect: settings.lint.dialect)

  /// What the objects of the link bring by name.
  private(set) lazy var objects: ObjectNames = includer?.objects ?? host.objects(for: path)

  /// What is in the memory regions of the image; nil without one that tells.
  private(set) lazy var memory: MemoryUse? =
    images.isEmpty ? nil : MemoryUse(images, script: script, dialect: settings.lint.dialect)

  /// Script and images together.
  public private(set) lazy var session: Session =
    includer?.session
    ?? Session(
      scripts: [loaded], images: images, dialect: settings.lint.dialect,
      configuration: settings.configuration)

  /// The verdicts on the image; nil without one, or where the script cannot be read.
  public private(set) lazy var judged: JudgedImage? = {
    if let includer { return includer.judged }
    guard !images.isEmpty, !script.isRefused, !isHeader else { return nil }
    return (try? session.judge())?.first { $0.script != nil }
  }()

  private var ruleLevels: RuleLevels {
    RuleLevels(
      settings.configuration?.rules ?? [], overrides: settings.configuration?.overrides ?? [])
  }

  /// What the rules found in it and prove of it.
  private(set) lazy var results: [LintResult] = {
    if let includer { return includer.results }
    let filter = FindingFilter(levels: ruleLevels)
    return session.lint(settings.lint, isEnabled: filter.isEnabled)
  }()

  /// The findings that are to be shown, verdicts included, in the order of the text.
  public private(set) lazy var findings: [Finding] = {
    if let includer { return includer.findings }
    guard !isHeader else { return [] }
    return shown(
      results, judged?.findings(isStrict: settings.configuration?.isStrict == true) ?? [])
  }()

  private func shown(_ results: [LintResult], _ verdicts: [Finding]) -> [Finding] {
    guard let first = results.first else { return [] }
    let rules = ProgramFindings.everything.map(\.id)
    let batch = FindingBatch(
      first.findings + verdicts, sources: first.sources,
      suppressions: SuppressionSet(first.sources, tags: settings.tags, rules: rules),
      ran: first.ran.union(ProgramFindings.all.map(\.id)))
    return FindingFilter(levels: ruleLevels).apply([batch])
      .first?.shown ?? []
  }

  /// The findings of another text in the place of this one.
  func findings(of script: LoadedScript) -> [Finding] {
    let filter = FindingFilter(levels: ruleLevels)
    let session = Session(
      scripts: [script], images: images, dialect: settings.lint.dialect,
      configuration: settings.configuration)
    return shown(session.lint(settings.lint, isEnabled: filter.isEnabled), [])
  }

  /// The findings of the rules alone.
  private(set) lazy var ruleFindings: [Finding] = shown(results, [])

  /// Fixes that were checked, by their finding; see ``actions(in:)``.
  var checkedFixes: [Finding: [EditorAction]] = [:]

  /// What the script alone decides of its ASSERTs.
  var proofs: [StatedProof] { results.first?.proofs ?? [] }

  /// Why failing ASSERTs fail, with mends that were checked.
  private(set) lazy var explained: ExplainedImage? = {
    if let includer { return includer.explained }
    guard judged != nil,
      let subject = (try? session.subjects(profile: settings.lint.profile))?.first
    else { return nil }
    return ExplainedImage(subject, reader: host)
  }()

  /// Whether an image was made by this script, whatever was edited since: of the symbols that the script sets in
  /// any case, it has most.
  private func isOfThisScript(_ evidence: ImageEvidence) -> Bool {
    var set: Set<[UInt8]> = []
    for occurrence in occurrences.all where occurrence.isDefinition && occurrence.kind == .symbol {
      set.insert(occurrence.name)
    }
    let known = set.count { evidence.address(of: $0) != nil }
    return known > 0 && known * 2 >= set.count
  }

  // MARK: - Places

  /// Where the author wrote a span.
  func place(_ span: SourceSpan) -> EditorPlace {
    let authored = sources.authoredSpan(of: span)
    return EditorPlace(path: sources.buffer(authored.source).path, span: authored)
  }

  /// The part of this script's own text that the author wrote for a span; nil if that stands in another file.
  func range(_ span: SourceSpan) -> Range<Int>? {
    let authored = sources.authoredSpan(of: span)
    return authored.source == source ? authored.range : nil
  }

  /// The text at a span of an author's file.
  func bytes(_ span: SourceSpan) -> [UInt8] { sources.buffer(span.source).bytes(in: span.range) }
}

/// A place in a file.
public struct EditorPlace: Sendable, Hashable {
  /// The file.
  public var path: FilePath
  /// Its text there, in the sources of the analysis.
  public var span: SourceSpan
}

extension ImageEvidence {
  /// The value of a symbol that some file of the image has, and one only.
  func address(of name: [UInt8]) -> UInt64? {
    guard case .one(let symbol) = symbol(name) else { return nil }
    return symbol.record.value
  }
}
