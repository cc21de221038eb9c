// `.eh_frame` by lld: all records go into one section, every description behind what it shares with others
// (lld/ELF/InputSection.cpp, EhInputSection::split; SyntheticSections.cpp, EhFrameSection).

internal import LdsParser

/// The records of one input section.
final class LLDFramePieces {
  struct Piece {
    let range: Range<Int>
    /// Where it is written; nil if it is not.
    var output: UInt64?
    /// The record that it shares; nil for one that is shared.
    let shared: Int?
    /// The relocation of its start.
    let relocation: ObjectRelocation?
  }

  let bytes: [UInt8]
  var pieces: [Piece] = []
  var whole: LLDInput?

  /// Takes a section apart; nil if it is not what it claims, at which lld stops.
  init?(_ bytes: [UInt8], _ relocations: [ObjectRelocation]) {
    self.bytes = bytes
    let relocations = relocations.sorted { $0.offset < $1.offset }
    var shared: [Int: Int] = [:]
    var next = 0
    var start = 0
    while start < bytes.count {
      guard let length = word(start) else { return nil }
      // Behind the end there is nothing.
      if length == 0 { break }
      let end = start + 4 + Int(length)
      guard length < UInt32.max, length >= 4, end <= bytes.count, let id = word(start + 4) else {
        return nil
      }
      while next < relocations.count, relocations[next].offset < start { next += 1 }
      let isOwn = next < relocations.count && relocations[next].offset < end
      let relocation = isOwn ? relocations[next] : nil
      if id == 0 {
        shared[start] = pieces.count
        pieces.append(Piece(range: start..<end, shared: nil, relocation: relocation))
      } else {
        guard let place = shared[start + 4 - Int(id)] else { return nil }
        pieces.append(Piece(range: start..<end, shared: place, relocation: relocation))
      }
      start = end
    }
  }

  private func word(_ place: Int) -> UInt32? {
    guard place >= 0, place + 4 <= bytes.count else { return nil }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
  }

  /// Where a place is in the section that is written (`getParentOffset`): in a record that is not written as far from
  /// the beginning as it was from the record's.
  func output(of offset: UInt64) -> UInt64 {
    guard let place = Int(exactly: offset) else { return offset }
    var found = pieces.last { $0.shared != nil && $0.range.lowerBound <= place }
    if found.map({ $0.range.upperBound <= place }) ?? true {
      found = pieces.last { $0.shared == nil && $0.range.lowerBound <= place }
    }
    guard let piece = found else { return offset }
    return (piece.output ?? 0) &+ UInt64(place - piece.range.lowerBound)
  }
}

extension LLDLink {
  private struct SharedKey: Hashable {
    let bytes: ArraySlice<UInt8>
    let routine: FrameRoutine?
  }

  /// Sizes the section of all records: what is shared comes with all descriptions that share it, which are live.
  func finalizeFrames(_ whole: LLDInput) throws(LayoutStop) {
    var known: [SharedKey: Int] = [:]
    var groups: [(input: LLDInput, shared: Int, descriptions: [(LLDInput, Int)])] = []
    for input in frameInputs where input.isLive {
      guard let frames = input.frames else { continue }
      var places: [Int: Int] = [:]
      for (index, piece) in frames.pieces.enumerated() where piece.shared == nil {
        let key = SharedKey(
          bytes: frames.bytes[piece.range], routine: piece.relocation.map { routine($0, input) })
        if let place = known[key] {
          places[index] = place
        } else {
          known[key] = groups.count
          places[index] = groups.count
          groups.append((input, index, []))
        }
      }
      for (index, piece) in frames.pieces.enumerated() {
        guard let shared = piece.shared, let place = places[shared],
          let relocation = piece.relocation, describesLiveCode(relocation, input)
        else { continue }
        groups[place].descriptions.append((input, index))
      }
    }
    var end: UInt64 = 0
    for group in groups {
      for (input, index) in [(group.input, group.shared)] + group.descriptions {
        input.frames?.pieces[index].output = end
        end = end &+ UInt64(input.frames?.pieces[index].range.count ?? 0)
      }
    }
    whole.size = end &+ 4
  }

  private func routine(_ relocation: ObjectRelocation, _ input: LLDInput) -> FrameRoutine {
    if let symbols = input.file.object?.symbols, symbols.indices.contains(relocation.symbol),
      symbols[relocation.symbol].binding != 0
    {
      return .global(symbols[relocation.symbol].name)
    }
    return .local(file: ObjectIdentifier(input.file), symbol: relocation.symbol)
  }

  private func describesLiveCode(_ relocation: ObjectRelocation, _ input: LLDInput) -> Bool {
    if case .input(let section)? = target(of: relocation, in: input)?.home {
      return section.isLive
    }
    return false
  }
}
