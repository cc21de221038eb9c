// Macros of Xen's and Linux's headers that linker scripts call, for a script that is read without its tree.

/// Definitions that stand in for headers that were not found.
///
/// Only names that mean the same in every tree are here, and none that GNU ld itself knows (`ALIGN`, `MAX`).
/// They are listed in a note, because a tree may still define the name otherwise.
enum WellKnownMacros {
  /// The definitions, as they would follow `#define`.
  static let definitions: [StaticString] = [
    // xen/const.h, linux/const.h: in assembly the suffixes are dropped.
    "_AC(X, Y) X", "_AT(T, X) X", "_UL(x) (x)", "_ULL(x) (x)", "UL(x) (x)", "ULL(x) (x)",
    // xen/config.h
    "KB(_kb) (_AC(_kb, ULL) << 10)", "MB(_mb) (_AC(_mb, ULL) << 20)",
    "GB(_gb) (_AC(_gb, ULL) << 30)", "TB(_tb) (_AC(_tb, ULL) << 40)",
    // xen/macros.h, linux/align.h
    "IS_ALIGNED(val, align) (!((val) & ((align) - 1)))",
    "ROUNDUP(x, a) (((x) + (a) - 1) & ~((a) - 1))", "DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))",
    // linux/sizes.h
    "SZ_1K 0x400", "SZ_2K 0x800", "SZ_4K 0x1000", "SZ_8K 0x2000", "SZ_16K 0x4000",
    "SZ_32K 0x8000", "SZ_64K 0x10000", "SZ_128K 0x20000", "SZ_256K 0x40000", "SZ_512K 0x80000",
    "SZ_1M 0x100000", "SZ_2M 0x200000", "SZ_4M 0x400000", "SZ_8M 0x800000", "SZ_16M 0x1000000",
    "SZ_32M 0x2000000", "SZ_64M 0x4000000", "SZ_128M 0x8000000", "SZ_256M 0x10000000",
    "SZ_512M 0x20000000", "SZ_1G 0x40000000", "SZ_2G 0x80000000",
    // asm/page.h, with the page of most processors
    "PAGE_SHIFT 12", "PAGE_SIZE (_AC(1, L) << PAGE_SHIFT)", "PAGE_MASK (~(PAGE_SIZE - 1))",
    // asm-generic/vmlinux.lds.h, xen/xen.lds.h: sections that take no memory
    "STABS_DEBUG", "DWARF_DEBUG", "ELF_DETAILS", "STABS_DEBUG_SECTIONS", "DWARF2_DEBUG_SECTIONS",
    "ELF_DETAILS_SECTIONS",
  ]
}

extension PreprocessorEngine {
  /// Defines the stand-ins, but keeps each out of force until it is needed.
  mutating func defineStandIns() {
    let first = definitions.count
    var text: [UInt8] = []
    for line in WellKnownMacros.definitions {
      text += Array("#define ".utf8) + Array(line.description.utf8) + [0x0A]
    }
    runDefinitions(text, name: "<well-known>", origin: .wellKnown)
    for index in first..<definitions.count {
      let name = definitions[index].name
      names.entries[name].definition = -1
      names.entries[name].standIn = Int32(truncatingIfNeeded: index)
    }
  }

  /// Brings the stand-in for `name` into force, with a note, if there is one and the script does not use
  /// the name for a symbol of its own.
  mutating func adoptStandIn(_ name: Int, _ token: MacroToken) -> Bool {
    let index = names.entries[name].standIn
    if index < 0 || preventExpansion > 0 { return false }
    names.entries[name].standIn = -1
    if isAssigned(name) { return false }
    names.entries[name].definition = index
    standIns.append((definition: Int(index), span: outermostSpan(token)))
    return true
  }

  /// Says in one note which stand-ins were used.
  mutating func listStandIns() {
    guard let first = standIns.first else { return }
    let list = standIns.map { names.string(definitions[$0.definition].name) }
    var note = Diagnostic(
      id: "well-known-macro", severity: .note,
      message: "no file defines \(list.joined(separator: ", ")): taken as Xen and Linux define "
        + (list.count == 1 ? "it" : "them"),
      span: first.span)
    note.notes = zip(list, standIns).map { name, standIn in
      let text = replacementText(definitions[standIn.definition])
      return Diagnostic.Note("\(name) is \(text.isEmpty ? "empty" : text)")
    }
    diagnostics.append(note)
  }

  /// Whether the script assigns to a symbol of this name.
  private func isAssigned(_ name: Int) -> Bool {
    guard let reader = openedFiles.first.flatMap({ readers[Int($0.index)] }) else { return false }
    let wanted = Array(names.name(name))
    var position = 0
    while let hit = reader.firstIndex(of: wanted[0], from: position, to: reader.count) {
      position = hit + 1
      var next = hit + wanted.count
      guard next < reader.count, hit == 0 || !isNameByte(reader[hit - 1]),
        reader.copy(hit, next) == wanted
      else { continue }
      while next < reader.count, reader[next] == 0x20 || reader[next] == 0x09 { next += 1 }
      guard next < reader.count, reader[next] == UInt8(ascii: "=") else { continue }
      if next + 1 == reader.count || reader[next + 1] != UInt8(ascii: "=") { return true }
    }
    return false
  }
}
