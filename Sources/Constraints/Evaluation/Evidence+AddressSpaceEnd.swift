// Images at the end of the 32-bit address space, such as firmware at the reset vector. GNU ld calculates with 64
// bits: what follows 0xffffffff is at 0x100000000 for it, and at 0 in the image.

internal import LdsParser

extension Evidence {
  /// Addresses from here on are close to the end; those that passed it are below ``nearStart`` in the image.
  private static let nearEnd: UInt64 = 0xff00_0000
  private static let nearStart: UInt64 = 0x0100_0000
  /// Scripts with more sections are read with all or none of theirs behind the end: every reading is a pass over
  /// the whole script.
  private static let mostSplits = 32

  /// The evidence as it was read, with everything low put behind the end, with those sections that the script
  /// names, and with those of them from some section on: an image lists sections by their lower halves, so that their order does not tell.
  func readingsAtEnd(for program: Program) -> [(program: Program, evidence: Evidence)] {
    guard is32Bit, isNearEnd(program) else { return [(program, self)] }
    let named = Set(program.sections.map { program.names.bytes($0.name) })
    let moved = program.passingEnd(Self.passed)
    let uniform: [(program: Program, evidence: Evidence)] = [
      (program, self), (moved, passingEnd(program) { _ in true }),
      (moved, passingEnd(program) { named.contains($0.name) }),
    ]
    guard program.sections.count <= Self.mostSplits else { return uniform }
    // The location counter may pass the end before any of the sections.
    let names = program.sections.map { program.names.bytes($0.name) }
    return uniform
      + names.indices.dropFirst().map { index in
        let behind = Set(names[index...]).subtracting(names[..<index])
        return (moved, passingEnd(program) { behind.contains($0.name) })
      }
  }

  private func passingEnd(_ program: Program, _ passes: (Section) -> Bool) -> Evidence {
    var reading = self
    for index in sections.indices where passes(sections[index]) {
      reading.sections[index].vma = sections[index].vma.map(Self.passed)
      reading.sections[index].lma = sections[index].lma.map(Self.passed)
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

  /// Whether a section, a symbol or a number of the script is close to the end or behind it.
  private func isNearEnd(_ program: Program) -> Bool {
    sections.contains { ($0.vma ?? 0) & 0xffff_ffff &+ ($0.size ?? 0) >= Self.nearEnd }
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
