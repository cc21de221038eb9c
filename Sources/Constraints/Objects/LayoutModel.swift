// A link that is loaded and placed once, and laid out as often as somebody asks "and if it were larger?".

public import LdsParser

/// More bytes: in an output section, one more input section behind the last one that a pattern takes; in an object, more of
/// one of its sections.
public struct LayoutGrowth: Sendable, Hashable {
  /// The output section, or an object as `net/lwip.o` or `net/lwip.o:.text`; of an object alone its largest section
  /// with code grows.
  public var section: [UInt8]
  /// How many bytes more; they are aligned to nothing.
  public var bytes: UInt64

  /// A growth.
  public init(section: [UInt8], bytes: UInt64) {
    self.section = section
    self.bytes = bytes
  }
}

/// A link between placing and sizing.
public final class LayoutModel {
  private enum Link {
    case gnu(ObjectLink, LayoutSnapshot)
    case lld(LLDLink)
  }

  private let link: Link
  private var isFresh = true

  /// Loads and places a link; see ``LayoutPrediction/init(_:_:provider:)``.
  public init(
    _ script: LinkerScript, _ command: LinkCommand, by dialect: LinkerDialect = .laidOut,
    aligning alignments: [LayoutAlignment] = [], provider: some SourceProvider
  ) throws(LayoutStop) {
    let options = try LayoutOptions(command, dialect)
    if dialect == .lld {
      guard alignments.isEmpty else {
        throw .refused("another alignment of a section is not modelled for ld.lld")
      }
      link = .lld(try LLDLink(script, command, options, provider: provider))
      return
    }
    let link = try ObjectLink(script, options)
    for alignment in alignments { try link.align(alignment) }
    var loader = FileLoader(link, command, provider: provider)
    try loader.load()
    try link.makeLinkerSections()
    try link.place()
    self.link = .gnu(link, LayoutSnapshot(link))
  }

  private var complaints: [LayoutComplaint] {
    switch link {
    case .gnu(let link, _): link.complaints
    case .lld(let link): link.complaints
    }
  }

  private var prediction: LayoutPrediction {
    switch link {
    case .gnu(let link, _): LayoutPrediction(link)
    case .lld(let link): LayoutPrediction(link)
    }
  }

  private var judgedAssertions: [JudgedAssertion] {
    switch link {
    case .gnu(let link, _): link.judgedAssertions
    case .lld(let link): link.judgedAssertions
    }
  }

  /// A link that is placed.
  init(placed link: ObjectLink) {
    self.link = .gnu(link, LayoutSnapshot(link))
  }

  /// The layout.
  ///
  /// - Throws: what is not modelled, or where the linker would stop.
  public func layout(growing growths: [LayoutGrowth] = []) throws(LayoutStop) -> LayoutPrediction {
    try size(growths)
    if let complaint = complaints.first { throw .linkerStops(complaint.text) }
    return prediction
  }

  /// The layout that the linker comes to, even if it complains of it and makes no image: a map shows it all the same.
  ///
  /// - Throws: what is not modelled, or where the linker would stop before.
  public func layoutWithComplaints(
    growing growths: [LayoutGrowth] = []
  ) throws(LayoutStop) -> LayoutPrediction {
    try size(growths)
    return prediction
  }

  /// How the numbers of the script follow the growth of a section; nil for ld.lld, for which that is not worked out.
  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony? {
    guard case .gnu(let link, _) = link else { return nil }
    return GrowthMonotony(link.script, growing: section, from: before, to: after)
  }

  private func size(_ growths: [LayoutGrowth]) throws(LayoutStop) {
    defer { isFresh = false }
    switch link {
    case .lld(let link): try link.size(growing: growths)
    case .gnu(let link, let snapshot):
      if !isFresh { snapshot.restore(link) }
      for growth in growths { try link.grow(growth) }
      defer { link.shrink() }
      try link.size()
    }
  }

  /// Whether the link goes through and no ASSERT fails.
  private func holds(_ growth: LayoutGrowth) throws(LayoutStop) -> Bool {
    do throws(LayoutStop) {
      try size([growth])
    } catch {
      if case .linkerStops = error { return false }
      throw error
    }
    guard complaints.isEmpty else { return false }
    return judgedAssertions.allSatisfy { ($0.value ?? 0) != 0 }
  }

  /// The output sections that can grow: those that hold an input section.
  public var growing: [[UInt8]] {
    let link: ObjectLink
    switch self.link {
    case .gnu(let gnu, _): link = gnu
    case .lld(let lld): return lld.growing
    }
    var names: [[UInt8]] = []
    for section in link.sections {
      guard let output = section.output, output.bits.contains(.allocated),
        output.inputs.contains(where: { !$0.bits.contains(.excluded) })
      else { continue }
      let name = link.names.bytes(section.name)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// By how many bytes a section may grow until the linker stops or an ASSERT fails: both sides are laid out.
  ///
  /// Between them every verdict is taken to change once; a bound that comes and goes is met at one of its edges.
  ///
  /// - Returns: nil if it may grow by ``mostGrowth`` at least, or if something fails already.
  public func room(of section: [UInt8]) throws(LayoutStop) -> UInt64? {
    guard try holds(LayoutGrowth(section: section, bytes: 0)) else { return nil }
    var low: UInt64 = 0
    var high: UInt64 = 1
    while try holds(LayoutGrowth(section: section, bytes: high)) {
      low = high
      high *= 2
      if high > Self.mostGrowth { return nil }
    }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if try holds(LayoutGrowth(section: section, bytes: middle)) {
        low = middle
      } else {
        high = middle
      }
    }
    return low
  }

  /// Growth is looked for up to here.
  public static let mostGrowth: UInt64 = 1 << 40
}

extension ObjectLink {
  /// Adds bytes to a section.
  fileprivate func grow(_ growth: LayoutGrowth) throws(LayoutStop) {
    let shown = String(decoding: growth.section, as: UTF8.self)
    guard let name = names.find(growth.section), let section = statement(named: name),
      let output = section.output
    else {
      // Sizing starts from a snapshot, which has the sizes as they were.
      let input = try grownInput(growth.section)
      input.size = input.size &+ growth.bytes
      return
    }
    for statement in section.body.reversed() {
      switch statement {
      case .inputs(let inputs):
        guard let last = inputs.placed.last(where: { !$0.section.bits.contains(.excluded) }) else {
          continue
        }
        inputs.placed.append(added(growth.bytes, like: last.section, output))
        return
      case .placed(let placed):
        guard let place = section.body.lastIndex(where: { $0.isPlaced(placed) }) else { continue }
        let more = added(growth.bytes, like: placed.section, output)
        section.body.insert(.placed(more), at: place + 1)
        return
      default: continue
      }
    }
    throw .refused("\(shown) holds no input section that could grow")
  }

  private func added(
    _ bytes: UInt64, like other: InputSection, _ output: OutputSection
  ) -> PlacedInput {
    let section = InputSection(
      other.file, name: other.name, record: nil, type: other.type,
      bits: other.bits.subtracting([.merged, .strings, .kept, .relocated]), size: bytes,
      alignmentPower: 0)
    section.home = .output(output)
    output.inputs.append(section)
    let placed = PlacedInput(section)
    growth.append(placed)
    return placed
  }

  /// Takes added bytes away.
  fileprivate func shrink() {
    guard !growth.isEmpty else { return }
    let added = Set(growth.map(ObjectIdentifier.init))
    growth = []
    for section in sections {
      section.body.removeAll { statement in
        if case .placed(let placed) = statement {
          added.contains(ObjectIdentifier(placed))
        } else {
          false
        }
      }
      for case .inputs(let inputs) in section.body {
        inputs.placed.removeAll { added.contains(ObjectIdentifier($0)) }
      }
    }
  }
}

extension BodyStatement {
  fileprivate func isPlaced(_ other: PlacedInput) -> Bool {
    if case .placed(let placed) = self { placed === other } else { false }
  }
}
