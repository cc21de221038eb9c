// What decides where an orphan goes: the statements of SECTIONS as its placement sees them, and the sections of objects.

package import LdsParser

/// A section of an object.
package struct UnplacedSection: Sendable, Hashable {
  /// Its name.
  package var name: [UInt8]
  /// `sh_type` (gABI, "Sections").
  package var type: UInt32
  /// `sh_flags`
  package var flags: UInt64
  /// `sh_addralign`, in bytes.
  package var alignment: UInt64

  /// A section as an object has it.
  package init(name: [UInt8], type: UInt32, flags: UInt64, alignment: UInt64) {
    self.name = name
    self.type = type
    self.flags = flags
    self.alignment = alignment
  }
}

/// What stands in an output section, as far as it says what the section is.
package enum HostContents: Sendable {
  /// Input sections that a pattern took, in order.
  case inputs([UnplacedSection])
  /// `BYTE(1)` and the like.
  case data
  /// `. = e`
  case move
  /// `x = e`
  case symbol
}

/// A statement of SECTIONS.
package enum HostStatement: Sendable {
  /// An output section.
  case section(name: [UInt8], isNoLoad: Bool, contents: [HostContents])
  /// `. = e`
  case move
  /// `x = e`
  case symbol
  /// `ASSERT(...)`
  case assertion
}

/// A script and the sections that it leaves over.
package struct OrphanScript: Sendable {
  /// The statements of SECTIONS, in order.
  package var statements: [HostStatement]
  /// The sections that no pattern takes, object by object, in the order of the command line.
  package var orphans: [[UnplacedSection]]
  /// Whether the script has PHDRS.
  package var hasProgramHeaders = false
  /// Whether the script has MEMORY.
  package var hasRegions = false
  /// `e_machine`
  package var machine: UInt16

  /// A script with what it leaves over.
  package init(statements: [HostStatement], orphans: [[UnplacedSection]], machine: UInt16 = 62) {
    self.statements = statements
    self.orphans = orphans
    self.machine = machine
  }

  /// The names of all output sections in the order in which `dialect` has them; nil where the order is not known.
  ///
  /// Of GNU ld those that end up empty are among them, as in its map; of lld those that it keeps. Final static links
  /// only: not modelled are what dynamic links add, small-data sections, `--unique`, section groups, INSERT, OVERLAY,
  /// SHF_LINK_ORDER (linker-versions 5 and 6.5).
  package func order(by dialect: LinkerDialect) -> [[UInt8]]? {
    switch dialect.family {
    case .mold: nil
    case .lld: LLDOrphans(self, dialect).order()
    case .bfd:
      GNUOrphans<ScriptOutputs>.knows(machine)
        ? GNUOrphans<ScriptOutputs>.order(self, dialect) : nil
    }
  }
}

extension UnplacedSection {
  /// BFD's flags, as far as they decide where an orphan goes.
  var bits: SectionBits {
    SectionBits(type: type, flags: flags, name: name).intersection([
      .contents, .allocated, .loaded, .readOnly, .code, .threadLocal, .debugging,
    ])
  }

  var isWritable: Bool { flags & 1 != 0 }
  var isAllocated: Bool { flags & 2 != 0 }
  var isCode: Bool { flags & 4 != 0 }
  var isThreadLocal: Bool { flags & 0x400 != 0 }
}
