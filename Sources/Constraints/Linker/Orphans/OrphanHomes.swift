// Of which kind an orphan is, and which output section it follows (ldelf.c, ldelf_place_orphan and output_rel_find;
// ldlang.c, lang_output_section_find_by_flags).

internal import LdsParser

/// Kinds of orphans: each follows a standard section, and then the last orphan of its kind.
enum OrphanKind: CaseIterable {
  case text, rodata, threadLocal, data, bss, relocations, note, small, notAllocated

  /// The kind of a section of an object; nil for one of debugging, which goes behind everything.
  init?(_ bits: SectionBits, type: UInt32) {
    if bits.isDisjoint(with: [.allocated, .debugging]) {
      self = .notAllocated
    } else if !bits.contains(.allocated) {
      return nil
    } else if bits.contains(.loaded), type == ObjectSection.Kind.note {
      self = .note
    } else if bits.isDisjoint(with: [.loaded, .contents, .threadLocal]) {
      self = .bss
    } else if bits.contains(.small) {
      self = .small
    } else if bits.contains(.threadLocal) {
      self = .threadLocal
    } else if !bits.contains(.readOnly) {
      self = .data
    } else if bits.contains(.loaded), ObjectSection.Kind.isRelocations(type) {
      self = .relocations
    } else {
      self = bits.contains(.code) ? .text : .rodata
    }
  }

  /// The standard section that the first one follows.
  var home: [UInt8]? {
    let name: String? =
      switch self {
      case .text: ".text"
      case .rodata: ".rodata"
      case .threadLocal: ".tdata"
      case .data: ".data"
      case .bss: ".bss"
      case .relocations: nil
      case .note: ".interp"
      case .small: ".sdata"
      case .notAllocated: ".comment"
      }
    return name.map { Array($0.utf8) }
  }

  /// The flags that the standard section is taken to have while nothing is in it.
  var bits: SectionBits {
    let loaded = SectionBits.loadedContents
    return switch self {
    case .text: loaded.union([.readOnly, .code])
    case .rodata, .relocations, .note: loaded.union([.readOnly, .data])
    case .threadLocal: loaded.union([.data, .threadLocal])
    case .data: loaded.union(.data)
    case .bss: .allocated
    case .small: loaded.union([.data, .small])
    case .notAllocated: .contents
    }
  }
}

/// An output section that an orphan may follow.
protocol OrphanHost {
  /// Its flags; of one that nothing is in, those that its name promises.
  var bits: SectionBits { get }
  /// Its type and flags, if something has made it.
  var made: (type: UInt32, bits: SectionBits)? { get }
  /// Whether its ONLY_IF_RO or ONLY_IF_RW, if it has one, was met.
  var isTaken: Bool { get }
}

/// The search for the section that an orphan follows, in the order of the linker's list.
enum OrphanHomes {
  /// The last section that is like an orphan: of equal flags, else of similar ones, of another type last. One whose
  /// ONLY_IF was not met is as good as any.
  ///
  /// - Returns: the section, and whether it is of equal flags and of the same type: the next orphan of the kind follows
  ///   it as well then.
  static func similar<Host: OrphanHost>(
    to bits: SectionBits, type: UInt32, among hosts: ArraySlice<Host>
  ) -> (host: Host, isEqual: Bool)? {
    let all: SectionBits = [.contents, .allocated, .loaded]
    let equal = all.union([.readOnly, .code, .small, .threadLocal])
    for type in [type, nil] {
      func last(where fits: (SectionBits) -> Bool) -> Host? {
        hosts.last { host in
          if let type, let made = host.made, made.type != type { return false }
          return fits(host.bits)
        }
      }
      func agreeing(_ mask: SectionBits) -> Host? { last { $0.agrees(with: bits, in: mask) } }
      if let found = agreeing(equal) { return (found, type != nil) }
      if !bits.contains(.allocated) {
        return hosts.last { $0.bits.agrees(with: bits, in: .debugging) }.map { ($0, false) }
      }
      let found: Host?
      if bits.contains(.code) {
        found = agreeing(all.union([.code, .small, .threadLocal]))
      } else if bits.contains(.readOnly) {
        found = last { other in
          other.agrees(with: bits, in: all.union([.readOnly, .small]))
            || (other.agrees(with: bits, in: all.union(.readOnly)) && !other.contains(.small))
        }
      } else if bits.contains(.threadLocal) {
        return threadLocal(bits, among: hosts).map { ($0, false) }
      } else if bits.contains(.small) {
        found = last { other in
          other.agrees(with: bits, in: all.union(.threadLocal))
            || (other.contains(.small) && !bits.contains(.contents))
        }
      } else if bits.contains(.contents) {
        found = agreeing(all.union([.small, .threadLocal]))
      } else {
        found = agreeing(.allocated)
      }
      if let found { return (found, false) }
    }
    return nil
  }

  /// .tdata and .tbss are kept together, behind data.
  private static func threadLocal<Host: OrphanHost>(
    _ bits: SectionBits, among hosts: ArraySlice<Host>
  ) -> Host? {
    var found: Host?
    var isSeen = false
    let wanted = bits.union([.loaded, .contents])
    for host in hosts {
      let other = host.bits
      if other.agrees(with: wanted, in: [.threadLocal, .allocated]) {
        if !other.contains(.loaded), bits.contains(.loaded) { break }
        found = host
        isSeen = true
      } else if isSeen {
        break
      } else if other.agrees(with: wanted, in: .loadedContents) {
        found = host
      }
    }
    return found
  }

  /// The section that relocations follow: others, else the last read-only one (ldelf.c, output_rel_find).
  ///
  /// - Parameter isDynamic: Whether they are the image's own, which stand in front of all others.
  static func relocations<Host: OrphanHost>(
    isDynamic: Bool, isRela: Bool, among hosts: ArraySlice<Host>, name: (Host) -> [UInt8]
  ) -> Host? {
    var last: Host?
    var allocated: Host?
    var readOnly: Host?
    var relocations: Host?
    var allocatedRelocations: Host?
    for host in hosts {
      let isAllocated = host.made?.bits.contains(.allocated) ?? false
      let text = name(host)
      if host.isTaken, text.starts(with: ".rel".utf8) {
        let rela = text.count > 4 && text[4] == UInt8(ascii: "a")
        if isDynamic || text.dropFirst(rela ? 5 : 4).elementsEqual(".plt".utf8) { break }
        if rela == isRela || relocations == nil { relocations = host }
        if rela == isRela || allocatedRelocations == nil, isAllocated {
          allocatedRelocations = host
        }
      }
      last = host
      if isAllocated {
        allocated = host
        if host.made?.bits.contains(.readOnly) ?? false { readOnly = host }
      }
    }
    return allocatedRelocations ?? relocations ?? readOnly ?? allocated ?? last
  }
}
