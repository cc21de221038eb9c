// SHF_MERGE by lld: sections of strings or constants are cut into pieces, equal ones are kept once, and all of an output
// section that are alike are written where the first of them stands (lld/ELF/InputSection.cpp, splitIntoPieces;
// OutputSections.cpp, finalizeInputSections; SyntheticSections.cpp, MergeNoTailSection).

internal import LdsParser

/// The pieces of an input section.
final class LLDPieces {
  struct Piece {
    let range: Range<Int>
    let part: Int
    var isLive: Bool
    /// Where it is in the merged section.
    var output: UInt64 = 0
  }

  let bytes: [UInt8]
  var pieces: [Piece] = []
  /// The section of merged contents.
  var merged: LLDInput?

  /// Cuts `bytes`; nil if a string has no end.
  init?(_ bytes: [UInt8], of input: LLDInput, areLive: Bool) {
    self.bytes = bytes
    let width = Int(truncatingIfNeeded: input.entrySize)
    guard width > 0 else { return nil }
    var start = 0
    while start < bytes.count {
      var end = start + width
      if input.flags & ObjectSection.Flag.strings != 0 {
        while end <= bytes.count, bytes[(end - width)..<end].contains(where: { $0 != 0 }) {
          end += width
        }
      }
      guard end <= bytes.count else { return nil }
      // The zero that ends a string is not hashed. Of the lower 32 bits of the hash the upper 5 choose (getShardId).
      let tail = input.flags & ObjectSection.Flag.strings != 0 ? width : 0
      let hash = UInt32(truncatingIfNeeded: XXHash.hash(bytes[start..<(end - tail)]))
      pieces.append(Piece(range: start..<end, part: Int(hash >> 27), isLive: areLive))
      start = end
    }
  }

  /// The piece that holds a place; nil behind the last.
  func piece(at offset: UInt64) -> Int? {
    guard let place = Int(exactly: offset), place < bytes.count else { return nil }
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].range.lowerBound <= place { low = middle } else { high = middle }
    }
    return pieces.isEmpty ? nil : low
  }

  /// Where a place is in the merged section; nil if it is not written.
  func output(of offset: UInt64) -> UInt64? {
    guard let index = piece(at: offset), pieces[index].isLive else { return nil }
    return pieces[index].output &+ (offset &- UInt64(pieces[index].range.lowerBound))
  }
}

/// Contents that are merged with one another (`MergeNoTailSection`).
struct LLDMergedContents {
  let section: LLDInput
  private(set) var members: [LLDInput] = []

  init(_ section: LLDInput) { self.section = section }

  /// Strings of other alignments are kept apart, constants are not.
  func takes(_ input: LLDInput) -> Bool {
    section.flags == input.flags && section.entrySize == input.entrySize
      && (section.alignment == input.alignment
        || section.flags & ObjectSection.Flag.strings == 0)
  }

  mutating func add(_ input: LLDInput) {
    members.append(input)
    input.pieces?.merged = section
    section.alignment = max(section.alignment, input.alignment)
  }

  /// Gives every piece its place: part by part, in each as they come.
  func finalizeContents() {
    var tables: [[ArraySlice<UInt8>: UInt64]] = Array(repeating: [:], count: 32)
    var sizes: [UInt64] = Array(repeating: 0, count: 32)
    for pieces in members.compactMap(\.pieces) {
      for index in pieces.pieces.indices where pieces.pieces[index].isLive {
        let piece = pieces.pieces[index]
        let bytes = pieces.bytes[piece.range]
        if let known = tables[piece.part][bytes] {
          pieces.pieces[index].output = known
          continue
        }
        let start = LinkerArithmetic.alignUp(sizes[piece.part], to: section.alignment)
        tables[piece.part][bytes] = start
        pieces.pieces[index].output = start
        sizes[piece.part] = start &+ UInt64(bytes.count)
      }
    }
    var starts: [UInt64] = []
    var end: UInt64 = 0
    for size in sizes {
      if size > 0 { end = LinkerArithmetic.alignUp(end, to: section.alignment) }
      starts.append(end)
      end = end &+ size
    }
    section.size = end
    for pieces in members.compactMap(\.pieces) {
      for index in pieces.pieces.indices where pieces.pieces[index].isLive {
        let part = pieces.pieces[index].part
        pieces.pieces[index].output = pieces.pieces[index].output &+ starts[part]
      }
    }
  }
}

extension LLDLink {
  /// Puts merged contents in place of what they are of, and settles flags, type and alignment of an output section by
  /// what is in it.
  func finalizeInputSections(_ output: LLDOutput) throws(LayoutStop) {
    var merged: [LLDMergedContents] = []
    for case .inputs(let inputs) in output.commands {
      var sections: [LLDInput] = []
      for input in inputs.bases where input.isLive {
        guard input.pieces != nil else {
          sections.append(input)
          continue
        }
        if let place = merged.firstIndex(where: { $0.takes(input) }) {
          merged[place].add(input)
          continue
        }
        let section = makeInput(
          internalFile, name: input.name, type: input.type, flags: input.flags,
          entrySize: input.entrySize, alignment: input.alignment)
        section.parent = output
        var contents = LLDMergedContents(section)
        contents.add(input)
        merged.append(contents)
        sections.append(section)
      }
      inputs.sections = sections
      for section in sections { try commit(section, to: output) }
    }
    for contents in merged { contents.finalizeContents() }
    mergedContents += merged
  }

  /// Tells an output section what is in it (`commitSection`).
  private func commit(_ input: LLDInput, to output: LLDOutput) throws(LayoutStop) {
    if output.type != input.type {
      if !output.hasInputs, !output.typeIsSet {
        output.type = input.type
      } else {
        if output.typeIsSet || !mergesToContents(output.type) || !mergesToContents(input.type),
          output.type != ObjectSection.Kind.noBits
        {
          throw .linkerStops("section type mismatch for \(names.string(input.name))")
        }
        if !output.typeIsSet { output.type = ObjectSection.Kind.contents }
      }
    }
    if output.hasInputs {
      if (output.flags ^ input.flags) & ObjectSection.Flag.threadLocal != 0 {
        throw .linkerStops("incompatible section flags for \(names.string(output.name))")
      }
      output.flags |= input.flags
    } else {
      output.hasInputs = true
      output.flags = input.flags
    }
    if output.isNonAlloc { output.flags &= ~ObjectSection.Flag.allocate }
    output.alignment = max(output.alignment, input.alignment)
  }

  /// `canMergeToProgbits`
  private func mergesToContents(_ type: UInt32) -> Bool {
    let kinds: Set<UInt32> = [
      ObjectSection.Kind.noBits, ObjectSection.Kind.contents, ObjectSection.Kind.note,
    ]
    return kinds.contains(type) || ObjectSection.Kind.arrays.contains(type)
      || (type == LLDLink.unwindType && machine == ELF.machineX8664)
  }
}
