// What rules see: scripts, images and plans of one analysis.

public import LdsParser

/// An image with its plan.
public struct PlannedImage: Sendable {
  /// The image.
  public var image: Image
  /// Its plan; nil where none could be made.
  public var plan: SuperpagePlan?

  /// An image with its plan.
  public init(_ image: Image, plan: SuperpagePlan?) {
    self.image = image
    self.plan = plan
  }
}

/// Everything one run of the rules looks at.
public struct RuleContext: Sendable {
  /// The script; its spans point into `LinkerScript.sources`.
  public var script: LinkerScript?
  /// What was worked out about the script; nil where there is none, or one that no linker would read.
  public var facts: ScriptFacts?
  /// The images that were linked with it, in the order given.
  public var images: [PlannedImage]
  /// Further scripts that are given, which may be of the same link.
  var others: [LinkerScript] = []
  /// Whose semantics count.
  public var dialect: LinkerDialect
  /// The linkers that the script is meant for, the one that proves first.
  public var linkers: [LinkerDialect]
  /// The image that leaves the build, as far as a configuration or profile says; never guessed.
  public var shipped: ShippedDescription?
  /// What start-up code copies and clears, as a configuration says; nil if nothing does.
  public var startup: StartupContract?

  /// A context with what is at hand.
  ///
  /// `profile` is the mapping to assume of the script; nil for the one its symbols suggest.
  public init(
    script: LinkerScript? = nil, images: [PlannedImage] = [], dialect: LinkerDialect = .bfd,
    linkers: [LinkerDialect] = [.bfd, .lld], profile: MappingDescription? = nil,
    shipped: ShippedDescription? = nil, demands: [AlignmentDemand] = []
  ) {
    self.script = script
    self.images = images
    self.dialect = dialect
    self.linkers = linkers
    // mold judges nothing; what the script means is told by GNU ld.
    let proving = linkers.first { $0 != .mold } ?? .bfd
    facts = script.flatMap {
      $0.isRefused ? nil : ScriptFacts($0, profile: profile, dialect: proving, demands: demands)
    }
    self.shipped = shipped ?? profile?.image ?? facts?.profile?.image
  }

  /// Whether the image may leave the build as the bytes of its sections, by whatever tool: nobody says that a loader
  /// reads it as it is.
  var mayShipRaw: Bool {
    switch shipped?.form {
    case nil, .binary, .intelHex, .sRecords: true
    case .elf, .elf32, .pe: false
    }
  }

  /// The linked ELF images.
  var linkedELF: [Image] {
    images.map(\.image).filter { $0.kind == .elf && !$0.isRelocatable }
  }

  /// The images that have a plan, with it.
  public var plans: [(image: Image, plan: SuperpagePlan)] {
    images.compactMap { planned in planned.plan.map { (planned.image, $0) } }
  }

  /// Whether `need` is there.
  public func has(_ need: RuleNeed) -> Bool {
    switch need {
    case .script: facts != nil
    case .image: !images.isEmpty
    case .plan: images.contains { $0.plan != nil }
    }
  }
}

extension Image {
  /// The image as a whole.
  var wholePlace: FindingPlace { .image(path, line: nil, offset: nil) }

  /// The line (of a map) or the byte (of an image) at which an output section is described.
  func place(ofSection index: Int) -> FindingPlace {
    guard outputSections.indices.contains(index) else { return wholePlace }
    let offset = Int(outputSections[index].place)
    return line(at: offset) ?? .image(path, line: nil, offset: offset == 0 ? nil : offset)
  }

  /// The line (of a map or listing) at which a symbol has its value; the whole image where it has none.
  func place(ofSymbol name: String) -> FindingPlace {
    let bytes = Array(name.utf8)
    guard let length = UInt32(exactly: bytes.count),
      let record = symbols.records.first(where: {
        $0.nameLength == length && symbols.nameBytes($0) == bytes
      })
    else { return wholePlace }
    return line(at: Int(record.nameStart)) ?? wholePlace
  }

  /// The value of a global symbol; nil where it has none of that name.
  func value(ofGlobal name: String) -> UInt64? {
    let bytes = Array(name.utf8)
    return symbols.records.first {
      $0.binding != .local && Int($0.nameLength) == bytes.count && symbols.nameBytes($0) == bytes
    }?.value
  }

  /// The values of those of `names` that are global symbols, in the order of the names.
  func values(ofGlobals names: [String]) -> [(name: String, value: UInt64)] {
    let index = SymbolIndex(symbols, names: names.map { Array($0.utf8) })
    return names.compactMap { name in
      index.rows(Array(name.utf8)).first { symbols.records[$0].binding != .local }
        .map { (name, symbols.records[$0].value) }
    }
  }

  /// The line of a text file that holds the byte at `offset`; nil for a binary file.
  private func line(at offset: Int) -> FindingPlace? {
    guard kind != .elf, kind != .pe, sources.count > 0 else { return nil }
    let line = sources.lineAndColumn(SourceID(index: 0), offset: offset).line
    return .image(path, line: line, offset: nil)
  }
}
