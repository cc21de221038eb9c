// The input sections that lld makes itself, in the order in which patterns see them: most stay empty in a static link and
// are taken out again, but by then they have given their output sections flags and alignment
// (lld/ELF/SyntheticSections.cpp, createSyntheticSections; Writer.cpp, removeUnusedSyntheticSections).

internal import LdsParser

extension LLDLink {
  private struct Row {
    var name: String
    var type: UInt32 = ObjectSection.Kind.contents
    var flags: UInt64
    var alignment: UInt64
  }

  /// What lld names itself in, beside the compilers.
  func addComment() {
    let comment = makeInput(
      internalFile, name: names.intern(".comment"), type: ObjectSection.Kind.contents,
      flags: ObjectSection.Flag.merge | ObjectSection.Flag.strings, entrySize: 1, alignment: 1)
    comment.pieces = LLDPieces([0], of: comment, areLive: true)
    comment.size = 1
    inputs.append(comment)
    self.comment = comment
  }

  func createSyntheticSections() throws(LayoutStop) {
    let read = ObjectSection.Flag.allocate
    let write = read | ObjectSection.Flag.write
    let code = read | ObjectSection.Flag.execute
    let word: UInt64 = is64Bit ? 8 : 4
    let zeros = ObjectSection.Kind.noBits
    let hasAddends = machine == ELF.machineX8664 || machine == ELF.machineAArch64
    let relocations =
      hasAddends ? ObjectSection.Kind.relocationsWithAddend : ObjectSection.Kind.relocations
    let prefix = hasAddends ? ".rela" : ".rel"
    let hasProtectedData = outputNamed(".data.rel.ro") != nil
    var rows = [
      Row(name: ".bss", type: zeros, flags: write, alignment: 1),
      Row(
        name: hasProtectedData ? ".data.rel.ro.bss" : ".bss.rel.ro", type: zeros, flags: write,
        alignment: 1),
    ]
    if let size = options.buildIDSize {
      add(
        Row(name: rows[0].name, type: zeros, flags: write, alignment: 1), isNeeded: false)
      add(rows[1], isNeeded: false)
      rows = []
      let note = add(
        Row(
          name: ".note.gnu.build-id", type: ObjectSection.Kind.note, flags: read, alignment: 4),
        isNeeded: true)
      note.size = 16 + size
    }
    rows.append(Row(name: prefix + ".dyn", type: relocations, flags: read, alignment: word))
    for row in rows { add(row, isNeeded: false) }
    try addFrames(read)
    rows = []
    if machine == ELF.machineARM {
      rows.append(
        Row(
          name: ".ARM.exidx", type: ObjectSection.Kind.armExceptions,
          flags: read | ObjectSection.Flag.linkOrder, alignment: 4))
    }
    rows.append(Row(name: ".got", flags: write, alignment: word))
    rows.append(Row(name: ".got.plt", flags: write, alignment: word))
    rows.append(
      Row(name: machine == ELF.machineARM ? ".got" : ".got.plt", flags: write, alignment: word))
    let tables = rows.map { add($0, isNeeded: false) }
    try defineTableSymbol(got: tables[tables.count - 3], gotPlt: tables[tables.count - 2])
    if references.endsRelro, protectsRelocated {
      relroPadding = add(
        Row(name: ".relro_padding", type: zeros, flags: write, alignment: 1), isNeeded: true)
    }
    rows = []
    if machine == ELF.machineARM {
      rows.append(Row(name: ".gnu.sgstubs", flags: code, alignment: 32))
    }
    rows.append(Row(name: prefix + ".plt", type: relocations, flags: read, alignment: word))
    rows.append(Row(name: ".plt", flags: code, alignment: 16))
    rows.append(Row(name: ".iplt", flags: code, alignment: 16))
    for row in rows { add(row, isNeeded: false) }
    let features = files.reduce(UInt32.max) { $0 & $1.features }
    if features != 0 {
      let note = add(
        Row(
          name: ".note.gnu.property", type: ObjectSection.Kind.note, flags: read, alignment: word),
        isNeeded: true)
      note.size = is64Bit ? 32 : 28
    }
    addTables(word)
  }

  /// `_GLOBAL_OFFSET_TABLE_` is the start of the table of the target; whoever names it makes it stay, x86's with what it
  /// begins with.
  private func defineTableSymbol(got: LLDInput, gotPlt: LLDInput) throws(LayoutStop) {
    let name = "_GLOBAL_OFFSET_TABLE_"
    guard let id = names.find(name), let symbol = symbols.find(id) else { return }
    if symbol.isDefined { throw .linkerStops("cannot redefine linker defined symbol '\(name)'") }
    let isOfX86 = machine == ELF.machineX8664 || machine == ELF.machine386
    let table = isOfX86 ? gotPlt : got
    table.isNeeded = true
    table.size = isOfX86 ? 3 * (is64Bit ? 8 : 4) : 0
    symbol.state = .defined
    symbol.isWeak = false
    symbol.isUsed = true
    symbol.value = 0
    symbol.home = .input(table)
  }

  private func addFrames(_ flags: UInt64) throws(LayoutStop) {
    let whole = add(
      Row(name: ".eh_frame", flags: flags, alignment: 1), isNeeded: !frameInputs.isEmpty)
    for input in frameInputs {
      whole.alignment = max(whole.alignment, input.alignment)
      input.frames?.whole = whole
    }
    try finalizeFrames(whole)
  }

  /// The tables of symbols and names, which are not told.
  private func addTables(_ word: UInt64) {
    let kinds: [(String, UInt32, UInt64)] = [
      (".symtab", 2, word), (".shstrtab", 3, 1), (".strtab", 3, 1),
    ]
    for (name, type, alignment) in kinds {
      let table = add(Row(name: name, type: type, flags: 0, alignment: alignment), isNeeded: true)
      tables.append(table)
    }
  }

  @discardableResult
  private func add(_ row: Row, isNeeded: Bool) -> LLDInput {
    let input = makeInput(
      internalFile, name: names.intern(row.name), type: row.type, flags: row.flags,
      alignment: row.alignment)
    input.isNeeded = isNeeded
    inputs.append(input)
    return input
  }

  /// Takes out what turned out to be empty.
  func removeUnusedSyntheticSections() {
    for output in outputs {
      for case .inputs(let inputs) in output.commands {
        inputs.sections.removeAll { !$0.isNeeded }
      }
    }
  }
}
