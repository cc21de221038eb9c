// --gc-sections by lld: what no root reaches is not linked, piece by piece where contents are merged
// (lld/ELF/MarkLive.cpp).

internal import LdsParser

/// Marks what is reached.
struct LLDMarkLive {
  private let link: LLDLink
  private var pending: [LLDInput] = []
  /// The sections of the C library that `__start_X` and `__stop_X` keep (-z start-stop-gc is the default).
  private var named: [NameID: [LLDInput]] = [:]

  init(_ link: LLDLink) { self.link = link }

  mutating func run() throws(LayoutStop) {
    for input in link.inputs { input.isLive = false }
    let usual = ["_init", "_fini"].compactMap { link.names.find($0) }
    let roots =
      [link.entry] + usual + link.options.undefined.compactMap { link.names.find($0) }
    for name in roots + link.script.undefined + link.references.names { mark(name) }
    for frames in link.frameInputs { try scan(frames) }
    for input in link.inputs { try markRoot(input) }
    try drain()
  }

  private mutating func mark(_ name: NameID) {
    if let symbol = link.symbols.find(name), symbol.isDefined, case .input(let input) = symbol.home
    {
      enqueue(input, symbol.value)
    }
  }

  private mutating func markRoot(_ input: LLDInput) throws(LayoutStop) {
    if input.flags & ObjectSection.Flag.retain != 0 { return enqueue(input, 0) }
    // What is about another section goes with that.
    if input.flags & ObjectSection.Flag.linkOrder != 0 { return }
    // What is not loaded stays, unless a group decides.
    if !input.isAllocated, input.group.isEmpty, !ObjectSection.Kind.isRelocations(input.type) {
      input.isLive = true
    }
    let name = link.names.bytes(input.name)
    if isReserved(input, name) || link.isKept(input, name) {
      enqueue(input, 0)
    } else if name.starts(with: "__libc_".utf8), LLDLink.isIdentifier(name) {
      for prefix in ["__start_", "__stop_"] {
        if let symbol = link.names.find(Array(prefix.utf8) + name) {
          named[symbol, default: []].append(input)
        }
      }
    }
  }

  private func isReserved(_ input: LLDInput, _ name: [UInt8]) -> Bool {
    if ObjectSection.Kind.arrays.contains(input.type) { return true }
    if input.type == ObjectSection.Kind.note { return input.group.isEmpty }
    if [".init", ".fini", ".jcr"].contains(where: { name.elementsEqual($0.utf8) }) { return true }
    return [".init_array", ".ctors", ".dtors"].contains { name.starts(with: $0.utf8) }
  }

  private mutating func enqueue(_ input: LLDInput, _ offset: UInt64) {
    if let pieces = input.pieces, let piece = pieces.piece(at: offset) {
      pieces.pieces[piece].isLive = true
    }
    guard !input.isLive else { return }
    input.isLive = true
    if input.pieces == nil, input.frames == nil { pending.append(input) }
  }

  private mutating func drain() throws(LayoutStop) {
    while let input = pending.popLast() {
      for relocation in try link.relocations(of: input) {
        try resolve(relocation, of: input, fromDescription: false)
      }
      for dependent in input.dependents { enqueue(dependent, 0) }
      for member in input.group { enqueue(member, 0) }
    }
  }

  private mutating func resolve(
    _ relocation: ObjectRelocation, of input: LLDInput, fromDescription: Bool
  ) throws(LayoutStop) {
    guard relocation.symbol != 0, let target = link.target(of: relocation, in: input) else {
      return
    }
    if case .input(let section) = target.home {
      var offset = target.value
      if target.isSection, section.pieces != nil {
        offset = offset &+ UInt64(bitPattern: try link.addend(of: relocation, in: input))
      }
      // A description of code does not keep the code.
      let isLeft =
        section.flags & (ObjectSection.Flag.execute | ObjectSection.Flag.linkOrder) != 0
        || !section.group.isEmpty
      if !(fromDescription && isLeft) { enqueue(section, offset) }
      return
    }
    guard let name = target.name else { return }
    for section in named[name] ?? [] { enqueue(section, 0) }
  }

  /// Records keep the routines and tables that they name.
  private mutating func scan(_ input: LLDInput) throws(LayoutStop) {
    guard let frames = input.frames else { return }
    input.isLive = true
    let relocations = try link.relocations(of: input)
    for piece in frames.pieces {
      guard let first = piece.relocation else { continue }
      guard piece.shared != nil else {
        try resolve(first, of: input, fromDescription: false)
        continue
      }
      for relocation in relocations {
        guard let place = Int(exactly: relocation.offset), piece.range.contains(place) else {
          continue
        }
        try resolve(relocation, of: input, fromDescription: true)
      }
    }
  }
}
