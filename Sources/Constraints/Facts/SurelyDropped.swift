// Which sections of the script that an ELF image does not have GNU ld dropped for certain: those that a tool behind the link
// took away look the same (objcopy -R, strip -g).

internal import LdsParser

/// Sections of a program that no tool can have removed from its image.
struct SurelyDropped: Sendable {
  private var sections: Set<Int> = []

  init(
    _ program: Program, _ evidence: Evidence, _ binding: SectionBinding, _ told: ToldPlaces,
    _ dialect: LinkerDialect
  ) {
    guard dialect == .bfd, !program.isMap, !program.hasInsert, evidence.kinds.contains(.elf) else {
      return
    }
    var entry: Int?
    for (index, step) in program.steps.enumerated() {
      switch step.action {
      case .enter: entry = index
      case .leave(let section):
        if let entry, Self.isUnmoved(section, entry, index, program, binding, told) {
          sections.insert(section)
        }
        entry = nil
      case .assignment:
        guard case .inside(let section) = step.context,
          Self.tellsSection(step, in: section, program, evidence)
        else { continue }
        sections.insert(section)
      default: break
      }
    }
  }

  /// Whether a section, if it is not in the image, was dropped.
  func contains(_ section: Int) -> Bool { sections.contains(section) }

  /// Whether a symbol of the image shows that the section around its assignment was dropped: GNU ld gives it to another
  /// section then (ldlang.c, lang_do_assignments; bfd/linker.c, _bfd_fix_excluded_sec_syms), and a tool that removes a section
  /// removes its symbols (objcopy.c, filter_symbols).
  private static func tellsSection(
    _ step: Step, in section: Int, _ program: Program, _ evidence: Evidence
  ) -> Bool {
    // Packed ones are renamed (--compress-debug-sections=zlib-gnu).
    guard !program.names.bytes(program.sections[section].name).starts(with: ".debug".utf8),
      let symbol = evidence.place(markedBy: step, of: program),
      evidence.kinds.indices.contains(symbol.file), evidence.kinds[symbol.file] == .elf,
      case .section = symbol.place
    else { return false }
    return true
  }

  /// Whether symbols tell that the location counter is the same before a section and behind it: nothing was in it. Orphans
  /// that are not allocated would set it back.
  private static func isUnmoved(
    _ section: Int, _ entry: Int, _ leave: Int, _ program: Program, _ binding: SectionBinding,
    _ told: ToldPlaces
  ) -> Bool {
    guard program.regions.isEmpty, program.sections[section].description?.address == nil,
      let before = told[entry - 1], let behind = told[leave + 1], before == behind
    else { return false }
    return binding.orphansAfter[binding.anchor(of: section)] == nil
  }
}
