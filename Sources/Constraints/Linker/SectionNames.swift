// What the names of input sections promise, and which names the patterns of a script take for sure.

internal import LdsParser

/// Which input section names the input section descriptions of a script cover.
struct SectionNames {
  /// Section patterns that take their sections from every file: those without wildcards, all of them as they are
  /// spelled, and those with wildcards.
  private var literals: Set<[UInt8]> = []
  private var spelled: Set<[UInt8]> = []
  private var wild: [Glob] = []
  /// Patterns with wildcards that are looked at; what only a later one takes counts as left over.
  private static let most = 512
  /// Whether the output is a PE image, where `.text$x` belongs at the end of `.text`.
  private(set) var isPE = false
  /// Whether no common symbol can be left over: it would go to the end of the first output section that
  /// takes any, or of `.bss` (ldlang.c, wild and lang_place_orphans).
  private(set) var takesCommons = false

  init(_ program: Program) {
    for section in program.sections { collect(section.description?.body ?? [], program) }
    isPE = program.outputFormats.contains { program.names.bytes($0).starts(with: Array("pe".utf8)) }
    takesCommons = isTaken(Self.common)
  }

  private mutating func collect(_ body: [Statement], _ program: Program) {
    for statement in body.openingIncludes {
      switch statement.kind {
      case .inputSections(let description):
        guard description.flags.isEmpty else { continue }
        if let file = description.file {
          guard file.excludedFiles.isEmpty, program.names.bytes(file.pattern.name) == [0x2A] else {
            continue
          }
        }
        for pattern in description.sections where pattern.excludedFiles.isEmpty {
          add(program.names.bytes(pattern.pattern.name))
        }
      default: break
      }
    }
  }

  private mutating func add(_ pattern: [UInt8]) {
    guard spelled.insert(pattern).inserted else { return }
    let glob = Glob(pattern)
    if let literal = glob.literal {
      literals.insert(literal)
    } else if wild.count < Self.most {
      wild.append(glob)
    }
  }

  private func isTaken(_ name: [UInt8]) -> Bool {
    literals.contains(name) || wild.contains { $0.matches(name) }
  }

  /// Whether no input section called `name` can be left over for ld to place (ldelf_place_orphan puts a
  /// section that is left over at the end of the output section of its name).
  func takes(_ name: [UInt8]) -> Bool {
    if isPE, !spelled.contains(name + [0x2A]), !spelled.contains([0x2A]) { return false }
    return isTaken(name)
  }

  static let common = Array("COMMON".utf8)

  /// Whether a pattern may match a name that begins with one of `prefixes`.
  static func mayMatch(_ pattern: [UInt8], _ prefixes: [[UInt8]]) -> Bool {
    let literal = pattern.prefix { $0 != 0x2A && $0 != 0x3F && $0 != 0x5B && $0 != 0x5C }
    let isWhole = literal.count == pattern.count
    return prefixes.contains { prefix in
      literal.starts(with: prefix) || (!isWhole && prefix.starts(with: literal))
    }
  }

  /// Names of thread-local sections (gABI, "Special Sections"), whose space is not counted if they hold
  /// no bytes.
  static let threadLocal = [".tbss", ".tdata", ".tcommon", ".gnu.linkonce.t"].map { Array($0.utf8) }

  /// Names of sections that take room in memory (gABI, "Special Sections").
  static let allocated = [
    ".text", ".data", ".rodata", ".bss", ".init", ".fini", ".preinit_array", ".ctors", ".dtors",
    ".sdata",
    ".sbss", ".eh_frame", ".gcc_except_table", ".got", ".plt", ".ARM.exidx", ".ARM.extab", "COMMON",
  ].map { Array($0.utf8) }

  /// Names of further sections that are part of an image in memory: thread-local ones, relocations that are left for run
  /// time, and what dynamic links have (gABI, "Special Sections"; ld's default scripts).
  static let ofDynamicLinks = [
    ".tbss", ".tdata", ".tcommon", ".rel", ".dyn", ".hash", ".gnu.hash", ".gnu.version", ".interp",
    ".igot", ".iplt", ".glue_7", ".vfp11_veneer", ".v4_bx", ".jcr", ".gnu.linkonce.t",
    ".gnu.linkonce.d", ".gnu.linkonce.r", ".gnu.linkonce.b",
  ].map { Array($0.utf8) }

  /// Whether a name, or pattern, promises that what it takes is part of the image in memory.
  static func promisesMemory(_ name: [UInt8]) -> Bool {
    (allocated + ofDynamicLinks).contains { name.starts(with: $0) }
  }

  /// Whether a name promises that the section takes no room in memory.
  static func promisesNoMemory(_ name: [UInt8]) -> Bool {
    notAllocated.contains { name.starts(with: $0) }
  }

  /// Whether a name, or pattern, may be that of a section that a linker makes itself.
  static func mayBeOfLinker(_ pattern: [UInt8]) -> Bool {
    let others = [".note", ".dynamic", ".dynsym", ".dynstr"].map { Array($0.utf8) }
    return mayMatch(pattern, allocated + ofDynamicLinks + notAllocated + others)
  }

  /// Names of sections that take no room in memory (gABI, DWARF, and what compilers add).
  static let notAllocated = [
    ".comment", ".debug", ".zdebug", ".stab", ".line", ".symtab", ".strtab", ".shstrtab",
    ".gnu.debuglto_", ".gnu.lto_", ".gnu.build.attributes", ".gdb_index", ".mdebug",
    ".ARM.attributes", ".riscv.attributes", ".gnu.attributes", ".SUNW", ".modinfo",
    ".GCC.command.line", ".gnu_debug",
  ].map { Array($0.utf8) }
}
