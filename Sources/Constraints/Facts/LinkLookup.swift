// What image facts look up, found once for all passes.

internal import LdsParser

/// A program and an image, bound to each other.
struct LinkLookup: Sendable {
  let program: Program
  let evidence: Evidence
  let dialect: LinkerDialect
  let binding: SectionBinding
  /// The first section of each name.
  let byName: [[UInt8]: Int]
  /// What a PE image leaves out.
  let omissions: PEOmissions
  /// Sections of a map with a symbol that has their load address, so that this is the one that expressions saw: the
  /// row shows what program headers made of it behind the script.
  let toldLoads: Set<Int>
  /// Sections that were kept, -1 for the start, behind which a section was dropped that their orphans may follow
  /// instead.
  let droppedHosts: Set<Int>

  /// Whether an image that shows lower halves, and no sections, has symbols in both halves of that address space: those
  /// in its lower part may be behind its end, which takes contents of less than 2 GiB.
  let mayPassEnd: Bool

  init(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) {
    self.program = program
    self.evidence = evidence
    self.dialect = dialect
    let binding = SectionBinding(program, evidence, dialect)
    self.binding = binding
    // What a map lists without an address was not taken, and another one is meant.
    byName = Dictionary(
      evidence.sections.indices.map { (evidence.sections[$0].name, $0) }
    ) { first, second in
      evidence.sections[first].vma == nil && evidence.sections[second].vma != nil ? second : first
    }
    toldLoads = program.isMap ? Self.toldLoads(program, evidence, binding) : []
    omissions = PEOmissions(program, evidence, binding)
    mayPassEnd = evidence.is32Bit && !evidence.hasAllSections && Self.hasBothHalves(evidence)
    droppedHosts = Self.droppedHosts(program, evidence, binding)
  }

  private static func toldLoads(
    _ program: Program, _ evidence: Evidence, _ binding: SectionBinding
  ) -> Set<Int> {
    Set(
      program.assignments.values.compactMap { steps in
        guard steps.count == 1, case .assignment(let assignment) = program.steps[steps[0]].action,
          case .nameCall(.loadAddress, let name) = program.expressions[assignment.value],
          case .value(let printed)? = program.steps[steps[0]].printed,
          let section = program.section(named: name), let place = binding.evidenceIndex[section],
          let shown = evidence.sections[place].lma
        else { return nil }
        return (shown ^ printed) & program.printedMask == 0 ? section : nil
      })
  }

  private static func hasBothHalves(_ evidence: Evidence) -> Bool {
    let addresses = evidence.symbols.values.filter {
      $0.place != .absolute && $0.place != .undefined
    }
    return addresses.contains { $0.address & 0x8000_0000 != 0 }
      && addresses.contains { $0.address & 0x8000_0000 == 0 }
  }

  /// GNU ld puts an orphan behind the section of the standard name of its kind even if that one was dropped, and else
  /// behind one with its flags, which a section has that a statement or an expression made (ldelf.c,
  /// ldelf_place_orphan).
  private static func droppedHosts(
    _ program: Program, _ evidence: Evidence, _ binding: SectionBinding
  ) -> Set<Int> {
    guard !binding.orphansAfter.isEmpty, !program.isMap else { return [] }
    var referenced: Set<NameID> = []
    for index in 0..<UInt32(truncatingIfNeeded: program.expressions.count) {
      if case .nameCall(_, let name) = program.expressions[ExpressionID(index: index)] {
        referenced.insert(name)
      }
    }
    var hosts: Set<Int> = []
    var anchor = -1
    for (index, section) in program.sections.enumerated() {
      guard binding.mayBeDropped(index, evidence) else {
        anchor = index
        continue
      }
      if section.isConstrained, binding.evidenceIndex[index] == nil { continue }
      let name = program.names.bytes(section.name)
      let isHost =
        anchor == -1 || section.setsSymbols || referenced.contains(section.name)
        || Self.standardHosts.contains(name)
      if isHost { hosts.insert(anchor) }
    }
    return hosts
  }

  /// The output sections that orphans of a kind follow (ldelf.c, `hold`).
  private static let standardHosts = Set(
    [".text", ".rodata", ".tdata", ".data", ".bss", ".interp", ".rel.dyn", ".sdata"].map {
      Array($0.utf8)
    })
}
