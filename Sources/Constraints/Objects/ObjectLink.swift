// One link on its way to a layout: what the linker holds, and the order in which it works (ldmain.c, main; ldlang.c,
// lang_process).

internal import LdsParser

/// The state of a link.
final class ObjectLink {
  let options: LayoutOptions
  var script: LayoutScript
  var names: NameTable
  let symbols = LinkSymbols()
  var files: [LinkFile] = []
  /// The object or group that was first with a signature.
  var comdats: [NameID: LinkFile] = [:]
  /// The `.gnu.linkonce` sections that came first.
  var linkedOnce: Set<NameID> = []

  /// Output sections in the order in which BFD has them; dropped ones are taken out.
  var outputs: [OutputSection] = []
  /// All that were made.
  var allOutputs: [OutputSection] = []
  /// Section statements in the order of the list, orphans in their places.
  var sections: [SectionStatement]
  /// Section statements in the order in which they were made: names are looked up in this one.
  var madeSections: [SectionStatement]
  let defaultRegion = LayoutRegion(name: nil)

  /// Which pass runs.
  var phase = Pass.opening
  /// How many passes have begun.
  var pass = 0
  /// What the expression that is evaluated stands in, and where.
  var context: OutputSection?
  var dot: UInt64 = 0
  /// How many AT expressions are being evaluated inside one another.
  private var nesting = 0
  /// How many more may be evaluated inside the expression that is evaluated.
  private var nestedBudget = 0
  var dataSegment = DataSegment()
  /// The number of program headers that SIZEOF_HEADERS counts.
  var headerCount: Int?
  var usesHeaderSize = false
  /// The first thread-local section, which offsets count from, even if it is dropped as an empty one.
  var threadLocalBase: OutputSection?
  /// Whether something that could be protected is in the data segment.
  private var hasProtected = true
  /// All input sections by their names.
  var inputNames = InputNames()
  /// Bytes that were added to see what comes of them.
  var growth = AddedBytes()
  /// What layouts have in common with the one before.
  let resumption = Resumption()
  /// Everything as it was before the first sizing.
  var snapshot: LayoutSnapshot?
  /// What the linker made itself.
  var linkerSections: [InputSection] = []
  /// What is laid out but not told: sections with sizes that come from their contents, and why.
  var unsized: [NameID: String] = [:]
  /// An archive that only the script names, in a pattern.
  var archiveOfScript: [UInt8]?
  /// Where the records of rewritten sections went.
  var framePlaces: [ObjectIdentifier: [(old: Int, new: Int?)]] = [:]
  /// Whether the file does not tell load addresses: segments overlap.
  var hidesLoadAddresses = false
  /// Regions that are too small, by how many bytes.
  var overflows: [NameID: UInt64] = [:]
  var judgedAssertions: [JudgedAssertion] = []
  /// What the linker would make no image for.
  var complaints: [LayoutComplaint] = []
  /// Whether its inputs are those of a map: what the linker does to contents is in their sizes.
  let isReplayed: Bool

  private var firstObject: ObjectFile? { files.lazy.compactMap(\.object).first }
  var machine: UInt16 { firstObject?.machine ?? 0 }
  var is64Bit: Bool { firstObject?.is64Bit ?? true }

  init(
    _ script: LinkerScript, _ options: LayoutOptions, isReplayed: Bool = false
  ) throws(LayoutStop) {
    self.options = options
    self.isReplayed = isReplayed
    self.script = try LayoutScript(script)
    names = self.script.names
    sections = self.script.sections
    madeSections = self.script.sections
    regionsOfSections()
  }

  /// The largest and the usual page (bfd/elfxx-target.h, ELF_MAXPAGESIZE; ldemul.c, after_parse_default).
  var maximumPageSize: UInt64 {
    if let size = options.settings.maximumPageSize { return size }
    let isSmallARM = !isForARMLinux && options.dialect.follows(.armPagesAreSmall)
    let usual: UInt64 =
      machine == ELF.machineAArch64 || (machine == ELF.machineARM && !isSmallARM)
      ? 0x10000 : 0x1000
    // A usual page that is larger than the largest makes that larger.
    return max(usual, options.settings.commonPageSize ?? 0)
  }
  var commonPageSize: UInt64 {
    min(options.settings.commonPageSize ?? 0x1000, maximumPageSize)
  }
  /// Whether segments with code hold nothing else: the default of ld for Linux on x86.
  var separatesCode: Bool {
    options.separatesCode ?? (machine == ELF.machineX8664 || machine == ELF.machine386)
  }
  /// Whether DATA_SEGMENT_RELRO_END counts.
  var protectsRelocated: Bool { hasProtected && wantsProtection }
  private var wantsProtection: Bool {
    // ARM without an operating system protects nothing, the others do unless they are told not to.
    guard machine == ELF.machineARM else { return options.protectsRelocated ?? true }
    return isForARMLinux && options.protectsRelocated == true
  }
  /// Whether it is ARM with pages of 64K and an operating system; `armelf` has neither (measured on ld 2.40).
  private var isForARMLinux: Bool {
    machine == ELF.machineARM
      && String(decoding: options.emulation, as: UTF8.self).hasSuffix("linux_eabi")
  }

  /// Whether one expression more may be evaluated inside of others: they may refer to one another in a circle.
  func entersNested() -> Bool {
    if nesting == 0 { nestedBudget = 1 << 12 }
    guard nesting < Limit.nesting, nestedBudget > 0 else { return false }
    nesting += 1
    nestedBudget -= 1
    return true
  }

  func leavesNested() { nesting -= 1 }

  // MARK: Regions

  private func regionsOfSections() {
    for section in sections {
      section.region = section.regionName.map(region)
      section.loadRegion = section.loadRegionName.map(region)
      var regions = section.regions
      regions.completeAsGNULinker()
      section.region = regions.region ?? defaultRegion
      if section.kind == .noLoad { section.standardBits = .neverLoaded }
    }
  }

  /// The region of this name; one that nobody declared is all of memory.
  func region(_ name: NameID) -> LayoutRegion {
    let name = script.aliases[name] ?? name
    if names.bytes(name) == Array("*default*".utf8) { return defaultRegion }
    if let known = script.regions.first(where: { $0.name == name }) { return known }
    let region = LayoutRegion(name: name)
    script.regions.append(region)
    return region
  }

  // MARK: Sections

  /// The first section statement of this name.
  func statement(named name: NameID) -> SectionStatement? {
    madeSections.first { $0.name == name && $0.isTaken }
  }

  /// Makes the output section of a statement (ldlang.c, init_os).
  func make(_ section: SectionStatement, _ bits: SectionBits) throws(LayoutStop) {
    guard section.output == nil else { return }
    if isDiscard(section) { throw .linkerStops("illegal use of `/DISCARD/' section") }
    if !section.isDuplicate, let known = outputs.first(where: { $0.name == section.name }) {
      section.output = known
    } else {
      let output = OutputSection(
        section.name, index: allOutputs.count,
        type: NamedSectionType.type(of: names.bytes(section.name)), bits: bits, of: section)
      outputs.append(output)
      allOutputs.append(output)
      section.output = output
    }
    try makeSections(named: section.address)
    try makeSections(named: section.loadAddress)
    if let alignment = section.alignment {
      section.output?.alignmentPower = try power(of: alignment)
    }
  }

  /// A section of which ADDR or LOADADDR is asked is made (ldlang.c, exp_init_os).
  func makeSections(named expression: ExpressionID?) throws(LayoutStop) {
    guard let expression else { return }
    for index in script.expressions.nodes(of: expression) {
      switch script.expressions[ExpressionID(index: index)] {
      case .nameCall(.address, let name), .nameCall(.loadAddress, let name):
        if let section = statement(named: name) { try make(section, []) }
      default: break
      }
    }
  }

  /// The types of relocations that make entries of the global offset table.
  private(set) lazy var tableRelocations = TableRelocations.types(of: machine)

  private(set) lazy var discardName = names.intern("/DISCARD/")

  func isDiscard(_ section: SectionStatement) -> Bool { section.name == discardName }

  // MARK: The order of work

  /// Decides what goes where.
  func place() throws(LayoutStop) {
    // Assignments run again now that all symbols of objects are there, for what garbage collection reaches.
    inputNames = InputNames(files, names)
    try assignPass(.marking)
    allocateCommons()
    try markKept()
    if options.collectsGarbage { try collectGarbage() }
    if !isReplayed { try makeRelocatedSections() }
    try mapInputs()
    try placeOrphans()
    try mergeSections()
    setTextBits()
    inheritLoadRegions()
    emptyWarningSections()
    if !sizesOwnSectionsLate { sizeOwnSections() }
    hasProtected = try findsProtected()
    try checkContents()
  }

  /// Gives everything its address.
  func size() throws(LayoutStop) {
    try markSections()
    try sizeSections()
    var hasChanged = false
    if !isReplayed {
      hasChanged = try rewriteFrames()
      try editExceptionTables()
    }
    // A target that may relax sizes once more, even if it finds nothing to do (ldlang.c, lang_relax_sections).
    try settleHeaders(afterChange: hasChanged || machine == ELF.machineRISCV && options.relaxes)
    try defineStartAndStop()
    try assignPass(.final)
    complaints = addressComplaints()
    try applyHeaderAddresses()
    try checkLayout()
  }
}
