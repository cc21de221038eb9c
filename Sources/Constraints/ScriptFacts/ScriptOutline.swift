// Regions, program headers and output sections of a script in order, whatever they are nested in.

import LdsParser

/// The declarations of a script.
struct ScriptOutline: Sendable {
  /// `MEMORY` lines in order.
  private(set) var regions: [MemoryRegion] = []
  /// Names that `REGION_ALIAS` gives.
  private(set) var aliases: [NameID: NameID] = [:]
  /// `PHDRS` entries in order.
  private(set) var headers: [ProgramHeaderDescription] = []
  /// Output sections with their tails, members of overlays included.
  private(set) var sections: [(section: OutputSectionDescription, span: SourceSpan)] = []
  /// Overlays with their places.
  private(set) var overlays: [(overlay: OverlayDescription, span: SourceSpan)] = []
  /// Members of overlays behind the first of theirs: ld bases their addresses on that one.
  private(set) var overlayFollowers: Set<NameID> = []
  /// First members of overlays.
  private(set) var overlayLeaders: Set<NameID> = []
  /// Files that INPUT, GROUP and STARTUP name.
  private(set) var inputs: [SpannedName] = []
  /// What each OUTPUT_FORMAT names first: the format that is taken without -EB and -EL.
  private(set) var outputFormats: [SpannedName] = []
  /// Commands of names with their places.
  private(set) var commands: [(command: NameCommand, span: SourceSpan)] = []
  /// What INSERT names, with the command.
  private(set) var inserts: [(command: NameCommand, target: SpannedName)] = []
  /// Commands without operands with their places.
  private(set) var bareCommands: [(command: BareCommand, span: SourceSpan)] = []
  /// `GROUP`s inside SECTIONS.
  private(set) var groups: [SourceSpan] = []
  /// Statements inside output sections, in order.
  private(set) var inner: [Statement] = []

  init(_ script: LinkerScript) {
    for statement in script.statements { visit(statement) }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.kind {
    case .sectionGroup(let body):
      groups.append(statement.span)
      for part in body { visit(part) }
    case .sections(let body), .include(_, let body), .overwriteSections(let body):
      for part in body { visit(part) }
    case .sectionClass(_, let body): inner += body.openingIncludes
    case .memory(let lines): regions += lines
    case .programHeaders(let entries): headers += entries
    case .names(let command, let operands):
      if command == .regionAlias, operands.count == 2 {
        aliases[operands[0].name] = operands[1].name
      }
      if command == .insertAfter || command == .insertBefore, let target = operands.first {
        inserts.append((command, target))
      }
      if command == .startup { inputs += operands }
      if command == .outputFormat { outputFormats += operands.prefix(1) }
      commands.append((command, statement.span))
    case .input(let files, _): inputs += files.map(\.name)
    case .bare(let command): bareCommands.append((command, statement.span))
    case .outputSection(let section):
      sections.append((section, statement.span))
      inner += section.body.openingIncludes
    case .overlay(let overlay):
      overlays.append((overlay, statement.span))
      visit(overlay)
    default: break
    }
  }

  private mutating func visit(_ overlay: OverlayDescription) {
    for (index, member) in overlay.members.enumerated() {
      if index == 0 {
        overlayLeaders.insert(member.name.name)
      } else {
        overlayFollowers.insert(member.name.name)
      }
      var section = OutputSectionDescription(name: member.name, body: member.body)
      section.address = overlay.address
      section.loadAddress = overlay.loadAddress
      section.tail = overlay.tail
      section.tail.programHeaders = member.programHeaders
      sections.append((section, member.span))
      inner += member.body.openingIncludes
    }
  }

  /// Files that are named inside output sections without a list of sections: they are loaded, and nothing else.
  var bareFiles: [SpannedName] { filePatterns { !$0.hasSectionList } }

  /// Files that are named inside output sections in front of a list of sections.
  var filesWithSections: [SpannedName] { filePatterns(where: \.hasSectionList) }

  private func filePatterns(
    where isWanted: (InputSectionDescription) -> Bool
  ) -> [SpannedName] {
    inner.compactMap { statement in
      guard case .inputSections(let description) = statement.kind, isWanted(description) else {
        return nil
      }
      return description.file?.pattern
    }
  }

  /// Whether a region is declared under this name or an alias.
  func hasRegion(_ name: NameID) -> Bool {
    regions.contains { $0.name.name == name } || aliases[name] != nil
  }

  /// The region that a name stands for.
  func resolved(_ name: NameID) -> NameID { aliases[name] ?? name }
}

extension ScriptFacts {
  /// The extent of a region, where both of its expressions are numbers.
  func extent(_ region: MemoryRegion) -> (start: UInt64, byteCount: UInt64)? {
    guard let start = program.expressions.foldedValue(region.origin),
      let length = program.expressions.foldedValue(region.length)
    else { return nil }
    return (start, length)
  }
}
