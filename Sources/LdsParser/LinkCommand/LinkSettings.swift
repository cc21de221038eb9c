// What a link's command line decides of the values in a script: page sizes, starts of segments and sections, symbols
// of --defsym, wrapped names.

/// The settings of one link.
public struct LinkSettings: Sendable, Hashable {
  /// `--defsym=SYMBOL=EXPRESSION`
  public struct Definition: Sendable, Hashable {
    /// The symbol.
    public var symbol: [UInt8]
    /// The expression's text.
    public var expression: [UInt8]
    /// Whether it stands before the script on the command line, so that the script's own assignments come later.
    public var isBeforeScript: Bool

    /// A definition.
    public init(symbol: [UInt8], expression: [UInt8], isBeforeScript: Bool = false) {
      self.symbol = symbol
      self.expression = expression
      self.isBeforeScript = isBeforeScript
    }
  }

  /// `-Ttext=ADDRESS` or `--section-start=.text=ADDRESS`
  public struct SectionStart: Sendable, Hashable {
    /// The output section.
    public var section: [UInt8]
    /// Its address.
    public var address: UInt64
    /// The segment's name of `-Ttext`, for which SEGMENT_START comes first; nil for `--section-start`.
    public var segment: [UInt8]?
  }

  /// `-z max-page-size=N`, if given.
  public private(set) var maximumPageSize: UInt64?
  /// `-z common-page-size=N`, if given.
  public private(set) var commonPageSize: UInt64?
  /// Addresses of `-Ttext=` and its kin by the segment's name, such as `text-segment`; of several the last counts.
  public private(set) var segmentStarts: [[UInt8]: UInt64] = [:]
  /// Addresses that options give to output sections, in order.
  public private(set) var sectionStarts: [SectionStart] = []
  /// Symbols that options define, in order.
  public private(set) var definitions: [Definition] = []
  /// Symbols of `--wrap`, in order.
  public private(set) var wrapped: [[UInt8]] = []
  /// `--unique=SECTION`: patterns of input sections that GNU ld leaves to no statement; each has an output section of its own.
  public private(set) var uniqueSections: [[UInt8]] = []
  /// `--unique`: each orphan has an output section of its own.
  public private(set) var separatesOrphans = false
  /// Whether the whole command is known: an option that is not here was not given.
  public private(set) var isComplete = false
  /// Whether `-n` or `-N` is in force.
  public private(set) var isUnpaged = false
  /// Whether every input of the link is an object that was given beside the image, so that nothing else defines a symbol or
  /// brings a section.
  public var hasAllObjects = false
  /// What the linker assumes where no option says it; nil if that is not known.
  public var defaultPageSizes: PageSizes?

  /// Nothing is known of the command line.
  public init() {}

  /// The settings of a whole command.
  public init(_ command: LinkCommand) {
    self.init()
    isComplete = true
    var hasScript = false
    let last = command.options.lastIndex { option in
      switch option {
      case .script, .defaultScript: true
      default: false
      }
    }
    for (index, option) in command.options.enumerated() {
      if index == last { hasScript = true }
      add(option, isBeforeScript: last != nil && !hasScript)
    }
  }

  /// Takes one option over; one that decides no value of a script changes nothing.
  public mutating func add(_ option: LinkOption, isBeforeScript: Bool = false) {
    switch option {
    case .maximumPageSize(let size): maximumPageSize = size
    case .commonPageSize(let size): commonPageSize = size
    case .segmentStart(let name, let address):
      segmentStarts[name] = address
      let section = [UInt8(ascii: ".")] + name
      sectionStarts.append(SectionStart(section: section, address: address, segment: name))
    case .sectionStart(let name, let address):
      sectionStarts.append(SectionStart(section: name, address: address, segment: nil))
    case .definition(let symbol, let expression):
      definitions.append(
        Definition(symbol: symbol, expression: expression, isBeforeScript: isBeforeScript))
    case .wrap(let symbol): if !wrapped.contains(symbol) { wrapped.append(symbol) }
    case .paging(let paging): isUnpaged = paging != .paged
    case .unique(let pattern?): uniqueSections.append(pattern)
    case .unique(nil): separatesOrphans = true
    default: break
    }
  }

  // MARK: Values

  /// `CONSTANT(name)` for `dialect`; nil if the settings do not decide it.
  public func constant(_ name: [UInt8], dialect: LinkerDialect) -> UInt64? {
    let isMaximum = name == Array("MAXPAGESIZE".utf8)
    guard isMaximum || name == Array("COMMONPAGESIZE".utf8) else { return nil }
    if dialect == .lld, !isComplete || isUnpaged {
      // lld knows no pages with -n and -N (Driver.cpp, getMaxPageSize).
      return isComplete ? 1 : nil
    }
    let defaults = isComplete ? defaultPageSizes : nil
    return isMaximum
      ? maximum(defaults, dialect) : common(defaults, dialect)
  }

  private func maximum(_ defaults: PageSizes?, _ dialect: LinkerDialect) -> UInt64? {
    if let maximumPageSize { return maximumPageSize }
    guard let preset = defaults?.maximum else { return nil }
    // A larger common page size raises it from GNU ld 2.36 on (ldemul.c, after_parse_default).
    if dialect == .bfd, let commonPageSize, commonPageSize > preset { return nil }
    return preset
  }

  private func common(_ defaults: PageSizes?, _ dialect: LinkerDialect) -> UInt64? {
    guard dialect == .lld else {
      if let commonPageSize { return commonPageSize }
      guard let defaults else { return nil }
      // A smaller maximum lowers it from GNU ld 2.36 on.
      if let maximumPageSize, maximumPageSize < defaults.common { return nil }
      return defaults.common
    }
    // lld never takes more than the maximum (Driver.cpp, getCommonPageSize).
    guard let value = commonPageSize ?? defaults?.common,
      let most = maximum(defaults, dialect)
    else { return nil }
    return min(value, most)
  }

  /// What `SEGMENT_START(name, default)` comes to for GNU ld, where `value` is the second argument.
  public enum SegmentStart: Sendable, Hashable {
    /// This address, whatever the script says.
    case option(UInt64)
    /// The script's own.
    case script
    /// The settings do not decide it.
    case unknown
  }

  /// See ``SegmentStart``.
  ///
  /// - Parameter value: the script's own, nil if not known.
  public func segmentStart(_ name: [UInt8], default value: UInt64?) -> SegmentStart {
    if let address = segmentStarts[name] { return .option(address) }
    guard isComplete else { return .unknown }
    // GNU ld 2.47 raises the start of the text segment to a maximum page size that is given (ldexp.c, fold_segment_start).
    if name == Array("text-segment".utf8), let maximumPageSize {
      guard let value, value >= maximumPageSize else { return .unknown }
    }
    return .script
  }
}

/// A machine's page sizes.
public struct PageSizes: Sendable, Hashable {
  /// `MAXPAGESIZE`; nil where it depends on how the linker was built: GNU ld for x86-64 has 4K if it was configured with
  /// `--enable-separate-code`, else 2M (bfd/elf64-x86-64.c); for ARM and MIPS 4K or 64K, by the system it is for.
  public var maximum: UInt64?
  /// `COMMONPAGESIZE`
  public var common: UInt64

  /// What `dialect` takes for images with this `e_machine`; nil for machines that are not known here.
  public init?(machine: UInt16, dialect: LinkerDialect) {
    common = 0x1000
    switch (machine, dialect.family) {
    // EM_AARCH64 (elfnn-aarch64.c); EM_ARM, EM_MIPS (lld/ELF/Arch).
    case (183, _), (40, .lld), (8, .lld): maximum = 0x10000
    // EM_RISCV, EM_386; EM_X86_64.
    case (243, _), (3, _), (62, .lld): maximum = 0x1000
    case (62, .bfd), (40, .bfd), (8, .bfd): maximum = nil
    default: return nil
    }
  }
}
