// Known findings, kept in a file so that only new ones fail a build. An entry names rule, file and subject, no
// line and no address, and how many such findings there are; so it survives edits elsewhere and any order.
//
//     {"version": 2,
//      "findings": [{"rule": "load-address", "file": "xen/arch/x86/xen.lds.S", "subject": "_start", "count": 1}]}
//
// Version 1 names files without their folders: two boards with a `linker.ld` are one file to it.

public import LdsParser

/// What files are called in a baseline, so that two machines and two working folders say the same.
public struct FileNaming: Sendable {
  private let text: @Sendable (FilePath) -> String

  /// Names by `text`: the path from the root of the repository.
  public init(_ text: @escaping @Sendable (FilePath) -> String) {
    self.text = text
  }

  /// Files as they were named.
  public static let asGiven = FileNaming { $0.normalized.display }

  /// The name of the file at `path`.
  public func name(_ path: FilePath) -> String { text(path) }
}

/// A list of known findings.
public struct Baseline: Sendable {
  /// Findings that are the same but for their place.
  public struct Entry: Sendable, Hashable, Comparable {
    /// Id of the rule.
    public var rule: String
    /// The script as ``FileNaming`` names it. Of images and maps, which no repository holds, the name without folders.
    public var file: String
    /// What tells the finding from others of its rule.
    public var subject: String
    /// How many there are.
    public var count: Int

    /// In order of rule, file and subject.
    public static func < (left: Entry, right: Entry) -> Bool {
      (left.rule, left.file, left.subject) < (right.rule, right.file, right.subject)
    }
  }

  fileprivate struct Key: Hashable {
    let rule: String
    let file: String
    let subject: String
  }

  /// What the file part of an entry is.
  fileprivate enum Form: Int {
    case baseName = 1
    case path = 2
  }

  /// The version that is written.
  public static let version = Form.path.rawValue

  /// The entries in order.
  public private(set) var entries: [Entry] = []
  private var form = Form.path

  /// A baseline that knows `findings`.
  public init(_ findings: [Finding], sources: SourceSet, naming: FileNaming = .asGiven) {
    var counts: [Key: Int] = [:]
    for finding in findings { counts[Key(finding, sources, naming, .path), default: 0] += 1 }
    entries = counts.map {
      Entry(rule: $0.rule, file: $0.file, subject: $0.subject, count: $1)
    }.sorted()
  }

  /// A baseline that knows what each of `parts` knows, such as the findings of several images.
  public init(joining parts: [Baseline]) {
    var counts: [Key: Int] = [:]
    for entry in parts.flatMap(\.entries) {
      counts[Key(rule: entry.rule, file: entry.file, subject: entry.subject), default: 0] +=
        entry.count
    }
    entries = counts.map {
      Entry(rule: $0.rule, file: $0.file, subject: $0.subject, count: $1)
    }.sorted()
  }

  /// The baseline before any finding was compared with it.
  public func ledger() -> Ledger {
    var ledger = Ledger(form: form)
    for entry in entries {
      ledger.left[Key(rule: entry.rule, file: entry.file, subject: entry.subject), default: 0] +=
        entry.count
    }
    return ledger
  }

  /// What is left of a baseline while findings are compared with it.
  public struct Ledger: Sendable {
    fileprivate let form: Form
    fileprivate var left: [Key: Int] = [:]

    /// Splits findings into those that are new and those that are known. Of more equal findings than an
    /// entry counts, the first are known.
    public mutating func split(
      _ findings: [Finding], sources: SourceSet, naming: FileNaming = .asGiven
    ) -> (new: [Finding], known: [Finding]) {
      var new: [Finding] = []
      var known: [Finding] = []
      for finding in findings {
        let key = Key(finding, sources, naming, form)
        if let count = left[key], count > 0 {
          left[key] = count - 1
          known.append(finding)
        } else {
          new.append(finding)
        }
      }
      return (new, known)
    }

    /// Entries, with the number, of findings that did not come.
    public var stale: [Entry] {
      left.filter { $0.value > 0 }
        .map { Entry(rule: $0.rule, file: $0.file, subject: $0.subject, count: $1) }.sorted()
    }
  }
}

extension Baseline.Key {
  fileprivate init(
    _ finding: Finding, _ sources: SourceSet, _ naming: FileNaming, _ form: Baseline.Form
  ) {
    rule = finding.rule
    subject = finding.subject
    switch finding.place {
    case .source(let span):
      let path = sources.position(of: span).path
      file = form == .path ? naming.name(path) : path.lastComponent.display
    case .image(let path, _, _): file = path.lastComponent.display
    case .none: file = ""
    }
  }
}

extension Baseline {
  /// Reads a baseline; with diagnostics it is empty. Keys that a later version may add are passed over.
  public static func read(
    _ buffer: SourceBuffer
  ) -> (baseline: Baseline, sources: SourceSet, diagnostics: [Diagnostic]) {
    var sources = SourceSet()
    let source = sources.add(buffer)
    let (document, faults) = JSONParser.parse(source, in: sources)
    var baseline = Baseline([], sources: sources)
    guard let document, faults.isEmpty else { return (baseline, sources, faults) }
    do {
      (baseline.form, baseline.entries) = try contents(of: document)
      return (baseline, sources, [])
    } catch {
      return (baseline, sources, [error.diagnostic])
    }
  }

  private struct Fault: Error {
    let diagnostic: Diagnostic
  }

  private static func contents(
    of document: JSONDocument
  ) throws(Fault) -> (Form, [Entry]) {
    let version = document.member("version", of: document.root)
    guard let version, let form = document.integer(version).flatMap(Form.init) else {
      throw fault(
        version ?? document.root, document, "expected a baseline with \"version\": 2, or 1")
    }
    guard let findings = document.member("findings", of: document.root),
      document.kind(findings) == .array
    else { throw fault(document.root, document, "a baseline needs an array 'findings'") }
    var entries: [Entry] = []
    for element in document.elements(findings) {
      let rule = try text("rule", of: element, document)
      let file = try text("file", of: element, document)
      let subject = try text("subject", of: element, document)
      let count = document.member("count", of: element)
      let number = count.map { document.integer($0) ?? 0 } ?? 1
      guard number > 0 else {
        throw fault(count ?? element, document, "'count' is a number above 0")
      }
      // What the sum of all counts could not hold is more than any program finds.
      entries.append(
        Entry(rule: rule, file: file, subject: subject, count: min(number, 1 << 30)))
    }
    return (form, entries.sorted())
  }

  private static func text(
    _ key: String, of id: JSONNodeID, _ document: JSONDocument
  ) throws(Fault) -> String {
    guard let value = document.member(key, of: id), document.kind(value) == .string else {
      throw fault(id, document, "a finding of a baseline needs a string '\(key)'")
    }
    return document.string(value)
  }

  private static func fault(
    _ id: JSONNodeID, _ document: JSONDocument, _ message: String
  ) -> Fault {
    Fault(
      diagnostic: Diagnostic(
        id: "bad-baseline", severity: .error, message: message, span: document.span(id)))
  }
}
