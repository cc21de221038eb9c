// `.ARM.exidx` by lld: the entries of all code are put together in the order of its addresses, code without an entry gets
// one that says so, equal neighbours are one, and the last says where all code ends
// (lld/ELF/SyntheticSections.cpp, ARMExidxSyntheticSection).

internal import LdsParser

/// The table of one link.
final class LLDExceptionTable {
  let section: LLDInput
  /// The entries of objects.
  private(set) var entries: [LLDInput] = []
  /// The code that they are of, and code without any.
  private var code: [LLDInput] = []
  /// Its size before code has addresses.
  private var estimate: UInt64 = 0

  init(_ section: LLDInput) { self.section = section }

  /// Takes a section into account; whether it is one of the table and not placed by itself.
  func add(_ input: LLDInput) -> Bool {
    if input.type == ObjectSection.Kind.armExceptions {
      if let partner = input.partner, Self.hasEntry(partner) {
        entries.append(input)
        estimate += 8
      }
      return true
    }
    if Self.hasEntry(input) { code.append(input) }
    return false
  }

  private static func hasEntry(_ input: LLDInput) -> Bool {
    input.isAllocated && input.flags & ObjectSection.Flag.execute != 0 && input.size > 0
  }

  /// Forgets what addresses said.
  func reset() { section.size = estimate }

  var isNeeded: Bool { entries.contains(where: \.isLive) }

  /// Sizes the table now that code has addresses; what is out of reach of 31 bits is left out.
  func finalizeContents(
    _ link: LLDLink
  ) throws(LayoutStop) {
    guard isNeeded, section.isLive, section.parent != nil,
      let start = link.address(of: section, 0)
    else { return }
    var places: [(input: LLDInput, output: UInt64, offset: UInt64, order: Int)] = []
    for (order, input) in code.enumerated() where input.isLive {
      guard let parent = input.parent, let address = link.address(of: input, 0) else { continue }
      let distance = Int64(bitPattern: address &- start)
      let isNear = distance >= -(1 << 30) && distance < 1 << 30
      guard Self.entry(of: input) != nil || isNear else { continue }
      places.append((input, parent.address, input.offset, order))
    }
    places.sort { ($0.output, $0.offset, $0.order) < ($1.output, $1.offset, $1.order) }
    var size: UInt64 = 0
    var last: LLDInput?
    var isFirst = true
    for place in places {
      let own = Self.entry(of: place.input)
      if !isFirst, try repeats(own, last, link) { continue }
      isFirst = false
      last = own
      size = size &+ (own?.size ?? 8)
    }
    section.size = size &+ 8
  }

  private static func entry(of input: LLDInput) -> LLDInput? {
    input.dependents.first { $0.type == ObjectSection.Kind.armExceptions && $0.isLive }
  }

  /// Whether all that an entry says is what the one before ends with.
  private func repeats(
    _ entry: LLDInput?, _ before: LLDInput?, _ link: LLDLink
  ) throws(LayoutStop) -> Bool {
    func words(_ input: LLDInput?) throws(LayoutStop) -> [UInt32] {
      // EXIDX_CANTUNWIND
      guard let input else { return [1] }
      let bytes = try link.contents(of: input)
      return stride(from: 4, to: bytes.count - 3, by: 8).map { (place: Int) -> UInt32 in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
      }
    }
    // One that refers to .ARM.extab is like no other.
    func isReference(_ word: UInt32) -> Bool { word & 0x8000_0000 == 0 && word != 1 }
    guard let last = try words(before).last, !isReference(last) else { return false }
    return try words(entry).allSatisfy { !isReference($0) && $0 == last }
  }
}

extension LLDLink {
  /// Takes the entries of objects out of what patterns see.
  func combineExceptionEntries() {
    guard
      let section = inputs.first(where: {
        $0.file === internalFile && $0.type == ObjectSection.Kind.armExceptions
      })
    else { return }
    let table = LLDExceptionTable(section)
    inputs.removeAll { input in
      input.isLive && input.record != nil && input.pieces == nil && table.add(input)
    }
    exceptionTable = table
  }

  /// What is said of a section goes with it (`LinkerScript::discard`).
  func discard(_ input: LLDInput) {
    var pending = [input]
    while let next = pending.popLast() {
      next.parent = nil
      guard next.isLive else { continue }
      next.isLive = false
      pending += next.dependents
    }
  }
}
