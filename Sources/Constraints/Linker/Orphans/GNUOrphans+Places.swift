// Which class an orphan is of, and which output section is the home of the class.

internal import LdsParser

extension GNUOrphans {
  func output(called name: String) -> GNUOutput? {
    let bytes = Array(name.utf8)
    return outputs.dropFirst().first { $0.name == bytes }
  }

  /// Joins a section of its name, or becomes one behind the home of its class.
  mutating func place(_ section: UnplacedSection, _ flags: BFDFlags) {
    var name = section.name
    let isRelocation = section.type == SectionType.rela
    if flags.contains(.alloc), isRelocation { name = Array(".rela.dyn".utf8) }
    if joins(section, flags, name) { return }
    if !hasHomes { findHomes() }
    guard let kind = classOf(section, flags) else {
      return append(section, flags, name)
    }
    var hold = holds[kind] ?? Hold()
    if hold.home == nil {
      hold.home =
        kind == .relocations
        ? relocationHome(isDynamic: flags.contains(.alloc) && isRelocation)
        : kind.homeName.flatMap { output(called: $0) }
    }
    holds[kind] = hold
    let after = hold.home ?? home(byFlags: flags, section.type, kind) ?? absolute
    insert(section, flags, name, behind: after, kind)
  }

  private mutating func joins(
    _ section: UnplacedSection, _ flags: BFDFlags, _ name: [UInt8]
  ) -> Bool {
    var spare: GNUOutput?
    for output in outputs.dropFirst() where output.name == name {
      guard output.isReal else {
        spare = output
        continue
      }
      let isAlike =
        flags.symmetricDifference(output.flags).isDisjoint(with: [.load, .alloc])
        && output.type == section.type
      if output.flags.isEmpty || isAlike
        || (output.isNoLoad && dialect.follows(.unloadedSectionsTakeAll))
      {
        add(section, flags, to: output)
        return true
      }
    }
    guard let spare else { return false }
    add(section, flags, to: spare)
    return true
  }

  private mutating func append(_ section: UnplacedSection, _ flags: BFDFlags, _ name: [UInt8]) {
    let new = GNUOutput(name)
    add(section, flags, to: new)
    nodes.append(.section(new))
    outputs.append(new)
  }

  private mutating func findHomes() {
    hasHomes = true
    for kind in Class.allCases {
      guard let name = kind.homeName else { continue }
      let home = output(called: name)
      if let home, home.hint.isEmpty, !home.isNoLoad { home.hint = kind.homeFlags }
      holds[kind] = Hold(home: home)
    }
  }

  private func classOf(_ section: UnplacedSection, _ flags: BFDFlags) -> Class? {
    guard flags.contains(.alloc) else { return flags.contains(.debugging) ? nil : .unallocated }
    if flags.contains(.load), section.type == SectionType.note {
      if !dialect.follows(.notesFollowReadOnly) || output(called: ".interp") != nil {
        return .interpreter
      }
      return output(called: ".rodata") != nil ? .readOnly : .text
    }
    if flags.isDisjoint(with: [.load, .contents, .threadLocal]) { return .zeros }
    if flags.contains(.threadLocal) { return .threadLocal }
    if !flags.contains(.readOnly) { return .data }
    if flags.contains(.load), section.type == SectionType.rela { return .relocations }
    return flags.contains(.code) ? .text : .readOnly
  }

  /// The place of relocations: behind others, else behind the last read-only section.
  private func relocationHome(isDynamic: Bool) -> GNUOutput? {
    var last: GNUOutput?
    var lastAllocated: GNUOutput?
    var lastReadOnly: GNUOutput?
    var lastRelocation: GNUOutput?
    var lastAllocatedRelocation: GNUOutput?
    for output in outputs {
      if output.name.starts(with: ".rel".utf8) {
        if isDynamic { break }
        let isRela = output.name.dropFirst(4).first == UInt8(ascii: "a")
        if output.name.dropFirst(isRela ? 5 : 4).elementsEqual(".plt".utf8) { break }
        if isRela || lastRelocation == nil { lastRelocation = output }
        if isRela || lastAllocatedRelocation == nil, output.isReal, output.flags.contains(.alloc) {
          lastAllocatedRelocation = output
        }
      }
      last = output
      guard output.isReal, output.flags.contains(.alloc) else { continue }
      lastAllocated = output
      if output.flags.contains(.readOnly) { lastReadOnly = output }
    }
    return lastAllocatedRelocation ?? lastRelocation ?? lastReadOnly ?? lastAllocated ?? last
  }

  /// The last section that is like the orphan; only an exact hit of the same type is remembered.
  private mutating func home(
    byFlags flags: BFDFlags, _ type: UInt32, _ kind: Class
  ) -> GNUOutput? {
    for isTyped in [true, false] {
      func last(_ mask: BFDFlags, ignoringType: Bool = false) -> GNUOutput? {
        outputs.dropFirst().last { output in
          if isTyped, !ignoringType, output.isReal, output.type != type { return false }
          return output.seen.symmetricDifference(flags).isDisjoint(with: mask)
        }
      }
      let all: BFDFlags = [.contents, .alloc, .load, .readOnly, .code, .threadLocal]
      if let exact = last(all) {
        if isTyped { holds[kind]?.home = exact }
        return exact
      }
      var found: GNUOutput?
      if !flags.contains(.alloc) {
        return last(.debugging, ignoringType: true)
      } else if flags.contains(.code) {
        found = last([.contents, .alloc, .load, .code, .threadLocal])
      } else if flags.contains(.readOnly) {
        found = last([.contents, .alloc, .load, .readOnly])
      } else if flags.contains(.threadLocal) {
        found = threadLocalHome(flags)
      } else if flags.contains(.contents) {
        found = last([.contents, .alloc, .load, .threadLocal])
      } else {
        found = last(.alloc)
      }
      if let found { return found }
    }
    return nil
  }

  /// .tdata and .tbss are kept together.
  private func threadLocalHome(_ flags: BFDFlags) -> GNUOutput? {
    var found: GNUOutput?
    var isSeen = false
    for output in outputs.dropFirst() {
      let difference = output.seen.symmetricDifference(flags.union([.load, .contents]))
      if difference.isDisjoint(with: [.threadLocal, .alloc]) {
        if !output.seen.contains(.load), flags.contains(.load) { break }
        found = output
        isSeen = true
      } else if isSeen {
        break
      } else if difference.isDisjoint(with: .loaded) {
        found = output
      }
    }
    return found
  }
}

extension GNUOrphans.Class {
  /// The output section that is the home, if there is one of this name.
  var homeName: String? {
    switch self {
    case .text: ".text"
    case .readOnly: ".rodata"
    case .threadLocal: ".tdata"
    case .data: ".data"
    case .zeros: ".bss"
    case .relocations: nil
    case .interpreter: ".interp"
    case .unallocated: ".comment"
    }
  }

  var homeFlags: BFDFlags {
    switch self {
    case .text: [.contents, .alloc, .load, .readOnly, .code]
    case .readOnly, .relocations, .interpreter: [.contents, .alloc, .load, .readOnly]
    case .threadLocal: [.contents, .alloc, .load, .threadLocal]
    case .data: .loaded
    case .zeros: .alloc
    case .unallocated: .contents
    }
  }
}
