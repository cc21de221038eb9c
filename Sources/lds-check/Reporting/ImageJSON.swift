// What a file says of an image, as JSON.

import LdsParser

/// Writes one image; a section or symbol stands on one line.
struct ImageJSON {
  let json: JSONWriter
  let image: Image

  /// Writes the members of an image's object.
  func writeMembers() {
    json.member("file", image.path.bytes)
    json.member("kind", image.kind.rawValue)
    json.array("symbols", image.symbols.records) { symbol in
      json.row {
        json.member("name", image.symbols.nameBytes(symbol))
        json.member("value", hex: symbol.value)
        json.member("section", section(of: symbol))
        json.member("binding", symbol.binding?.rawValue)
      }
    }
    json.array("sections", image.outputSections) { section in
      json.row {
        json.member("name", section.name)
        json.member("vma", hex: section.vma)
        json.member("lma", hex: section.lma)
        json.member("size", hex: section.size)
        json.member("alignment", section.alignment.map { Int(truncatingIfNeeded: $0) })
      }
    }
    json.array("segments", image.segments) { write($0) }
    json.array("regions", image.regions) { region in
      json.row {
        json.member("name", region.name)
        json.member("origin", hex: region.origin)
        json.member("length", hex: region.length)
        json.member("attributes", region.attributes)
      }
    }
  }

  private func write(_ segment: SegmentRecord) {
    json.row {
      json.member("type", segment.typeName)
      json.member("permissions", segment.permissions)
      json.member("vma", hex: segment.virtualAddress)
      json.member("lma", hex: segment.physicalAddress)
      json.member("memorySize", hex: segment.memorySize)
      json.member("fileOffset", hex: segment.fileOffset)
      json.member("fileSize", hex: segment.fileSize)
      json.member("alignment", hex: segment.alignment)
    }
  }

  /// The section's name, or the name that objdump gives to what is in none.
  private func section(of symbol: SymbolRecord) -> [UInt8]? {
    image.sectionName(of: symbol)
  }
}

extension Image {
  /// The name of a symbol's section as objdump writes it; nil where the file does not tell.
  func sectionName(of symbol: SymbolRecord) -> [UInt8]? {
    switch symbol.place {
    case .section(let index):
      outputSections.indices.contains(index) ? outputSections[index].name : nil
    case .absolute: Array("*ABS*".utf8)
    case .undefined: Array("*UND*".utf8)
    case .common: Array("*COM*".utf8)
    case .unknownSection, .unknown: nil
    }
  }
}

extension SegmentRecord {
  /// `r-x`
  var permissions: String {
    (isReadable ? "r" : "-") + (isWritable ? "w" : "-") + (isExecutable ? "x" : "-")
  }

  /// The name without `PT_`, or the number of a type that is not in the ELF specification or from GNU.
  var typeName: String {
    switch type {
    case 0: "NULL"
    case 1: "LOAD"
    case 2: "DYNAMIC"
    case 3: "INTERP"
    case 4: "NOTE"
    case 6: "PHDR"
    case 7: "TLS"
    case 0x6474_e550: "GNU_EH_FRAME"
    case 0x6474_e551: "GNU_STACK"
    case 0x6474_e552: "GNU_RELRO"
    case 0x6474_e553: "GNU_PROPERTY"
    default: "0x" + String(type, radix: 16)
    }
  }
}
