// What changes when another linker reads the same script: values, readings, verdicts, alignment, the order of orphans. By
// what comes out, not by the words that stand there.

public import LdsParser

/// The same script as one linker reads it.
public struct LinkerReading: Sendable {
  /// The linker.
  public var linker: LinkerDialect
  /// The script as it reads it.
  public var script: LoadedScript

  /// A script as a linker reads it.
  public init(_ linker: LinkerDialect, _ script: LoadedScript) {
    self.linker = linker
    self.script = script
  }
}

/// Compares readings of one script.
public struct LinkerChanges: Sendable {
  private let readings: [LinkerReading]
  private let images: [Image]
  private let settings: LinkSettings

  /// - Parameters:
  ///   - readings: in the order in which the linkers were named; those that refuse the script are left out.
  ///   - images: the files of one image that the script made; empty if there is none.
  public init(
    _ readings: [LinkerReading], images: [Image] = [], settings: LinkSettings = LinkSettings()
  ) {
    self.readings = readings.filter { !$0.script.script.isRefused && $0.linker != .mold }
    self.images = images
    self.settings = settings
  }

  /// What differs from each linker to the next, in script order.
  public var findings: [Finding] {
    zip(readings, readings.dropFirst()).flatMap { changes(from: $0, to: $1) }
  }

  private func changes(from old: LinkerReading, to new: LinkerReading) -> [Finding] {
    let views = [old, new].map { View($0, images, settings) }
    return statements(views[0], views[1]) + sections(views[0], views[1])
      + orphans(views[0], views[1])
  }

  // MARK: Statements

  /// What one linker makes of the statements, by where they stand.
  private struct View {
    struct Place: Hashable {
      var source: UInt32
      var start: UInt32
    }

    struct Statement {
      var span: SourceSpan
      var subject: String
      /// The expression with what is computed while it is read.
      var text: String
      /// The address of a symbol, or the verdict on an ASSERT, as a sentence has it.
      var value: String?
    }

    let linker: LinkerDialect
    let program: Program
    private(set) var statements: [Place: Statement] = [:]
    private(set) var order: [Place] = []

    init(_ reading: LinkerReading, _ images: [Image], _ settings: LinkSettings) {
      linker = reading.linker
      program = Program(reading.script.script)
      if images.isEmpty {
        prove()
      } else {
        let session = Session(
          scripts: [reading.script], images: images, dialect: linker, settings: settings)
        if let judged = try? session.judge().first { judge(judged.report) } else { prove() }
      }
    }

    private mutating func add(
      _ span: SourceSpan, _ subject: String, _ expression: ExpressionID, _ value: String?,
      _ program: Program
    ) {
      let place = Place(source: span.source.index, start: span.start)
      let text = ExpressionWriter.text(
        of: expression, in: program.expressions, names: program.names, folded: true)
      if statements[place] == nil { order.append(place) }
      statements[place] = Statement(span: span, subject: subject, text: text, value: value)
    }

    private mutating func prove() {
      let report = ProofReport(program, dialect: linker)
      for symbol in report.symbols {
        guard case .assignment(let assignment) = program.steps[symbol.step].action else { continue }
        let value = symbol.least == symbol.most ? hexadecimal(symbol.least) : nil
        add(symbol.span, program.names.string(symbol.symbol), assignment.written, value, program)
      }
      for proof in report.assertions {
        let verdict: String? =
          switch proof.verdict {
          case .alwaysHolds: "holds"
          case .neverHolds: "fails"
          case .depends: "depends on the link"
          }
        add(proof.span, program.names.string(proof.message), proof.condition, verdict, program)
      }
    }

    private mutating func judge(_ report: EvaluationReport) {
      for item in report.assignments {
        guard case .assignment(let assignment) = report.program.steps[item.step].action else {
          continue
        }
        add(
          item.span, report.program.names.string(item.symbol), assignment.written,
          item.value.map { hexadecimal($0) }, report.program)
      }
      for item in report.assertions {
        add(
          item.span, report.program.names.string(item.message), item.condition,
          item.verdict == .undecided ? nil : item.verdict.rawValue, report.program)
      }
    }
  }

  private func statements(_ old: View, _ new: View) -> [Finding] {
    old.order.compactMap { place in
      guard let before = old.statements[place], let after = new.statements[place] else {
        return nil
      }
      var notes: [FindingNote] = []
      if before.text != after.text {
        notes = [
          FindingNote(
            "\(old.linker.name) reads '\(before.text)', \(new.linker.name) reads '\(after.text)'")
        ]
      }
      guard let first = before.value, let second = after.value else {
        if notes.isEmpty { return nil }
        return finding(
          "'\(before.subject)' is read in another way by \(new.linker.name) than by \(old.linker.name)",
          before.span, before.subject, notes)
      }
      guard first != second else { return nil }
      return finding(
        "'\(before.subject)': \(first) with \(old.linker.name), \(second) with \(new.linker.name)",
        before.span, before.subject, notes)
    }
  }

  private func finding(
    _ message: String, _ span: SourceSpan, _ subject: String, _ notes: [FindingNote] = []
  ) -> Finding {
    let kind = ProgramFindings.linkerChange
    return Finding(
      rule: kind.id, severity: kind.severity, message: message, at: .source(span), notes: notes,
      subject: subject)
  }

  // MARK: Sections

  /// Sections whose alignment or room differs, by the alignments of the image.
  private func sections(_ old: View, _ new: View) -> [Finding] {
    let records = images.flatMap(\.outputSections)
    return new.program.sections.compactMap { section in
      guard let description = section.description else { return nil }
      let name = new.program.names.string(section.name)
      let bytes = new.program.names.bytes(section.name)
      let record = records.first { $0.name == bytes && $0.vma != nil }
      if let unit = description.subalignment.flatMap({ new.program.expressions.foldedValue($0) }),
        old.linker.follows(.subalignReplaces) != new.linker.follows(.subalignReplaces),
        let own = record?.alignment, own > unit || old.linker.follows(.subalignReplaces)
      {
        let (keeps, replaces) =
          old.linker.follows(.subalignReplaces)
          ? (new.linker, old.linker) : (old.linker, new.linker)
        return finding(
          "'\(name)': \(keeps.name) aligns it as its inputs ask, \(replaces.name) to SUBALIGN's \(hexadecimal(unit))",
          description.name.span, name,
          [
            FindingNote(
              "the image has it at an alignment of \(hexadecimal(own)): its address may be another")
          ])
      }
      if case .noload = description.type, bytes.starts(with: ".note".utf8),
        old.linker.follows(.unloadedNotesTakeNoRoom) != new.linker.follows(.unloadedNotesTakeNoRoom)
      {
        let (takes, leaves) =
          old.linker.follows(.unloadedNotesTakeNoRoom)
          ? (new.linker, old.linker) : (old.linker, new.linker)
        return finding(
          "'\(name)' takes room with \(takes.name) and none with \(leaves.name): notes under NOLOAD",
          description.name.span, name)
      }
      return nil
    }
  }

  // MARK: Orphans

  /// Orphans of the image that the other linker puts behind another section. Nothing is said unless the model of the
  /// linker that made the image gives the very order of the image.
  private func orphans(_ old: View, _ new: View) -> [Finding] {
    guard let image = images.first(where: { $0.kind == .elf && !$0.isRelocatable }) else {
      return []
    }
    let script = OrphanScript(new.program, image)
    let actual = image.outputSections.map(\.name)
    let orders = [old, new].map { script.order(by: $0.linker).map { $0.filter(actual.contains) } }
    guard let before = orders[0], let after = orders[1], before != after,
      Self.isOrder(before, of: actual) || Self.isOrder(after, of: actual)
    else { return [] }
    let listed = Set(new.program.sections.map { new.program.names.bytes($0.name) })
    return actual.filter { !listed.contains($0) }.compactMap { name in
      guard let first = Self.predecessor(of: name, in: before, among: listed),
        let second = Self.predecessor(of: name, in: after, among: listed), first != second
      else { return nil }
      let text = String(decoding: name, as: UTF8.self)
      let kind = ProgramFindings.linkerChange
      return Finding(
        rule: kind.id, severity: kind.severity,
        message:
          "orphan '\(text)' goes behind '\(String(decoding: first, as: UTF8.self))' with \(old.linker.name) and behind "
          + "'\(String(decoding: second, as: UTF8.self))' with \(new.linker.name)",
        at: .image(image.path, line: nil, offset: nil),
        notes: [FindingNote("an output section description for it settles its place")],
        subject: text)
    }
  }

  private static func isOrder(_ order: [[UInt8]], of actual: [[UInt8]]) -> Bool {
    let known = Set(order)
    return order == actual.filter { known.contains($0) }
  }

  private static func predecessor(
    of name: [UInt8], in order: [[UInt8]], among listed: Set<[UInt8]>
  ) -> [UInt8]? {
    guard let place = order.firstIndex(of: name) else { return nil }
    return order[..<place].last { listed.contains($0) } ?? Array("the beginning".utf8)
  }
}

extension OrphanScript {
  /// The statements of a program with the sections of its image as their inputs, and the image's other sections as
  /// orphans of one object.
  init(_ program: Program, _ image: Image) {
    var records: [[UInt8]: OutputSectionRecord] = [:]
    for record in image.outputSections { records[record.name] = record }
    var statements: [HostStatement] = []
    var open: (name: [UInt8], contents: [HostContents])?
    func add(_ contents: HostContents, _ statement: HostStatement?) {
      if open != nil {
        open?.contents.append(contents)
      } else if let statement {
        statements.append(statement)
      }
    }
    for step in program.steps where step.context != .top {
      switch step.action {
      case .enter(let index): open = (program.names.bytes(program.sections[index].name), [])
      case .leave(let index):
        guard let section = open else { break }
        let isNoLoad =
          if case .noload? = program.sections[index].description?.type { true } else { false }
        statements.append(
          .section(name: section.name, isNoLoad: isNoLoad, contents: section.contents))
        open = nil
      case .inputs, .opaqueData, .contents:
        guard let name = open?.name, let record = records.removeValue(forKey: name) else { break }
        open?.contents.append(.inputs([UnplacedSection(record)]))
      case .data: add(.data, nil)
      case .assignment(let assignment):
        assignment.isLocationCounter ? add(.move, .move) : add(.symbol, .symbol)
      case .assertion: if open == nil { statements.append(.assertion) }
      case .endOverlay: break
      }
    }
    let listed = Set(program.sections.map { program.names.bytes($0.name) })
    self.init(
      statements: statements,
      orphans: [
        image.outputSections.filter { !listed.contains($0.name) }.map { UnplacedSection($0) }
      ],
      machine: image.machine ?? 0)
    hasProgramHeaders = program.loading.headers != .none
    hasRegions = !program.regions.isEmpty
  }
}

extension UnplacedSection {
  /// An output section as if it were an input: the name says what its flags do not.
  fileprivate init(_ record: OutputSectionRecord) {
    let flags = record.flags ?? []
    var bits: UInt64 = 0
    if flags.contains(.writable) { bits |= 1 }
    if flags.contains(.allocated) { bits |= 2 }
    if flags.contains(.executable) { bits |= 4 }
    if flags.contains(.threadLocal) { bits |= 0x400 }
    let type: UInt32 =
      if flags.contains(.noBits) {
        ObjectSection.Kind.noBits
      } else if record.name.starts(with: ".note".utf8) {
        ObjectSection.Kind.note
      } else if record.name.starts(with: ".rela".utf8) {
        ObjectSection.Kind.relocationsWithAddend
      } else {
        ObjectSection.Kind.contents
      }
    self.init(name: record.name, type: type, flags: bits, alignment: record.alignment ?? 1)
  }
}
