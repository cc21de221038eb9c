// What a misaligned boundary does to the page tables, from the superpage plan.

extension Explainer {
  /// Says what shares the superpage that holds `address`, when the claim is about pages at least that large.
  func addFrameEffect(
    _ address: UInt64, _ multiple: UInt64, _ explanation: inout Explanation
  ) {
    guard let plan = surroundings.plan, multiple >= plan.pageSize.bytes,
      !plan.pageSize.isAligned(address),
      let frame = plan.frames.first(where: { $0.range.contains(address) })
    else { return }
    let regions = frame.regions.map { index in
      let region = plan.regions[index]
      return "\(region.name) (\(region.permissions.map(\.description) ?? "???"))"
    }
    guard !regions.isEmpty else { return }
    let held =
      "slot \(frame.slot), the \(plan.pageSize) page \(frame.range), holds "
      + regions.joined(separator: " and ")
    explanation.effects.append(
      frame.isMixed ? held + ": it cannot be one superpage with one permission" : held)
    if plan.superpageMappable == false, !plan.mapped.superpageSymbols.isEmpty {
      explanation.effects.append(
        "using_2M_mapping() is false: boot code falls back to 4K pages for the whole image")
    }
  }
}
