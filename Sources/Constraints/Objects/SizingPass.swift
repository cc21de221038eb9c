// A sizing pass: every section gets its address, its contents their places, regions move on (ldlang.c,
// lang_size_sections_1, size_input_section).

internal import LdsParser

extension ObjectLink {
  private var regions: [LayoutRegion] { script.regions + [defaultRegion] }

  /// Forgets what a pass found, but for the sizes, which the next one may ask for before it gets there.
  func resetPass() {
    for region in regions { region.reset() }
    for section in sections { section.progress = .ahead }
    for output in outputs {
      output.sizeBefore = output.size
      output.size = 0
    }
  }

  func sizePass() throws(LayoutStop) {
    pass += 1
    var dot: UInt64 = 0
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment):
        dot = try assign(assignment, in: nil, dot: dot)
        defaultRegion.current = dot
      case .assertion(let assertion):
        try check(assertion, in: nil, dot: dot)
        defaultRegion.current = dot
      case .section(let section):
        if section.isTaken { dot = try size(section, from: dot) }
      }
    }
  }

  private func size(_ section: SectionStatement, from before: UInt64) throws(LayoutStop) -> UInt64 {
    var dot = before
    if let address = section.address {
      if let result = try self.address(address, dot: dot) {
        dot = result
      } else if phase != .marking {
        throw .linkerStops(
          "non constant or forward reference address expression for section \(names.string(section.name))"
        )
      }
    }
    guard let output = section.output else { return dot }
    let power = try start(section, output, dot)
    try sizeBody(section, output)
    section.progress = .placed
    if section.fate != .ignored { dot = output.vma }
    try load(section, output, dot, power)
    section.progress = .loaded
    follow(section, output, dot)
    guard section.fate != .ignored else { return dot }
    dot = dot &+ output.room
    if !section.overlayEnd.isEmpty { dot = endOfOverlay(section.overlayEnd) }
    movePointers(section, output, dot)
    return dot
  }

  /// Where an overlay ends: behind its largest member.
  func endOfOverlay(_ members: [SectionStatement]) -> UInt64 {
    let largest = members.compactMap { $0.output?.size }.max() ?? 0
    return (members.first?.output?.vma ?? 0) &+ largest
  }

  /// Gives a section its address.
  ///
  /// - Returns: how its address and the bytes before it were aligned.
  private func start(
    _ section: SectionStatement, _ output: OutputSection, _ dot: UInt64
  ) throws(LayoutStop) -> (power: Int, padding: UInt64) {
    var start = dot
    var power = 0
    if section.address == nil {
      let isMapped = !output.bits.isDisjoint(with: [.allocated, .loaded])
      if section.region == nil || (isMapped && section.region === defaultRegion) {
        section.region = region(for: output)
      }
      start = section.region?.current ?? dot
      power = output.alignmentPower
    } else if let alignment = section.alignment {
      power = try self.power(of: alignment)
    }
    output.vma = LinkerArithmetic.alignUp(start, toPower: power)
    return (power, output.vma &- start)
  }

  /// The first region whose attributes a section has (ldlang.c, lang_memory_default).
  private func region(for output: OutputSection) -> LayoutRegion {
    script.regions.first { $0.attributes.takes(output.bits) } ?? defaultRegion
  }

  // MARK: Load addresses

  private func load(
    _ section: SectionStatement, _ output: OutputSection, _ dot: UInt64,
    _ alignment: (power: Int, padding: UInt64)
  ) throws(LayoutStop) {
    if let expression = section.loadAddress {
      output.lma = try address(expression, dot: 0) ?? 0
      return
    }
    guard let region = section.loadRegion else {
      output.lma = subject(section, output, dot).loadAddress(
        behind: (section.region ?? defaultRegion).last,
        isAllocated: output.bits.contains(.allocated), power: alignment.power)
      return
    }
    guard !section.alignsWithInput else {
      output.lma = region.current &+ alignment.padding
      return
    }
    var power = alignment.power
    if region !== section.region {
      power = 0
      if let alignment = section.alignment { power = try self.power(of: alignment) }
    }
    output.lma = SectionToLoad.loadAddress(from: region.current, power: power)
  }

  private func subject(
    _ section: SectionStatement, _ output: OutputSection, _ dot: UInt64
  ) -> SectionToLoad {
    SectionToLoad(
      vma: output.vma, size: output.size, dot: dot, sharesAddress: section.kind == .overlay)
  }

  /// The last section of a region, whose load address the next one follows.
  private func follow(_ section: SectionStatement, _ output: OutputSection, _ dot: UInt64) {
    guard section.loadRegion == nil else { return }
    let region = section.region ?? defaultRegion
    let takesRoom = output.bits.contains(.allocated) && !output.bits.isThreadLocalZeros
    let isFollowed = subject(section, output, dot).isFollowed(
      loadedAt: output.lma, behind: region.last, takesRoom: takesRoom)
    if isFollowed || section.kind == .firstOverlay {
      region.last = LeadingSection(vma: output.vma, lma: output.lma, size: output.size)
    }
  }

  private func movePointers(_ section: SectionStatement, _ output: OutputSection, _ dot: UInt64) {
    guard let region = section.region,
      !output.bits.isDisjoint(with: [.allocated, .loaded])
    else { return }
    region.current = dot
    note(section, region, at: output.vma)
    guard let loadRegion = section.loadRegion, loadRegion !== region,
      output.bits.contains(.loaded) || section.alignsWithInput
    else { return }
    loadRegion.current = output.lma &+ output.room
    note(section, loadRegion, at: output.lma)
  }

  /// Notes that a region is too small; the linker stops for it at the end.
  private func note(_ section: SectionStatement, _ region: LayoutRegion, at address: UInt64) {
    guard phase == .sizing, let name = region.name else { return }
    let isOver =
      address < region.origin
      || (region.current >= region.origin && region.current &- region.origin > region.length)
    overflows[name] =
      isOver ? region.current &- region.origin &- region.length : overflows[name]
  }

  // MARK: Contents

  private func sizeBody(_ section: SectionStatement, _ output: OutputSection) throws(LayoutStop) {
    let subalignment = try section.subalignment.map { expression throws(LayoutStop) in
      try power(of: expression)
    }
    var dot = output.vma
    for statement in section.body {
      switch statement {
      case .inputs(let inputs):
        dot = place(inputs, section, output, subalignment, dot)
      case .placed(let placed): dot = place(placed, section, output, subalignment, dot)
      case .data(let data):
        if let value = data.value { _ = try evaluate(value, dot: dot) }
        dot = dot &+ data.size
        output.size = dot &- output.vma
      case .assignment(let assignment):
        dot = try size(assignment, section, output, dot)
      case .assertion(let assertion): try check(assertion, in: output, dot: dot)
      case .objectSymbols, .other: break
      }
    }
  }

  /// Places what a pattern took.
  private func place(
    _ inputs: InputStatement, _ section: SectionStatement, _ output: OutputSection,
    _ subalignment: Int?, _ dot: UInt64
  ) -> UInt64 {
    let run = inputs.run
    if resumption.isRunning, let extent = run.extent, extent.age == resumption.age,
      (dot &- extent.start) & extent.mask == 0
    {
      run.shift = dot &- output.vma &- extent.offset
      let end = dot &+ extent.length
      if extent.isFilled { output.size = end &- output.vma }
      return end
    }
    run.shift = 0
    run.extent = nil
    var end = dot
    for placed in inputs.placed { end = place(placed, section, output, subalignment, end) }
    guard resumption.isRunning else { return end }
    let filled = inputs.placed.filter { !$0.section.bits.contains(.excluded) }
    let isFilled = !filled.isEmpty && section.fate != .ignored
    let power = isFilled ? filled.lazy.map(\.section.alignmentPower).max() ?? 0 : 0
    run.extent = InputRun.Extent(
      start: dot, offset: dot &- output.vma, mask: (1 << UInt64(min(power, 63))) &- 1,
      length: end &- dot, isFilled: isFilled, age: resumption.age)
    return end
  }

  private func place(
    _ placed: PlacedInput, _ section: SectionStatement, _ output: OutputSection,
    _ subalignment: Int?, _ dot: UInt64
  ) -> UInt64 {
    let input = placed.section
    if input.bits.contains(.excluded) || section.fate == .ignored {
      input.offset = dot &- output.vma
      placed.padding = 0
      return dot
    }
    if let subalignment { input.alignmentPower = subalignment }
    // SUBALIGN overrules ALIGN as well, in the releases where it overrules anything but the inputs.
    if subalignment != nil, options.dialect.follows(.subalignReplaces) {
      output.alignmentPower = input.alignmentPower
    } else {
      output.alignmentPower = max(output.alignmentPower, input.alignmentPower)
    }
    let start = LinkerArithmetic.alignUp(dot, toPower: input.alignmentPower)
    placed.padding = start &- dot
    input.offset = start &- output.vma
    let end = start &+ input.size
    output.size = end &- output.vma
    return end
  }

  private func size(
    _ assignment: AssignmentStatement, _ section: SectionStatement, _ output: OutputSection,
    _ dot: UInt64
  ) throws(LayoutStop) -> UInt64 {
    let after = try assign(assignment, in: output, dot: dot)
    if !assignment.assignment.isLocationCounter,
      !assignment.assignment.kind.isProvide || assignment.isProvided
    {
      section.updatesDot = true
    }
    assignment.padding = 0
    guard section.fate != .ignored else { return dot }
    if after != dot {
      assignment.padding = after &- dot
      output.size = after &- output.vma
      if section.kind != .noAllocation, output.bits.insert(.allocated).inserted {
        resumption.isSettled = false
      }
    }
    return after
  }
}
