// What several files say of one image, as one model: each fact with the file that said it.

/// The files that describe one image.
///
/// A map has sections and statements but no absolute symbols of objects; an nm listing has every symbol but
/// no section; an ELF file has all but the statements. Together they answer more than each alone.
public struct ImageEvidence: Sendable {
  /// A fact and the file that said it.
  public struct Fact<Value: Sendable>: Sendable {
    /// What was said.
    public var value: Value
    /// Index in ``ImageEvidence/files``.
    public var file: Int
  }

  /// A symbol as the best informed file has it.
  public struct Symbol: Sendable {
    /// The row; the index in a ``SymbolPlace/section(_:)`` counts the output sections of `file`.
    public var record: SymbolRecord
    /// Index in ``ImageEvidence/files``.
    public var file: Int
    /// Row in that file's symbol table.
    public var row: Int
  }

  /// What is known of a name.
  public enum SymbolAnswer: Sendable {
    /// No file names it.
    case none
    /// No file has a definition; this row says that it is wanted or common.
    case undefined(Symbol)
    /// The definition.
    case one(Symbol)
    /// Several local symbols of this name with different values, and no global one.
    case ambiguous([Symbol])
  }

  /// An output section as all files together have it.
  public struct Section: Sendable {
    /// The name's bytes.
    public var name: [UInt8]
    /// Run-time address; nil if no file has one: the section was never created.
    public var vma: Fact<UInt64>?
    /// Load address.
    public var lma: Fact<UInt64>?
    /// Size in bytes; nil if only files without sizes name the section.
    public var size: Fact<UInt64>?
    /// Alignment in bytes; maps of GNU ld have none.
    public var alignment: Fact<UInt64>?
    /// Flags; maps of GNU ld have none.
    public var flags: Fact<SectionFlags>?
    /// The file and the index in its output sections that named it first.
    public var place: Fact<Int>
  }

  /// The files, in the order they were given.
  public let files: [Image]
  private let indices: [SymbolIndex]
  private let sectionRows: [[UInt8]: [(file: Int, row: Int)]]

  /// The evidence of `files`, which must be of one image; see ``grouping(_:)``.
  ///
  /// `names` are the names that will be asked for, if they are known: looking for a few is faster
  /// than indexing all.
  public init(_ files: [Image], names: [[UInt8]]? = nil) {
    self.files = files
    indices = files.map { file in
      names.map { SymbolIndex(file.symbols, names: $0) } ?? SymbolIndex(file.symbols)
    }
    var sections: [[UInt8]: [(file: Int, row: Int)]] = [:]
    for (file, image) in files.enumerated() {
      for (row, section) in image.outputSections.enumerated() {
        sections[section.name, default: []].append((file, row))
      }
    }
    sectionRows = sections
  }

  // MARK: Symbols

  /// What is known of the symbol `name`.
  ///
  /// Of several files the one that knows most of where a symbol belongs answers, in the order of
  /// ``ImageKind/rank``. A global definition hides local ones; local ones of one value and place count as one.
  /// Objects are asked last: what they have are offsets. Of rows that may be either the files that tell decide.
  public func symbol(_ name: [UInt8]) -> SymbolAnswer {
    var best: Symbol?
    var wanted: Symbol?
    var locals: [Symbol] = []
    for file in files.indices {
      for row in indices[file].rows(name) {
        let symbol = Symbol(record: files[file].symbols.records[row], file: file, row: row)
        if isOffsetOnly(symbol) { continue }
        if !symbol.record.isDefinition {
          if wanted.map({ rank(symbol) < rank($0) }) ?? true { wanted = symbol }
        } else if symbol.record.binding == .local || mayBeLocal(symbol) {
          locals.append(symbol)
        } else if best.map({ rank(symbol) < rank($0) }) ?? true {
          best = symbol
        }
      }
    }
    if let best { return .one(corrected(better(than: best, among: locals))) }
    return answer(locals) ?? wanted.map { .undefined($0) } ?? .none
  }

  /// Whether nothing tells that a symbol is not local to an object: lld and mold list those among the others
  /// (lld/ELF/MapFile.cpp, getSymbols).
  public func mayBeLocal(_ symbol: Symbol) -> Bool {
    symbol.record.binding == nil && files[symbol.file].kind.listsLocals
  }

  /// Whether `file` has a symbol `name` that other objects can refer to: defined, or common.
  public func hasGlobal(_ name: [UInt8], in file: Int) -> Bool {
    indices[file].rows(name).contains { row in
      let record = files[file].symbols.records[row]
      return record.place != .undefined && record.binding != .local
    }
  }

  /// Where the one global symbol `name` of an object is in its section; nil if there is none, or the section is one of
  /// constants, which linkers merge.
  public func offset(of name: [UInt8], inObject file: Int) -> UInt64? {
    let records = indices[file].rows(name).map { files[file].symbols.records[$0] }
      .filter { $0.isDefinition && $0.binding == .global && !$0.isThreadLocal }
    guard files[file].isRelocatable, records.count == 1,
      case .section(let index) = records[0].place,
      files[file].outputSections.indices.contains(index),
      files[file].outputSections[index].flags?.isDisjoint(with: [.writable, .executable]) == false
    else { return nil }
    return records[0].value
  }

  /// GNU ld writes a symbol of a section that it dropped into a PE image as one of another section; its map has
  /// the value that it computed with.
  private func corrected(_ symbol: Symbol) -> Symbol {
    guard files[symbol.file].kind == .pe else { return symbol }
    let name = files[symbol.file].symbols.nameBytes(symbol.record)
    for file in files.indices where files[file].kind.tells(.droppedSections) {
      for row in indices[file].rows(name) {
        let other = Symbol(record: files[file].symbols.records[row], file: file, row: row)
        if other.record.isDefinition, !sameValue(other, symbol) { return other }
      }
    }
    return symbol
  }

  /// Whether a row has the offset of a thread-local symbol where others have its address.
  private func isOffsetOnly(_ symbol: Symbol) -> Bool {
    symbol.record.isThreadLocal && files[symbol.file].kind != .elf
  }

  /// A linker that makes a hidden symbol local still knows its section, which a listing of globals may not.
  private func better(than global: Symbol, among locals: [Symbol]) -> Symbol {
    locals.filter { $0.file != global.file && sameValue($0, global) && rank($0) < rank(global) }
      .min { rank($0) < rank($1) } ?? global
  }

  private func answer(_ locals: [Symbol]) -> SymbolAnswer? {
    guard let best = locals.min(by: { rank($0) < rank($1) }) else { return nil }
    let areOne = locals.allSatisfy {
      sameValue($0, best) && ($0.file != best.file || $0.record.place == best.record.place)
    }
    guard areOne else { return .ambiguous(locals) }
    // A map has the section of a symbol of which another file says that it is local.
    let told = locals.filter { !mayBeLocal($0) }
    return .one(told.min { rank($0) < rank($1) } ?? best)
  }

  private func sameValue(_ left: Symbol, _ right: Symbol) -> Bool {
    var difference = left.record.value ^ right.record.value
    if difference == 0 { return true }
    difference &= ~(files[left.file].instructionBit | files[right.file].instructionBit)
    let is32Bit = files[left.file].is32Bit == true || files[right.file].is32Bit == true
    return difference == 0 || is32Bit && UInt32(truncatingIfNeeded: difference) == 0
  }

  /// How much a row knows of where its symbol belongs; less is better.
  private func rank(_ symbol: Symbol) -> Int {
    let place =
      switch symbol.record.place {
      case .section, .absolute: 0
      case .unknownSection: 10
      default: 20
      }
    return place + rank(of: symbol.file)
  }

  private func rank(of file: Int) -> Int {
    files[file].kind.rank + (files[file].isRelocatable ? 40 : 0)
  }

  // MARK: Sections

  /// The output sections in the order of the best informed file that has any, each as all files together
  /// know it. No file can add one: what a map lists beside, the image does not have.
  public func outputSections() -> [Section] {
    let order = files.indices.sorted { (rank(of: $0), $0) < (rank(of: $1), $1) }
    guard let file = order.first(where: { !files[$0].outputSections.isEmpty }) else { return [] }
    return outputSections(of: file)
  }

  /// The output sections of one of the files in its order, each as all files together know it.
  public func outputSections(of file: Int) -> [Section] {
    files[file].outputSections.indices.map { section(file, $0) }
  }

  /// The output section `name` as all files together know it; nil if none names it.
  public func outputSection(_ name: [UInt8]) -> Section? {
    sectionRows[name]?.min {
      (rank(of: $0.file), $0.file, $0.row) < (rank(of: $1.file), $1.file, $1.row)
    }.map { section($0.file, $0.row) }
  }

  /// The section of a row, with what other files know besides. Only the one of its name in either file, at
  /// the same address, is taken for the same.
  private func section(_ file: Int, _ row: Int) -> Section {
    let record = files[file].outputSections[row]
    var section = Section(record, row: row, file: file)
    let named = sectionRows[record.name] ?? []
    guard files.count > 1, named.count(where: { $0.file == file }) == 1 else { return section }
    let others = named.filter { other in
      other.file != file && named.count(where: { $0.file == other.file }) == 1
    }.sorted { (rank(of: $0.file), $0.file) < (rank(of: $1.file), $1.file) }
    for other in others {
      let more = files[other.file].outputSections[other.row]
      if let here = section.vma?.value, let there = more.vma, here != there { continue }
      section.complete(with: Section(more, row: other.row, file: other.file))
    }
    return section
  }

  /// The first file with statements, which only maps have.
  public var map: Image? { files.first { !$0.statements.isEmpty } }
}

extension ImageEvidence.Section {
  /// What one file says of it; a section that was never created has no size.
  fileprivate init(_ record: OutputSectionRecord, row: Int, file: Int) {
    name = record.name
    vma = record.vma.map { .init(value: $0, file: file) }
    lma = record.lma.map { .init(value: $0, file: file) }
    size = record.vma == nil ? nil : .init(value: record.size, file: file)
    alignment = record.alignment.map { .init(value: $0, file: file) }
    flags = record.flags.map { .init(value: $0, file: file) }
    place = .init(value: row, file: file)
  }

  /// Takes over what is not known yet.
  fileprivate mutating func complete(with other: Self) {
    vma = vma ?? other.vma
    lma = lma ?? other.lma
    size = size ?? other.size
    alignment = alignment ?? other.alignment
    flags = flags ?? other.flags
  }
}

extension SymbolRecord {
  /// Whether the row says what the symbol is, and not only that somebody wants it.
  public var isDefinition: Bool {
    switch place {
    case .undefined, .common: false
    case .section, .absolute, .unknownSection, .unknown: true
    }
  }
}

extension Image {
  /// Address that the thread-local symbols of a linked ELF image count from; nil if it has no thread-local section,
  /// or not the first of them. Where GNU ld left an empty first section out, and its symbols stand in another thread-local
  /// one, the file does not tell that the others count from an address before it.
  ///
  /// GNU ld takes the first thread-local section, in whichever segment it is (bfd/elflink.c, `elf_link_output_extsym`);
  /// lld the first one of its program header (`Symbol::getVA`, lld/ELF/Symbols.cpp).
  public var threadLocalBase: UInt64? { losesThreadLocalStart ? nil : threadLocalStart }

  /// Where the first thread-local section begins that is there: what ``SymbolRecord/value`` of a thread-local symbol was
  /// counted from when the file was read.
  public var threadLocalStart: UInt64? {
    guard !isRelocatable else { return nil }
    let starts = outputSections.filter { $0.flags?.contains(.threadLocal) == true }
      .compactMap(\.vma)
    let segment = segments.first { $0.type == ELF.segmentThreadLocal && $0.memorySize != 0 }
    if linker?.family == .lld, let segment, starts.contains(segment.virtualAddress) {
      return segment.virtualAddress
    }
    return starts.first ?? segment?.virtualAddress
  }

  /// The value that nm prints for a symbol: for a thread-local one of a linked image the offset in the template,
  /// where ``SymbolRecord/value`` is the address that the linker computes with.
  public func listedValue(_ record: SymbolRecord) -> UInt64 {
    guard kind == .elf, !isRelocatable, record.isThreadLocal, case .section = record.place else {
      return record.value
    }
    return record.value &- (threadLocalStart ?? 0)
  }
}
