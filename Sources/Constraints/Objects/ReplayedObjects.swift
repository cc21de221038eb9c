// The objects of a link as its map and image tell of them: sections with their sizes, and for each the alignments that put
// it where it is.

internal import LdsParser

/// An input section as a map lists it.
struct ReplayedRow {
  /// The object, as the map names it.
  let file: [UInt8]
  let name: [UInt8]
  let address: UInt64
  let size: UInt64
  /// The output section in the map's list.
  let output: Int
  /// The least and the largest alignment that put it there, as powers of two.
  var powers: ClosedRange<Int>
  /// Global symbols of the objects in it.
  var symbols: [(name: [UInt8], value: UInt64)] = []
  /// What the image says of its output section; nil if it was dropped.
  let record: OutputSectionRecord?
}

/// What a map and the image beside it tell of the inputs.
struct ReplayedObjects {
  private(set) var rows: [ReplayedRow] = []
  /// The objects in the order in which the linker loaded them.
  private(set) var files: [[UInt8]] = []
  /// The map's output sections that the image has.
  private(set) var outputs: [(record: OutputSectionRecord, lma: UInt64?)] = []
  /// Numbers that no script sets.
  private(set) var numbers: [(name: [UInt8], value: UInt64)] = []
  let machine: SyntheticMachine

  init(_ map: Image, _ image: Image, _ script: LayoutScript) throws(LayoutStop) {
    guard let machine = SyntheticMachine.allCases.first(where: { $0.number == image.machine })
    else { throw .refused("edits over a map are for x86, ARM and AArch64") }
    self.machine = machine
    let reader = RowReader(map, image, script)
    try reader.check()
    rows = try reader.rows()
    outputs = reader.kept()
    files = Self.loaded(map, rows)
    numbers = Self.numbers(image, script)
  }

  /// Absolute symbols of objects and options.
  private static func numbers(
    _ image: Image, _ script: LayoutScript
  ) -> [(name: [UInt8], value: UInt64)] {
    let assigned = script.assignedNames
    return image.symbols.records.compactMap { record in
      guard record.place == .absolute, record.binding == .global else { return nil }
      let name = image.symbols.nameBytes(record)
      return assigned.contains(name) ? nil : (name, record.value)
    }
  }

  /// The files of the map in the order of its LOAD lines, members in the order in which they were taken.
  private static func loaded(_ map: Image, _ rows: [ReplayedRow]) -> [[UInt8]] {
    let known = Set(rows.map(\.file))
    var order: [[UInt8]] = []
    var placed: Set<[UInt8]> = []
    func place(_ file: [UInt8]) {
      if known.contains(file), placed.insert(file).inserted { order.append(file) }
    }
    var members: [[UInt8]] = []
    let text = map.symbols.names
    for line in text.bytes(in: 0..<text.count).split(separator: 0x0A) {
      if line.starts(with: "LOAD ".utf8) {
        let name = Array(line.dropFirst(5))
        place(name)
        let archive = ArchiveOfMembers(name)
        let first = members.firstIndex { archive.holds($0) && !placed.contains($0) }
        // Members of a thin archive, which are called by their own paths, stand together.
        for file in members[(first ?? members.count)...] {
          guard archive.holds(file) else {
            guard archive.isThin(in: members) else { continue }
            break
          }
          place(file)
        }
      } else if let member = member(line), known.contains(member) {
        members.append(member)
      }
    }
    for file in members { place(file) }
    for row in rows { place(row.file) }
    return order
  }

  /// The member that a line of "Archive member included" begins with: `lib.a(x.o)`, or the path of a file of a thin archive.
  private static func member(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    guard let first = line.first, first != 0x20 else { return nil }
    let words = line.split(separator: 0x20, maxSplits: 1)
    return words.first.map(Array.init)
  }

  /// An archive, by its name in the map.
  private struct ArchiveOfMembers {
    private let opened: [UInt8]
    private let folder: [UInt8]

    init(_ name: [UInt8]) {
      opened = name + [UInt8(ascii: "(")]
      folder = Array(name[..<(name.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)])
    }

    /// Whether a file may be a member of it.
    func holds(_ file: [UInt8]) -> Bool {
      file.starts(with: opened)
        || file.last != UInt8(ascii: ")") && !opened.starts(with: file) && file.starts(with: folder)
    }

    func isThin(in members: [[UInt8]]) -> Bool { !members.contains { $0.starts(with: opened) } }
  }

  /// The objects with the least or the largest alignments.
  func linkFiles(
    largest: Bool, _ names: inout NameTable
  ) throws(LayoutStop) -> [LinkFile] {
    var result: [LinkFile] = []
    for (index, file) in files.enumerated() {
      var object = SyntheticObject(bare: machine)
      var places: [Int: Int] = [:]
      for (place, row) in rows.enumerated() where row.file == file {
        guard let record = row.record else { continue }
        var section = SyntheticSection(row, record)
        section.power = largest ? row.powers.upperBound : row.powers.lowerBound
        let number = object.append(section)
        places[number + 1] = place
        for symbol in row.symbols {
          object.symbols.append(
            SyntheticSymbol(
              name: symbol.name, place: .offset(symbol.value &- row.address, in: number)))
        }
      }
      if index == 0 {
        object.symbols += numbers.map { SyntheticSymbol(name: $0.name, place: .number($0.value)) }
      }
      let path = FilePath(bytes: file)
      do throws(ReadError) {
        let read = try ObjectFile(SourceBuffer(path: path, bytes: object.bytes), names: &names)
        let loaded = Self.file(read, file)
        loaded.placesInMap = places
        result.append(loaded)
      } catch {
        throw .unreadable(path, error)
      }
    }
    return result
  }

  private static func file(_ object: ObjectFile, _ label: [UInt8]) -> LinkFile {
    guard label.last == UInt8(ascii: ")"), let open = label.lastIndex(of: UInt8(ascii: "(")) else {
      return LinkFile(object: object, name: label, archive: nil)
    }
    let archive = Array(label[..<open])
    let file = LinkFile(
      object: object, name: Array(label[(open + 1)..<(label.count - 1)]), archive: archive)
    file.archiveRequest = archive
    return file
  }
}

extension SyntheticSection {
  /// A section with what its output section may be used for.
  fileprivate init(_ row: ReplayedRow, _ record: OutputSectionRecord) {
    let flags = record.flags ?? []
    var bits = ObjectSection.Flag.allocate
    if flags.contains(.writable) { bits |= ObjectSection.Flag.write }
    if flags.contains(.executable) { bits |= ObjectSection.Flag.execute }
    if flags.contains(.threadLocal) { bits |= ObjectSection.Flag.threadLocal }
    let named = NamedSectionType.type(of: row.name)
    let isListed =
      ObjectSection.Kind.arrays.contains(named) || named == ObjectSection.Kind.note
    self.init(
      String(decoding: row.name, as: UTF8.self),
      type: flags.contains(.noBits)
        ? ObjectSection.Kind.noBits : isListed ? named : ObjectSection.Kind.contents, flags: bits)
    name = row.name
    size = row.size
  }
}

extension LayoutScript {
  /// The names of symbols that its statements set.
  var assignedNames: Set<[UInt8]> {
    var result: Set<[UInt8]> = []
    for statement in statements {
      switch statement {
      case .assignment(let assignment):
        result.insert(names.bytes(assignment.assignment.target.name))
      case .assertion: break
      case .section(let section):
        for case .assignment(let assignment) in section.body {
          result.insert(names.bytes(assignment.assignment.target.name))
        }
      }
    }
    return result
  }
}

/// Reads the rows of a map.
private struct RowReader {
  private let map: Image
  private let image: Image
  private let script: LayoutScript
  /// The image's section of each of the map's.
  private let records: [OutputSectionRecord?]

  init(_ map: Image, _ image: Image, _ script: LayoutScript) {
    self.map = map
    self.image = image
    self.script = script
    var open = image.outputSections
    records = map.outputSections.map { section in
      let place = open.firstIndex { $0.name == section.name && $0.vma == section.vma }
      return place.map { open.remove(at: $0) }
    }
  }

  private func isAllocated(_ record: OutputSectionRecord) -> Bool {
    record.flags?.contains(.allocated) ?? false
  }

  /// The map and the image have to be of one link.
  func check() throws(LayoutStop) {
    guard map.kind == .gnuMap, !map.inputSections.isEmpty else {
      throw .refused("edits over a map need the map of GNU ld, with its input sections")
    }
    guard image.kind == .elf, !image.isRelocatable, !image.symbols.records.isEmpty else {
      throw .refused("edits over a map need the ELF image of the same link beside it")
    }
    for section in image.outputSections where isAllocated(section) {
      let isKnown = map.outputSections.contains {
        $0.name == section.name && $0.vma == section.vma && $0.size == section.size
      }
      if !isKnown {
        throw .refused(
          "the map and the image are of two links: \(String(decoding: section.name, as: UTF8.self)) differs"
        )
      }
    }
  }

  /// The allocated sections that both have.
  func kept() -> [(record: OutputSectionRecord, lma: UInt64?)] {
    zip(map.outputSections, records).compactMap { section, record in
      record.flatMap { isAllocated($0) ? ($0, section.lma) : nil }
    }
  }

  func rows() throws(LayoutStop) -> [ReplayedRow] {
    var rows: [ReplayedRow] = []
    var end: UInt64 = 0
    var symbols = ScatteredSymbols(map, script.assignedNames)
    for statement in map.statements {
      switch statement.kind {
      case .outputSection(let index): end = map.outputSections[index].vma ?? 0
      case .inputSection(let index):
        let row = map.inputSections[index]
        let own = symbols.take(behind: row)
        guard row.outputSection >= 0, case let output = Int(row.outputSection),
          records.indices.contains(output)
        else { continue }
        guard let record = records[output] else {
          try checkDropped(row, output)
          continue
        }
        guard isAllocated(record) || setsSymbols(record.name) else { continue }
        // Of strings that others have all of nothing is left, though the map shows them with their size: what comes next
        // is in their place, or the section ends there.
        if let last = rows.last, last.output == output, row.address < end,
          row.address == last.address
        {
          rows.removeLast()
          end = row.address
        }
        if let start = record.vma, row.size > 0, row.address &- start &+ row.size > record.size {
          continue
        }
        rows.append(self.row(row, output, record, end: end, own))
        end = row.address &+ row.size
      case .data(let width, let address, _, _): end = address &+ width.byteCount
      case .assignment(let assignment, .value(let value)):
        if assignment.isLocationCounter { end = value }
      default: break
      }
    }
    return rows
  }

  /// A section that was dropped moves what is behind it all the same if it sets symbols.
  private func checkDropped(_ row: InputSectionRecord, _ output: Int) throws(LayoutStop) {
    let name = row.name(in: map)
    let harmless = Self.linkerMade + [".text", ".data", ".bss"]
    if harmless.contains(where: { name.elementsEqual($0.utf8) }) { return }
    let dropped = map.outputSections[output].name
    guard setsSymbols(dropped) else { return }
    throw .refused(
      "the map does not tell the alignment of \(String(decoding: name, as: UTF8.self)) in \(String(decoding: dropped, as: UTF8.self)), which was dropped: give the objects"
    )
  }

  /// Whether statements of a section set something, so that where its contents are counts though nothing is loaded.
  private func setsSymbols(_ name: [UInt8]) -> Bool {
    script.sections.contains { section in
      script.names.bytes(section.name) == name
        && section.body.contains { if case .assignment = $0 { true } else { false } }
    }
  }

  private func row(
    _ row: InputSectionRecord, _ output: Int, _ record: OutputSectionRecord, end: UInt64,
    _ symbols: [(name: [UInt8], value: UInt64)]
  ) -> ReplayedRow {
    let name = row.name(in: map)
    let bound = isAddressed(record) ? 40 : Int(record.alignment?.trailingZeroBitCount ?? 40)
    let fits = (0...min(bound, 40)).filter { power in
      LinkerArithmetic.alignUp(end, to: 1 << UInt64(power)) == row.address
    }
    // What the linker made and left empty takes no room, whatever its alignment.
    let isOfLinker = row.size == 0 && Self.linkerMade.contains { name.elementsEqual($0.utf8) }
    let powers = isOfLinker ? 0...0 : (fits.first ?? 0)...(fits.last ?? 0)
    return ReplayedRow(
      file: row.object(in: map), name: name, address: row.address, size: row.size, output: output,
      powers: powers, symbols: symbols, record: record)
  }

  /// Whether the section has an address of its own that may be less aligned than what is in it: the file tells no larger
  /// alignment than the address has (bfd/elf.c, elf_fake_sections).
  private func isAddressed(_ record: OutputSectionRecord) -> Bool {
    guard let start = record.vma, let alignment = record.alignment,
      alignment == start & (0 &- start)
    else { return false }
    return script.sections.contains { section in
      section.address != nil && script.names.bytes(section.name) == record.name
    }
  }

  private static let linkerMade = [
    ".got", ".got.plt", ".plt", ".iplt", ".igot.plt", ".igot", ".rela.iplt", ".rel.iplt",
    ".rela.got", ".rel.got", ".rela.plt", ".rel.plt", ".glue_7", ".glue_7t", ".vfp11_veneer",
    ".v4_bx", ".rela.dyn", ".rel.dyn",
  ]
}

/// The symbols of a map by the rows above them.
private struct ScatteredSymbols {
  private let map: Image
  private let records: [SymbolRecord]
  private var next = 0
  private let assigned: Set<[UInt8]>
  /// Where the row behind each begins.
  private let starts: [UInt32]

  init(_ map: Image, _ assigned: Set<[UInt8]>) {
    self.map = map
    self.assigned = assigned
    records = map.symbols.records.sorted { $0.nameStart < $1.nameStart }
    starts = map.inputSections.map(\.nameStart).sorted() + [.max]
  }

  /// The global symbols of objects between a row and the one behind it.
  mutating func take(behind row: InputSectionRecord) -> [(name: [UInt8], value: UInt64)] {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= row.nameStart { low = middle + 1 } else { high = middle }
    }
    let limit = starts[low]
    while next < records.count, records[next].nameStart < row.nameStart { next += 1 }
    var found: [(name: [UInt8], value: UInt64)] = []
    while next < records.count, records[next].nameStart < limit {
      let name = map.symbols.nameBytes(records[next])
      if !assigned.contains(name), records[next].value &- row.address <= row.size {
        found.append((name, records[next].value))
      }
      next += 1
    }
    return found
  }
}
