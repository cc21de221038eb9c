// The state of a link between placing and sizing: from there it can be sized again and again, with other sizes.

internal import LdsParser

/// What sizing changes, as it was before.
struct LayoutSnapshot {
  private struct Input {
    let section: InputSection
    let bits: SectionBits
    let size: UInt64
    let alignmentPower: Int
  }

  private struct Output {
    let section: OutputSection
    let bits: SectionBits
    let alignmentPower: Int
    let inputs: [InputSection]
  }

  private struct Statement {
    let section: SectionStatement
    let region: LayoutRegion?
  }

  private struct Symbol {
    let symbol: LinkSymbol
    let state: LinkSymbol.State
    let value: UInt64
    let home: LinkSymbol.Home
    let pass: Int
    let isOfScript: Bool
    let isAlsoOfObject: Bool
    let isOfLinker: Bool
  }

  private let inputs: [Input]
  private let outputs: [Output]
  private let statements: [Statement]
  private let symbols: [Symbol]
  private let assignments: [(statement: AssignmentStatement, isProvided: Bool)]
  private let pass: Int
  private let usesHeaderSize: Bool

  init(_ link: ObjectLink) {
    inputs = link.files.flatMap(\.sections).map {
      Input(section: $0, bits: $0.bits, size: $0.size, alignmentPower: $0.alignmentPower)
    }
    outputs = link.outputs.map {
      Output(
        section: $0, bits: $0.bits, alignmentPower: $0.alignmentPower, inputs: $0.inputs)
    }
    statements = link.sections.map { Statement(section: $0, region: $0.region) }
    symbols = link.symbols.all.map {
      Symbol(
        symbol: $0, state: $0.state, value: $0.value, home: $0.home, pass: $0.pass,
        isOfScript: $0.isOfScript, isAlsoOfObject: $0.isAlsoOfObject, isOfLinker: $0.isOfLinker)
    }
    assignments = link.assignments.map { ($0, $0.isProvided) }
    pass = link.pass
    usesHeaderSize = link.usesHeaderSize
  }

  /// Whether sizing has left sizes and kinds of input sections as they were, apart from what was added.
  func isIntact(_ link: ObjectLink) -> Bool {
    let passed: SectionBits = [.kept, .excluded]
    return inputs.allSatisfy { input in
      input.section.bits == input.bits
        && (input.section.size == input.size
          || link.growth.inputs.contains { $0.section === input.section })
    } && outputs.allSatisfy { $0.section.bits.subtracting(passed) == $0.bits.subtracting(passed) }
  }

  /// Makes everything as it was.
  func restore(_ link: ObjectLink) {
    for input in inputs {
      input.section.bits = input.bits
      input.section.size = input.size
      input.section.alignmentPower = input.alignmentPower
    }
    for output in outputs {
      output.section.bits = output.bits
      output.section.alignmentPower = output.alignmentPower
      output.section.inputs = output.inputs
      output.section.isRemoved = false
      output.section.storedLMA = nil
      output.section.isOfNoteSegment = false
      (output.section.vma, output.section.lma) = (0, 0)
      (output.section.size, output.section.sizeBefore) = (0, 0)
    }
    for statement in statements {
      statement.section.region = statement.region
      if statement.section.fate == .ignored { statement.section.fate = .laidOut }
      statement.section.updatesDot = !statement.section.overlayEnd.isEmpty
      statement.section.progress = .ahead
    }
    for symbol in symbols {
      symbol.symbol.state = symbol.state
      symbol.symbol.value = symbol.value
      symbol.symbol.home = symbol.home
      symbol.symbol.pass = symbol.pass
      symbol.symbol.isOfScript = symbol.isOfScript
      symbol.symbol.isAlsoOfObject = symbol.isAlsoOfObject
      symbol.symbol.isOfLinker = symbol.isOfLinker
    }
    link.symbols.forget(behind: symbols.count)
    for (statement, isProvided) in assignments {
      statement.isProvided = isProvided
      statement.padding = 0
    }
    link.forgetSizes(outputs: outputs.map(\.section), pass: pass, usesHeaderSize: usesHeaderSize)
  }
}

extension ObjectLink {
  /// Every assignment of the script.
  var assignments: [AssignmentStatement] {
    script.statements.flatMap { statement -> [AssignmentStatement] in
      switch statement {
      case .assignment(let assignment): [assignment]
      case .assertion: []
      case .section(let section):
        section.body.compactMap { inner in
          if case .assignment(let assignment) = inner { assignment } else { nil }
        }
      }
    }
  }

  /// Forgets what sizing found.
  func forgetSizes(outputs: [OutputSection], pass: Int, usesHeaderSize: Bool) {
    self.outputs = outputs
    self.pass = pass
    self.usesHeaderSize = usesHeaderSize
    headerCount = nil
    dataSegment = DataSegment()
    framePlaces = [:]
    hidesLoadAddresses = false
    overflows = [:]
    judgedAssertions = []
    for region in script.regions + [defaultRegion] { region.reset() }
  }
}
