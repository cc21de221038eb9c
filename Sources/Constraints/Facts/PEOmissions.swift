// What a PE image leaves out of what GNU ld laid out: empty sections that were kept, such as the `.reloc` that ld
// adds itself, the rest of a name behind its 8th byte, and the true place of a symbol in such an empty section.

internal import LdsParser

/// What the sections and symbols of a PE image do not tell; nothing for other images.
struct PEOmissions: Sendable {
  /// Whether the sections are those of a PE image.
  let isPE: Bool
  /// Whether there may be sections that the script does not name, and that the image does not list as such.
  let hidesOrphans: Bool
  /// Symbols of the script that may be in a section which the image does not list: ld writes those as if that
  /// section were the first one, at the same distance from its start.
  let misplaced: Set<NameID>
  /// The names of the image that may be cut.
  private let cutNames: Set<[UInt8]>

  /// Bytes of a name in a section header.
  private static let nameLimit = 8

  init(_ program: Program, _ evidence: Evidence, _ binding: SectionBinding) {
    let file = evidence.sections.first?.file ?? -1
    isPE = evidence.kinds.indices.contains(file) && evidence.kinds[file] == .pe && !program.isMap
    guard isPE else {
      (hidesOrphans, misplaced, cutNames) = (false, [], [])
      return
    }
    let cut = Set(evidence.sections.map(\.name).filter { $0.count == Self.nameLimit })
    cutNames = cut
    let names = program.sections.map { program.names.bytes($0.name) }
    let relocations = Array(".reloc".utf8)
    hidesOrphans =
      !(evidence.sections.map(\.name) + names).contains(relocations)
      || names.contains { Self.isCut($0, cut) }
    misplaced = Set(
      program.assignments.filter { name, steps in
        guard let symbol = evidence.symbols[program.names.bytes(name)] else { return false }
        return symbol.place == .section(0)
          && !steps.allSatisfy { step in
            guard case .inside(let index) = program.steps[step].context else { return false }
            return binding.evidenceIndex[index] == 0
          }
      }.keys)
  }

  /// Whether a section of this name may be in the image under the first 8 bytes of it.
  func mayCut(_ name: [UInt8]) -> Bool { isPE && Self.isCut(name, cutNames) }

  private static func isCut(_ name: [UInt8], _ cut: Set<[UInt8]>) -> Bool {
    name.count > nameLimit && cut.contains(Array(name.prefix(nameLimit)))
  }
}
