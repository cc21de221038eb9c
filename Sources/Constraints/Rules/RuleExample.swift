// Examples are the specification of a rule: tests run them, the rule's page shows them.

public import LdsParser

/// One input of a rule with what is expected of it.
public struct RuleExample: Sendable {
  /// What the example shows.
  public var title: String
  /// Script text; `↓` stands before each byte that a finding has to point at, in order, and is taken out.
  public var script: String?
  /// Text of another script of the same link.
  public var beside: String?
  /// Text of a `.lds-check.json`.
  public var configuration: String?
  /// Facts of an image.
  public var image: ImageFacts?
  /// Facts from other files beside it.
  public var others: [ImageFacts] = []
  /// The messages expected, in order; empty for a good example and for scripts with markers alone.
  public var messages: [String]
  /// The oldest linker that has to read the script.
  public var linkerVersion: LinkerVersion?

  /// Script text with `↓` at the places of the findings, and facts of an image made with it.
  public static func script(
    _ title: String, _ text: String, beside: String? = nil, configuration: String? = nil,
    image: ImageFacts? = nil, linkerVersion: LinkerVersion? = nil, messages: [String] = []
  ) -> RuleExample {
    RuleExample(
      title: title, script: text, beside: beside, configuration: configuration, image: image,
      messages: messages, linkerVersion: linkerVersion)
  }

  /// Facts of an image and the messages they lead to.
  public static func image(
    _ title: String, _ facts: ImageFacts, messages: [String] = []
  ) -> RuleExample {
    RuleExample(
      title: title, script: nil, image: facts, messages: messages, linkerVersion: nil)
  }

  /// Facts from several files and the messages they lead to.
  public static func images(
    _ title: String, _ facts: ImageFacts, _ others: ImageFacts..., messages: [String] = []
  ) -> RuleExample {
    var example = image(title, facts, messages: messages)
    example.others = others
    return example
  }
}

/// An image told in a few facts, for examples and tests.
public struct ImageFacts: Sendable {
  /// One section.
  public struct Section: Sendable {
    var name: String
    var vma: UInt64
    var size: UInt64
    var permissions: Permissions?
    var lma: UInt64?
    /// Flags besides those of the permissions; nil for a section that is not allocated.
    var flags: SectionFlags?
    /// Offset of its contents in the file.
    var fileOffset: UInt64?

    /// A section; without permissions it is as a map shows it.
    public init(
      _ name: String, at vma: UInt64, size: UInt64, _ permissions: Permissions? = nil,
      lma: UInt64? = nil, flags: SectionFlags? = .allocated
    ) {
      self.flags = flags
      self.name = name
      self.vma = vma
      self.size = size
      self.permissions = permissions
      self.lma = lma
    }
  }

  /// Name of the file.
  public var name: String
  /// Kind of evidence.
  public var kind: ImageKind
  /// Symbols with their values.
  public var symbols: [(String, UInt64)]
  /// Variables of objects with their addresses; each has a size.
  public var variables: [(String, UInt64)] = []
  /// Sections in order.
  public var sections: [Section]
  /// Program headers in order.
  public var segments: [SegmentRecord]
  /// PE section alignment.
  public var sectionAlignment: UInt64?
  /// PE image base.
  public var imageBase: UInt64?
  /// What a PE header promises.
  public var promises: PEPromises?
  /// Whether addresses have 32 bits.
  public var is32Bit: Bool?
  /// Number of the machine in an ELF header; nil where nobody tells.
  public var machine: UInt16?
  /// Words of the file with their offsets, in order.
  public var words: [(Int, [UInt32])] = []
  /// Names of input sections, for a map.
  public var inputs: [String]
  /// Names of input sections that a map lists as discarded.
  public var discarded: [String] = []
  /// Profile to apply; nil for the one that fits.
  public var profile: String?

  /// An image with its facts.
  public init(
    _ name: String = "image", kind: ImageKind = .elf, symbols: [(String, UInt64)] = [],
    sections: [Section] = [],
    segments: [SegmentRecord] = [], sectionAlignment: UInt64? = nil, inputs: [String] = [],
    profile: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.symbols = symbols
    self.sections = sections
    self.segments = segments
    self.sectionAlignment = sectionAlignment
    self.inputs = inputs
    self.profile = profile
  }

  /// The image these facts describe.
  public func makeImage() -> Image {
    var text = ""
    var records: [SymbolRecord] = []
    for (index, (symbol, value)) in (symbols + variables).enumerated() {
      records.append(
        SymbolRecord(
          nameStart: UInt32(truncatingIfNeeded: text.utf8.count),
          nameLength: UInt32(truncatingIfNeeded: symbol.utf8.count), value: value,
          size: index < symbols.count ? 0 : 4, place: .unknownSection, binding: .global))
      text += symbol + "\n"
    }
    var rows: [InputSectionRecord] = []
    let object = text.utf8.count
    text += "a.o\n"
    for (index, input) in (inputs + discarded).enumerated() {
      rows.append(
        InputSectionRecord(
          nameStart: UInt32(truncatingIfNeeded: text.utf8.count),
          nameLength: UInt32(truncatingIfNeeded: input.utf8.count),
          objectStart: UInt32(truncatingIfNeeded: object), objectLength: 3, address: 0, size: 1,
          outputSection: index < inputs.count ? 0 : -1))
      text += input + "\n"
    }
    var bytes = Array(text.utf8)
    for (offset, words) in words {
      bytes += [UInt8](repeating: 0, count: max(0, offset - bytes.count))
      bytes += words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }
    if let end = sections.compactMap({ section in section.fileOffset.map { Int($0 &+ section.size) }
    }).max() {
      bytes += [UInt8](repeating: 0, count: max(0, end - bytes.count))
    }
    let buffer = SourceBuffer(path: FilePath(name), bytes: bytes)
    var image = Image(buffer: buffer, kind: kind)
    _ = image.sources.add(buffer)
    image.inputSections = rows
    image.symbols.records = records
    image.segments = segments
    image.is32Bit = is32Bit
    image.machine = machine
    image.sectionAlignment = sectionAlignment
    image.imageBase = imageBase
    image.promises = promises
    image.outputSections = sections.map(Self.record)
    return image
  }

  private static func record(_ section: Section) -> OutputSectionRecord {
    var flags: SectionFlags?
    if let permissions = section.permissions {
      flags = section.flags ?? []
      if permissions.contains(.write) { flags?.insert(.writable) }
      if permissions.contains(.execute) { flags?.insert(.executable) }
    }
    return OutputSectionRecord(
      name: Array(section.name.utf8), vma: section.vma, lma: section.lma, size: section.size,
      flags: flags, fileOffset: section.fileOffset)
  }
}
