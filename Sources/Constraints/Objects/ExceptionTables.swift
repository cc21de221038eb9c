// `.ARM.exidx`: the linker leaves out entries that say the same as the one before, and ends what has no entries with one
// that says so (bfd/elf32-arm.c, elf32_arm_fix_exidx_coverage).

internal import LdsParser

extension ObjectLink {
  /// What an entry says of how to unwind.
  private enum Unwinding: Equatable {
    /// Not at all.
    case none
    /// In the entry itself.
    case inlined
    /// In a table.
    case table
  }

  private static let entrySize = 8

  /// Edits the tables of all code, in the order of its addresses.
  func editExceptionTables() throws(LayoutStop) {
    guard machine == ELF.machineARM else { return }
    var last: InputSection?
    var kind: Unwinding?
    var word: UInt32 = 0
    let tables = exceptionTables()
    for code in codeByAddress() {
      guard let table = tables[ObjectIdentifier(code)] else {
        guard kind != Unwinding.none, code.size > 0, let before = last else { continue }
        before.size = before.size &+ UInt64(Self.entrySize)
        kind = Unwinding.none
        continue
      }
      guard table.output != nil else { continue }
      let bytes = try contents(of: table)
      // Where the first entry is not about the start of the section, what lies before it cannot be unwound.
      if let known = kind, known != .none, Self.word(bytes, 0) != 0, let before = last {
        before.size = before.size &+ UInt64(Self.entrySize)
        kind = Unwinding.none
      }
      for place in stride(from: 0, to: bytes.count - Self.entrySize + 1, by: Self.entrySize) {
        let second = Self.word(bytes, place + 4)
        let next: Unwinding = second == 1 ? .none : second >> 31 == 1 ? .inlined : .table
        let isSame = next == kind && (next == .none || (next == .inlined && second == word))
        if isSame { table.size = table.size &- UInt64(Self.entrySize) }
        if next == .inlined { word = second }
        kind = next
      }
      last = table
    }
    if let last, kind != Unwinding.none { last.size = last.size &+ UInt64(Self.entrySize) }
  }

  /// The table of each section of code that has one.
  private func exceptionTables() -> [ObjectIdentifier: InputSection] {
    var tables: [ObjectIdentifier: InputSection] = [:]
    for file in files {
      for section in file.sections where section.type == ObjectSection.Kind.armExceptions {
        guard let link = section.record?.link, let code = file.section(numbered: link) else {
          continue
        }
        tables[ObjectIdentifier(code)] = section
      }
    }
    return tables
  }

  private func codeByAddress() -> [InputSection] {
    files.flatMap(\.sections).filter { section in
      section.output != nil && !section.bits.contains(.excluded)
        && section.type == ObjectSection.Kind.contents && section.bits.contains(.code)
        && section.record != nil
    }.enumerated().sorted { left, right in
      let places = (Self.address(left.element), Self.address(right.element))
      return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
    }.map(\.element)
  }

  private static func address(_ section: InputSection) -> UInt64 {
    (section.output?.vma ?? 0) &+ section.offset
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    guard place + 4 <= bytes.count else { return 0 }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
  }
}
