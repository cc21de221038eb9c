// `--unique` (ld manual 2.1, Command-line Options): input sections that have an output section of their own each, beside that of
// the script that has their name (ldlang.c, unique_section_p and lang_place_orphans).

internal import LdsParser

/// Which input sections the linker may have given output sections of their own.
struct SeparatedInputs {
  private let patterns: [Glob]
  private let listed: Set<[UInt8]>
  private let takesAny: Bool
  private let takesOrphans: Bool

  /// As the command line says, if it is known, or an image that has two sections of a name that nothing else keeps apart, or
  /// an orphan that the script takes.
  ///
  /// - Parameter names: The names of input sections that the script takes.
  init(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect, _ names: SectionNames) {
    let settings = evidence.settings
    patterns = dialect == .bfd ? settings.uniqueSections.map { Glob($0) } : []
    listed = evidence.listedNamesakes
    let isOpen = !settings.isComplete && !program.isMap
    let hasNamesakes = isOpen && Self.showsNamesakes(program, evidence)
    takesAny =
      isOpen && dialect == .bfd
      && (hasNamesakes || Self.showsTakenOrphan(program, evidence, names))
    takesOrphans = settings.separatesOrphans || hasNamesakes
  }

  /// Whether an output section of this name may be of one input section.
  func mayHave(_ name: [UInt8], _ names: SectionNames) -> Bool {
    if takesAny || listed.contains(name) || patterns.contains(where: { $0.matches(name) }) {
      return true
    }
    return takesOrphans && !names.takes(name)
  }

  private static func showsTakenOrphan(
    _ program: Program, _ evidence: Evidence, _ names: SectionNames
  ) -> Bool {
    evidence.sections.contains { section in
      section.size != 0 && section.flags != nil
        && program.names.find(section.name).map(program.sectionCount(named:)) ?? 0 == 0
        && names.takes(section.name)
    }
  }

  /// Orphans of a name have one output section, unless they differ in what is loaded (ldelf.c, ldelf_place_orphan).
  private static func showsNamesakes(_ program: Program, _ evidence: Evidence) -> Bool {
    struct Kind: Hashable {
      var name: [UInt8]
      var flags: SectionFlags
    }
    let decisive: SectionFlags = [.allocated, .noBits, .note, .threadLocal]
    var counts: [Kind: Int] = [:]
    for section in evidence.sections {
      guard let flags = section.flags else { continue }
      counts[Kind(name: section.name, flags: flags.intersection(decisive)), default: 0] += 1
    }
    return counts.contains { kind, count in
      let statements = program.names.find(kind.name).map(program.sectionCount(named:)) ?? 0
      return count > statements + 1
    }
  }
}
