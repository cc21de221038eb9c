// The table of what differs between releases of linkers. A fact about a linker stands here once; who needs it asks the
// dialect. "From 2.40" means: not in 2.35, in 2.40; what lies between was not run, except where the release notes
// (binutils/ld/NEWS, lld's ReleaseNotes) name the release that brought a command.

/// Something that some releases of linkers do and others do not.
public struct LinkerRule: Sendable {
  /// The releases of one family that do it.
  public enum Span: Sendable {
    /// Every release.
    case always
    /// No release.
    case never
    /// This release and newer ones.
    case from(LinkerVersion)
    /// This release and older ones.
    case upTo(LinkerVersion)
    /// From the first to the second, both included.
    case between(LinkerVersion, LinkerVersion)

    /// Whether it has this release.
    public func contains(_ version: LinkerVersion) -> Bool {
      switch self {
      case .always: true
      case .never: false
      case .from(let first): version >= first
      // `upTo(20)` has 20.1 too.
      case .upTo(let last): version <= Self.end(of: last)
      case .between(let first, let last): version >= first && version <= Self.end(of: last)
      }
    }

    /// ` from 2.41 on`; nil where no release does it.
    fileprivate func words(isGNU: Bool) -> String? {
      func text(_ version: LinkerVersion) -> String {
        isGNU ? version.description : String(version.major)
      }
      return switch self {
      case .always: ""
      case .never: nil
      case .from(let first): " from \(text(first)) on"
      case .upTo(let last): " up to \(text(last))"
      case .between(let first, let last): " from \(text(first)) to \(text(last))"
      }
    }

    private static func end(of version: LinkerVersion) -> LinkerVersion {
      version.major < 3 ? version : LinkerVersion(version.major, .max)
    }

    /// From 2.`minor` of GNU ld on.
    static func from2(_ minor: Int) -> Span { .from(LinkerVersion(2, minor)) }
    /// Up to 2.`minor` of GNU ld.
    static func upTo2(_ minor: Int) -> Span { .upTo(LinkerVersion(2, minor)) }
    /// From a release of lld on.
    static func from(_ major: Int) -> Span { .from(LinkerVersion(major)) }
    /// Up to a release of lld.
    static func upTo(_ major: Int) -> Span { .upTo(LinkerVersion(major)) }
  }

  /// The releases of GNU ld that do it.
  public let bfd: Span
  /// The releases of lld that do it.
  public let lld: Span

  /// The linkers that do it, for a sentence: `GNU ld from 2.41 on`; nil if none does.
  public var whoFollows: String? {
    let parts = [("GNU ld", bfd, true), ("ld.lld", lld, false)].compactMap { name, span, isGNU in
      span.words(isGNU: isGNU).map { name + $0 }
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  init(bfd: Span = .never, lld: Span = .never) {
    self.bfd = bfd
    self.lld = lld
  }
}

// MARK: - Words

extension LinkerRule {
  /// `f2-f1`, `f1+1`, `1?a:b` in an expression are operators between words; up to 2.35 they are parts of one name.
  public static let operatorsEndNames = LinkerRule(bfd: .from2(36), lld: .always)
  /// `1/* one */` and `f1+/* one */1` in an expression are a comment, as behind a blank; for GNU ld that depends on
  /// whether the slash can be part of the name before it.
  public static let commentsEndWords = LinkerRule(lld: .from(21))
  /// `add`, `12b` and `0dead` are numbers with a letter for their base behind any hexadecimal digits.
  public static let anyDigitsBeforeBase = LinkerRule(bfd: .upTo2(40))
  /// A byte that begins no token is left out with a warning; else it is a token of its own, which fits nowhere.
  public static let leavesOutStrayBytes = LinkerRule(bfd: .always)
  /// `RAM (r x) :ORIGIN =0x1000`: the signs of MEMORY are cut off the words behind them, and attributes may stand apart.
  public static let memorySigns = LinkerRule(bfd: .always)
  /// `x =4;` outside of output sections is an assignment, else the word `=4`.
  public static let assignmentsSplitWords = LinkerRule(bfd: .always, lld: .from(16))
  /// A NUL byte in a comment ends the file.
  public static let zerosEndComments = LinkerRule(bfd: .always)
  /// `a/b` and `a~b` in an expression are names, and `\a`; else a slash there divides.
  public static let namesHaveSlashes = LinkerRule(bfd: .always)
  /// `a,b` outside of expressions is one name.
  public static let namesHaveCommas = LinkerRule(bfd: .always)
  /// The name of `DEFINED(a-b)` is read as names are outside of expressions, where `-` is a part of it.
  public static let definedTakesWords = LinkerRule(lld: .always)
  /// Form feed and vertical tab are blanks.
  public static let allBlanks = LinkerRule(lld: .always)
  /// `MAX = 5;` sets a symbol: the names of functions are words of expressions alone.
  public static let functionNamesAreSymbols = LinkerRule(lld: .always)
  /// `PROVIDE(x=5)`: what PROVIDE and HIDDEN define is read as in an expression, where `=` ends a name.
  public static let providedNamesEndAtOperators = LinkerRule(lld: .from(16))
  /// `*(SORT(.a .b))`, and any sort inside any other.
  public static let sortsTakeLists = LinkerRule(lld: .always)
  /// `INPUT()`
  public static let emptyFileLists = LinkerRule(lld: .always)
  /// `ORIGIN = 0x1000 LENGTH = 5` without a comma.
  public static let regionsNeedNoComma = LinkerRule(bfd: .always)
  /// `.a () : { ... }`, the type that is none.
  public static let emptySectionType = LinkerRule(bfd: .always)
  /// `.a BIND(0x1000) : { ... }`
  public static let bindAddress = LinkerRule(bfd: .always)
  /// `a ^ b`
  public static let caret = LinkerRule(bfd: .from2(44), lld: .from(17))
  /// `a ^= b`
  public static let caretAssignment = LinkerRule(bfd: .from2(44), lld: .from(17))
  /// `a -= b`, `a |= b` and their kin; before, only `+=`. In an output section the words are patterns of files then.
  public static let compoundAssignments = LinkerRule(bfd: .always, lld: .from(15))
  /// `#` begins a comment, and so line markers of a preprocessor are none of the linker's business.
  public static let numberSignComments = LinkerRule(bfd: .from2(36), lld: .always)
  /// `sizeof_headers` is `SIZEOF_HEADERS`.
  public static let smallSizeofHeaders = LinkerRule(bfd: .upTo2(35))
  /// `l`, `o`, `org` and `len` are the words of MEMORY wherever a script is read, not names.
  public static let memoryWordsEverywhere = LinkerRule(bfd: .always)
  /// `ENTRY(f)` between output sections.
  public static let entryInSections = LinkerRule(bfd: .from2(36))
  /// `MAP(file)`
  public static let mapCommand = LinkerRule(bfd: .upTo2(45))
  /// `LIB(file)`
  public static let libCommand = LinkerRule(bfd: .from2(47))
  /// `READONLY` as the type of an output section.
  public static let readOnlyType = LinkerRule(bfd: .from2(38))
  /// `TYPE = number` as the type of an output section.
  public static let typeNumber = LinkerRule(bfd: .from2(39), lld: .from(16))
  /// `ASCIZ` and `LINKER_VERSION`.
  public static let textData = LinkerRule(bfd: .from2(41))
  /// `REVERSE(...)` around a pattern.
  public static let reverse = LinkerRule(bfd: .from2(42), lld: .from(17))
  /// PHDRS knows `PT_GNU_RELRO`.
  public static let relroHeaderType = LinkerRule(bfd: .from2(36), lld: .always)
  /// PHDRS knows `PT_OPENBSD_RANDOMIZE` and its like.
  public static let openBSDHeaderTypes = LinkerRule(lld: .always)
  /// PHDRS knows `PT_GNU_PROPERTY`.
  public static let propertyHeaderType = LinkerRule(bfd: .from2(36))
  /// `BLOCK(n)`
  public static let blockFunction = LinkerRule(bfd: .always)
  /// SYSLIB, FORCE_GROUP_ALLOCATION, INHIBIT_COMMON_ALLOCATION.
  public static let oldCommands = LinkerRule(bfd: .always)
  /// `.a : SPECIAL { ... }`
  public static let specialConstraint = LinkerRule(bfd: .always)
  /// `GROUP {}` in SECTIONS is an output section of that name; else GROUP begins a group, which needs an address.
  public static let emptyGroupsAreSections = LinkerRule(lld: .always)
  /// A separator has to stand behind an ASSERT in an output section, and what follows is read as in an expression up to
  /// there.
  public static let assertionsNeedSeparators = LinkerRule(bfd: .always)
  /// `OVERLAY ... { ... } =0x90`
  public static let overlayFill = LinkerRule(bfd: .always)
  /// `PROVIDE(x += 1)`
  public static let compoundProvide = LinkerRule(bfd: .always, lld: .upTo(15))
  /// A comma ends a statement as a semicolon does.
  public static let commaSeparator = LinkerRule(bfd: .always)
  /// Attributes of a region beside `r`, `w`, `x`, `a`: `i`, `l`.
  public static let moreMemoryAttributes = LinkerRule(bfd: .always)
  /// `CLASS(name) { ... }` inside SECTIONS, and `CLASS(name)` inside an output section.
  public static let sectionClasses = LinkerRule(lld: .from(20))
  /// `OVERWRITE_SECTIONS { ... }`
  public static let overwriteSections = LinkerRule(lld: .always)
  /// `NOCROSSREFS(...)`, `NOCROSSREFS_TO(...)`
  public static let noCrossReferences = LinkerRule(bfd: .always, lld: .from(19))
  /// `OVERLAY :` without an address.
  public static let floatingOverlay = LinkerRule(bfd: .always, lld: .from(18))
  /// `OVERLAY 0x1000 : NOCROSSREFS`
  public static let overlayNoCrossReferences = LinkerRule(bfd: .always, lld: .from(21))
  /// `+x`
  public static let unaryPlus = LinkerRule(bfd: .always, lld: .from(20))
  /// `INPUT_SECTION_FLAGS(SHF_AARCH64_PURECODE)`
  public static let aarch64PureCode = LinkerRule(lld: .from(20))
  /// `SORT_BY_NAME(*)(.x)`: files in order.
  public static let sortedFiles = LinkerRule(bfd: .always, lld: .upTo(14))
}

// MARK: - Values

extension LinkerRule {
  /// `/` and `%` take numbers without sign; else with one, and the least number by -1 is a crash.
  public static let dividesUnsigned = LinkerRule(lld: .always)
  /// ASSERT, `?:`, `!` and the like test the offset of a value that is relative to a section, which is 0 at its start; else
  /// its address.
  public static let testsOffsets = LinkerRule(bfd: .always)
  /// Operators over numbers are computed while the script is read, and a division by 0 stops there.
  public static let foldsNumbers = LinkerRule(bfd: .always)
  /// What does not decide `&&` and `||` any more is not evaluated.
  public static let skipsDecidedOperands = LinkerRule(lld: .always)
  /// An ASSERT is an assignment of the location counter to itself (ScriptParser.cpp, readAssert): that is its value, and it
  /// has the place of one; else it is a statement of its own, whose value is its condition.
  public static let assertionsAreMoves = LinkerRule(lld: .always)
  /// Functions of Thumb and microMIPS have odd addresses.
  public static let addressesHaveInstructionBit = LinkerRule(lld: .always)
  /// An ASSERT must hold in every pass over the script; else in the last one alone.
  public static let assertionsInEveryPass = LinkerRule(lld: .upTo(20))
  /// `DEFINED(x)` above `x = 1;` is true.
  public static let definesEarly = LinkerRule(lld: .upTo(17))
  /// `.a : { x } .b : { y } .a : { z }` has x and z in `.a`, at the first address that any of them gives; else each makes
  /// a section of its own.
  public static let namesakesGoOn = LinkerRule(bfd: .upTo2(35))
  /// What is set under ONLY_IF_RO or ONLY_IF_RW is declared behind all other symbols, if that section is taken.
  public static let declaresConstrainedLast = LinkerRule(lld: .always)
  /// `SIZEOF(/DISCARD/)` is 0, as of a section that is empty.
  public static let discardHasSize = LinkerRule(bfd: .from2(36), lld: .always)
  /// ORIGIN and LENGTH know only the regions that stand above them.
  public static let regionsAreReadInOrder = LinkerRule(lld: .always)
  /// ADDR, ALIGNOF and LOADADDR of a section that is nowhere are 0.
  public static let missingSectionsAreZero = LinkerRule(
    lld: .between(LinkerVersion(19), LinkerVersion(20)))
  /// What the value of a PROVIDE names is referred to only if the PROVIDE takes effect.
  public static let providesReferLate = LinkerRule(lld: .from(19))
  /// SIZEOF of a section further down is its size of the pass before; else 0 in an address.
  public static let knowsLaterSizes = LinkerRule(bfd: .from2(36), lld: .always)
}

// MARK: - Layout

extension LinkerRule {
  /// Sections that are not part of the image are at 0 and take no addresses; else they are laid out as all others, and their
  /// files only show them at 0.
  public static let unallocatedSectionsTakeNoRoom = LinkerRule(lld: .always)
  /// A section that holds data statements alone is writable.
  public static let dataSectionsAreWritable = LinkerRule(bfd: .upTo2(35))
  /// SUBALIGN replaces the section's own alignment, too, and not only that of its inputs.
  public static let subalignReplaces = LinkerRule(bfd: .from2(44), lld: .always)
  /// Merged strings and constants are all in the first section that brings any, and one that comes again with a larger
  /// alignment gets that where it is; else each section keeps its own, and such a one moves behind the others.
  public static let mergingGathers = LinkerRule(bfd: .from2(41))
  /// What the linker made itself and does not need is left out behind a first sizing pass.
  public static let ownSectionsAreSizedLate = LinkerRule(bfd: .from2(47))
  /// On x86 a section in none of the regions of MEMORY may be taken, where the first sizing is not looked at, as where code
  /// is relaxed; mostly it is not.
  public static let x86MayMissRegions = LinkerRule(bfd: .from2(47))
  /// SIZEOF and ALIGNOF take NEXT_SECTION for the next allocated section of the script (measured on 2.40 and 2.44).
  public static let knowsNextSection = LinkerRule(bfd: .from2(41))
  /// Pages of ARM without an operating system are of 4K; 64K in the others (measured on 2.35, 2.40, 2.44, 2.47).
  public static let armPagesAreSmall = LinkerRule(
    bfd: .between(LinkerVersion(2, 36), LinkerVersion(2, 43)))
  /// A NOLOAD section of notes takes no room.
  public static let unloadedNotesTakeNoRoom = LinkerRule(bfd: .from2(47))
  /// Loadable note orphans go beside .rodata or .text where there is no .interp.
  public static let notesFollowReadOnly = LinkerRule(bfd: .from2(44))
  /// What the linker makes itself is placed before the orphans of objects.
  public static let ownSectionsFirst = LinkerRule(bfd: .from2(47))
  /// A NOLOAD or READONLY section that holds only assignments has flags, so that an orphan of its name does not join it for
  /// want of any.
  public static let typedSectionsAreMarked = LinkerRule(bfd: .from2(41))
  /// An orphan that shares the name of a section whose statement has a type, be it NOLOAD or READONLY, joins it, whatever it
  /// is.
  public static let typedSectionsTakeAll = LinkerRule(bfd: .from2(45))
  /// An orphan joins the output section of its name, whatever is in that; else only one whose contents are loaded as its own
  /// are, and of the same type.
  public static let orphansJoinNamesakes = LinkerRule(lld: .always)
  /// Notes have a rank just above .interp, and none of their own above "writable".
  public static let notesRankLow = LinkerRule(lld: .from(19))
  /// "Not .interp" is a bit of the rank.
  public static let interpreterRanksAlone = LinkerRule(lld: .upTo(16))
  /// With PHDRS or MEMORY an orphan never goes before the section that it is nearest to.
  public static let orphansStayBehindAnchors = LinkerRule(lld: .from(14))
  /// A section that is kept though it is empty is code if the one before it is.
  public static let emptySectionsAreCode = LinkerRule(lld: .upTo(17))
  /// The location counter in the address of a section is that of its region.
  public static let addressesStartFromRegions = LinkerRule(lld: .upTo(20))
  /// `lib.a:` and `:file.o` as patterns of files mean all of an archive, and none of any.
  public static let archivePatterns = LinkerRule(lld: .from(21))
  /// `--build-id` without a style makes one of 8 bytes, else of 20.
  public static let buildIDsAreShort = LinkerRule(lld: .upTo(18))
  /// With --noinhibit-exec an image is made of thread-local symbols without a PT_TLS segment: they are 0.
  public static let threadLocalsNeedNoSegment = LinkerRule(lld: .from(21))
}

// MARK: - Formats

extension LinkerRule {
  /// Who takes `name` as the format of the output: lld has a list of its own (lld/ELF/ScriptParser.cpp, parseBfdName), in
  /// which a name may end in `-freebsd`. What GNU ld takes depends on the targets that it was built with.
  ///
  /// - Returns: nil for a name that every release of both may take.
  public static func outputFormat(_ name: String) -> LinkerRule? {
    let suffix = "-freebsd"
    let base = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
    if formatsOfLLD.contains(base) { return nil }
    if base == "elf32-avr" { return LinkerRule(bfd: .always, lld: .from(16)) }
    return LinkerRule(bfd: .always, lld: newFormatsOfLLD.contains(base) ? .from(19) : .never)
  }

  private static let formatsOfLLD: Set<String> = [
    "elf32-i386", "elf32-iamcu", "elf32-x86-64", "elf64-x86-64", "elf32-littlearm",
    "elf64-aarch64", "elf64-littleaarch64", "elf64-bigaarch64", "elf32-powerpc", "elf32-powerpcle",
    "elf64-powerpc", "elf64-powerpcle", "elf32-bigmips", "elf32-tradbigmips",
    "elf32-tradlittlemips", "elf32-ntradbigmips", "elf32-ntradlittlemips", "elf64-tradbigmips",
    "elf64-tradlittlemips", "elf32-littleriscv", "elf64-littleriscv", "elf32-msp430", "elf64-sparc",
  ]

  private static let newFormatsOfLLD: Set<String> = [
    "elf32-bigarm", "elf32-loongarch", "elf64-loongarch", "elf64-s390", "elf32-hexagon",
    "elf32-littlehexagon", "binary",
  ]
}
