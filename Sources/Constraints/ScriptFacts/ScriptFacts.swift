// What rules over scripts ask again and again, worked out once for each script.

public import LdsParser

/// A script spelled out into steps, with what can be said of it before any link.
public struct ScriptFacts: Sendable {
  /// The script.
  let script: LinkerScript
  /// Its steps in the linker's order.
  let program: Program
  /// Its declarations.
  let outline: ScriptOutline
  /// What follows from the script for every link.
  public internal(set) var proof: ProofReport
  /// What is known of its places: the trace of the proof, or where that linker's layout is not worked out, GNU ld's as
  /// if nothing stood around the script. What contents and ALIGN do to a place is alike in all of them.
  let places: StatementTrace
  /// Its statements between which nothing is placed.
  let runs: StatementRuns
  /// What its ASSERTs ask of symbols.
  let claims: [AlignmentClaim]
  /// What the constraints of a configuration ask of symbols that the script sets.
  let demands: [(symbol: NameID, alignment: UInt64, constraint: String)]
  /// Its input section patterns in order.
  let patterns: [PlacedPattern]
  /// The profile that applies; nil where none does.
  let profile: MappingDescription?
  /// Every boundary that is surely not aligned as wanted, in order of the claims.
  private(set) var boundaryFaults: [BoundaryFault] = []
  /// Every range whose symbols are set once: by their names, else by their places, the first symbol in front of all
  /// inputs of an output section and the last one behind them.
  private(set) var boundedRanges: [BoundedRange] = []
  /// Pairs of patterns: an earlier one, and one that it leaves nothing to.
  private(set) var shadowedPatterns: [(earlier: PlacedPattern, later: PlacedPattern)] = []

  /// Works out the facts of `script`.
  ///
  /// `profile` is the mapping to assume; the one that the script's symbols suggest if it is nil. What is proved is
  /// proved by the rules of `dialect`. `demands` are held against the script like its own ASSERTs.
  public init(
    _ script: LinkerScript, profile: MappingDescription? = nil, dialect: LinkerDialect = .bfd,
    demands: [AlignmentDemand] = []
  ) {
    self.script = script
    outline = ScriptOutline(script)
    let program = Program(script)
    self.program = program
    self.demands = demands.compactMap { demand in
      program.names.find(demand.symbol).flatMap {
        program.assignments[$0] == nil ? nil : ($0, demand.alignment, demand.constraint)
      }
    }
    proof = ProofReport(program, dialect: dialect)
    places = Self.places(proof)
    runs = StatementRuns(program)
    claims = AlignmentClaim.all(of: program)
    patterns = PlacedPattern.all(of: script)
    self.profile = profile ?? MappingProfiles.suggested(for: program)
    boundaryFaults = findBoundaryFaults()
    boundedRanges = findBoundedRanges()
    shadowedPatterns = findShadowedPatterns()
  }

  private static func places(_ proof: ProofReport) -> StatementTrace {
    guard proof.trace.walker.isLayoutLost else { return proof.trace }
    var program = proof.program
    program.hasInsert = false
    return StatementTrace(program, facts: NoFacts(), dialect: .bfd)
  }

  /// A name for people to read.
  func name(_ id: NameID) -> String { program.names.string(id) }

  /// The only step that assigns `symbol`; nil for none or several.
  func onlyAssignment(of symbol: NameID) -> Int? {
    guard let steps = program.assignments[symbol], steps.count == 1 else { return nil }
    return steps[0]
  }

  /// The assignment that a step is; nil for another step.
  func assignment(_ step: Int) -> Assignment? {
    guard program.steps.indices.contains(step),
      case .assignment(let assignment) = program.steps[step].action
    else { return nil }
    return assignment
  }

  /// What the author wrote for a piece of the script, as one line.
  func authored(_ span: SourceSpan) -> String {
    script.sources.authoredExpression(of: span).text
  }

  /// The expression as text, macros and constants folded.
  func text(_ expression: ExpressionID) -> String {
    ExpressionWriter.text(
      of: expression, in: program.expressions, names: program.names, folded: true)
  }
}

extension MappingProfiles {
  /// The profile that the symbols of a script suggest; nil where they suggest none.
  static func suggested(for program: Program) -> MappingDescription? {
    let assigned = Set(program.assignments.keys.map(program.names.string))
    if MappingDescription.xenSuperpageSymbols.count(where: assigned.contains) >= 2 {
      return .xenX86
    }
    let isLinux = assigned.contains("_text") && assigned.contains("_end")
    if isLinux, assigned.contains("phys_startup_64") { return .linuxX86 }
    return nil
  }
}

// Which symbols a script means as the end of the file that objcopy -O binary makes of the image.
extension ScriptFacts {
  /// What scripts call the file whose end a symbol is: `_image_binary_end` of U-Boot, `__image_end` of Zephyr and TF-A.
  private static let fileWords: Set<Substring> = ["image", "binary", "bin", "copy"]
  /// What is appended to a file (a device tree, a certificate) asks for no more alignment than this; a page is
  /// asked for where memory is mapped.
  private static let mostAppended: UInt64 = 64

  /// The steps outside output sections that set the end of a raw image.
  ///
  /// - Parameter declared: The symbol that the configuration names; the usual names do not count then.
  func rawImageEnds(declared: String? = nil) -> [Int] {
    program.steps.indices.filter { step in
      guard let assignment = assignment(step), !assignment.isLocationCounter,
        program.steps[step].context == .between
      else { return false }
      let symbol = assignment.target.name
      if let declared { return name(symbol) == declared }
      return Self.isEndOfFile(name(symbol))
        || (2...Self.mostAppended).contains(alignment(claimed: symbol))
    }
  }
  private static func isEndOfFile(_ name: String) -> Bool {
    guard let file = RangeName(name).endedSubject?.lowercased() else { return false }
    let words = file.split(separator: "_")
    return !words.isEmpty && words.allSatisfy(fileWords.contains)
  }
}
