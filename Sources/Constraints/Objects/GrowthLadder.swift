// The growth of a section, doubled until something changes and then halved until the byte is found; each growth is laid out
// once, whatever is asked of it.

/// What is found out about growths of one section.
struct GrowthLadder<State> {
  private let find: (UInt64) throws(LayoutStop) -> State
  private var known: [UInt64: State] = [:]

  /// - Parameter find: lays the link out with so many bytes more.
  init(_ find: @escaping (UInt64) throws(LayoutStop) -> State) {
    self.find = find
  }

  /// From one growth to twice as much, up to ``LayoutModel/mostGrowth``.
  static var steps: [(low: UInt64, high: UInt64)] {
    [(0, 1)] + (0..<LayoutModel.mostGrowth.trailingZeroBitCount).map { (1 << $0, 2 << $0) }
  }

  /// What a growth comes to.
  mutating func state(at growth: UInt64) throws(LayoutStop) -> State {
    if let state = known[growth] { return state }
    let state = try find(growth)
    known[growth] = state
    return state
  }

  /// The last growth before a change between two, of which the first has not changed and the second has.
  mutating func edge(
    _ low: UInt64, _ high: UInt64, _ isSame: (State) -> Bool
  ) throws(LayoutStop) -> UInt64 {
    var (low, high) = (low, high)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if isSame(try state(at: middle)) { low = middle } else { high = middle }
    }
    return low
  }
}
