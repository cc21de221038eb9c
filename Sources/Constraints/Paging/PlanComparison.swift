// Two plans side by side: is it the same for both?

/// One fact of two images.
public struct PlanDifference: Sendable, Hashable {
  /// What is compared: `slots`, `text start`.
  public var subject: String
  /// What the first image has.
  public var left: String
  /// What the second image has.
  public var right: String

  /// Whether the two are equal.
  public var isEqual: Bool { left == right }
}

/// The facts of two plans, in the order a reader asks for them.
public struct PlanComparison: Sendable {
  /// Every fact, equal ones too.
  public var rows: [PlanDifference]

  /// The facts that differ.
  public var differences: [PlanDifference] { rows.filter { !$0.isEqual } }

  /// Compares two plans.
  public init(_ left: SuperpagePlan, _ right: SuperpagePlan) {
    rows = []
    func add(_ subject: String, _ value: (SuperpagePlan) -> String) {
      rows.append(PlanDifference(subject: subject, left: value(left), right: value(right)))
    }
    add("profile") { $0.profile }
    add("start") { hexadecimal($0.range.start) }
    add("end") { hexadecimal($0.range.end) }
    add("bytes") { "\($0.range.byteCount)" }
    add("slots") { $0.slotText }
    add("frames with mixed permissions") { plan in
      let slots = plan.mixedFrames.map { "\($0.slot)" }
      return slots.isEmpty ? "none" : slots.joined(separator: ", ")
    }
    add("superpage-mappable") { $0.superpageMappable.map { $0 ? "yes" : "no" } ?? "unknown" }
    for name in Self.regionNames(left, right) {
      add("\(name) region") { plan in
        guard let region = plan.regions.first(where: { $0.name == name }) else { return "absent" }
        return "\(region.permissions.map(\.description) ?? "???") \(region.range)"
      }
      add("\(name) slots") { Self.slots(of: name, in: $0) }
    }
    if left.load != nil || right.load != nil {
      add("slots without subtracting the load address") { plan in
        plan.load.map { "\($0.naiveFirst)..\($0.naiveLast)" } ?? "-"
      }
    }
  }

  /// Names of the regions of both, those of the first image first.
  private static func regionNames(_ left: SuperpagePlan, _ right: SuperpagePlan) -> [String] {
    var names: [String] = []
    for region in left.regions + right.regions where !names.contains(region.name) {
      names.append(region.name)
    }
    return names
  }

  private static func slots(of name: String, in plan: SuperpagePlan) -> String {
    guard let index = plan.regions.firstIndex(where: { $0.name == name }) else { return "absent" }
    let slots = plan.frames.filter { $0.regions.contains(index) }.map(\.slot)
    guard let first = slots.first, let last = slots.last else { return "none" }
    return first == last ? "\(first)" : "\(first)..\(last)"
  }
}
