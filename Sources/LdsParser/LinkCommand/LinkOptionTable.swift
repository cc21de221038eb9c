// The options that have a meaning here, once: how they are spelled, what they take, what they are. The spelling is
// GNU ld's (lexsup.c, ld_options); lld, gold and mold take the same (lld/ELF/Options.td).

/// The rows of the table.
enum LinkOptionTable {
  /// What follows the name of an option.
  enum Shape: Sendable {
    /// Nothing.
    case flag
    /// A value behind `=`, or the next word.
    case value
    /// A value behind `=`, or none.
    case optional
    /// A value joined to the letter, or the next word: `-Lfolder`.
    case letter
  }

  /// One option.
  struct Row: Sendable {
    let shape: Shape
    /// The option with its value, empty if it has none; nil if the linker would not take the value.
    let make: @Sendable ([UInt8]) -> LinkOption?
  }

  /// Options of one letter, by it: `-T FILE`, `-TFILE`.
  static let letters: [UInt8: Row] = [
    UInt8(ascii: "T"): letter { .script(FilePath(bytes: $0)) },
    UInt8(ascii: "m"): letter { .emulation($0) },
    UInt8(ascii: "L"): letter { .searchPath(FilePath(bytes: $0)) },
    UInt8(ascii: "o"): letter { .output(FilePath(bytes: $0)) },
    UInt8(ascii: "e"): letter { .entry($0) },
    UInt8(ascii: "u"): letter { .undefined($0) },
    UInt8(ascii: "z"): letter(keyword),
    UInt8(ascii: "b"): letter { .state(.format($0)) },
    UInt8(ascii: "O"): Row(shape: .optional) { .optimize($0) },
    UInt8(ascii: "n"): flag(.paging(.nmagic)), UInt8(ascii: "N"): flag(.paging(.omagic)),
    UInt8(ascii: "r"): flag(.kind(.relocatable)), UInt8(ascii: "i"): flag(.kind(.relocatable)),
    UInt8(ascii: "q"): flag(.keepsRelocations), UInt8(ascii: "s"): flag(.strip),
    UInt8(ascii: "S"): flag(.strip), UInt8(ascii: "w"): flag(.silent),
    UInt8(ascii: "M"): flag(.map(.standardOutput)),
    UInt8(ascii: "("): flag(.state(.startGroup)), UInt8(ascii: ")"): flag(.state(.endGroup)),
  ]

  /// Options with a name, behind one dash or two; those that begin with `o` mostly behind two.
  static let names: [String: Row] = layout.merging(treatment) { $1 }.merging(files) { $1 }

  /// Options that are read as the linker's own only behind two dashes: `-omagic` is `-o magic` (EXACTLY_TWO_DASHES).
  static let twoDashes: Set<String> = [
    "library", "no-omagic", "oformat", "omagic", "optimize", "output",
  ]

  private static let layout: [String: Row] = [
    "script": path { .script($0) }, "default-script": path { .defaultScript($0) },
    "dT": path { .defaultScript($0) },
    "Ttext": start("text"), "Tdata": start("data"), "Tbss": start("bss"),
    "Ttext-segment": start("text-segment"), "Trodata-segment": start("rodata-segment"),
    "Tldata-segment": start("ldata-segment"),
    "section-start": Row(shape: .value, make: sectionStart),
    "defsym": Row(shape: .value, make: definition),
    "image-base": Row(shape: .value) { number($0, radix: 0).map { .imageBase($0) } },
    "gc-sections": flag(.collectsGarbage(true)), "no-gc-sections": flag(.collectsGarbage(false)),
    "relax": flag(.relaxes(true)), "no-relax": flag(.relaxes(false)),
    "nmagic": flag(.paging(.nmagic)), "omagic": flag(.paging(.omagic)),
    "no-omagic": flag(.paging(.paged)), "no-nmagic": flag(.paging(.paged)),
    "orphan-handling": Row(shape: .value) { .orphanHandling($0) },
    "unique": Row(shape: .optional) { .unique($0.isEmpty ? nil : $0) },
    "sort-section": Row(shape: .value) { .sortSection($0) },
    "sort-common": Row(shape: .optional) { .sortCommon($0.isEmpty ? nil : $0) },
    "section-ordering-file": path { .sectionOrder($0) },
    "build-id": Row(shape: .optional) { .buildID($0.isEmpty ? nil : $0) },
    "optimize": Row(shape: .optional) { .optimize($0) },
    "compress-debug-sections": Row(shape: .value) { .compressDebug($0) },
    "emit-relocs": flag(.keepsRelocations), "strip-all": flag(.strip), "strip-debug": flag(.strip),
    "entry": Row(shape: .value) { .entry($0) }, "undefined": Row(shape: .value) { .undefined($0) },
    "require-defined": Row(shape: .value) { .undefined($0) },
    "wrap": Row(shape: .value) { .wrap($0) },
    "oformat": Row(shape: .value) { .outputFormat($0) },
    "relocatable": flag(.kind(.relocatable)), "Ur": flag(.kind(.relocatable)),
    "shared": flag(.kind(.shared)), "Bshareable": flag(.kind(.shared)),
    "pie": flag(.kind(.positionIndependent)), "pic-executable": flag(.kind(.positionIndependent)),
    "static-pie": flag(.kind(.positionIndependent)),
    "no-pie": flag(.kind(.fixed)), "no-pic-executable": flag(.kind(.fixed)),
  ]

  private static let treatment: [String: Row] = [
    "start-group": flag(.state(.startGroup)), "end-group": flag(.state(.endGroup)),
    "whole-archive": flag(.state(.wholeArchive(true))),
    "no-whole-archive": flag(.state(.wholeArchive(false))),
    "as-needed": flag(.state(.asNeeded(true))), "no-as-needed": flag(.state(.asNeeded(false))),
    "static": flag(.state(.archivesOnly(true))), "Bstatic": flag(.state(.archivesOnly(true))),
    "dn": flag(.state(.archivesOnly(true))), "non_shared": flag(.state(.archivesOnly(true))),
    "Bdynamic": flag(.state(.archivesOnly(false))), "dy": flag(.state(.archivesOnly(false))),
    "call_shared": flag(.state(.archivesOnly(false))), "push-state": flag(.state(.push)),
    "pop-state": flag(.state(.pop)), "format": Row(shape: .value) { .state(.format($0)) },
  ]

  private static let files: [String: Row] = [
    "Map": Row(shape: .value) { .map($0 == [0x2D] ? .standardOutput : .file(FilePath(bytes: $0))) },
    "print-map": flag(.map(.standardOutput)), "output": path { .output($0) },
    "library-path": path { .searchPath($0) }, "noinhibit-exec": flag(.keepsFaultyOutput),
    "no-warnings": flag(.silent), "print-memory-usage": flag(.printsMemoryUsage),
    "version": flag(.information), "help": flag(.information), "target-help": flag(.information),
    "print-sysroot": flag(.information), "print-output-format": flag(.information),
    "flavor": Row(shape: .value) { .linker($0) },
  ]

  // MARK: Values

  /// A number as the C library reads it; too large is the largest. In base 0 `0x` is 16 and `0` is 8.
  static func number(_ text: [UInt8], radix base: UInt64) -> UInt64? {
    var digits = text[...]
    var radix = base
    let hasPrefix =
      digits.count > 2 && digits.starts(with: [0x30])
      && digits.dropFirst().first.map { $0 | 0x20 } == 0x78
    if hasPrefix, base == 0 || base == 16 {
      digits = digits.dropFirst(2)
      radix = 16
    } else if base == 0 {
      radix = digits.first == 0x30 ? 8 : 10
    }
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = digit(byte), digit < radix else { return nil }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
      let (sum, isAbove) = product.addingReportingOverflow(digit)
      value = isTooLarge || isAbove ? .max : sum
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte - 0x30)
    case 0x41...0x5A: UInt64(byte - 0x41 + 10)
    case 0x61...0x7A: UInt64(byte - 0x61 + 10)
    default: nil
    }
  }

  private static func flag(_ option: LinkOption) -> Row { Row(shape: .flag) { _ in option } }

  private static func letter(_ make: @escaping @Sendable ([UInt8]) -> LinkOption?) -> Row {
    Row(shape: .letter, make: make)
  }

  private static func path(_ make: @escaping @Sendable (FilePath) -> LinkOption?) -> Row {
    Row(shape: .value) { make(FilePath(bytes: $0)) }
  }

  /// The value is hexadecimal with or without `0x` (lexsup.c, set_segment_start).
  private static func start(_ segment: String) -> Row {
    let name = Array(segment.utf8)
    return Row(shape: .value) { text in
      number(text, radix: 16).map { .segmentStart(name, $0) }
    }
  }

  /// `SECTION=ADDRESS` with a hexadecimal address; the name may hold `=` (lexsup.c, OPTION_SECTION_START: strchr).
  private static func sectionStart(_ text: [UInt8]) -> LinkOption? {
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")),
      let address = number(Array(text[(equals + 1)...]), radix: 16)
    else { return nil }
    return .sectionStart(Array(text[..<equals]), address)
  }

  private static func definition(_ text: [UInt8]) -> LinkOption? {
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return nil }
    return .definition(
      symbol: Array(text[..<equals]), expression: Array(text[(equals + 1)...]))
  }

  /// `-z max-page-size=N`: a power of two, else the linker stops.
  private static func keyword(_ text: [UInt8]) -> LinkOption? {
    func size(_ prefix: StaticString) -> [UInt8]? {
      let name = Array(prefix.description.utf8)
      return text.starts(with: name) ? Array(text[name.count...]) : nil
    }
    if let value = size("max-page-size=") {
      return pageSize(value).map { .maximumPageSize($0) }
    }
    if let value = size("common-page-size=") {
      return pageSize(value).map { .commonPageSize($0) }
    }
    return .keyword(text)
  }

  private static func pageSize(_ text: [UInt8]) -> UInt64? {
    guard let size = number(text, radix: 0), size.nonzeroBitCount == 1 else { return nil }
    return size
  }
}
