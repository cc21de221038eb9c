// Another order of output sections that stand directly beside one another: with less padding between them an image may
// need a superpage less. Each order that is told was laid out, as if the script had it.

public import LdsParser

/// Output sections in another order.
public struct SectionOrder: Sendable, Hashable {
  /// The sections as the script has them.
  public var written: [[UInt8]]
  /// The same sections in the better order.
  public var sections: [[UInt8]]
  /// The statement of the first one in the script.
  public var span: SourceSpan
}

/// What another order is measured by.
public struct FrameCount: Sendable, Hashable {
  /// How many superpages the image takes.
  public var slots: UInt64
  /// How many of them hold different permissions.
  public var mixed: Int

  /// A count.
  public init(slots: UInt64, mixed: Int) {
    self.slots = slots
    self.mixed = mixed
  }
}

/// Orders with which an image takes fewer superpages.
public struct BetterOrder: Sendable, Hashable {
  /// The sections that change places.
  public var orders: [SectionOrder]
  /// What the image takes as it is written.
  public var from: FrameCount
  /// What it takes with the orders, which were laid out.
  public var to: FrameCount
}

extension LayoutModel {
  /// Orders that were laid out at most.
  private static let tried = 8

  /// Orders of sections with which the image takes fewer superpages: of one run of sections if that is enough, else of all
  /// together. Only sections between which nothing stands change places, so that no symbol between sections means something
  /// else; the first one of the image stays, and so do those with an address, a region or a segment of their own.
  ///
  /// Beforehand paddings are summed up; then the script with the other order is laid out, orphans and all: no ASSERT may
  /// fail that holds now, and no more superpages may hold different permissions.
  ///
  /// - Parameter count: what the image takes; nil where it cannot be told.
  /// - Returns: nil if none is better.
  /// - Throws: what is not modelled of the script as it is, or where the linker would stop.
  public func betterOrder(
    counting count: (LayoutPrediction) -> FrameCount?
  ) throws(LayoutStop) -> BetterOrder? {
    guard let script, let layOut else { return nil }
    let now = try layout()
    guard let from = count(now), from.slots > 1 else { return nil }
    let runs = SectionRun.all(of: script, now).compactMap { run in
      run.better.map { (run: run, order: $0) }
    }.sorted { $0.order.saved > $1.order.saved }.prefix(Self.tried)
    var attempts = runs.map { [$0] }
    if runs.count > 1 { attempts.append(Array(runs)) }
    for attempt in attempts {
      var other = script
      for (run, order) in attempt { run.reorder(order.places, &other) }
      guard let model = try? layOut(other), let layout = try? model.layout(),
        let to = count(layout), to.slots < from.slots, to.mixed <= from.mixed,
        !Self.breaks(layout, now)
      else { continue }
      return BetterOrder(
        orders: attempt.map { $0.run.described($0.order.places, script) }, from: from, to: to)
    }
    return nil
  }

  private static func breaks(_ layout: LayoutPrediction, _ before: LayoutPrediction) -> Bool {
    let held = Set(before.assertions.filter(\.holds).map(\.condition))
    return layout.assertions.contains { !$0.holds && held.contains($0.condition) }
  }
}

/// Output sections of a script between which nothing stands.
private struct SectionRun {
  /// The statement of SECTIONS among those of the script.
  let list: Int
  /// The sections among the statements in it, and each as it was laid out.
  private(set) var members: [(place: Int, section: PredictedSection)] = []

  /// Up to so many sections all orders are looked at.
  private static let permuted = 6

  static func all(of script: LinkerScript, _ layout: LayoutPrediction) -> [SectionRun] {
    var runs: [SectionRun] = []
    let first = layout.sections.filter(Self.takesRoom).min { $0.vma < $1.vma }?.name
    for (list, statement) in script.statements.enumerated() {
      guard case .sections(let body) = statement.kind else { continue }
      var run = SectionRun(list: list)
      for (place, statement) in body.enumerated() {
        switch statement.kind {
        case .empty: continue
        case .outputSection(let description) where isMovable(description):
          let name = script.names.bytes(description.name.name)
          let found = layout.sections.filter { $0.name == name }
          if found.isEmpty { continue }
          if found.count == 1, name != first, takesRoom(found[0]) {
            run.members.append((place, found[0]))
            continue
          }
        default: break
        }
        if run.members.count > 1 { runs.append(run) }
        run.members = []
      }
      if run.members.count > 1 { runs.append(run) }
    }
    return runs
  }

  private static func takesRoom(_ section: PredictedSection) -> Bool {
    section.flags.contains(.allocated) && !section.flags.contains(.threadLocal)
      && section.size ?? 0 > 0
  }

  private static func isMovable(_ section: OutputSectionDescription) -> Bool {
    let tail = section.tail
    guard case .normal = section.type else { return false }
    return section.address == nil && section.loadAddress == nil && section.constraint == nil
      && tail.region == nil && tail.loadRegion == nil && tail.programHeaders.isEmpty
  }

  /// The order with the least end, if it ends before the one that is written.
  var better: (places: [Int], saved: UInt64)? {
    let written = Array(members.indices)
    let now = end(of: written)
    let best = orders.filter(keepsZeroesBehind).map { (places: $0, end: end(of: $0)) }
      .min { $0.end < $1.end }
    guard let best, best.end < now else { return nil }
    return (best.places, now &- best.end)
  }

  private var orders: [[Int]] {
    let written = Array(members.indices)
    if written.count <= Self.permuted { return Self.permutations(written) }
    var orders = [
      written.sorted { left, right in
        let keys = (members[left].section.alignment, members[right].section.alignment)
        return keys.0 == keys.1 ? left < right : keys.0 > keys.1
      }
    ]
    for from in written {
      for to in written where to != from {
        var order = written
        order.insert(order.remove(at: from), at: to)
        orders.append(order)
      }
    }
    return orders
  }

  private static func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  /// Zeroes in front of contents would be written to the file.
  private func keepsZeroesBehind(_ order: [Int]) -> Bool {
    let zeroes = order.map { members[$0].section.isNoBits }
    return !zip(zeroes, zeroes.dropFirst()).contains { $0 && !$1 }
  }

  private func end(of order: [Int]) -> UInt64 {
    order.reduce(members[0].section.vma) { address, index in
      let section = members[index].section
      return LinkerArithmetic.alignUp(address, to: section.alignment) &+ (section.size ?? 0)
    }
  }

  /// Puts the statements of a script into another order.
  func reorder(_ order: [Int], _ script: inout LinkerScript) {
    guard case .sections(var body) = script.statements[list].kind else { return }
    let statements = order.map { body[members[$0].place] }
    for (member, statement) in zip(members, statements) { body[member.place] = statement }
    script.statements[list] = Statement(.sections(body), span: script.statements[list].span)
  }

  func described(_ order: [Int], _ script: LinkerScript) -> SectionOrder {
    var span = script.statements[list].span
    if case .sections(let body) = script.statements[list].kind {
      span = body[members[0].place].span
    }
    return SectionOrder(
      written: members.map(\.section.name), sections: order.map { members[$0].section.name },
      span: span)
  }
}
