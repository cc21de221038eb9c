// The regions of an output section: what its tail says, and what GNU ld makes of that before it sizes anything (ldlang.c,
// lang_get_regions and lang_propagate_lma_regions).

/// The regions that an output section is placed in and loaded into.
struct SectionRegions<Region: Equatable> {
  /// Where it runs: `>REGION`; nil for the default region, and then attributes choose one by the section's flags.
  var region: Region?
  /// Where it is loaded: `AT>REGION`, its own or inherited; nil for none.
  var loadRegion: Region?
  /// Whether an expression gives its address, so that no region does.
  var hasAddress: Bool
  /// Whether an expression gives its load address, so that no region does.
  var hasLoadAddress: Bool

  /// "If no runtime region or VMA has been specified, but the load region has been specified, then use the load region for
  /// the runtime region as well." lld goes by attributes (findMemoryRegion).
  mutating func completeAsGNULinker() {
    if region == nil, !hasAddress { region = loadRegion }
  }

  /// Whether the section before it may decide where it is loaded.
  var mayInherit: Bool { loadRegion == nil && !hasLoadAddress && !hasAddress }

  /// A section without a load address of its own is loaded where the one before it in the same region is. lld has no such
  /// rule.
  mutating func inheritAsGNULinker(from before: SectionRegions) {
    guard mayInherit, region == before.region else { return }
    loadRegion = before.loadRegion
  }
}

extension SectionRegions: Sendable where Region: Sendable {}
