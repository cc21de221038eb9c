// What a `.lds-check.json` says. Everything is optional; what is nil or empty was not said.
//
//     {"profile": "xen-x86",
//      "rules": {"superpage-alignment": "error", "assert-always-true": "off"},
//      "constraints": [{"name": "one-gigabyte", "expression": "_end - __image_base__ <= 0x40000000",
//                       "why": "l2_xenmap is one page: 512 slots"}]}

/// A configuration as it was understood.
public struct Configuration: Sendable {
  /// Name of the profile of boundaries and page tables.
  public var profile: String?
  /// What is said about rules, in order.
  public var rules: [ConfiguredRule] = []
  /// How the image is meant to be mapped.
  public var mapping: ConfiguredMapping?
  /// The image that leaves the build.
  public var image: ConfiguredImage?
  /// Conditions beside those of the script, in order: those that are written out, and those that follow from copies,
  /// ranges to clear, reserves and protected ranges.
  public var constraints: [ConfiguredConstraint] = []
  /// What start-up code copies, in order.
  public var copies: [ConfiguredCopy] = []
  /// What start-up code sets to zero, in order.
  public var clears: [ConfiguredRange] = []
  /// How much memory things may take, in order.
  public var budgets: [ConfiguredBudget] = []
  /// The linkers whose rules decide, the first of them where there can be one only; empty if it does not say.
  public var linkers: [LinkerDialect] = []
  /// The oldest GNU ld that has to read the scripts.
  public var linkerVersion: LinkerVersion?
  /// Where the image is put in physical memory.
  public var loadAddress: UInt64?
  /// The level from which findings make the run fail.
  public var failOn: FailureThreshold?
  /// Whether an undecided ASSERT counts as an error.
  public var isStrict: Bool?
  /// The file of known findings, relative to the configuration.
  public var baseline: FilePath?
  /// Tags such as `SAF-12-safe` with the rules that each one suppresses, in order.
  public var tags: [ConfiguredTag] = []
  /// Databases of such tags (Xen's docs/misra/safe.json), relative to the configuration.
  public var tagDatabases: [FilePath] = []
  /// The scripts to read where the command line names none, relative to the configuration.
  public var files: [PathPattern] = []
  /// Files that are not read if they are found below a folder, relative to the configuration.
  public var exclude: [PathPattern] = []
  /// Maps and images of the build, for whoever looks at a script without naming one: an editor. Relative to the
  /// configuration; see ``PathPattern/paths(below:most:names:)``.
  public var images: [PathPattern] = []
  /// Objects and archives of the link, likewise.
  public var objects: [PathPattern] = []
  /// How scripts are preprocessed.
  public var preprocessing = ConfiguredPreprocessing()
  /// What holds for some files besides, in order.
  public var overrides: [ConfiguredOverride] = []
  /// The constraints as a script of ASSERTs, with the sources of the configuration: judged like any script.
  public var script: LinkerScript
  /// What is wrong with the file. With an error in it, nothing of it should be used.
  public var diagnostics: [Diagnostic] = []

  /// A configuration that says nothing.
  public init(script: LinkerScript) {
    self.script = script
  }

  /// Whether something in it is wrong.
  public var isRefused: Bool { diagnostics.contains { $0.severity == .error } }
}

/// How scripts are preprocessed, and where they find what they include.
public struct ConfiguredPreprocessing: Sendable, Equatable {
  /// Folders, relative to the configuration (`-I`, and `-L` of INCLUDE).
  public var folders: [FilePath] = []
  /// Files that are read before a script, relative to the configuration (`-include`): kconfig.h.
  public var files: [FilePath] = []
  /// `NAME` or `NAME=VALUE` (`-D`), in order.
  public var definitions: [String] = []
  /// A triple such as `arm-none-eabi` (`--target`).
  public var target: String?

  /// Nothing said.
  public init() {}
}

/// What holds for some files besides.
public struct ConfiguredOverride: Sendable {
  /// The files, relative to the configuration.
  public var files: [PathPattern] = []
  /// How they are preprocessed, besides what holds for all.
  public var preprocessing = ConfiguredPreprocessing()
  /// What is said about rules, in order.
  public var rules: [ConfiguredRule] = []

  /// Whether it is about the file at `path`, seen from the configuration.
  public func covers(_ path: FilePath) -> Bool { files.contains { $0.matches(path) } }
}

/// From which severity on findings make a run fail.
public enum FailureThreshold: String, Sendable, CaseIterable {
  case error
  case warning
  case note
  case never

  /// Whether a finding of this severity makes the run fail.
  public func isReached(by severity: Severity) -> Bool {
    switch self {
    case .error: severity == .error
    case .warning: severity >= .warning
    case .note: true
    case .never: false
    }
  }
}

/// What is said about one rule.
public struct ConfiguredRule: Sendable, Hashable {
  /// Id of the rule.
  public var rule: String
  /// Its severity; nil for a rule that is off.
  public var severity: Severity?
  /// The rule's name in the configuration.
  public var span: SourceSpan

  /// What `span` says about `rule`.
  public init(rule: String, severity: Severity?, span: SourceSpan) {
    self.rule = rule
    self.severity = severity
    self.span = span
  }
}

/// An expression written in a string of the configuration.
public struct ConfiguredExpression: Sendable, Hashable {
  /// The text as the linker would read it.
  public var text: String
  /// The expression in the tables of ``Configuration/script``.
  public var expression: ExpressionID
  /// The string in the configuration.
  public var span: SourceSpan
}

/// The forms in which an image leaves a build.
public enum ImageForm: String, Sendable, CaseIterable {
  /// `objcopy -O binary`: from the lowest to the highest load address with contents, holes filled.
  case binary
  /// Intel hex: holes are left out.
  case intelHex = "ihex"
  /// Motorola S-records: holes are left out.
  case sRecords = "srec"
  /// The ELF file itself, as a loader reads it: `p_paddr`, `p_filesz`, `p_memsz`.
  case elf
  /// The ELF32 file that Xen's mkelf32 writes around one segment.
  case elf32
  /// The PE file itself, as UEFI and Windows read it.
  case pe
}

/// What is said about the image that leaves the build.
public struct ConfiguredImage: Sendable, Hashable {
  /// Its form.
  public var form: ImageForm
  /// The symbol that has to be its end.
  public var end: String?
}

/// A condition that the image has to meet.
public struct ConfiguredConstraint: Sendable {
  /// What it is called in reports.
  public var name: String
  /// What must not be zero.
  public var expression: ConfiguredExpression
  /// Why it matters.
  public var why: String?
  /// The unit of which it wants a range to be one region; nil for any other condition.
  public var protection: ConfiguredProtection?
}

/// One region of ``ConfiguredMapping``.
public struct ConfiguredRegion: Sendable {
  /// `text`
  public var name: String
  /// Expressions for the first address; the first that can be evaluated counts.
  public var start: [ConfiguredExpression] = []
  /// Expressions for the address after the last byte.
  public var end: [ConfiguredExpression] = []
  /// `r-x`
  public var permissions: String
  /// Patterns of the sections that belong here.
  public var sections: [String] = []
}

/// A table of ``ConfiguredMapping`` that code walks or copies up to a symbol.
public struct ConfiguredTable: Sendable {
  /// The symbol behind its last byte.
  public var end: String
  /// Patterns of the input sections that make it up.
  public var sections: [String]
}

/// How the image is meant to be mapped.
public struct ConfiguredMapping: Sendable {
  /// A mapping of which nothing is said.
  public init() {}

  /// Page sizes in bytes, powers of two, smallest first.
  public var pageSizes: [UInt64] = []
  /// Page-table format.
  public var pageTable: String?
  /// Expressions for the address of slot 0.
  public var base: [ConfiguredExpression] = []
  /// Bytes that the page table reaches from the base on.
  public var window: UInt64?
  /// Slot in which the image has to start.
  public var firstSlot: UInt64?
  /// Expressions for the first address of the image.
  public var start: [ConfiguredExpression] = []
  /// Expressions for the address after its last byte.
  public var end: [ConfiguredExpression] = []
  /// Regions in order.
  public var regions: [ConfiguredRegion] = []
  /// Boundaries that boot code compares with the superpage.
  public var superpageSymbols: [String] = []
  /// Whether the base and the load address have to agree with the superpage.
  public var needsSuperpageBase: Bool?
  /// Whether boot code maps from boundary to boundary as they are.
  public var usesBoundariesAsTheyAre: Bool?
  /// Whether nothing but the regions is mapped.
  public var coversImage: Bool?
  /// Whether a section that no region names is a stray.
  public var listsAllSections: Bool?
  /// Tables that code walks or copies up to a symbol; nil if nothing is said of them.
  public var tables: [ConfiguredTable]?
}

/// A tag in comments that suppresses findings of some rules.
public struct ConfiguredTag: Sendable, Hashable {
  /// `SAF-12-safe`
  public var tag: String
  /// The rules it suppresses.
  public var rules: [String]

  /// The tag and its rules.
  public init(tag: String, rules: [String]) {
    self.tag = tag
    self.rules = rules
  }
}
