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
  /// names, and with those of them that it puts behind something close to the end, or from some section on: an
  /// image lists sections by their lower halves, so that their order does not tell. Load addresses that the script
  /// sets may pass the end alone.
  func readingsAtEnd(for program: Program) -> [(program: Program, evidence: Evidence)] {
    guard is32Bit, isNearEnd(program) else { return [(program, self)] }
    let names = program.sections.map { program.names.bytes($0.name) }
    let named = Set(names)
    let behind = namesBehindHighPlace(program)
    let moved = program.withContents(at: Self.passed)
    var choices: [(Section) -> Bool] = [
      { _ in true }, { named.contains($0.name) },
      { behind.contains($0.name) && $0.flags?.contains(.allocated) != false },
    ]
    // The location counter may pass the end before any of the sections.
    if names.count <= Self.mostSplits {
      choices += names.indices.dropFirst().map { index in
        let later = Set(names[index...]).subtracting(names[..<index])
        return { later.contains($0.name) }
      }
    }
    let readings =
      [(program, self)]
      + choices.map { (moved, passingEnd(program, $0).loadsPassingEnd(program, $0)) }
    // With `AT(0x800000)` a section is behind the end and loaded at an address that is not, or the other way round.
    guard program.isMap || program.setsLoadAddresses else { return readings }
    let described = Set(
      program.sections.filter { $0.description?.loadAddress != nil }.map {
        program.names.bytes($0.name)
      })
    // The others are loaded where they run, in whichever half.
    let isApart: (Section) -> Bool = { $0.lma != $0.vma || described.contains($0.name) }
    return readings + [
      (moved, loadsPassingEnd(program) { !isApart($0) }.passingEnd(program) { _ in true }),
      (program, loadsPassingEnd(program, isApart)),
    ]
  }

  private func loadsPassingEnd(_ program: Program, _ passes: (Section) -> Bool) -> Evidence {
    var reading = self
    reading.passEnd(\.lma, Self.numbers(program) { $0.loadAddress }, passes)
    return reading
  }

  /// Puts addresses of sections behind the end, except those that the script writes out as they are in the image.
  private mutating func passEnd(
    _ address: WritableKeyPath<Section, UInt64?>, _ fixed: [[UInt8]: UInt64],
    _ passes: (Section) -> Bool
  ) {
    for index in sections.indices where passes(sections[index]) {
      if let number = fixed[sections[index].name], number == sections[index][keyPath: address] {
        continue
      }
      sections[index][keyPath: address] = sections[index][keyPath: address].map(Self.passed)
    }
  }

  private func passingEnd(_ program: Program, _ passes: (Section) -> Bool) -> Evidence {
    var reading = self
    reading.passEnd(\.vma, Self.numbers(program) { $0.address }, passes)
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

  /// The sections that the script describes after the first place that is close to the end.
  private func namesBehindHighPlace(_ program: Program) -> Set<[UInt8]> {
    let high = Set(sections.filter { ($0.vma ?? 0) & 0xffff_ffff >= Self.nearEnd }.map(\.name))
    var isBehind = false
    var names: Set<[UInt8]> = []
    for step in program.steps {
      switch step.action {
      case .assignment(let assignment) where assignment.isLocationCounter:
        isBehind = isBehind || Self.holdsHighNumber(assignment.value, program)
      case .enter(let section):
        let name = program.names.bytes(program.sections[section].name)
        let address = program.sections[section].description?.address
        isBehind =
          isBehind || high.contains(name)
          || address.map { Self.holdsHighNumber($0, program) } == true
        if isBehind { names.insert(name) }
      default: break
      }
    }
    return names
  }

  /// The addresses of sections that are numbers in the script, whose upper half is known.
  private static func numbers(
    _ program: Program, _ expression: (OutputSectionDescription) -> ExpressionID?
  ) -> [[UInt8]: UInt64] {
    var numbers: [[UInt8]: UInt64] = [:]
    for section in program.sections {
      guard let address = section.description.flatMap(expression),
        let number = program.expressions.foldedValue(address)
      else { continue }
      numbers[program.names.bytes(section.name)] = number
    }
    return numbers
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
