// Comments that say a finding is known and meant (the contract, "Configuration").
//
//     /* lds-check: disable=load-address,image-slot the loader moves us */
//     ASSERT(...)
//     /* lds-check: disable-file=missing-keep this script is linked without --gc-sections */

public import LdsParser

/// A comment that suppresses findings on the lines it is about.
public struct Suppression: Sendable, Hashable {
  /// How it is written.
  public enum Form: Sendable, Hashable {
    /// `lds-check: disable=…`
    case directive
    /// A tag that the configuration gives a meaning, such as `SAF-12-safe`.
    case tag(String)
  }

  /// How it is written.
  public var form: Form
  /// The comment.
  public var span: SourceSpan
  /// The lines it is about, in the source of ``span``.
  public var lines: ClosedRange<Int>
  /// The rules it suppresses.
  public var rules: [String]
  /// The author's reason; may be empty.
  public var reason: String

  /// Whether it is about `finding`.
  func covers(_ finding: Finding, in sources: SourceSet) -> Bool {
    guard rules.contains(finding.rule), case .source(let span) = finding.place else { return false }
    let authored = sources.authoredSpan(of: span)
    guard authored.source == self.span.source else { return false }
    return lines.contains(
      sources.lineAndColumn(authored.source, offset: Int(authored.start)).line)
  }
}

/// The suppressions of an analysis and the comments that were meant as such.
public struct SuppressionSet: Sendable {
  /// In order of source and place.
  public var suppressions: [Suppression] = []
  /// Findings about comments that cannot be understood.
  public var faults: [Finding] = []

  /// Reads the comments of every file of `sources`.
  ///
  /// `tags` are the tags that have a meaning, others are for other tools; `rules` are the ids of all rules.
  public init(_ sources: SourceSet, tags: [ConfiguredTag] = [], rules: [String]) {
    var meanings: [SuppressionTag: ConfiguredTag] = [:]
    for tag in tags {
      guard let key = SuppressionTag(Array(tag.tag.utf8)) else { continue }
      meanings[key, default: ConfiguredTag(tag: tag.tag, rules: [])].rules += tag.rules
    }
    for index in 0..<sources.count {
      let source = SourceID(index: UInt32(truncatingIfNeeded: index))
      // Expanded text has no comments, and what looks like one there was a string.
      if let origins = sources.origins(source), !origins.runs.isEmpty { continue }
      for comment in CommentScanner.directives(in: source, of: sources) {
        read(comment, meanings, rules)
      }
    }
  }

  private mutating func read(
    _ comment: SourceComment, _ meanings: [SuppressionTag: ConfiguredTag], _ known: [String]
  ) {
    let words = comment.text.split(whereSeparator: { $0 <= 0x20 })
    guard let first = words.first else { return }
    if let tag = SuppressionTag(first) {
      guard let meaning = meanings[tag] else { return }
      suppressions.append(
        Suppression(
          form: .tag(meaning.tag), span: comment.span, lines: comment.lines, rules: meaning.rules,
          reason: Self.text(words.dropFirst())))
    } else if first.starts(with: "lds-check:".utf8) {
      var rest = words[...]
      // `lds-check:disable=x` without the blank.
      rest[0] = first.dropFirst("lds-check:".utf8.count)
      if rest[0].isEmpty { rest = rest.dropFirst() }
      readDirective(comment, rest, known)
    }
  }

  /// `disable=RULE[,RULE] reason`, or `disable-file=` for all lines; blanks around the commas are accepted.
  private mutating func readDirective(
    _ comment: SourceComment, _ words: ArraySlice<ArraySlice<UInt8>>, _ known: [String]
  ) {
    let head = words.first ?? []
    let forms = [("disable=", comment.lines), ("disable-file=", 1...Int.max)]
    guard let (prefix, lines) = forms.first(where: { head.starts(with: $0.0.utf8) }) else {
      let found = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      return fault(comment, "found '\(found)' after 'lds-check:', expected disable=RULE")
    }
    var list = Array(head.dropFirst(prefix.utf8.count))
    var rest = words.dropFirst()
    while list.last == UInt8(ascii: ",") || rest.first?.first == UInt8(ascii: ",") {
      guard let next = rest.popFirst() else { break }
      list += next
    }
    let names = list.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
    if names.isEmpty { return fault(comment, "'\(prefix)' names no rule, expected \(prefix)RULE") }
    for name in names where !known.contains(name) {
      let hint = Suggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" }
      fault(comment, "no rule is called '\(name)'" + (hint ?? ""))
    }
    let rules = names.filter(known.contains)
    if rules.isEmpty { return }
    suppressions.append(
      Suppression(
        form: .directive, span: comment.span, lines: lines, rules: rules,
        reason: Self.text(rest)))
  }

  private mutating func fault(_ comment: SourceComment, _ message: String) {
    faults.append(
      Finding(
        rule: ProgramFindings.badSuppression.id, severity: .warning, message: message,
        at: .source(comment.span), subject: String(decoding: comment.text, as: UTF8.self)))
  }

  private static func text(_ words: ArraySlice<ArraySlice<UInt8>>) -> String {
    // Stars that frame a comment over several lines are no part of the reason.
    words.filter { !$0.allSatisfy { $0 == UInt8(ascii: "*") } }
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }
}

/// The rules for which each comment hid something.
struct SuppressionUsage {
  /// A comment, whatever source set it was read into.
  private struct Key: Hashable {
    let path: FilePath
    let start: UInt32
  }

  private var used: [Key: Set<String>] = [:]

  /// Notes that `suppression` hid a finding of `rule`.
  mutating func use(_ suppression: Suppression, for rule: String, in sources: SourceSet) {
    used[Self.key(suppression, sources), default: []].insert(rule)
  }

  /// The rules of `suppression` that it hid nothing of, in its order.
  func idleRules(of suppression: Suppression, in sources: SourceSet) -> [String] {
    let rules = used[Self.key(suppression, sources)] ?? []
    return suppression.rules.filter { !rules.contains($0) }
  }

  private static func key(_ suppression: Suppression, _ sources: SourceSet) -> Key {
    Key(
      path: sources.buffer(suppression.span.source).path, start: suppression.span.start)
  }
}
