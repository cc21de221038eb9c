// The plan in sentences: the same words in text and HTML.

import Constraints
import LdsParser

/// Sentences about one plan.
struct PlanWords {
  let plan: SuperpagePlan

  /// `slots 1..4, 4 superpages of 2M, 1 permission each`
  var mapping: String {
    let count = plan.frames.count
    let noun = count == 1 ? "superpage" : "superpages"
    let start =
      "slot\(plan.slots.count == 1 ? "" : "s") \(plan.slotText), \(count) \(noun) of "
      + "\(plan.pageSize)"
    let mixed = plan.mixedFrames.count
    if plan.frames.contains(where: { $0.permissions == nil && !$0.regions.isEmpty }) {
      return start + ", permissions not all known"
    }
    if mixed == 0 { return start + (count == 1 ? ", 1 permission" : ", 1 permission each") }
    return start + ", \(mixed) of them with mixed permissions"
  }

  /// Whether superpages may be used, and who says so.
  var verdict: String {
    let source = plan.mapped.superpageSymbols.isEmpty ? "" : " (using_2M_mapping())"
    if let place = plan.misloaded {
      let off = hexadecimal((place.physical &- place.virtual) & plan.pageSize.mask)
      return "no: '\(place.name)' runs at \(hexadecimal(place.virtual)) and is loaded at "
        + "\(hexadecimal(place.physical)), which differ by \(off) modulo \(plan.pageSize)"
    }
    if plan.load.map({ !$0.allowsSuperpages }) == true { return "no, because of the load address" }
    switch plan.superpageMappable {
    case true: return "yes" + source + wholePages
    case false: return "no" + source
    case nil:
      let missing = plan.mapped.superpageSymbols.filter { $0.value == nil }.map(\.name)
      if missing.isEmpty { return "unknown, permissions are not known" }
      return "unknown, no symbol \(missing.joined(separator: ", "))"
    }
  }

  /// That no superpage lies inside a region, where the regions are those of a program: what is around them belongs to
  /// others.
  private var wholePages: String {
    guard !plan.mapped.hasDeclaredBoundaries else { return "" }
    let pages = HugePages(plan)
    return pages.whole == 0
      ? ", if what lies around may be mapped too: no whole \(plan.pageSize) page is inside a region"
      : ""
  }

  /// How much of the code of a program huge pages can hold; nil for other profiles.
  var hugePages: [String] {
    guard plan.profile == "thp" else { return [] }
    return HugePages(plan).words
  }

  /// What it takes to map mixed frames; nil if there are none.
  var split: String? {
    let mixed = plan.mixedFrames
    guard !mixed.isEmpty else { return nil }
    let slots = mixed.map { "\($0.slot)" }
    let named = slots.prefix(6).joined(separator: ", ") + (slots.count > 6 ? ", ..." : "")
    let permissions = Set(mixed.map { $0.permissions?.description ?? "???" }).sorted()
    return "slot\(slots.count == 1 ? "" : "s") \(named): split into \(plan.splitEntries) "
      + "\(plan.mapped.model.basePage) entries and \(mixed.count) more "
      + "\(mixed.count == 1 ? "table" : "tables"), or one entry each that "
      + "allows \(permissions.joined(separator: ", "))"
  }

  /// What is mapped behind the image; nil if nothing is.
  var tail: String? {
    let tail = plan.tail
    guard !tail.isEmpty else { return nil }
    return "\(ByteCountText.readable(tail.byteCount)) behind the image are mapped with it, up to "
      + hexadecimal(tail.end)
  }

  /// Groups of base pages that a hint makes one entry of the TLB; nil where the architecture has none.
  var contiguous: String? {
    guard let found = ContiguousGroups(plan) else { return nil }
    let base = plan.mapped.model.basePage
    return
      "\(found.pages) of \(found.allPages) \(base) pages lie in \(found.groups) groups of \(found.size) with one "
      + "permission: \(found.hint) may mark them, where the load address agrees modulo \(found.size)"
  }

  /// Bytes that no section fills; nil where sections are not known.
  func padding(_ cost: AlignmentCost) -> String? {
    guard let padding = cost.padding, plan.range.byteCount > 0 else { return nil }
    let share = (padding / max(1, plan.range.byteCount / 1000) + 5) / 10
    return "\(ByteCountText.readable(padding)) of \(ByteCountText.readable(plan.range.byteCount)) "
      + "(\(min(share, 100)) %) are padding"
  }

  /// What code computes that forgets to subtract the load address; nil without one.
  var load: [String] {
    guard let load = plan.load else { return [] }
    let naive =
      load.naiveFirst == load.naiveLast
      ? "slot \(load.naiveFirst)" : "slots \(load.naiveFirst)..\(load.naiveLast)"
    let right = plan.slots.count == 1 ? "slot \(plan.slotText)" : "slots \(plan.slotText)"
    let congruence =
      load.allowsSuperpages
      ? "agrees with the addresses modulo \(plan.pageSize): superpages can map the image"
      : "differs from the addresses modulo \(plan.pageSize) by \(hexadecimal(load.residue)): "
        + "no superpage can map the image"
    let computed =
      naive == right
      ? "\(right), with and without subtracting it"
      : "\(right); \(naive) in code that does not subtract it"
    return ["\(hexadecimal(load.address)) for slot 0: \(computed)", congruence]
  }
}

/// What `superpages` found out about one image.
struct SuperpageResult: Sendable {
  let plan: SuperpagePlan
  var findings: [ReportFinding]

  /// Names of the sections that a rule about sections objects to; pictures show them.
  var markedSections: Set<String> {
    let rules = ["stray-section", "writable-executable"]
    return Set(
      findings.filter { rules.contains($0.rule) && $0.severity > .note }.map(\.subject))
  }
}
