// What a link command gives the linker to link: `start.o --start-group libc.a -lgcc --end-group`.

/// One input of a link.
public struct LinkInput: Sendable, Hashable {
  /// How the command names it.
  public enum Name: Sendable, Hashable {
    /// A file: an object, an archive, a shared library, a script.
    case file(FilePath)
    /// `-lNAME`: `libNAME.so` or `libNAME.a` in the search paths.
    case library([UInt8])
    /// `-l:NAME`: the file `NAME` in the search paths.
    case libraryFile([UInt8])
  }

  /// What options before it say of how it is linked.
  public struct Treatment: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt8
    /// The treatment with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `--whole-archive`: every member is linked.
    public static let wholeArchive = Treatment(rawValue: 1)
    /// `--as-needed`
    public static let asNeeded = Treatment(rawValue: 2)
    /// `-Bstatic`: only archives are looked for.
    public static let archivesOnly = Treatment(rawValue: 4)
    /// `-R FILE`: its symbols only.
    public static let symbolsOnly = Treatment(rawValue: 8)
  }

  /// How it is named.
  public var name: Name
  /// The number of its `--start-group`, from 0; nil outside groups.
  public var group: Int?
  /// How it is linked.
  public var treatment: Treatment
  /// `-b FORMAT` before it; nil where the linker finds out.
  public var format: [UInt8]?

  /// An input called `name`.
  public init(
    _ name: Name, group: Int? = nil, treatment: Treatment = [], format: [UInt8]? = nil
  ) {
    self.name = name
    self.group = group
    self.treatment = treatment
    self.format = format
  }
}
