// More bytes in a link that is placed: what is added is taken away again behind each layout.

internal import LdsParser

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

extension ObjectLink: PlacedLink {
  func size(growing growths: [LayoutGrowth]) throws(LayoutStop) {
    if let snapshot { snapshot.restore(self) } else { snapshot = LayoutSnapshot(self) }
    for growth in growths { try grow(growth) }
    defer { shrink() }
    try size()
  }

  func prediction(_ detail: LayoutDetail) -> LayoutPrediction { LayoutPrediction(self, detail) }

  /// The output sections that hold an input section.
  var growing: [[UInt8]] {
    var found: [[UInt8]] = []
    for section in sections {
      guard let output = section.output, output.bits.contains(.allocated),
        output.inputs.contains(where: { !$0.bits.contains(.excluded) })
      else { continue }
      let name = names.bytes(section.name)
      if !found.contains(name) { found.append(name) }
    }
    return found
  }

  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony? {
    GrowthMonotony(script, growing: section, from: before, to: after)
  }

  /// Adds bytes to a section.
  private func grow(_ growth: LayoutGrowth) throws(LayoutStop) {
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
  private func shrink() {
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
