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

/// Bytes that were added to a link: taken out of the statements behind each layout, out of the rest before the next one.
struct AddedBytes {
  /// The section statements that have more in their bodies, and where.
  var bodies: [(section: SectionStatement, index: Int)] = []
  /// The output sections that have more at the end of their inputs.
  var outputs: [OutputSection] = []
  /// The input sections that are larger, with the sizes that they had.
  var inputs: [(section: InputSection, size: UInt64)] = []
}

extension ObjectLink: PlacedLink {
  func size(growing growths: [LayoutGrowth], for detail: LayoutDetail) throws(LayoutStop) {
    takeAwayAdded()
    if resumption.isPossible, resume(growing: growths, detail) { return }
    resumption.isPossible = false
    takeAwayAdded()
    if let snapshot { snapshot.restore(self) } else { snapshot = LayoutSnapshot(self) }
    do throws(LayoutStop) {
      for growth in growths { try grow(growth) }
      try size()
    } catch {
      removeFromBodies()
      throw error
    }
    removeFromBodies()
    resumption.isPossible = mayResume
  }

  func prediction(_ detail: LayoutDetail) -> LayoutPrediction { LayoutPrediction(self, detail) }

  /// The output sections behind whose last input section there is room for more.
  var growing: [[UInt8]] {
    var found: [[UInt8]] = []
    for section in sections {
      guard let output = section.output, output.bits.contains(.allocated),
        let end = end(of: section), !isRewritten(end.last.name)
      else { continue }
      let name = names.bytes(section.name)
      if !found.contains(name) { found.append(name) }
    }
    return found
  }

  /// The last input section of a section that takes part, and the statement of the body that took it.
  private func end(of section: SectionStatement) -> (statement: Int, last: InputSection)? {
    for (index, statement) in zip(section.body.indices, section.body).reversed() {
      switch statement {
      case .inputs(let inputs):
        if let last = inputs.placed.last(where: { !$0.section.bits.contains(.excluded) }) {
          return (index, last.section)
        }
      case .placed(let placed): return (index, placed.section)
      default: continue
      }
    }
    return nil
  }

  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony? {
    GrowthMonotony(script, names, growing: section, from: before, to: after)
  }

  /// Adds bytes to a section.
  func grow(_ growth: LayoutGrowth) throws(LayoutStop) {
    let shown = String(decoding: growth.section, as: UTF8.self)
    guard let name = names.find(growth.section), let section = statement(named: name),
      let output = section.output
    else {
      // Sizing starts from a snapshot, which has the sizes as they were.
      let input = try grownInput(growth.section)
      self.growth.inputs.append((input, input.size))
      input.size = input.size &+ growth.bytes
      return
    }
    guard let end = end(of: section) else {
      throw .refused("\(shown) holds no input section that could grow")
    }
    if isRewritten(end.last.name) {
      throw .refused("\(shown) ends in \(names.string(end.last.name)), which the linker rewrites")
    }
    let more = added(growth.bytes, like: end.last, output)
    section.body.insert(.placed(more), at: end.statement + 1)
    self.growth.bodies.append((section, end.statement + 1))
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
    growth.outputs.append(output)
    return PlacedInput(section)
  }

  /// Takes added bytes out of the statements.
  func removeFromBodies() {
    for (section, index) in growth.bodies.reversed() { section.body.remove(at: index) }
    growth.bodies = []
  }

  /// Takes added bytes away, and gives sections of objects their sizes back.
  private func takeAwayAdded() {
    removeFromBodies()
    for output in growth.outputs.reversed() { output.inputs.removeLast() }
    for (section, size) in growth.inputs.reversed() { section.size = size }
    if !growth.inputs.isEmpty { resumption.age += 1 }
    growth = AddedBytes()
  }
}
