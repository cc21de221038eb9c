// Two images of one program: what moved, which ASSERTs changed sides, how much room went, what becomes of the
// superpages.

public import LdsParser

/// A number that two images have differently.
public struct ValueChange: Sendable, Hashable {
  /// The symbol, section or bound.
  public var name: [UInt8]
  /// In the older image; nil if it is not there.
  public var before: UInt64?
  /// In the newer image; nil if it is not there.
  public var now: UInt64?
}

/// An ASSERT that the two images judge differently.
public struct VerdictChange: Sendable, Hashable {
  /// Its message.
  public var message: [UInt8]
  /// In the older image; nil if there is no such ASSERT.
  public var before: Verdict?
  /// In the newer image; nil if there is no such ASSERT.
  public var now: Verdict?
}

/// A bound with what it has left in both images.
public struct HeadroomChange: Sendable, Hashable {
  /// The ASSERT's message.
  public var message: [UInt8]
  /// The bound in words.
  public var bound: String
  /// In the older image.
  public var before: Headroom?
  /// In the newer image.
  public var now: Headroom?
}

/// What differs between two images.
public struct ImageDifference: Sendable {
  /// Global symbols with another value, in the newer image's order, then those that are gone; new ones have no value
  /// before.
  public private(set) var symbols: [ValueChange] = []
  /// Symbols that one of the images does not list, which need not be without them: maps leave some out.
  public private(set) var unlisted: [ValueChange] = []
  /// What takes another room, the largest growth first.
  public private(set) var sizes: [SizeChange] = []
  /// Output sections with another address.
  public private(set) var moved: [ValueChange] = []
  /// Output sections with another size.
  public private(set) var resized: [ValueChange] = []
  /// ASSERTs that changed sides.
  public private(set) var verdicts: [VerdictChange] = []
  /// Bounds with other room.
  public private(set) var headroom: [HeadroomChange] = []
  /// Facts of the superpage plan that differ.
  public private(set) var plan: [PlanDifference] = []

  /// Whether nothing differs.
  public var isEmpty: Bool {
    symbols.isEmpty && moved.isEmpty && resized.isEmpty && verdicts.isEmpty && headroom.isEmpty
      && plan.isEmpty && sizes.isEmpty
  }

  /// What differs between two images that no ASSERTs are known for.
  public init(
    old: Image, new: Image, oldPlan: SuperpagePlan? = nil, newPlan: SuperpagePlan? = nil
  ) {
    let changed = Self.changes(Self.symbols(old), Self.symbols(new))
    func isUnlisted(_ change: ValueChange) -> Bool {
      change.now == nil && !new.kind.listsAllSymbols
        || change.before == nil && !old.kind.listsAllSymbols && new.kind.listsAllSymbols
    }
    symbols = changed.filter { !isUnlisted($0) }
    unlisted = changed.filter(isUnlisted)
    sizes = SizeComparison.changes(old, new)
    let before = Self.sections(old)
    let now = Self.sections(new)
    moved = Self.changes(before.map { ($0.name, $0.vma) }, now.map { ($0.name, $0.vma) })
    resized = Self.changes(before.map { ($0.name, $0.size) }, now.map { ($0.name, $0.size) })
    if let oldPlan, let newPlan { plan = PlanComparison(oldPlan, newPlan).differences }
  }

  /// Adds what the verdicts of both images tell.
  public mutating func compare(old: EvaluationReport, new: EvaluationReport) {
    let before = Self.verdicts(old)
    let now = Self.verdicts(new)
    let earlier = Dictionary(before, uniquingKeysWith: { first, _ in first })
    let later = Dictionary(now, uniquingKeysWith: { first, _ in first })
    for (message, verdict) in now where earlier[message] != verdict {
      verdicts.append(VerdictChange(message: message, before: earlier[message], now: verdict))
    }
    for (message, verdict) in before where later[message] == nil {
      verdicts.append(VerdictChange(message: message, before: verdict, now: nil))
    }
    compareHeadroom(Headroom.all(of: old), Headroom.all(of: new))
  }

  init(verdicts: [VerdictChange]) {
    self.verdicts = verdicts
  }

  mutating func add(_ change: ValueChange) {
    symbols.append(change)
  }

  mutating func add(_ change: SizeChange) {
    sizes.append(change)
  }

  mutating func compareHeadroom(_ before: [Headroom], _ now: [Headroom]) {
    for room in now {
      let earlier = before.first { $0.message == room.message && $0.bound == room.bound }
      guard earlier?.left != room.left else { continue }
      headroom.append(
        HeadroomChange(message: room.message, bound: room.bound, before: earlier, now: room))
    }
  }

  private static func verdicts(_ report: EvaluationReport) -> [([UInt8], Verdict)] {
    report.assertions.map { (report.program.names.bytes($0.message), $0.verdict) }
  }

  /// Global symbols with their values; of several with one name the first.
  private static func symbols(_ image: Image) -> [([UInt8], UInt64)] {
    image.symbols.records.compactMap { record in
      guard record.binding != .local else { return nil }
      switch record.place {
      case .undefined, .common: return nil
      case .section, .absolute, .unknownSection, .unknown:
        return (image.symbols.nameBytes(record), record.value)
      }
    }
  }

  private static func sections(
    _ image: Image
  ) -> [(name: [UInt8], vma: UInt64, size: UInt64)] {
    image.outputSections.compactMap { record in
      guard let vma = record.vma, record.size > 0 else { return nil }
      return (record.name, vma, record.size)
    }
  }

  private static func changes(
    _ before: [([UInt8], UInt64)], _ now: [([UInt8], UInt64)]
  ) -> [ValueChange] {
    let earlier = Dictionary(before, uniquingKeysWith: { first, _ in first })
    let later = Dictionary(now, uniquingKeysWith: { first, _ in first })
    var seen: Set<[UInt8]> = []
    var changes: [ValueChange] = []
    for (name, _) in now where seen.insert(name).inserted && earlier[name] != later[name] {
      changes.append(ValueChange(name: name, before: earlier[name], now: later[name]))
    }
    for (name, value) in before where later[name] == nil && seen.insert(name).inserted {
      changes.append(ValueChange(name: name, before: value, now: nil))
    }
    return changes
  }
}
