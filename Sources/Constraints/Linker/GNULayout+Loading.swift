// Load addresses of a link that happened. ELF does not keep those of sections without bytes, and program headers and
// tools behind the link change others: what expressions saw follows from the sections before, as far as those are
// known.

internal import LdsParser

extension GNULayout {
  /// Whom the next section of a region follows with its load address.
  enum LoadLeader {
    /// Nobody: it is loaded where it runs.
    case none
    case section(LeadingSection)
    /// The facts do not tell.
    case open
  }

  /// Where sections are loaded, as far as a sizing pass has come.
  struct Loading {
    /// The load addresses that were computed, by section.
    var addresses: [Int: UInt64] = [:]
    /// Whom the next section follows: in the default region, and in each declared one.
    private var leaders: [LoadLeader]

    init(regions: Int) { leaders = Array(repeating: .none, count: regions + 1) }

    subscript(region: PlacedRegion) -> LoadLeader {
      get {
        switch region {
        case .standard: leaders[0]
        case .declared(let index): leaders[index + 1]
        case .open: .open
        }
      }
      set {
        switch region {
        case .standard: leaders[0] = newValue
        case .declared(let index): leaders[index + 1] = newValue
        case .open: lose()
        }
      }
    }

    /// Nobody is known any more.
    mutating func lose() {
      for index in leaders.indices { leaders[index] = .open }
    }

    mutating func beginPass() {
      for index in leaders.indices { leaders[index] = .none }
    }
  }

  /// `AT>REGION`, which later sections inherit, moves the pointer of that region as well.
  mutating func moveLoadRegion(_ index: Int, from old: Number) {
    let own = region(of: index)
    let loaded = isLink ? load(index, from: old) : nil
    guard plan.hasLoadRegions else { return }
    let moved: [Int]
    switch plan.loadRegions[index] {
    case _ where !isLink, .open: moved = Array(pointers.indices)
    case .none: return
    case .region(let region): moved = [region]
    }
    let facts = facts.section(index)
    if isLink, facts.presence == .kept, facts.isLoaded == false,
      program.sections[index].description?.alignsWithInput == false
    {
      return
    }
    for region in moved where own != .declared(region) {
      let isCertain = !isLink || !mayHaveFlagsOfItsName(index) || pointers[region].exact == loaded
      pointers[region] =
        loaded.flatMap { isCertain ? Number($0) : nil }
        ?? numbers.passed(pointers[region], .placement(section: index), isSettled: true)
    }
  }

  /// The address of `AT(address)`, which is evaluated without a location counter.
  func loadAddress(of index: Int, _ outcome: Outcome?) -> UInt64? {
    guard let outcome, case .value(let value)? = outcome.single,
      let expression = program.sections[index].description?.loadAddress,
      !program.expressions.mentions(.locationCounter, in: expression)
    else { return nil }
    return value.address.exact
  }

  /// Finds where a section is loaded, and who follows it.
  ///
  /// - Parameter pointer: where its region went on before it.
  /// - Returns: where the region that it is loaded into goes on; nil if that is not known, or there is none.
  mutating func load(_ index: Int, from pointer: Number) -> UInt64? {
    let region = region(of: index)
    guard !plan.traits[index].isOpaque, region != .open, !program.isMap, !program.hasInsert,
      plan.loadRegions[index] != .open, let description = program.sections[index].description
    else {
      loading.lose()
      return nil
    }
    let known = facts.section(index)
    switch known.presence {
    case .notTaken: return nil
    case .dropped:
      passDropped(index, description)
      return nil
    case .open:
      loading[region] = .open
      return nil
    case .kept: break
    }
    guard let vma = start(of: index).exact, let size = known.size, known.isAllocated != nil else {
      loading[region] = .open
      return nil
    }
    let section = SectionToLoad(vma: vma, size: size, dot: vma)
    let computed = loadAddress(index, description, section, pointer)
    let told = linkFact(.loadAddress, index, program.sections[index].name).exact
    let isDenied = computed.map { !facts.mayBeLoaded(index, at: $0) } ?? false
    if facts.hasContraryLoads(index) || isDenied || told.map({ $0 != computed ?? $0 }) == true {
      // Tools behind the link, or an option that the facts do not tell.
      loading.addresses[index] = nil
      loading.lose()
      return nil
    }
    let lma = computed ?? told
    loading.addresses[index] = computed
    follow(index, section, loadedAt: lma)
    guard known.room != .open, let lma else { return nil }
    return lma &+ (known.room == .none ? 0 : size)
  }

  /// A section that was dropped is followed if inputs of no size gave it flags. Its alignment, which nothing tells, may
  /// then have moved the load address, unless it is loaded where it runs.
  private mutating func passDropped(
    _ index: Int, _ description: OutputSectionDescription
  ) {
    let region = region(of: index)
    switch loading[region] {
    case .open: return
    case .none where description.loadAddress == nil: return
    case .section(let last)
    where description.loadAddress == nil && (last.vma == last.lma || !plan.traits[index].hasInputs):
      return
    default: loading[region] = .open
    }
  }

  /// The alignment of `.plt`: no section that the linker makes for a link without shared libraries has a larger one.
  private static var largestOwnAlignment: UInt64 { 16 }

  private func loadAddress(
    _ index: Int, _ description: OutputSectionDescription, _ section: SectionToLoad,
    _ pointer: Number
  ) -> UInt64? {
    if description.loadAddress != nil { return sections[index].loadAddress }
    let ownUnit = sections[index].unit
    let unit = description.address == nil ? facts.fact(.alignOf, ofSection: index) : ownUnit
    if case .region(let region) = plan.loadRegions[index] {
      guard let current = pointers[region].exact else { return nil }
      if description.alignsWithInput {
        return pointer.exact.map { current &+ section.vma &- $0 }
      }
      let isSame = self.region(of: index) == .declared(region)
      return (isSame ? unit : ownUnit).map {
        SectionToLoad.loadAddress(from: current, power: $0.trailingZeroBitCount)
      }
    }
    let known = facts.section(index)
    switch loading[region(of: index)] {
    case .open: return nil
    case .none: return section.vma
    case .section(let last):
      // What is loaded where it runs is aligned there.
      guard let unit = last.vma == last.lma ? 1 : unit else { return nil }
      // Orphans that the linker made and dropped may stand between: the last one's distance is kept, which it has from its
      // alignment.
      guard (last.lma &- last.vma) % Self.largestOwnAlignment == 0 else { return nil }
      // An empty section may have had no flags when the linker placed it, whatever the image gives it.
      let answers = known.size == 0 ? [true, false] : [known.isAllocated == true]
      let addresses = answers.map {
        section.loadAddress(
          behind: last, isAllocated: $0, power: unit.trailingZeroBitCount)
      }
      return addresses.allSatisfy { $0 == addresses[0] } ? addresses[0] : nil
    }
  }

  private mutating func follow(_ index: Int, _ section: SectionToLoad, loadedAt lma: UInt64?) {
    let known = facts.section(index)
    guard plan.loadRegions[index] == .none, known.isAllocated == true, known.room != .none else {
      return
    }
    let region = region(of: index)
    guard known.room == .taken, let lma else {
      loading[region] = .open
      return
    }
    var last: LeadingSection?
    switch loading[region] {
    case .open:
      // Whom it follows counts for an empty one.
      if section.size == 0 { return }
    case .none: break
    case .section(let leader): last = leader
    }
    guard section.isFollowed(loadedAt: lma, behind: last, takesRoom: true) else { return }
    if mayHaveFlagsOfItsName(index), last.map({ $0.lma &- $0.vma }) != lma &- section.vma {
      loading[region] = .open
      return
    }
    loading[region] = .section(LeadingSection(vma: section.vma, lma: lma, size: section.size))
  }

  /// Where orphans are that may be anywhere, no region is known to go on where it did.
  mutating func loseLoads() {
    loading.lose()
    let unknown = lost
    for region in pointers.indices { pointers[region] = unknown }
  }

  /// Orphans go on in the regions of the section that they follow, and others follow them.
  mutating func loadOrphans(_ orphans: [OrphanFacts]) {
    guard let home = lastSection, case let region = region(of: home), region != .open,
      plan.loadRegions[home] != .open
    else {
      loseLoads()
      return
    }
    for orphan in orphans {
      let known = facts.section(orphan.index)
      if known.isAllocated == false || (known.room == .taken && known.size == 0) { continue }
      let vma = met[orphan.index]?.exact
      let size = known.room == .none ? 0 : known.room == .taken ? known.size : nil
      if case .declared(let index) = region {
        passOrphan(index, to: size.flatMap { size in vma.map { $0 &+ size } })
      }
      let lma = known.isAllocated == true ? facts.fact(.loadAddress, ofSection: orphan.index) : nil
      if case .region(let loadRegion) = plan.loadRegions[home] {
        guard region != .declared(loadRegion), known.isLoaded != false else { continue }
        passOrphan(loadRegion, to: size.flatMap { size in lma.map { $0 &+ size } })
      } else if known.room != .none {
        if let vma, let lma, let size {
          loading[region] = .section(LeadingSection(vma: vma, lma: lma, size: size))
        } else {
          loading[region] = .open
        }
      }
    }
  }

  /// Moves a region on behind an orphan that ends at `end` in it; nil if that is not known.
  mutating func passOrphan(_ region: Int, to end: UInt64?) {
    pointers[region] =
      end.map { Number($0) }
      ?? numbers.passed(pointers[region], .orphans(after: lastSection), isSettled: true)
  }
}
