// Reads Xen's databases of analyser tags, docs/misra/safe.json and false-positive-lds-check.json:
//
//     {"version": "1.0",
//      "content": [{"id": "SAF-12-safe", "analyser": {"lds-check": "load-address"}, "name": "…", "text": "…"}]}

/// What a tag database says about this program's rules.
public struct TagDatabase: Sendable {
  /// The key of this program in `analyser`.
  public static let analyser = "lds-check"

  /// Tags that suppress rules of this program, in order.
  public var tags: [ConfiguredTag] = []
  /// The file, for the spans of ``diagnostics``.
  public var sources: SourceSet
  /// What is wrong with the file.
  public var diagnostics: [Diagnostic]

  /// Reads a database. Entries for other analysers, the sentinel among them, are passed over; several
  /// rules are separated by commas.
  ///
  /// `rules` are the ids that exist; an empty list accepts everything.
  public init(_ buffer: SourceBuffer, rules: [String] = []) {
    sources = SourceSet()
    let source = sources.add(buffer)
    let (document, diagnostics) = JSONParser.parse(source, in: sources)
    self.diagnostics = diagnostics
    guard let document else { return }
    guard let content = document.member("content", of: document.root),
      document.kind(content) == .array
    else {
      report(
        document.root, in: document, "missing-key", "a tag database needs an array 'content'")
      return
    }
    for entry in document.elements(content) { read(entry, in: document, rules) }
  }

  private mutating func read(_ entry: JSONNodeID, in document: JSONDocument, _ known: [String]) {
    guard let id = document.member("id", of: entry), document.kind(id) == .string else { return }
    guard let tag = SuppressionTag(document.bytes(id)) else { return }
    let value: JSONNodeID? =
      switch tag.kind {
      case .safe:
        document.member("analyser", of: entry).flatMap {
          document.member(Self.analyser, of: $0)
        }
      case .falsePositive: document.member("violation-id", of: entry)
      }
    guard let value, document.kind(value) == .string else { return }
    let rules = document.string(value).split(separator: ",")
      .map { String($0.filter { $0 != " " }) }
    for rule in rules where !known.isEmpty && !known.contains(rule) {
      let hint = Suggestion.nearest(to: rule, among: known).map { "; did you mean '\($0)'?" }
      report(value, in: document, "unknown-rule", "no rule is called '\(rule)'" + (hint ?? ""))
    }
    if !rules.isEmpty { tags.append(ConfiguredTag(tag: document.string(id), rules: rules)) }
  }

  private mutating func report(
    _ id: JSONNodeID, in document: JSONDocument, _ kind: DiagnosticID, _ message: String
  ) {
    diagnostics.append(
      Diagnostic(id: kind, severity: .error, message: message, span: document.span(id)))
  }
}

/// A tag as it stands in a comment or a database.
public struct SuppressionTag: Sendable, Hashable {
  /// What the tag says of the finding.
  public enum Kind: Sendable, Hashable {
    /// `SAF-<n>-safe`: found, looked at, harmless.
    case safe
    /// `SAF-<n>-false-positive-lds-check`: a mistake of this program.
    case falsePositive
  }

  /// The number, which Xen never gives to another tag.
  public var number: Int
  /// What it says.
  public var kind: Kind

  /// The tag at the start of `bytes`, which a blank or the end has to follow. Nil for other text and for
  /// false positives of other tools.
  public init?(_ bytes: some Collection<UInt8>) {
    let word = bytes.prefix { $0 > 0x20 && $0 != UInt8(ascii: "*") }
    guard word.starts(with: "SAF-".utf8) else { return nil }
    let digits = word.dropFirst(4).prefix { (0x30...0x39).contains($0) }
    guard !digits.isEmpty, digits.count <= 9, digits.count == 1 || digits.first != 0x30 else {
      return nil
    }
    let rest = word.dropFirst(4 + digits.count)
    if rest.elementsEqual("-safe".utf8) {
      kind = .safe
    } else if rest.elementsEqual("-false-positive-lds-check".utf8) {
      kind = .falsePositive
    } else {
      return nil
    }
    number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
