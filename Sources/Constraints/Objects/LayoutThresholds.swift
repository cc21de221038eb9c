// By how many bytes a section may grow until something changes: an ASSERT, a region, whatever else somebody measures on a
// layout. The paddings on the way swallow bytes, so that no number read off an address tells it: the link is laid out
// again with more bytes, and what is told was laid out on both sides.

public import LdsParser

/// The growth of a section at which something changes.
public struct LayoutThreshold: Sendable, Hashable {
  /// What changes.
  public enum Subject: Sendable, Hashable {
    /// The verdict on the ASSERT with this condition.
    case assertion(ExpressionID)
    /// Whether a region holds what is in it.
    case region([UInt8])
    /// Whether the linker goes through at all, ASSERTs and regions left aside.
    case link
    /// Something that the caller measures.
    case other(String)
  }

  /// What changes.
  public var subject: Subject
  /// The output section that grows, behind its last input section.
  public var section: [UInt8]
  /// With so many bytes more nothing changes, with one more it does; both were laid out.
  public var bytes: UInt64
  /// Whether nothing changes at any smaller growth.
  public var isExact: Bool
  /// What it is up to there: `holds`, `2`.
  public var from: String
  /// What it is with one byte more.
  public var to: String
}

/// Something measured on a layout.
public struct LayoutMeasure: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// What it is.
  public var value: String
  /// Whether it can only rise with the addresses of the image, so that it changes for good.
  public var isOrdered: Bool
  /// Numbers that decide the value, each of which can only rise with the addresses of the image; empty if there are none.
  public var steps: [UInt64]

  /// A measure.
  public init(name: String, value: String, isOrdered: Bool, steps: [UInt64] = []) {
    self.name = name
    self.value = value
    self.isOrdered = isOrdered
    self.steps = steps
  }
}

extension LayoutModel {
  /// The growth at which each thing changes first, by section; empty if the linker makes no image as it is.
  ///
  /// - Parameters:
  ///   - section: an output section of ``growing``.
  ///   - judgesAssertions: whether to look at ASSERTs.
  ///   - measure: what to look at beside ASSERTs and regions.
  /// - Throws: what is not modelled, or where the linker would stop without any growth.
  public func thresholds(
    of section: [UInt8], judgesAssertions: Bool = true,
    measuring measure: @escaping (LayoutPrediction) -> [LayoutMeasure] = { _ in [] }
  ) throws(LayoutStop) -> [LayoutThreshold] {
    var search = try ThresholdSearch(self, section, judgesAssertions, measure)
    try search.run()
    return search.found.sorted { ($0.bytes, $0.order) < ($1.bytes, $1.order) }
  }
}

extension LayoutThreshold {
  fileprivate var order: Int {
    switch subject {
    case .assertion(let id): Int(id.index)
    case .region: -2
    case .link: -1
    case .other: .max
    }
  }
}

private struct ThresholdSearch {
  private typealias State = LayoutState

  private let model: LayoutModel
  private let section: [UInt8]
  private let start: LayoutPrediction
  private let states: LayoutStates
  private var ladder: GrowthLadder<State>
  private(set) var found: [LayoutThreshold] = []
  /// Growths up to here are looked at one by one where nothing else tells that nothing changes before.
  private let scanned: UInt64
  /// How many layouts the steps of one measure may cost.
  private static let mostSteps = 2048

  init(
    _ model: LayoutModel, _ section: [UInt8], _ judgesAssertions: Bool,
    _ measure: @escaping (LayoutPrediction) -> [LayoutMeasure]
  ) throws(LayoutStop) {
    self.model = model
    self.section = section
    start = try model.layoutWithComplaints()
    // As many as cost little beside loading.
    let inputs = start.sections.reduce(1) { $0 + $1.inputs.count }
    scanned = UInt64(min(4096, max(64, (1 << 20) / inputs)))
    // Where less tells as much, the rest is not made each time.
    var detail = LayoutDetail.whole
    let wanted = measure(start)
    for less in [LayoutDetail.verdicts, .outline, .globals]
    where try measure(model.layout(less, growing: [])) == wanted {
      detail = less
      break
    }
    let states = LayoutStates(start, judgesAssertions, measure)
    self.states = states
    ladder = GrowthLadder { growth throws(LayoutStop) in
      do throws(LayoutStop) {
        return states.state(
          try model.layout(
            detail, growing: [LayoutGrowth(section: section, bytes: growth)]))
      } catch {
        switch error {
        case .linkerStops(let words): return LayoutState(values: [.link: words])
        case .refused where growth > 0: return Self.unknown
        default: throw error
        }
      }
    }
  }

  /// What a growth comes to that is not modelled.
  private static let unknown = State()

  /// Whether the linker gets as far as an image if no ASSERT stops it.
  private static func goesThrough(_ state: State) -> Bool {
    state[.link] == LayoutStates.goesThrough
      && !state.values.values.contains(LayoutStates.overflows)
  }

  mutating func run() throws(LayoutStop) {
    let first = try ladder.state(at: 0)
    guard Self.goesThrough(first) else { return }
    var open = Set(first.values.keys)
    for (low, high) in GrowthLadder<State>.steps {
      if open.isEmpty { return }
      let state = try ladder.state(at: high)
      guard Self.goesThrough(state) else {
        // Behind the end of the link nothing is judged.
        let end = try ladder.edge(low, high) { Self.goesThrough($0) }
        try take(&open, from: first, low, end, try ladder.state(at: end))
        var beyond = try ladder.state(at: end + 1)
        if beyond == Self.unknown { return }
        beyond.values = beyond.values.filter { key, value in
          key == .link || value == LayoutStates.overflows
        }
        try take(&open, from: first, end, end + 1, beyond)
        return
      }
      try take(&open, from: first, low, high, state)
    }
  }

  /// Takes down what changes between two growths.
  private mutating func take(
    _ open: inout Set<LayoutThreshold.Subject>, from first: State, _ low: UInt64, _ high: UInt64,
    _ state: State
  ) throws(LayoutStop) {
    for subject in open {
      guard let before = first[subject], let after = state[subject], before != after else {
        continue
      }
      let bytes = try ladder.edge(low, high) { $0[subject] == before }
      let to = try ladder.state(at: bytes + 1)[subject] ?? after
      found.append(
        LayoutThreshold(
          subject: subject, section: section, bytes: bytes,
          isExact: try isExact(subject, bytes, before), from: before, to: to))
      open.remove(subject)
    }
  }

  private mutating func isExact(
    _ subject: LayoutThreshold.Subject, _ bytes: UInt64, _ before: String
  ) throws(LayoutStop) -> Bool {
    if bytes > 64, try isOrdered(subject, bytes, before) { return true }
    guard bytes <= scanned else { return false }
    for growth in 0...bytes where try ladder.state(at: growth)[subject] != before { return false }
    return true
  }

  /// Whether it can be told from the ends that nothing changes on the way to the byte.
  private mutating func isOrdered(
    _ subject: LayoutThreshold.Subject, _ bytes: UInt64, _ before: String
  ) throws(LayoutStop) -> Bool {
    // Behind the byte there may be no layout.
    let isLast = subject == .link
    guard
      let end = try? model.layoutWithComplaints(
        growing: [LayoutGrowth(section: section, bytes: isLast ? bytes : bytes + 1)]),
      let monotony = model.monotony(growing: section, from: start, to: end)
    else { return false }
    switch subject {
    case .assertion(let condition): return before == "holds" && monotony.failsForGood(condition)
    case .region: return monotony.keepsOrder
    case .link: return monotony.keepsApart(start, end)
    case .other:
      guard monotony.keepsOrder else { return false }
      if states.ordered.contains(subject) { return true }
      return try isStepwise(subject, bytes, before)
    }
  }

  /// Whether the value is the same wherever a number that decides it changes.
  private mutating func isStepwise(
    _ subject: LayoutThreshold.Subject, _ bytes: UInt64, _ before: String
  ) throws(LayoutStop) -> Bool {
    var pending = [(low: UInt64(0), high: bytes)]
    var count = 0
    while let (low, high) = pending.popLast() {
      let (one, other) = (try ladder.state(at: low), try ladder.state(at: high))
      guard one[subject] == before, other[subject] == before,
        let first = one.steps[subject], let last = other.steps[subject], first.count == last.count,
        zip(first, last).allSatisfy({ $0 <= $1 })
      else { return false }
      if first == last || high - low == 1 { continue }
      count += 1
      if count > Self.mostSteps { return false }
      let middle = low + (high - low) / 2
      pending += [(low, middle), (middle, high)]
    }
    return true
  }
}

/// What a layout comes to, as far as it is looked at.
private struct LayoutState: Equatable {
  var values: [LayoutThreshold.Subject: String] = [:]
  /// What decides the values that may come and go.
  var steps: [LayoutThreshold.Subject: [UInt64]] = [:]

  subscript(subject: LayoutThreshold.Subject) -> String? { values[subject] }
}

/// What there is to change in the layouts of one link.
private struct LayoutStates {
  static let goesThrough = "goes through"
  static let overflows = "overflows"

  private let measure: (LayoutPrediction) -> [LayoutMeasure]
  private let judgesAssertions: Bool
  /// The measures that can only rise.
  let ordered: Set<LayoutThreshold.Subject>

  init(
    _ layout: LayoutPrediction, _ judgesAssertions: Bool,
    _ measure: @escaping (LayoutPrediction) -> [LayoutMeasure]
  ) {
    self.measure = measure
    self.judgesAssertions = judgesAssertions
    ordered = Set(measure(layout).filter(\.isOrdered).map { .other($0.name) })
  }

  func state(_ layout: LayoutPrediction) -> LayoutState {
    var state: [LayoutThreshold.Subject: String] = [.link: Self.goesThrough]
    var steps: [LayoutThreshold.Subject: [UInt64]] = [:]
    for assertion in layout.assertions where judgesAssertions {
      state[.assertion(assertion.condition)] = assertion.holds ? "holds" : "fails"
    }
    for region in layout.regions { state[.region(region.name)] = "fits" }
    for complaint in layout.complaints {
      if let region = complaint.region {
        state[.region(region)] = Self.overflows
      } else {
        state[.link] = complaint.text
      }
    }
    for measure in measure(layout) {
      state[.other(measure.name)] = measure.value
      if !measure.steps.isEmpty { steps[.other(measure.name)] = measure.steps }
    }
    return LayoutState(values: state, steps: steps)
  }
}
