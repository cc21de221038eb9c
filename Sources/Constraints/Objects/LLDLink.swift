// One link by lld on its way to a layout: what lld holds, and the order in which it works (lld/ELF/Driver.cpp, link;
// Writer.cpp, run).

internal import LdsParser

/// The state of a link.
final class LLDLink {
  let options: LayoutOptions
  let dialect: LinkerDialect
  var names: NameTable
  let script: LayoutScript
  let text: LLDScriptText
  let symbols = LLDSymbols()
  /// The files that are linked, in the order in which they were parsed.
  var files: [LLDFile] = []
  private var fileCount = 0
  private(set) var internalFile: LLDFile
  /// The input sections that patterns see, in order (`ctx.inputSections`).
  var inputs: [LLDInput] = []
  /// All that were made, by their numbers.
  private(set) var allInputs: [LLDInput] = []
  var frameInputs: [LLDInput] = []
  var mergedContents: [LLDMergedContents] = []
  var comment: LLDInput?
  var relroPadding: LLDInput?
  /// Tables of symbols and names.
  var tables: [LLDInput] = []
  var comdats: Set<NameID> = []
  var hasAttributes = false
  /// Whether instructions that load addresses from a table are rewritten.
  var rewritesInstructions = false
  /// ARM's table of unwinding.
  var exceptionTable: LLDExceptionTable?

  /// The commands of the script; orphans behind them until they are placed.
  var commands: [LLDTopCommand] = []
  /// Output sections in the order in which they were made; the first two are none.
  private(set) var outputs: [LLDOutput] = []
  /// What is outside of all output sections.
  var outside: LLDOutput { outputs[1] }
  /// The first output section of each name.
  private(set) var outputsByName: [NameID: LLDOutput] = [:]
  var regions: [LLDRegion] = []
  var regionsByName: [NameID: LLDRegion] = [:]
  var references = LLDReferences()
  /// The output sections of which ADDR or LOADADDR is asked.
  var namesUsedInExpressions: Set<NameID> = []
  /// When each DEFINED was read.
  var definedOrders: [UInt32: Int] = [:]
  /// How many more expressions of regions may be evaluated inside the expression that is evaluated.
  var regionBudget = 0
  /// When the DEFINED of the expression that is evaluated was read.
  var definedOrder = 0

  var state = LLDAddressState()
  var headers: [LLDHeader] = []
  let fileHeader: LLDOutput
  let programHeaders: LLDOutput
  var threadLocalHeader: LLDHeader?
  /// Whether addresses are assigned: before, sections that are not there count as empty.
  var assignsAddresses = false
  var recordedErrors: [String] = []
  var judgedAssertions: [JudgedAssertion] = []
  var complaints: [LayoutComplaint] = []
  private var placed: [LLDOutputSnapshot] = []
  private var placedCommands: [LLDTopCommand] = []
  /// Input sections that the last sizing made larger, with the sizes that they have.
  private var enlarged: [(input: LLDInput, size: UInt64)] = []

  private var firstObject: ObjectFile? { files.lazy.compactMap(\.object).first }
  var machine: UInt16 { firstObject?.machine ?? 0 }
  var is64Bit: Bool { firstObject?.is64Bit ?? true }
  /// ENTRY's symbol, or the usual one.
  private(set) lazy var entry: NameID =
    options.entry.map { names.intern($0) } ?? script.entry ?? names.intern("_start")

  static let machines: Set<UInt16> = [
    ELF.machineX8664, ELF.machine386, ELF.machineARM, ELF.machineAArch64,
  ]
  /// `SHT_X86_64_UNWIND`
  static let unwindType: UInt32 = 0x7000_0001

  init(
    _ script: LinkerScript, _ command: LinkCommand, _ options: LayoutOptions,
    aligning alignments: [LayoutAlignment] = [], provider: some SourceProvider
  ) throws(LayoutStop) {
    self.options = options
    dialect = options.dialect
    var laidOut = try LayoutScript(script)
    for alignment in alignments { try laidOut.align(alignment) }
    self.script = laidOut
    names = laidOut.names
    text = LLDScriptText(
      sources: script.sources, path: script.sources.buffer(script.main).path)
    internalFile = LLDFile(
      nil, member: Array("<internal>".utf8), archive: nil, isLazy: false, number: 0)
    let empty = names.intern("")
    fileHeader = LLDOutput(empty, index: -1, statement: nil)
    programHeaders = LLDOutput(empty, index: -1, statement: nil)
    // The section of what ABSOLUTE made absolute, and that of what is outside of all.
    for _ in 0..<2 { makeOutput(empty, statement: nil).flags = ObjectSection.Flag.allocate }
    outputsByName[empty] = nil
    fileCount = 1
    try LLDScriptReader(self).read(script)
    try LLDLoader(self, command, provider: provider).load()
    try place()
  }

  // MARK: Making

  func makeFile(
    _ object: ObjectFile, member: [UInt8], archive: [UInt8]?, isLazy: Bool
  ) -> LLDFile {
    defer { fileCount += 1 }
    return LLDFile(object, member: member, archive: archive, isLazy: isLazy, number: fileCount)
  }

  func makeInput(
    _ file: LLDFile, name: NameID, record: ObjectSection? = nil, type: UInt32, flags: UInt64,
    entrySize: UInt64 = 0, size: UInt64 = 0, alignment: UInt64
  ) -> LLDInput {
    let input = LLDInput(
      file, name: name, record: record, type: type, flags: flags, entrySize: entrySize,
      size: size, alignment: alignment, number: allInputs.count)
    allInputs.append(input)
    return input
  }

  func makeOutput(_ name: NameID, statement: SectionStatement?) -> LLDOutput {
    let output = LLDOutput(name, index: outputs.count, statement: statement)
    let text = names.bytes(name)
    output.givenAddress = options.settings.sectionStarts.last { $0.section == text }?.address
    outputs.append(output)
    if outputsByName[name] == nil { outputsByName[name] = output }
    return output
  }

  /// The first output section of the commands with this name.
  func outputNamed(_ text: String) -> LLDOutput? { names.find(text).flatMap(outputNamed) }

  func outputNamed(_ name: NameID) -> LLDOutput? {
    for case .section(let output) in commands where output.name == name { return output }
    return nil
  }

  // MARK: Objects

  /// The bytes of an input section.
  func contents(of input: LLDInput) throws(LayoutStop) -> [UInt8] {
    guard let object = input.file.object, let record = input.record else { return [] }
    do throws(ReadError) {
      return try object.contents(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: input.file.label), error)
    }
  }

  /// The relocations of an input section.
  func relocations(of input: LLDInput) throws(LayoutStop) -> [ObjectRelocation] {
    guard let object = input.file.object, let record = input.record, record.hasRelocations else {
      return []
    }
    do throws(ReadError) {
      return try object.relocations(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: input.file.label), error)
    }
  }

  /// What a relocation is about.
  struct Target {
    var home: LLDSymbol.Home?
    var value: UInt64
    var type: UInt8
    var isSection = false
    /// The name of a global symbol.
    var name: NameID?
  }

  func target(of relocation: ObjectRelocation, in input: LLDInput) -> Target? {
    guard let symbols = input.file.object?.symbols, symbols.indices.contains(relocation.symbol)
    else { return nil }
    let entry = symbols[relocation.symbol]
    if entry.binding != 0 {
      guard let symbol = self.symbols.find(entry.name) else { return nil }
      return Target(
        home: symbol.isDefined ? symbol.home : nil, value: symbol.value, type: symbol.type,
        name: entry.name)
    }
    guard case .section(let number) = entry.place,
      let section = input.file.section(numbered: number)
    else { return Target(home: nil, value: entry.value, type: entry.type) }
    return Target(
      home: .input(section), value: entry.value, type: entry.type, isSection: entry.type == 3)
  }

  /// What a relocation adds to its symbol (`getImplicitAddend`).
  func addend(
    of relocation: ObjectRelocation, in input: LLDInput
  ) throws(LayoutStop) -> Int64 {
    if let addend = relocation.addend { return addend }
    // R_386_32, R_386_PC32; R_ARM_ABS32, R_ARM_REL32
    let isWord =
      machine == ELF.machine386
      ? [1, 2].contains(relocation.type) : [2, 3].contains(relocation.type)
    let bytes = try contents(of: input)
    guard isWord, let place = Int(exactly: relocation.offset), place + 4 <= bytes.count else {
      throw .refused(
        "\(String(decoding: input.file.label, as: UTF8.self)): a relocation of merged contents, whose addend is not modelled"
      )
    }
    let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    return Int64(Int32(bitPattern: word))
  }

  /// Whether a KEEP matches.
  func isKept(_ input: LLDInput, _ name: [UInt8]) -> Bool {
    references.kept.contains { $0.keeps(input, name) }
  }

  static func isIdentifier(_ name: [UInt8]) -> Bool {
    guard let first = name.first, !(0x30...0x39).contains(first) else { return false }
    return name.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) && byte > 0x40
        || byte == 0x5F
    }
  }

  // MARK: The order of work

  /// Decides what goes where.
  private func place() throws(LayoutStop) {
    try declareSymbols()
    try replaceCommons()
    for file in files {
      inputs += file.sections.compactMap(\.self).filter { $0.frames == nil }
    }
    addComment()
    if options.collectsGarbage {
      var marker = LLDMarkLive(self)
      try marker.run()
    }
    try createSyntheticSections()
    combineExceptionEntries()
    try processSectionCommands()
    try addOrphanSections()
    for case .section(let output) in commands { try finalizeInputSections(output) }
    try checkContents()
    try addStartStopSymbols()
    demoteSymbols()
    if let table = exceptionTable { table.section.isNeeded = table.isNeeded }
    removeUnusedSyntheticSections()
    placed = outputs.map(LLDOutputSnapshot.init)
    placedCommands = commands
  }

  /// Gives everything its address.
  func size(growing growths: [LayoutGrowth], for detail: LayoutDetail) throws(LayoutStop) {
    commands = placedCommands
    for snapshot in placed { snapshot.restore() }
    for change in enlarged { change.input.size = change.size }
    enlarged = []
    complaints = []
    for growth in growths { try grow(growth) }
    try processSymbolAssignments()
    try sortSections()
    try createHeaders()
    try finalizeAddresses()
    try checkLayout()
  }

  /// More bytes behind the last input section of an output section.
  private func grow(_ growth: LayoutGrowth) throws(LayoutStop) {
    let shown = String(decoding: growth.section, as: UTF8.self)
    guard let name = names.find(growth.section), let output = outputNamed(name) else {
      let input = try grownInput(growth.section)
      enlarged.append((input, input.size))
      input.size = input.size &+ growth.bytes
      return
    }
    for command in output.commands.reversed() {
      guard case .inputs(let inputs) = command, let last = inputs.sections.last else { continue }
      if isRewritten(last.name) {
        throw .refused("\(shown) ends in \(names.string(last.name)), which the linker rewrites")
      }
      let added = LLDInput(
        last.file, name: last.name, record: nil, type: last.type, flags: last.flags,
        size: growth.bytes, alignment: 1, number: last.number)
      added.parent = output
      inputs.sections.append(added)
      return
    }
    throw .refused("\(shown) holds no input section that could grow")
  }

  /// The output sections that can grow: those that are loaded and behind whose last input section there is room for more.
  var growing: [[UInt8]] {
    var found: [[UInt8]] = []
    for case .section(let output) in commands where output.isAllocated {
      guard let last = output.inputs.last, !isRewritten(last.name) else { continue }
      let name = names.bytes(output.name)
      if !found.contains(name) { found.append(name) }
    }
    return found
  }
}

/// An output section as it was when it was filled: what sizing changes.
struct LLDOutputSnapshot {
  private let output: LLDOutput
  private let type: UInt32
  private let flags: UInt64
  private let alignment: UInt64
  private let headers: [NameID]
  private let sections: [[LLDInput]]

  init(_ output: LLDOutput) {
    self.output = output
    type = output.type
    flags = output.flags
    alignment = output.alignment
    headers = output.headers
    sections = Self.inputs(output).map(\.sections)
  }

  private static func inputs(_ output: LLDOutput) -> [LLDInputs] {
    output.commands.compactMap { if case .inputs(let inputs) = $0 { inputs } else { nil } }
  }

  func restore() {
    output.type = type
    output.flags = flags
    output.alignment = alignment
    output.headers = headers
    output.isLive = true
    (output.address, output.size, output.rank) = (0, 0, 0)
    output.load = nil
    (output.region, output.loadRegion) = (nil, nil)
    for (inputs, sections) in zip(Self.inputs(output), sections) {
      inputs.sections = sections
      for section in sections { section.offset = 0 }
    }
  }
}
