// Reads a script as a list of statements to lay out, and refuses what is not modelled.

internal import LdsParser

/// A script, ready to be laid out.
struct LayoutScript {
  var names: NameTable
  var expressions: ExpressionTable
  /// The statements in the linker's order; orphans come in between.
  var statements: [LayoutStatement] = []
  /// The sections of the script in order.
  var sections: [SectionStatement] = []
  var regions: [LayoutRegion] = []
  var aliases: [NameID: NameID] = [:]
  /// The entries of PHDRS; nil without one.
  var headers: [ProgramHeaderDescription]?
  var entry: NameID?
  var undefined: [NameID] = []
  /// The files of INPUT and GROUP, each with whether it is of a GROUP.
  var inputs: [(files: [InputFile], isGroup: Bool)] = []
  var isSane = false
  /// What the first OUTPUT_FORMAT names: both linkers ask no other.
  private(set) var format: String?
  /// The number 0.
  let zero: ExpressionID
  private let noSpan: SourceSpan

  init(_ script: LinkerScript) throws(LayoutStop) {
    names = script.names
    expressions = script.expressions
    noSpan = SourceSpan(source: script.main, start: 0, end: 0)
    zero = expressions.append(.integer(0), span: noSpan)
    try read(script.statements)
  }

  /// A number as an expression.
  mutating func number(_ value: UInt64) -> ExpressionID {
    expressions.append(.integer(value), span: noSpan)
  }

  /// Whether SEGMENT_START asks for this segment: then its option does not place the section.
  func reads(segment: [UInt8]) -> Bool {
    expressions.contains { node in
      if case .segmentStart(let name, _) = node { names.bytes(name) == segment } else { false }
    }
  }

  private mutating func read(_ body: [Statement]) throws(LayoutStop) {
    for statement in body { try read(statement) }
  }

  private mutating func read(_ statement: Statement) throws(LayoutStop) {
    switch statement.kind {
    case .assignment(let assignment):
      statements.append(.assignment(AssignmentStatement(assignment)))
    case .assertion(let assertion): statements.append(.assertion(assertion))
    case .sections(let body), .include(_, let body): try read(body)
    case .outputSection(let description): try read(description, statement.span)
    case .overlay(let overlay): try read(overlay)
    case .memory(let list):
      for region in list where !regions.contains(where: { $0.name == region.name.name }) {
        regions.append(LayoutRegion(region, names))
      }
    case .programHeaders(let list):
      // An empty list is none.
      if !list.isEmpty { headers = (headers ?? []) + list }
    case .entry(let symbol): entry = symbol.name
    case .input(let files, let isGroup): inputs.append((files, isGroup))
    case .names(let command, let operands): try read(command, operands)
    case .bare(let command): try read(command)
    case .sectionGroup: throw .refused("GROUP inside SECTIONS is not modelled")
    case .sectionClass, .classReference: throw .refused("CLASS is lld's, and not modelled")
    case .overwriteSections: throw .refused("OVERWRITE_SECTIONS is lld's, and not modelled")
    case .version: throw .refused("VERSION is not modelled")
    case .inputSections, .data, .fill, .ascii, .linkerVersion, .constructors, .createObjectSymbols,
      .empty:
      break
    }
  }

  private mutating func read(
    _ command: NameCommand, _ operands: [SpannedName]
  ) throws(LayoutStop) {
    switch command {
    case .insertAfter, .insertBefore:
      throw .refused("INSERT adds to a script that is not at hand")
    case .startup: throw .refused("STARTUP is not modelled")
    case .extern: undefined += operands.map(\.name)
    case .regionAlias: if operands.count == 2 { aliases[operands[0].name] = operands[1].name }
    case .feature:
      isSane =
        isSane
        || operands.contains { operand in
          names.string(operand.name).uppercased() == "SANE_EXPR"
        }
    case .outputFormat, .target:
      if let format = operands.first, !names.bytes(format.name).starts(with: "elf".utf8) {
        throw .refused("\(names.string(format.name)): only ELF output is modelled")
      }
      if command == .outputFormat {
        format = format ?? operands.first.map { names.string($0.name) }
      }
    default: break
    }
  }

  private func read(_ command: BareCommand) throws(LayoutStop) {
    if command == .inhibitCommonAllocation {
      throw .refused("INHIBIT_COMMON_ALLOCATION is not modelled")
    }
  }

  // MARK: Output sections

  private mutating func add(_ section: SectionStatement) {
    section.isDuplicate = sections.contains { $0.name == section.name }
    sections.append(section)
    statements.append(.section(section))
  }

  private mutating func read(
    _ description: OutputSectionDescription, _ span: SourceSpan
  ) throws(LayoutStop) {
    let section = SectionStatement(description.name.name)
    section.span = span
    section.address = description.address
    section.loadAddress = description.loadAddress
    section.alignment = description.alignment
    section.subalignment = description.subalignment
    section.alignsWithInput = description.alignsWithInput
    section.constraint = description.constraint
    switch description.type {
    case .normal: break
    case .noload: section.kind = .noLoad
    case .dsect, .copy, .info, .overlay:
      section.kind = .noAllocation
      if case .dsect = description.type { section.isDummy = true }
    case .readonly: section.kind = .readOnly
    case .type, .readonlyType: throw .refused("TYPE = of an output section is not modelled")
    }
    section.regionName = description.tail.region?.name
    section.loadRegionName = description.tail.loadRegion?.name
    section.headers = description.tail.programHeaders.map(\.name)
    section.body = try body(description.body)
    add(section)
  }

  private func body(_ statements: [Statement]) throws(LayoutStop) -> [BodyStatement] {
    var result: [BodyStatement] = []
    for statement in statements.openingIncludes {
      switch statement.kind {
      case .inputSections(let description): result.append(.inputs(InputStatement(description)))
      case .data(let width, let value):
        result.append(.data(DataStatement(size: width.byteCount, value: value)))
      case .ascii(let text):
        let size = UInt64(names.bytes(text.name).count) + 1
        result.append(.data(DataStatement(size: size, value: nil)))
      case .assignment(let assignment): result.append(.assignment(AssignmentStatement(assignment)))
      case .assertion(let assertion): result.append(.assertion(assertion))
      case .fill: result.append(.other)
      case .createObjectSymbols: result.append(.objectSymbols)
      case .linkerVersion: throw .refused("LINKER_VERSION is not modelled")
      default: break
      }
    }
    return result
  }

  /// Members share a start address; each provides `__load_start_NAME` and `__load_stop_NAME` (ld manual, "Overlay
  /// Description").
  private mutating func read(_ overlay: OverlayDescription) throws(LayoutStop) {
    var members: [SectionStatement] = []
    for (index, member) in overlay.members.enumerated() {
      let section = SectionStatement(member.name.name)
      section.span = member.span
      section.body = try body(member.body)
      section.subalignment = overlay.subalignment
      section.headers =
        member.programHeaders.isEmpty
        ? overlay.tail.programHeaders.map(\.name) : member.programHeaders.map(\.name)
      if index == 0 {
        section.kind = .firstOverlay
        section.address = overlay.address
        section.loadAddress = overlay.loadAddress
      } else {
        section.kind = .overlay
        section.address = expressions.append(.nameCall(.address, members[0].name), span: noSpan)
      }
      section.regionName = overlay.tail.region?.name
      if index > 0 || overlay.loadAddress == nil {
        section.loadRegionName = overlay.tail.loadRegion?.name
      }
      members.append(section)
      add(section)
      addLoadSymbols(section.name)
    }
    members.last?.overlayEnd = members
    members.last?.updatesDot = true
  }

  private mutating func addLoadSymbols(_ section: NameID) {
    let letters = names.bytes(section).filter { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x5F
    }
    let start = expressions.append(.nameCall(.loadAddress, section), span: noSpan)
    provide(Array("__load_start_".utf8) + letters, start)
    let again = expressions.append(.nameCall(.loadAddress, section), span: noSpan)
    let size = expressions.append(.nameCall(.sizeOf, section), span: noSpan)
    let stop = expressions.append(.binary(.add, again, size), span: noSpan)
    provide(Array("__load_stop_".utf8) + letters, stop)
  }

  private mutating func provide(_ symbol: [UInt8], _ value: ExpressionID) {
    let assignment = Assignment(
      target: SpannedName(names.intern(symbol), span: noSpan), isLocationCounter: false,
      compound: nil, value: value, written: value, kind: .provide)
    statements.append(.assignment(AssignmentStatement(assignment)))
  }
}

extension LayoutStatement {
  /// What the linker evaluates when it comes to the statement.
  var expressions: [ExpressionID] {
    switch self {
    case .assignment(let statement): [statement.assignment.value]
    case .assertion(let assertion): [assertion.condition]
    case .section(let section):
      [section.address, section.loadAddress, section.alignment, section.subalignment]
        .compactMap(\.self) + section.body.flatMap(\.expressions)
    }
  }
}

extension BodyStatement {
  fileprivate var expressions: [ExpressionID] {
    switch self {
    case .assignment(let statement): [statement.assignment.value]
    case .assertion(let assertion): [assertion.condition]
    case .data(let data): [data.value].compactMap(\.self)
    case .inputs, .placed, .objectSymbols, .other: []
    }
  }
}
