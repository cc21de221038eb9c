// Addresses of 32-bit MIPS. The linker calculates with 64 bits; the image keeps the lower half, which BFD
// sign-extends when it reads it back (elf32-mips, sign_extend_vma). So 0x80010000 in a map, and
// 0xffffffff80010000 of nm, are both what a script's `. = 0x80010000` and `. = 0xffffffff80010000` leave.

internal import LdsParser

extension Evidence {
  /// Every account of the image that the evidence may stand for; the first is the evidence as it was read.
  ///
  /// Output sections and the symbols that the script sets may have either upper half, and not the same one.
  /// Absolute symbols of objects were read back, so that theirs is known.
  func readings(for program: Program) -> [(program: Program, evidence: Evidence)] {
    switch addressForm {
    case .signExtended: break
    case .listed where program.isForMIPS: break
    case .whole, .lowerHalf, .listed: return [(program, self)]
    }
    let isExtended = sections.contains { $0.vma ?? 0 > 0xffff_ffff } || sections.isEmpty
    var readings: [(program: Program, evidence: Evidence)] = []
    for sections in [isExtended, !isExtended] {
      let widened = program.withContents { Self.widened($0, sections) }
      for symbols in [isExtended, !isExtended] {
        readings.append((widened, reading(sections, setSymbols: symbols, program)))
      }
    }
    return readings
  }

  private func reading(_ isExtended: Bool, setSymbols: Bool, _ program: Program) -> Evidence {
    var reading = self
    reading.addressForm = .signExtended
    for index in sections.indices {
      reading.sections[index].vma = sections[index].vma.map { Self.widened($0, isExtended) }
      reading.sections[index].lma = sections[index].lma.map { Self.widened($0, isExtended) }
    }
    for (name, symbol) in symbols {
      let isSet = program.names.find(name).map { program.assignments[$0] != nil } ?? false
      let extends: Bool
      switch symbol.place {
      case .section, .someSection: extends = isExtended
      case .absolute: extends = isSet ? setSymbols : true
      case .unknown, .undefined: extends = setSymbols
      }
      reading.symbols[name]?.address = Self.widened(symbol.address, extends)
    }
    for (name, region) in regions {
      reading.regions[name]?.origin = Self.widened(region.origin, setSymbols)
    }
    return reading
  }

  /// A 32-bit number with its upper half: copies of the sign, or zeros.
  private static func widened(_ number: UInt64, _ isExtended: Bool) -> UInt64 {
    guard number & 0x8000_0000 != 0, number >> 32 == 0 || number >> 32 == 0xffff_ffff else {
      return number
    }
    return isExtended ? number | 0xffff_ffff_0000_0000 : number & 0xffff_ffff
  }
}

extension Program {
  /// The program with other addresses in the rows of a map's contents.
  func withContents(at address: (UInt64) -> UInt64) -> Program {
    guard isMap else { return self }
    var program = self
    for index in steps.indices {
      if case .contents(let old, let size) = steps[index].action {
        program.steps[index].action = .contents(address: address(old), size: size)
      }
    }
    return program
  }

  /// Whether the script is for MIPS; of what width an OUTPUT_ARCH does not tell.
  var isForMIPS: Bool {
    (outputFormats + architectures).contains { name in
      let text = names.string(name)
      return text.includes("mips") && !text.includes("elf64")
    }
  }
}
