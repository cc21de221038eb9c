// Images at the end of the 32-bit address space, such as firmware at the reset vector. GNU ld calculates with 64
// bits: what follows 0xffffffff is at 0x100000000 for it, and at 0 in the image.

internal import LdsParser

extension Evidence {
  /// Addresses from here on are close to the end; those that passed it are below ``nearStart`` in the image.
  private static let nearEnd: UInt64 = 0xff00_0000
  private static let nearStart: UInt64 = 0x0100_0000

  /// The evidence as it was read, with everything low put behind the end, and with those sections that the script
  /// names: an image lists sections by their lower halves, so that their order does not tell. Load addresses that
  /// the script sets may pass the end alone.
  func readingsAtEnd(for program: Program) -> [(program: Program, evidence: Evidence)] {
    guard is32Bit, isNearEnd(program) else { return [(program, self)] }
    let named = Set(program.sections.map { program.names.bytes($0.name) })
    let moved = program.passingEnd(Self.passed)
    let readings = [
      (program, self), (moved, passingEnd(program) { _ in true }.loadsPassingEnd { _ in true }),
      (
        moved,
        passingEnd(program) { named.contains($0.name) }
          .loadsPassingEnd { named.contains($0.name) }
      ),
    ]
    // With `AT(0x800000)` a section is behind the end and loaded at an address that is not, or the other way round.
    guard program.isMap || program.setsLoadAddresses else { return readings }
    return readings + [
      (moved, passingEnd(program) { _ in true }), (program, loadsPassingEnd { _ in true }),
    ]
  }

  private func loadsPassingEnd(_ passes: (Section) -> Bool) -> Evidence {
    var reading = self
    for index in sections.indices where passes(sections[index]) {
      reading.sections[index].lma = sections[index].lma.map(Self.passed)
    }
    return reading
  }

  private func passingEnd(_ program: Program, _ passes: (Section) -> Bool) -> Evidence {
    var reading = self
    let fixed = Self.fixedAddresses(program)
    for index in sections.indices where passes(sections[index]) {
      if let address = fixed[sections[index].name], address == sections[index].vma { continue }
      reading.sections[index].vma = sections[index].vma.map(Self.passed)
    }
    for (name, symbol) in symbols {
      let isPassed: Bool
      switch symbol.place {
      case .section(let index): isPassed = reading.sections[index].vma != sections[index].vma
      case .someSection, .unknown: isPassed = true
      case .absolute:
        isPassed = program.names.find(name).map { program.assignments[$0] != nil } ?? false
      case .undefined: isPassed = false
      }
      if isPassed { reading.symbols[name]?.address = Self.passed(symbol.address) }
    }
    return reading
  }

  /// The addresses of sections that are numbers in the script, whose upper half is known.
  private static func fixedAddresses(_ program: Program) -> [[UInt8]: UInt64] {
    var fixed: [[UInt8]: UInt64] = [:]
    for section in program.sections {
      guard let address = section.description?.address,
        let number = program.expressions.foldedValue(address)
      else { continue }
      fixed[program.names.bytes(section.name)] = number
    }
    return fixed
  }

  /// Whether a section, a symbol or a number of the script is close to the end or behind it.
  private func isNearEnd(_ program: Program) -> Bool {
    sections.contains { section in
      [section.vma, section.lma].contains {
        ($0 ?? 0) & 0xffff_ffff &+ (section.size ?? 0) >= Self.nearEnd
      }
    }
      || symbols.values.contains { $0.address & 0xffff_ffff >= Self.nearEnd }
      || program.steps.contains { step in
        guard case .assignment(let assignment) = step.action, assignment.isLocationCounter else {
          return false
        }
        return Self.holdsHighNumber(assignment.value, program)
      }
      || program.sections.contains { section in
        section.description?.address.map { Self.holdsHighNumber($0, program) } ?? false
      }
  }

  private static func holdsHighNumber(_ id: ExpressionID, _ program: Program) -> Bool {
    program.expressions.nodes(of: id).contains {
      program.expressions.foldedValue(ExpressionID(index: $0)).map { $0 >= nearEnd } ?? false
    }
  }

  private static func passed(_ address: UInt64) -> UInt64 {
    address < nearStart ? address | 1 << 32 : address
  }
}

extension Program {
  /// The program with the low rows of a map's contents behind the end of the address space.
  fileprivate func passingEnd(_ passed: (UInt64) -> UInt64) -> Program {
    guard isMap else { return self }
    var program = self
    for index in steps.indices {
      if case .contents(let address, let size) = steps[index].action {
        program.steps[index].action = .contents(address: passed(address), size: size)
      }
    }
    return program
  }
}
