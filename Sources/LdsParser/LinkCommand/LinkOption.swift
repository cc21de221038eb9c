// The options of a link that decide what the image looks like, or what is left of the link to read. All others are
// kept as they are.

/// An option with its value, as the linker understands it (ld manual 2.1, "Command-line Options").
public enum LinkOption: Sendable, Hashable {
  /// Where the map goes.
  public enum MapTarget: Sendable, Hashable {
    /// `-M`, or `-Map=-`
    case standardOutput
    /// `-Map=FILE`; GNU ld puts the output's name and `.map` below it if it is a folder, and reads `%` as the name
    /// (ld manual, "-Map").
    case file(FilePath)
  }

  /// What kind of file is made.
  public enum OutputKind: Sendable, Hashable {
    /// `-r`, `-Ur`
    case relocatable
    /// `-shared`
    case shared
    /// `-pie`
    case positionIndependent
    /// `-no-pie`
    case fixed
  }

  /// How sections are paged.
  public enum Paging: Sendable, Hashable {
    /// `-n`: sections are not aligned to pages.
    case nmagic
    /// `-N`: as `-n`, and text is writable.
    case omagic
    /// `--no-omagic`, `--no-nmagic`
    case paged
  }

  /// What changes how the inputs behind it are treated.
  public enum State: Sendable, Hashable {
    /// `--start-group`
    case startGroup
    /// `--end-group`
    case endGroup
    /// `--whole-archive`, `--no-whole-archive`
    case wholeArchive(Bool)
    /// `--as-needed`, `--no-as-needed`
    case asNeeded(Bool)
    /// `-Bstatic`, `-Bdynamic`
    case archivesOnly(Bool)
    /// `--push-state`
    case push
    /// `--pop-state`
    case pop
    /// `-b FORMAT`
    case format([UInt8])
  }

  /// `-T FILE`
  case script(FilePath)
  /// `-dT FILE`
  case defaultScript(FilePath)
  /// `-Ttext=ADDRESS` and its kin: the name is that of SEGMENT_START, such as `text`.
  case segmentStart([UInt8], UInt64)
  /// `--section-start=SECTION=ADDRESS`
  case sectionStart([UInt8], UInt64)
  /// `--defsym=SYMBOL=EXPRESSION`
  case definition(symbol: [UInt8], expression: [UInt8])
  /// `-z max-page-size=N`
  case maximumPageSize(UInt64)
  /// `-z common-page-size=N`
  case commonPageSize(UInt64)
  /// Any other `-z KEYWORD`
  case keyword([UInt8])
  /// `--image-base=ADDRESS`
  case imageBase(UInt64)
  /// `-m EMULATION`
  case emulation([UInt8])
  /// `--oformat FORMAT`
  case outputFormat([UInt8])
  /// `-L FOLDER`
  case searchPath(FilePath)
  /// `--gc-sections`, `--no-gc-sections`
  case collectsGarbage(Bool)
  /// `--relax`, `--no-relax`
  case relaxes(Bool)
  /// `-n`, `-N`, `--no-omagic`
  case paging(Paging)
  /// `--orphan-handling=MODE`
  case orphanHandling([UInt8])
  /// `--unique`, `--unique=SECTION`
  case unique([UInt8]?)
  /// `--sort-section=KIND`
  case sortSection([UInt8])
  /// `--sort-common`, `--sort-common=ORDER`
  case sortCommon([UInt8]?)
  /// `--section-ordering-file=FILE`
  case sectionOrder(FilePath)
  /// `--build-id`, `--build-id=STYLE`
  case buildID([UInt8]?)
  /// `-O LEVEL`
  case optimize([UInt8])
  /// `--compress-debug-sections=KIND`
  case compressDebug([UInt8])
  /// `-q`: relocations are kept.
  case keepsRelocations
  /// `-s`, `-S`
  case strip
  /// `-e SYMBOL`
  case entry([UInt8])
  /// `-u SYMBOL`, `--require-defined=SYMBOL`
  case undefined([UInt8])
  /// `--wrap=SYMBOL`
  case wrap([UInt8])
  /// `-Map=FILE`, `-M`
  case map(MapTarget)
  /// `-o FILE`
  case output(FilePath)
  /// `-r`, `-shared`, `-pie` and their kin
  case kind(OutputKind)
  /// `--noinhibit-exec`
  case keepsFaultyOutput
  /// `-w`: in GNU ld, no ASSERT fails then.
  case silent
  /// `--print-memory-usage`
  case printsMemoryUsage
  /// `--version`, `--help` and their kin: the program tells of itself and does nothing else.
  case information
  /// `-flavor NAME`, `-fuse-ld=NAME`: the linker that runs.
  case linker([UInt8])
  /// What inputs behind it are treated like.
  case state(State)
}

/// One thing on a link's command line.
public enum LinkItem: Sendable, Hashable {
  /// An option of the table.
  case option(LinkOption)
  /// An input.
  case input(LinkInput)
  /// An option that is not in the table, or whose value is none: its words.
  case unknown([[UInt8]])
}
