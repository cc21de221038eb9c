// The options of a link that decide its layout, and those that are not modelled, which are refused by name.

public import LdsParser

extension LinkerDialect {
  /// The release whose layout from objects has been compared most, and which is taken where none is named.
  public static let laidOut = LinkerDialect(.bfd, LinkerVersion(2, 40))

  /// The release whose layout from objects is taken where only the family is known.
  public static func laidOut(of family: Family) -> LinkerDialect {
    family == .lld ? LinkerDialect(.lld, LinkerVersion(21)) : .laidOut
  }

  /// The releases of ld.lld whose layout from objects has been compared.
  static let laidOutLLD: Set<Int> = [19, 21, 22]
}

/// What a command line says of the layout.
struct LayoutOptions {
  /// What becomes of sections that no pattern takes.
  enum OrphanHandling: String {
    case place, warn, error, discard
  }

  var collectsGarbage = false
  /// Whether code may get shorter where a target does that by itself, and lld rewrites instructions that need no table:
  /// not with `--no-relax`.
  var relaxes = true
  /// `-n` or `-N`: output sections are not aligned to pages.
  var paging = LinkOption.Paging.paged
  /// Whether `__start_X` keeps what is named X from being collected: GNU ld's default, `-z nostart-stop-gc`.
  var keepsStartedSections = true
  var orphans = OrphanHandling.place
  /// Bytes of the build id; nil for none.
  var buildIDSize: UInt64?
  var isStripped = false
  /// Whether sections that overlap stop the linker: not with `--no-check-sections`.
  var checksSections = true
  var keepsRelocations = false
  /// Whether lld keeps equal strings and constants once.
  var mergesEqual = true
  /// Whether the command is that of a compiler's driver, whose `-O` is not the linker's.
  private let isOfDriver: Bool
  /// `--noinhibit-exec`: an image is made of what the linker complains of.
  var keepsFaultyOutput = false
  var sortsCommons = false
  /// `--eh-frame-hdr`: `.eh_frame_hdr` is made, a table of what is in `.eh_frame`.
  var listsFrames = false
  /// Whether equal records of `.eh_frame` are kept once: not with `--traditional-format`.
  var rewritesFrames = true
  var sortsSections: SortKind?
  /// `-z relro`, `-z norelro`
  var protectsRelocated: Bool?
  /// `-z separate-code`, `-z noseparate-code`
  var separatesCode: Bool?
  /// Whether an option says how executable the stack is.
  var namesStack = false
  var emulation: [UInt8] = []
  var entry: [UInt8]?
  var undefined: [[UInt8]] = []
  let settings: LinkSettings
  /// Whose rules count.
  let dialect: LinkerDialect

  /// Whether the sizes of dynamic sections are known: more bytes without relocations do not change them.
  private let knowsDynamicSections: Bool

  /// The options of a link whose inputs are known to be in the image: nothing is collected or made any more.
  var replayed: LayoutOptions {
    var options = self
    options.collectsGarbage = false
    options.buildIDSize = nil
    options.isStripped = false
    return options
  }

  /// Reads the options of a command.
  ///
  /// - Parameter isReplayed: whether sizes are taken from a map, those of what the linker makes among them.
  init(
    _ command: LinkCommand, _ dialect: LinkerDialect, isReplayed: Bool = false
  ) throws(LayoutStop) {
    self.dialect = dialect
    knowsDynamicSections = isReplayed
    try Self.check(dialect)
    isOfDriver = if case .driver = command.kind { true } else { false }
    settings = LinkSettings(command)
    if command.linker == .gold || command.linker == .mold
      || (command.linker == .lld && dialect != .lld)
    {
      throw .refused("only the layouts of GNU ld and ld.lld are modelled")
    }
    if dialect == .lld, !settings.wrapped.isEmpty {
      throw .refused("--wrap is not modelled for ld.lld")
    }
    for item in command.items {
      switch item {
      case .option(let option): try read(option)
      case .unknown(let words):
        // What a driver keeps for itself does not reach the linker.
        if case .driver = command.kind { continue }
        try check(words)
      case .input(let input):
        if input.treatment.contains(.symbolsOnly) { throw .refused("-R FILE is not modelled") }
        if let format = input.format {
          throw .refused("-b \(String(decoding: format, as: UTF8.self)) is not modelled")
        }
      }
    }
  }

  private static func check(_ dialect: LinkerDialect) throws(LayoutStop) {
    switch dialect.family {
    case .bfd:
      guard dialect.version >= LinkerDialect.laidOut.version else {
        throw .refused("the layout of \(dialect.name) is not modelled, that of 2.40 to 2.47 is")
      }
    case .lld:
      guard LinkerDialect.laidOutLLD.contains(dialect.version.major) else {
        throw .refused("the layout of \(dialect.name) is not modelled, that of 19, 21 and 22 is")
      }
    case .mold: throw .refused("only the layouts of GNU ld and ld.lld are modelled")
    }
  }

  private mutating func read(_ option: LinkOption) throws(LayoutStop) {
    switch option {
    case .collectsGarbage(let isOn): collectsGarbage = isOn
    // To lld -n and -N are two switches, of which -N says more.
    case .paging(.nmagic) where dialect == .lld && paging == .omagic: break
    case .paging(let paging): self.paging = paging
    case .relaxes(let isOn) where !isOn || dialect == .lld: relaxes = isOn
    case .strip: isStripped = true
    case .keepsRelocations:
      if dialect == .lld { throw .refused("--emit-relocs is not modelled for ld.lld") }
      keepsRelocations = true
    case .optimize(let level) where dialect == .lld && !isOfDriver:
      try read(level: level)
    case .segmentStart(let segment, _) where dialect == .lld:
      if !["text", "data", "bss"].contains(where: { segment.elementsEqual($0.utf8) }) {
        throw .linkerStops(
          "-T\(String(decoding: segment, as: UTF8.self)) is not supported. Use --image-base")
      }
    case .keepsFaultyOutput: keepsFaultyOutput = true
    case .emulation(let name): emulation = name
    case .entry(let name): entry = name
    case .undefined(let name): undefined.append(name)
    case .keyword(let word): try readKeyword(word)
    case .buildID(let style): buildIDSize = try Self.buildIDSize(style, dialect)
    case .orphanHandling(let mode):
      guard let mode = OrphanHandling(rawValue: String(decoding: mode, as: UTF8.self)) else {
        throw .linkerStops("invalid argument to option \"--orphan-handling\"")
      }
      orphans = mode
    case .sortCommon(let order):
      if order != nil { throw .refused("--sort-common with an order is not modelled") }
      sortsCommons = true
    case .sortSection(let kind):
      switch String(decoding: kind, as: UTF8.self) {
      case "name": sortsSections = .byName
      case "alignment": sortsSections = .byAlignment
      default: break
      }
    default: try refuse(option)
    }
  }

  /// `-O0` merges nothing, `-O2` also what ends another string.
  private mutating func read(level: [UInt8]) throws(LayoutStop) {
    switch String(decoding: level, as: UTF8.self) {
    case "0": mergesEqual = false
    case "1", "": mergesEqual = true
    default:
      throw .refused(
        "-O\(String(decoding: level, as: UTF8.self)) joins ends of strings, which is not modelled for ld.lld"
      )
    }
  }

  private func refuse(_ option: LinkOption) throws(LayoutStop) {
    switch option {
    case .relaxes(true): throw .refused("--relax changes sizes while addresses are assigned")
    case .unique: throw .refused("--unique is not modelled")
    case .sectionOrder: throw .refused("--section-ordering-file is not modelled")
    case .compressDebug: throw .refused("--compress-debug-sections is not modelled")
    case .imageBase: throw .refused("--image-base is for PE images, which are not modelled")
    case .outputFormat(let name):
      if !name.starts(with: "elf".utf8) {
        throw .refused(
          "--oformat \(String(decoding: name, as: UTF8.self)): only ELF output is modelled")
      }
    case .kind(.relocatable): throw .refused("a partial link (-r) is not modelled")
    case .kind(.shared), .kind(.positionIndependent):
      if knowsDynamicSections { break }
      throw .refused("-shared and -pie make dynamic sections, which are not modelled")
    default: break
    }
  }

  private mutating func readKeyword(_ word: [UInt8]) throws(LayoutStop) {
    let text = String(decoding: word, as: UTF8.self)
    switch text {
    case "relro": protectsRelocated = true
    case "norelro": protectsRelocated = false
    case "separate-code": separatesCode = true
    case "noseparate-code": separatesCode = false
    case "execstack", "noexecstack": namesStack = true
    case "now", "lazy", "defs", "undefs", "muldefs", "text", "notext", "nodelete", "initfirst",
      "nodefaultlib", "nocopyreloc", "nocombreloc", "combreloc":
      break
    case "start-stop-gc": keepsStartedSections = false
    case "nostart-stop-gc":
      if dialect == .lld { throw .refused("-z \(text) is not modelled for ld.lld") }
    default:
      guard text.hasPrefix("stack-size=") else { throw .refused("-z \(text) is not modelled") }
      namesStack = true
    }
  }

  /// The descriptor's size by the style (ldbuildid.c, compute_build_id_size; lld/ELF/SyntheticSections.cpp,
  /// getHashSize).
  private static func buildIDSize(
    _ style: [UInt8]?, _ dialect: LinkerDialect
  ) throws(LayoutStop) -> UInt64? {
    let usual = dialect.follows(.buildIDsAreShort) ? "fast" : "sha1"
    let text = style.map { String(decoding: $0, as: UTF8.self) } ?? usual
    switch text {
    case "none": return nil
    case "fast" where dialect == .lld: return 8
    case "tree" where dialect == .lld: return 20
    case "sha1": return 20
    case "md5", "uuid": return 16
    default:
      let digits = Array(text.utf8.dropFirst(2))
      let isHexadecimal = digits.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte & 0xDF)
      }
      guard text.hasPrefix("0x") || text.hasPrefix("0X"), !digits.isEmpty, isHexadecimal,
        digits.count % 2 == 0
      else { throw .refused("--build-id=\(text) is not modelled") }
      return UInt64(digits.count / 2)
    }
  }

  private mutating func check(_ words: [[UInt8]]) throws(LayoutStop) {
    guard let word = words.first else { return }
    var name = word.drop { $0 == UInt8(ascii: "-") }
    if let equals = name.firstIndex(of: UInt8(ascii: "=")) { name = name[..<equals] }
    let text = String(decoding: name, as: UTF8.self)
    if text == "eh-frame-hdr" || text == "no-eh-frame-hdr" {
      listsFrames = text == "eh-frame-hdr"
      return
    }
    if text == "check-sections" || text == "no-check-sections" {
      checksSections = text == "check-sections"
      return
    }
    if text == "traditional-format", dialect != .lld {
      rewritesFrames = false
      return
    }
    if Self.harmless.contains(text) || text.hasPrefix("warn-") || text.hasPrefix("no-warn-") {
      return
    }
    if dialect == .lld, Self.harmlessLLD.contains(text) || Self.usualLLD.contains(word) { return }
    throw .refused("\(String(decoding: word, as: UTF8.self)) is not modelled")
  }

  /// Options of lld that change neither sizes nor places.
  private static let harmlessLLD: Set<String> = [
    "error-limit", "no-lto", "time-trace", "time-trace-file", "why-extract", "print-archive-stats",
    "print-memory-usage", "verbose", "no-mmap-output-file", "mmap-output-file",
    "no-allow-shlib-undefined",
    "allow-shlib-undefined", "no-rsp-quoting", "rsp-quoting", "fatal-warnings",
    "no-call-graph-profile-sort",
    "no-fortran-common", "no-optimize-bb-jumps", "no-undefined-glob", "traditional-format",
  ]

  /// What lld does without being told.
  private static let usualLLD: Set<[UInt8]> = Set(
    ["-O1", "--icf=none", "--rosegment", "--call-graph-profile-sort=none"].map { Array($0.utf8) })

  /// Options that change neither sizes nor places.
  private static let harmless: Set<String> = [
    "fatal-warnings", "no-fatal-warnings", "no-undefined", "dynamic-linker", "no-dynamic-linker",
    "nostdlib",
    "hash-style", "cref", "trace", "t", "verbose", "stats", "no-stats", "EL", "EB", "demangle",
    "no-demangle", "print-gc-sections", "no-print-gc-sections", "color-diagnostics", "threads",
    "dependency-file", "no-keep-memory",
    "reduce-memory-overheads", "no-ld-generated-unwind-info", "plugin",
    "plugin-opt", "x", "X", "discard-all", "discard-locals", "discard-none", "Bsymbolic",
    "enable-new-dtags", "disable-new-dtags", "rpath", "rpath-link", "soname", "h", "y",
    "trace-symbol", "error-unresolved-symbols", "unresolved-symbols", "sysroot",
    "no-enum-size-warning", "no-wchar-size-warning", "be8", "pic-veneer", "no-map-whole-files",
    "error-rwx-segments", "no-error-rwx-segments", "error-execstack", "no-error-execstack",
    "no-export-dynamic", "no-undefined-version", "undefined-version",
  ]
}
