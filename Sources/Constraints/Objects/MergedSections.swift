// SHF_MERGE: equal constants and strings are kept once, and strings that end others are part of them (bfd/merge.c): up to
// 2.40 each element stays in the section that met it first, from 2.41 on all are in the first section.

internal import LdsParser

/// The contents of input sections that are merged with one another.
final class MergedGroup {
  private(set) var sections: [InputSection] = []
  /// The objects that the sections are of.
  private var objects: [ObjectFile] = []
  private var table = MergedElements()
  /// Whether each section's size was a multiple of the alignment.
  private var isPadded = true
  /// Whether all goes into the first section, and a string that is there gets the alignment of its repetition; else each
  /// section keeps what it brought first.
  private let isGathered: Bool
  let isStrings: Bool
  let entrySize: Int
  let alignmentPower: Int
  unowned let output: OutputSection

  init(_ first: InputSection, in output: OutputSection, by dialect: LinkerDialect) {
    isGathered = dialect.follows(.mergingGathers)
    isStrings = first.bits.contains(.strings)
    entrySize = Int(truncatingIfNeeded: first.entrySize)
    alignmentPower = first.alignmentPower
    self.output = output
  }

  private var alignment: UInt64 { 1 << UInt64(alignmentPower) }

  func takes(_ section: InputSection, in output: OutputSection) -> Bool {
    self.output === output && Int(truncatingIfNeeded: section.entrySize) == entrySize
      && section.alignmentPower == alignmentPower
      && section.bits.contains(.strings) == isStrings
  }

  /// Adds a section; its elements come behind those that are there.
  func add(_ section: InputSection, of object: ObjectFile, _ contents: ByteReader) {
    sections.append(section)
    objects.append(object)
    section.merging = self
    section.rawSize = section.size
    if UInt64(contents.count) & (alignment - 1) != 0 { isPadded = false }
    table.add(
      contents,
      MergedElements.Rules(
        isStrings: isStrings, entrySize: entrySize, alignment: alignment, isGathered: isGathered))
  }

  // MARK: Sizes

  /// Joins tails, and gives every section its new size; one with nothing left is excluded.
  func finish() {
    if isStrings { table.joinTails(entrySize: entrySize) }
    let (sizes, last) = table.settle(terminator: isStrings ? entrySize : 0)
    for (number, section) in sections.enumerated() {
      if let size = sizes[number] {
        section.size = size
      } else {
        section.bits.formUnion([.excluded, .kept])
      }
    }
    guard isPadded, let last else { return }
    sections[last].size = LinkerArithmetic.alignUp(sections[last].size, to: alignment)
  }

  // MARK: Places

  /// Where a place in one of the sections went (merge.c, _bfd_merged_section_offset).
  func place(of offset: UInt64, in section: InputSection) -> (section: InputSection, offset: UInt64)
  {
    guard let number = sections.firstIndex(where: { $0 === section }) else {
      return (section, offset)
    }
    let size = table.size(of: number)
    guard let position = Int(exactly: offset), position < size else {
      return (section, table.isEmpty(number) ? 0 : section.size)
    }
    var start = position / entrySize * entrySize
    var end = min(start + entrySize, size)
    if isStrings {
      while start > 0, !table.isZero(start - entrySize, in: number, entrySize) {
        start -= entrySize
      }
      end = table.end(ofStringAt: start, in: number, entrySize)
    }
    let bytes = MergedElements.Bytes(source: number, start: start, count: end - start)
    if let index = table.find(bytes) {
      return place(ofElement: index, at: position - start)
    }
    // In the padding behind a string: the linker takes it for the end of the first string of all.
    guard let first = table.firstLive else { return (section, offset) }
    let length = table[first].bytes.count + entrySize
    return place(
      ofElement: first, at: position - (position / entrySize + 1) * entrySize + length)
  }

  private func place(ofElement index: Int, at distance: Int) -> (InputSection, UInt64) {
    var index = index
    var distance = distance
    while let longer = table[index].tailOf {
      distance += table[longer].bytes.count - table[index].bytes.count
      index = longer
    }
    let element = table[index]
    return (sections[element.section], element.offset &+ UInt64(truncatingIfNeeded: distance))
  }
}

extension ObjectLink {
  /// Merges the contents of all sections that ask for it, group by group, the sections in input order.
  func mergeSections() throws(LayoutStop) {
    var groups: [MergedGroup] = []
    for file in files {
      for section in file.sections {
        guard let output = section.output, isMergeable(section) else { continue }
        guard section.bits.contains(.contents) else {
          throw .refused(
            "\(names.string(section.name)) is to be merged and has no contents, which is not modelled"
          )
        }
        guard let object = file.object, let contents = try reader(of: section) else { continue }
        let known = groups.first { $0.takes(section, in: output) }
        let group = known ?? MergedGroup(section, in: output, by: options.dialect)
        if known == nil { groups.append(group) }
        group.add(section, of: object, contents)
      }
    }
    for group in groups {
      group.finish()
    }
  }

  /// Whether anything merged is written at all: else global symbols stay where they were (elflink.c,
  /// bfd_elf_final_link).
  var writesMerged: Bool {
    files.contains { file in
      file.sections.contains { section in
        guard section.merging != nil, let output = section.output else { return false }
        return !output.bits.contains(.neverLoaded)
      }
    }
  }

  /// merge.c, _bfd_add_merge_section
  private func isMergeable(_ section: InputSection) -> Bool {
    let entry = section.entrySize
    guard section.bits.contains(.merged), !section.bits.contains(.excluded),
      !section.bits.contains(.relocated), section.size > 0, entry > 0, section.size % entry == 0,
      section.record != nil
    else { return false }
    let alignment: UInt64 = 1 << UInt64(section.alignmentPower)
    if entry < alignment {
      return entry & (entry - 1) == 0 && section.bits.contains(.strings)
    }
    return entry & (alignment - 1) == 0
  }

  /// The bytes of an input section where they are; nil for one that no object has.
  private func reader(of section: InputSection) throws(LayoutStop) -> ByteReader? {
    guard let object = section.file.object, let record = section.record else { return nil }
    do throws(ReadError) {
      return try object.reader(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }

  /// The bytes of an input section.
  func contents(of section: InputSection) throws(LayoutStop) -> [UInt8] {
    guard let object = section.file.object, let record = section.record else { return [] }
    do throws(ReadError) {
      return try object.contents(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }

  /// Whether an input section has a relocation of a type like this.
  func hasRelocation(
    of section: InputSection, where isLike: (UInt32) -> Bool
  ) throws(LayoutStop) -> Bool {
    guard let object = section.file.object, let record = section.record else { return false }
    do throws(ReadError) {
      return try object.hasRelocation(of: record, where: isLike)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }

  /// The relocations of an input section.
  func relocations(of section: InputSection) throws(LayoutStop) -> [ObjectRelocation] {
    guard let object = section.file.object, let record = section.record else { return [] }
    do throws(ReadError) {
      return try object.relocations(of: record)
    } catch {
      throw .unreadable(FilePath(bytes: section.file.label), error)
    }
  }
}
