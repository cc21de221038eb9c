// Layout facts from the image itself: what the sections are called, where they start and end, and what the
// symbols came to. What the image does not tell stays unknown.

package import LdsParser

/// What an oracle looks up, made once for all passes.
struct EvidenceFacts: Sendable {
  let program: Program
  let evidence: Evidence
  let dialect: LinkerDialect
  let binding: SectionBinding
  /// For each section of the program, the last allocated orphan behind it.
  let lastOrphans: [Int?]
  /// The first section of each name.
  let byName: [[UInt8]: Int]
  let restless: Set<NameID>
  /// Symbols of the script of which the image has only the lower half.
  let truncated: Set<NameID>
  /// Sections of the program that define symbols: even where they are empty and dropped, the location counter passes
  /// them (ld manual 3.6.7, Output Section Discarding).
  let defining: Set<Int>
  /// What a PE image leaves out.
  let omissions: PEOmissions
  /// The first section of the program that is surely in the image.
  let firstKept: Int
  /// The first section of the program behind which orphans stand, -1 for those before all.
  let firstOrphans: Int

  init(_ program: Program, _ evidence: Evidence, _ dialect: LinkerDialect) {
    self.program = program
    self.evidence = evidence
    self.dialect = dialect
    let binding = SectionBinding(program, evidence)
    self.binding = binding
    lastOrphans = program.sections.indices.map {
      binding.allocatedOrphans(after: $0, evidence, dialect).last
    }
    byName = Dictionary(
      evidence.sections.indices.map { (evidence.sections[$0].name, $0) }, uniquingKeysWith: min)
    defining = Set(program.steps.compactMap(\.sectionOfDefinition))
    firstKept =
      program.sections.indices.first { !binding.mayBeDropped($0, evidence) } ?? .max
    firstOrphans = binding.orphansAfter.keys.min() ?? .max
    restless = dialect == .bfd ? RestlessSymbols(program, evidence, binding).names : []
    truncated = TruncatedSymbols(program, evidence).names
    omissions = PEOmissions(program, evidence, binding)
  }
}

extension Step {
  /// The section that surely holds this step, if it is a definition that ld carries out whoever needs the symbol.
  fileprivate var sectionOfDefinition: Int? {
    guard case .inside(let section) = context, case .assignment(let assignment) = action,
      !assignment.isLocationCounter, !assignment.kind.isProvide
    else { return nil }
    return section
  }
}

/// Answers the walker from evidence.
package struct EvidenceOracle: LayoutOracle {
  package let domain = ExactDomain()
  let facts: Shared<EvidenceFacts>
  /// The image's output sections; a layout that is computed again moves them.
  var sections: [Evidence.Section]
  /// The image's symbols by the program's names.
  private var symbols: [Evidence.Symbol?]
  var program: Program { facts.value.program }
  var evidence: Evidence { facts.value.evidence }
  var dialect: LinkerDialect { facts.value.dialect }
  /// For each section of the program, its index in the evidence; nil if the image does not have it.
  var evidenceIndex: [Int?] { facts.value.binding.evidenceIndex }
  /// For each section of the evidence, its index among the program's sections, or behind them.
  var listedIndex: [Int] { facts.value.binding.listedIndex }
  /// For each section of the program, the evidence index of the last allocated orphan that follows it in the
  /// image, dropped sections of the script passed over.
  var orphansAfter: [Int?] { facts.value.lastOrphans }
  /// Symbols that an earlier pass may have left with a value which the image does not tell.
  var restless: Set<NameID> { facts.value.restless }
  var omissions: PEOmissions { facts.value.omissions }
  var lastSection: Int?
  var orphansPassed = false
  /// The location counter before the section that was opened last, orphans passed.
  var entryDot = ExactNumber.known(0)

  /// An oracle for `program` over `evidence`.
  package init(_ program: Program, evidence: Evidence, dialect: LinkerDialect = .bfd) {
    facts = Shared(EvidenceFacts(program, evidence, dialect))
    sections = evidence.sections
    symbols = (0..<program.names.count).map { evidence.symbols[program.names.bytes(at: $0)] }
  }

  package static var repeatsItself: Bool { true }

  package var settings: LinkSettings { evidence.settings }

  /// What the image has for a name of the program.
  private func imageSymbol(_ name: NameID) -> Evidence.Symbol? {
    Int(name.index) < symbols.count ? symbols[Int(name.index)] : nil
  }

  /// Gives a name another symbol, where the layout is computed again.
  mutating func set(_ name: [UInt8], _ symbol: Evidence.Symbol?) {
    if let name = program.names.find(name) { symbols[Int(name.index)] = symbol }
  }

  /// Whether objects given beside the image define a name of the program.
  private func isObjectSymbol(_ name: NameID) -> Bool {
    let names = evidence.objectSymbols
    return !names.isEmpty && names.contains(program.names.bytes(name))
  }

  package func carried(
    _ name: NameID, _ outcome: Outcome<ExactNumber>
  ) -> Outcome<ExactNumber> {
    guard restless.contains(name) else { return outcome }
    let unknown = ExactNumber.unknown(Lack(.unsettled(name)))
    var outcome = Outcome(Value(unknown, kind: .absolute))
    outcome.merge(
      Outcome(Value(offset: unknown, address: unknown, in: .holding(name, letter: 0))))
    return outcome
  }

  package var headerSize: ExactNumber {
    // lld leaves program headers out after it has evaluated the script.
    dialect == .bfd ? number(evidence.headerSize, or: .headers) : .unknown(Lack(.headers))
  }

  package func objectSymbol(_ name: NameID) -> ObjectSymbol<ExactNumber> {
    // What an object made of a symbol that the script sets is overwritten in the image.
    if program.assignments[name] != nil, !evidence.hasAllSymbols {
      return .unknown(Lack(.symbol(name), mayStop: true))
    }
    guard let symbol = imageSymbol(name) else {
      return evidence.hasAllSymbols ? .undefined : .unknown(Lack(.symbol(name), mayStop: true))
    }
    let hasBit = dialect == .lld && symbol.hasInstructionBit
    let address = ExactNumber.known(hasBit ? symbol.address | 1 : symbol.address)
    switch symbol.place {
    case .undefined: return .undefined
    case .absolute: return .defined(Outcome(Value(address, kind: .absolute)))
    case .section(let index):
      let key = SectionKey.listed(listedIndex[index])
      return .defined(Outcome(inside(key, address, base: base(of: key))))
    case .someSection(let letter):
      return .defined(Outcome(somewhere(name, address, letter: letter)))
    case .unknown:
      var outcome = Outcome(somewhere(name, address, letter: 0))
      outcome.merge(Outcome(Value(address, kind: .absolute)))
      return .defined(outcome)
    }
  }

  private func inside(
    _ key: SectionKey, _ address: ExactNumber, base: ExactNumber
  ) -> Value<ExactNumber> {
    var offset = base
    if case .number(let difference) = domain.apply(.subtract, address, base, dialect: dialect) {
      offset = difference
    }
    return Value(offset: offset, address: address, in: key, isInside: true)
  }

  private func somewhere(
    _ name: NameID, _ address: ExactNumber, letter: UInt8
  ) -> Value<ExactNumber> {
    Value(
      offset: .unknown(Lack(.symbolSection(name))), address: address,
      in: .holding(name, letter: letter), isInside: true)
  }

  package func isDefinedByObject(_ name: NameID) -> Bool? {
    if isObjectSymbol(name) { return true }
    if program.assignments[name] != nil { return evidence.hasAllSymbols ? false : nil }
    // A symbol of one object alone is none to the linker; a hidden one that all share looks the same.
    if evidence.localSymbols.contains(program.names.bytes(name)) { return nil }
    guard let symbol = imageSymbol(name) else { return evidence.hasAllSymbols ? false : nil }
    return symbol.place != .undefined
  }

  package func finalAddress(_ name: NameID) -> ExactNumber? {
    guard let symbol = imageSymbol(name), symbol.place != .undefined,
      !facts.value.truncated.contains(name), !omissions.misplaced.contains(name)
    else { return nil }
    return .known(symbol.address)
  }

  package func isProvided(step: Int, _ name: NameID, value: Outcome<ExactNumber>) -> Bool? {
    if isObjectSymbol(name) { return false }
    guard let symbol = imageSymbol(name), symbol.place != .undefined else {
      return evidence.hasScriptSymbols ? false : nil
    }
    // Somebody defines it. If it is not where the PROVIDE would put it, that is an object.
    guard case .value(let provided)? = value.single, let address = domain.exact(provided.address)
    else { return nil }
    if address == symbol.address { return true }
    // Of 32-bit images the lower half is compared.
    return evidence.is32Bit && (address ^ symbol.address) & 0xffff_ffff == 0
  }

  package func base(of section: SectionKey) -> ExactNumber {
    switch section {
    case .holding(let name, _): return .unknown(Lack(.symbolSection(name)))
    case .listed(let index):
      return number(record(index)?.vma, or: missingAddress(index))
    }
  }

  package func startsSection(_ address: UInt64) -> Bool {
    // What stands before all sections counts from 0.
    address == 0 || !evidence.hasAllSections || sections.contains { $0.vma == address }
  }

  package func fact(
    _ function: NameFunction, ofSection index: Int, _ name: NameID
  ) -> ExactNumber {
    let record = record(index)
    switch function {
    case .sizeOf:
      // A section that the script names and the image does not have was dropped: its size is 0.
      if record == nil, evidence.hasAllSections, !omissions.mayCut(program.names.bytes(name)) {
        return .known(0)
      }
      return number(record?.size, or: .sectionSize(name))
    case .alignOf: return number(record?.alignment, or: .sectionAlignment(name))
    case .loadAddress:
      let isTold = record.map { tellsLoadAddress($0, index) } ?? true
      return number(isTold ? record?.lma : nil, or: .sectionLoadAddress(name))
    default: return number(record?.vma, or: .sectionAddress(name))
    }
  }

  /// Whether the image tells the load address that the linker gave a section: program headers of the script may
  /// move it afterwards, and what has no bytes in the file may be in none.
  private func tellsLoadAddress(_ record: Evidence.Section, _ index: Int) -> Bool {
    // A map does not show the script's program headers.
    if program.isMap { return record.lma == record.vma }
    // PE has no load addresses.
    if evidence.kinds.contains(.pe) { return !program.setsLoadAddresses }
    guard evidence.kinds.contains(.elf) || program.hasLoadedHeaders else { return true }
    if program.hasProgramHeaders {
      return !program.hasLoadedHeaders && record.size != 0
        && record.flags?.contains(.noBits) == false
    }
    if record.size != 0 || !program.setsLoadAddresses { return true }
    guard record.lma == record.vma, !program.hasLoadRegions else { return false }
    return dialect == .bfd || !mayFollowLoadAddress(index)
  }

  /// Whether a section or one before it has a load address of its own: in lld's links, those behind it are as far from
  /// theirs.
  private func mayFollowLoadAddress(_ index: Int) -> Bool {
    program.hasInsert
      || program.sections.prefix(index &+ 1).contains { section in
        // Members of overlays have none that is theirs alone.
        section.description.map { $0.loadAddress != nil } ?? true
      }
  }

  package func unlistedSection(_ name: NameID) -> UnlistedSection<ExactNumber> {
    let bytes = program.names.bytes(name)
    if let index = facts.value.byName[bytes] {
      return .found(.listed(listedIndex[index]), index: listedIndex[index])
    }
    // lld knows a section that is neither in the script nor in the image as an empty one.
    return evidence.hasAllSections && !omissions.mayCut(bytes)
      && (evidence.hasAllSymbols || dialect == .lld)
      ? .absent : .unknown(Lack(.sectionExistence(name), mayStop: true))
  }

  package func constant(_ name: NameID) -> ExactNumber? {
    let text = program.names.string(name)
    guard text == "MAXPAGESIZE" || text == "COMMONPAGESIZE" else { return nil }
    let set = evidence.settings.constant(program.names.bytes(name), dialect: dialect)
    return number(evidence.constants[text] ?? set, or: .pageSize(name))
  }

  package func region(_ function: NameFunction, _ name: NameID) -> ExactNumber? {
    if let region = evidence.regions[program.names.bytes(name)] {
      return .known(function == .origin ? region.origin : region.length)
    }
    // A map lists the regions that were declared, but not their aliases.
    return program.isMap ? .unknown(Lack(.region(name))) : nil
  }

  /// Evidence indices of the sections that the program does not name.
  var orphans: [Int] { listedIndex.indices.filter { listedIndex[$0] >= evidenceIndex.count } }

  /// The evidence of a section by its index in the walker's list.
  func record(_ index: Int) -> Evidence.Section? {
    if index < evidenceIndex.count {
      return evidenceIndex[index].map { sections[$0] }
    }
    let place = index - evidenceIndex.count
    guard place < listedIndex.count, listedIndex[place] == index else { return nil }
    return sections[place]
  }

  /// The address of a section of the image that the program does not mention has no name to call it by.
  private func missingAddress(_ index: Int) -> Missing {
    index < program.sections.count
      ? .sectionAddress(program.sections[index].name) : .locationCounter
  }

  func number(_ value: UInt64?, or missing: Missing) -> ExactNumber {
    value.map { .known($0) } ?? .unknown(Lack(missing))
  }
}
