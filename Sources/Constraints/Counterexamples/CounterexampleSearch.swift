// Looks for inputs for which an ASSERT fails that no script decides: sizes and alignments of sections that its patterns
// take, each tried by laying it out. What is found is laid out by every release that is asked for, and made smaller as
// long as the ASSERT still fails; what is not found is said to be not found, never guessed.

public import LdsParser

/// What was looked for, ASSERT by ASSERT.
public struct CounterexampleSearch: Sendable {
  /// What came of one ASSERT.
  public struct Answer: Sendable {
    /// Its number in ``ProofReport/assertions``.
    public var assertion: Int
    /// Inputs for which it fails; nil if none was found.
    public var counterexample: Counterexample?
    /// Why there is none; nil if there is one.
    public var reason: String?
  }

  /// One answer for each ASSERT that depends on the inputs, in script order.
  public private(set) var answers: [Answer] = []

  /// Looks for counterexamples.
  ///
  /// - Parameters:
  ///   - script: the script with what options say of it, see ``LinkerScript/linked(with:dialect:)``.
  ///   - proof: what the script alone decides.
  ///   - words: options of the linker that the layout depends on.
  ///   - dialects: releases of GNU ld in all of which a counterexample has to fail; the first one leads.
  public init(
    _ script: LinkerScript, _ proof: ProofReport, words: [[UInt8]] = [],
    by dialects: [LinkerDialect] = [.laidOut]
  ) {
    let wanted = proof.assertions.indices.filter { proof.assertions[$0].verdict == .depends }
    guard !wanted.isEmpty else { return }
    do throws(LayoutStop) {
      var run = try CounterexampleRun(script, proof, wanted, words, dialects)
      run.search()
      answers = wanted.map { index in
        let found = run.found[index]
        return Answer(
          assertion: index, counterexample: found, reason: found == nil ? run.reason : nil)
      }
    } catch {
      answers = wanted.map { Answer(assertion: $0, counterexample: nil, reason: error.message) }
    }
  }
}

/// The search while it runs.
private struct CounterexampleRun {
  private var bench: CounterexampleBench
  private let proof: ProofReport
  private let dialects: [LinkerDialect]
  /// Assertions that are still looked for.
  private var open: [Int]
  var found: [Int: Counterexample] = [:]
  private var tried = 0
  private let budget: Int
  private var refusal: String?
  /// The nodes that an assertion is judged by.
  private let nodes: [Int: Set<ExpressionID>]
  private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Why nothing was found.
  var reason: String {
    refusal.map { "not modelled: \($0)" }
      ?? "none among \(tried) layouts of its input sections, which proves nothing"
  }

  init(
    _ script: LinkerScript, _ proof: ProofReport, _ wanted: [Int], _ words: [[UInt8]],
    _ dialects: [LinkerDialect]
  ) throws(LayoutStop) {
    self.proof = proof
    self.dialects = dialects
    open = wanted
    budget = min(3000, 300 + 60 * wanted.count)
    let layout = try LayoutScript(script)
    let names = proof.program.names
    guard
      let machine = SyntheticMachine(
        formats: proof.program.outputFormats.map(names.string),
        architectures: proof.program.architectures.map(names.string))
    else { throw .refused("counterexamples are objects for x86, ARM or AArch64") }
    let files = SectionWitness.namedFiles(layout)
    if let other = files.first(where: {
      !SectionWitness.isInFolder($0) || !$0.suffix(2).elementsEqual(".o".utf8)
    }) {
      throw .refused("the script names the file \(String(decoding: other, as: UTF8.self))")
    }
    bench = CounterexampleBench(
      script: script, machine: machine, words: words, witnesses: [], namedFiles: files,
      symbols: Self.outsideSymbols(proof.program, layout))
    var nodes: [Int: Set<ExpressionID>] = [:]
    for index in wanted { nodes[index] = Self.nodes(of: proof.assertions[index], proof.program) }
    self.nodes = nodes
    choose(SectionWitness.candidates(layout))
  }

  /// An ASSERT inside an expression is judged as the node that it is.
  private static func nodes(of proof: AssertionProof, _ program: Program) -> Set<ExpressionID> {
    var nodes: Set<ExpressionID> = [proof.condition]
    for index in 0..<program.expressions.count {
      let id = ExpressionID(index: UInt32(truncatingIfNeeded: index))
      if case .assertion(proof.condition, _) = program.expressions[id] { nodes.insert(id) }
    }
    return nodes
  }

  /// Symbols that the script reads and never sets.
  private static func outsideSymbols(
    _ program: Program, _ layout: LayoutScript
  ) -> [[UInt8]] {
    var seen: Set<NameID> = []
    var symbols: [[UInt8]] = []
    // What statements evaluate: elsewhere an expression may have words of its own, such as PT_LOAD of a program header.
    for index in layout.statements.flatMap(\.expressions).flatMap({
      layout.expressions.nodes(of: $0)
    }) {
      guard case .symbol(let name) = layout.expressions[ExpressionID(index: index)],
        program.assignments[name] == nil, seen.insert(name).inserted
      else { continue }
      let text = program.names.bytes(name)
      let isOfLinker =
        text.starts(with: "__start_".utf8) || text.starts(with: "__stop_".utf8)
        || text == Array("_GLOBAL_OFFSET_TABLE_".utf8) || text == Array("__ehdr_start".utf8)
        || text == [UInt8(ascii: ".")]
      if !isOfLinker { symbols.append(text) }
    }
    return symbols
  }

  // MARK: Witnesses

  /// Of the candidates of each pattern the first that its output section really takes.
  private mutating func choose(_ candidates: [[SectionWitness]]) {
    var places = Array(repeating: 0, count: candidates.count)
    for _ in 0..<5 {
      let chosen = candidates.indices.filter { places[$0] < candidates[$0].count }
      bench.witnesses = chosen.map { candidates[$0][places[$0]] }
      let taken = taken()
      if taken.allSatisfy({ $0 }) { return }
      for (place, index) in chosen.enumerated() where !taken[place] { places[index] += 1 }
    }
    let taken = taken()
    bench.witnesses = zip(bench.witnesses, taken).filter(\.1).map(\.0)
  }

  /// Which witnesses are where they are meant to be; those of one file and name are one.
  private mutating func taken() -> [Bool] {
    var seen: Set<[UInt8]> = []
    let isFirst = bench.witnesses.map { witness in
      witness.section == nil ? true : seen.insert(witness.file + [0] + witness.name).inserted
    }
    let trial = CounterexampleTrial(
      sections: bench.witnesses.count, symbols: bench.symbols.count, size: 1)
    guard case .laidOut(_, let layout) = bench.judge(trial, by: dialects[0]) else { return isFirst }
    return zip(bench.witnesses, isFirst).map { witness, isFirst in
      isFirst
        && layout.sections.contains { section in
          section.name == witness.output
            && section.inputs.contains { $0.file == witness.file && $0.section == witness.name }
        }
    }
  }

  // MARK: The search

  mutating func search() {
    let (count, symbols) = (bench.witnesses.count, bench.symbols.count)
    var bases = [CounterexampleTrial(sections: count, symbols: symbols)]
    for (size, power) in [(16, 3), (1, 0), (8, 0), (4097, 4)] as [(UInt64, Int)] {
      bases.append(CounterexampleTrial(sections: count, symbols: symbols, size: size, power: power))
    }
    for base in bases { attempt(base) }
    let order = relevantFirst()
    for base in bases.prefix(2) {
      for index in order where !open.isEmpty { vary(base, index) }
    }
    varySymbols(bases[1])
    while mayGoOn { attempt(mixed(order)) }
  }

  private var mayGoOn: Bool { !open.isEmpty && tried < budget && refusal == nil }

  /// Takes down what fails in a layout.
  @discardableResult
  private mutating func attempt(_ trial: CounterexampleTrial) -> Bool {
    guard mayGoOn else { return false }
    tried += 1
    switch bench.judge(trial, by: dialects[0]) {
    case .laidOut(let failing, _):
      for assertion in open where !failing.isDisjoint(with: nodes[assertion] ?? []) {
        guard fails(assertion, trial) else { continue }
        found[assertion] = smaller(assertion, trial)
        open.removeAll { $0 == assertion }
      }
      return true
    case .stops: return false
    case .refused(let reason):
      // What is in every layout of the script is met by the first.
      if tried == 1 { refusal = reason }
      return false
    }
  }

  /// Whether an ASSERT fails by every release.
  private func fails(_ assertion: Int, _ trial: CounterexampleTrial) -> Bool {
    dialects.allSatisfy { dialect in
      guard case .laidOut(let failing, _) = bench.judge(trial, by: dialect) else { return false }
      return !failing.isDisjoint(with: nodes[assertion] ?? [])
    }
  }

  /// Sections on which an open ASSERT is known to depend come first.
  private func relevantFirst() -> [Int] {
    var spans: [SourceSpan] = []
    var outputs: Set<[UInt8]> = []
    let program = proof.program
    for dependency in open.flatMap({ proof.assertions[$0].dependencies }) {
      switch dependency {
      case .inputs(let step): spans.append(program.steps[step].span)
      case .unmatched(let section), .alignment(let section), .existence(let section),
        .placement(let section):
        outputs.insert(program.names.bytes(program.sections[section].name))
      default: break
      }
    }
    let relevant = bench.witnesses.indices.filter { index in
      let witness = bench.witnesses[index]
      return outputs.contains(witness.output)
        || spans.contains {
          $0.source == witness.span.source && $0.start <= witness.span.start
            && witness.span.end <= $0.end
        }
    }
    return relevant + bench.witnesses.indices.filter { !relevant.contains($0) }
  }

  private func most(_ index: Int) -> UInt64 {
    let section = bench.witnesses[index].section
    // The assembler and the linker write these bytes.
    return section == nil || section?.type == ObjectSection.Kind.noBits
      ? bench.machine.most : 1 << 28
  }

  /// One section in many sizes, and in the largest that a region has room for.
  private mutating func vary(_ base: CounterexampleTrial, _ index: Int) {
    for (size, power) in [(1, 0), (3, 0), (16, 6), (1, 12), (1, 21)] as [(UInt64, Int)] {
      attempt(base.with(index, size: size, power: power))
    }
    var last: UInt64 = 1
    for shift in stride(from: 5, through: 36, by: 1) where mayGoOn {
      let size: UInt64 = 1 << UInt64(shift) | 1
      guard size <= most(index) else { return }
      guard attempt(base.with(index, size: size)) else { break }
      last = size
    }
    // Behind what a region holds nothing is judged: its last bytes are looked at.
    var limit = last &* 2
    while limit &- last > 1, mayGoOn {
      let middle = last + (limit - last) / 2
      if attempt(base.with(index, size: middle)) { last = middle } else { limit = middle }
    }
  }

  private mutating func varySymbols(_ base: CounterexampleTrial) {
    let numbers: [UInt64] =
      [0, 1, 2, 3, 4, 8, 0x10, 0xfff, 0x1000, 0x1001, 0x20_0000]
      + [UInt64(1) << 31, UInt64(1) << 32 &- 1]
    for index in bench.symbols.indices {
      for number in numbers where number <= bench.machine.most {
        var trial = base
        trial.symbols[index] = .number(number)
        attempt(trial)
      }
    }
    for number in numbers where number <= bench.machine.most {
      var trial = base
      trial.symbols = trial.symbols.map { _ in .number(number) }
      attempt(trial)
    }
  }

  private mutating func next(_ bound: Int) -> Int {
    random ^= random << 13
    random ^= random >> 7
    random ^= random << 17
    return Int(random >> 33) % max(bound, 1)
  }

  /// A few sections of any size.
  private mutating func mixed(_ order: [Int]) -> CounterexampleTrial {
    var trial = CounterexampleTrial(sections: order.count, symbols: bench.symbols.count)
    for (rank, index) in order.enumerated() where next(3 + rank / 4) == 0 {
      let size = (1 << UInt64(next(23))) &+ UInt64(next(3)) &- 1
      trial.sizes[index] = min(size, most(index))
      trial.powers[index] = next(4) == 0 ? next(13) : 0
    }
    for index in trial.symbols.indices where next(2) == 0 {
      trial.symbols[index] = .number(UInt64(next(1 << 20)) << UInt64(next(12)) & 0x7fff_ffff)
    }
    return trial
  }

  // MARK: Making it small

  /// A word as a shell reads it back.
  private static func quoted(_ word: [UInt8]) -> String {
    let text = String(decoding: word, as: UTF8.self)
    if word.allSatisfy({ SectionWitness.isHarmless($0) || $0 == UInt8(ascii: "=") }) { return text }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// The least of a try in which an ASSERT fails.
  private func smaller(_ assertion: Int, _ start: CounterexampleTrial) -> Counterexample {
    var trial = start
    func take(_ other: CounterexampleTrial) -> Bool {
      guard other != trial, fails(assertion, other) else { return false }
      trial = other
      return true
    }
    let present = trial.sizes.indices.filter { trial.sizes[$0] > 0 || trial.powers[$0] > 0 }
    dropHalves(present, take) { trial }
    for index in present where trial.sizes[index] > 0 || trial.powers[index] > 0 {
      if trial.powers[index] > 0 { _ = take(trial.with(index, size: trial.sizes[index])) }
      var low: UInt64 = 0
      while trial.sizes[index] > low &+ 1 {
        let middle = low + (trial.sizes[index] - low) / 2
        if !take(trial.with(index, size: middle, power: trial.powers[index])) { low = middle }
      }
    }
    for index in trial.symbols.indices {
      var other = trial
      other.symbols[index] = .code
      _ = take(other)
    }
    return result(assertion, trial)
  }

  /// Leaves out sections that the failure does not need, many at once where that goes.
  private func dropHalves(
    _ indices: [Int], _ take: (CounterexampleTrial) -> Bool, _ trial: () -> CounterexampleTrial
  ) {
    guard !indices.isEmpty else { return }
    var other = trial()
    for index in indices { (other.sizes[index], other.powers[index]) = (0, 0) }
    if take(other) || indices.count == 1 { return }
    let half = indices.count / 2
    dropHalves(Array(indices[..<half]), take, trial)
    dropHalves(Array(indices[half...]), take, trial)
  }

  private func result(_ assertion: Int, _ trial: CounterexampleTrial) -> Counterexample {
    var sections: [Counterexample.Section] = []
    for (index, witness) in bench.witnesses.enumerated()
    where trial.sizes[index] > 0 || trial.powers[index] > 0 {
      let size = trial.sizes[index]
      var holds: UInt64?
      if size > 0,
        case .laidOut(let failing, _) = bench.judge(
          trial.with(index, size: size - 1, power: trial.powers[index]), by: dialects[0]),
        failing.isDisjoint(with: nodes[assertion] ?? [])
      {
        holds = size - 1
      }
      sections.append(
        Counterexample.Section(
          file: witness.file, name: witness.name, size: size,
          alignment: 1 << UInt64(trial.powers[index]), holdsWith: holds))
    }
    let symbols = zip(bench.symbols, trial.symbols).map { name, place in
      let number: UInt64? = if case .number(let number) = place { number } else { nil }
      return Counterexample.Symbol(name: name, number: number)
    }
    return Counterexample(
      sections: sections, symbols: symbols,
      files: bench.objects(trial).map {
        Counterexample.File(object: $0.name, text: $0.object.assembly)
      },
      assembler: bench.machine.assembler,
      linker: ([bench.machine.linker] + bench.words.map(Self.quoted)).joined(separator: " "))
  }
}

extension CounterexampleTrial {
  /// With another size of one section.
  fileprivate func with(_ index: Int, size: UInt64, power: Int = 0) -> CounterexampleTrial {
    var other = self
    other.sizes[index] = size
    other.powers[index] = power
    return other
  }
}
