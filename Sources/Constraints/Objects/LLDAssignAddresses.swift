// Addresses by lld: the script is walked from top to bottom until nothing moves any more (lld/ELF/LinkerScript.cpp,
// assignAddresses, assignOffsets, setDot; Writer.cpp, finalizeAddressDependentContent).

internal import LdsParser

/// What a walk knows where it is (`AddressState`).
struct LLDAddressState {
  var dot: UInt64 = 0
  private var current: LLDOutput?
  var region: LLDRegion?
  var loadRegion: LLDRegion?
  /// Load addresses minus addresses.
  var loadOffset: UInt64 = 0
  /// The end of the last section of thread-local zeros; 0 before the first.
  var threadLocalAddress: UInt64 = 0

  init() {}

  init(_ outside: LLDOutput) { current = outside }

  /// The section that the location counter is of: the last one, or what is outside of all.
  var output: LLDOutput {
    get { current ?? Self.nowhere }
    set { current = newValue }
  }

  private static var nowhere: LLDOutput {
    LLDOutput(NameID(index: 0), index: 0, statement: nil)
  }
}

extension LLDLink {
  /// What a walk may change: symbols by section and value.
  private struct SymbolPlace: Equatable {
    var home: ObjectIdentifier?
    var value: UInt64

    init(_ symbol: LLDSymbol) {
      value = symbol.value
      switch symbol.home {
      case .absolute: home = nil
      case .input(let input): home = ObjectIdentifier(input)
      case .output(let output): home = ObjectIdentifier(output)
      }
    }
  }

  /// Walks until neither addresses nor symbols change.
  func finalizeAddresses() throws(LayoutStop) {
    assignsAddresses = true
    judgedAssertions = []
    exceptionTable?.reset()
    _ = try assignAddresses()
    try exceptionTable?.finalizeContents(self)
    // lld gives up at the fifth walk that changes something.
    for _ in 0..<4 where try !assignAddresses() { return try reportErrors() }
    if try assignAddresses() {
      throw .linkerStops("an address or an assignment to a symbol does not converge")
    }
    try reportErrors()
  }

  private func reportErrors() throws(LayoutStop) {
    if let error = recordedErrors.first, !options.keepsFaultyOutput { throw .linkerStops(error) }
  }

  /// - Returns: whether the address of a section or a symbol changed.
  private func assignAddresses() throws(LayoutStop) -> Bool {
    state = LLDAddressState(outside)
    for region in regions { region.position = try value(region.origin) }
    recordedErrors = []
    let before = scriptSymbols.map { ($0, SymbolPlace($0)) }
    var hasMoved = false
    for command in commands {
      switch command {
      case .assignment(let assignment): try assign(assignment, isInside: false)
      case .assertion(let assertion): try check(assertion)
      case .overlayEnd(let members):
        let largest = members.map(\.size).max() ?? 0
        state.dot = (members.first?.address ?? 0) &+ largest
      case .section(let output): if try assignOffsets(output) { hasMoved = true }
      }
    }
    return hasMoved || before.contains { SymbolPlace($0.0) != $0.1 }
  }

  private var scriptSymbols: [LLDSymbol] {
    commands.flatMap { command -> [LLDSymbol] in
      switch command {
      case .assignment(let assignment): [assignment.symbol].compactMap(\.self)
      case .assertion, .overlayEnd: []
      case .section(let output):
        output.commands.compactMap { inner in
          if case .assignment(let assignment) = inner { assignment.symbol } else { nil }
        }
      }
    }
  }

  private func check(_ assertion: Assertion) throws(LayoutStop) {
    let result = try evaluate(assertion.condition)
    judge(
      assertion.condition, assertion.message.name,
      .value(Value(Number(result.address), kind: .absolute)))
  }

  private func assign(_ assignment: LLDAssignment, isInside: Bool) throws(LayoutStop) {
    if assignment.assignment.isLocationCounter {
      try setDot(try value(assignment.assignment.value), isInside: isInside)
    } else if let symbol = assignment.symbol {
      set(symbol, try evaluate(assignment.assignment.value))
    }
  }

  private func setDot(_ value: UInt64, isInside: Bool) throws(LayoutStop) {
    if isInside {
      if value < state.dot {
        recordedErrors.append(
          "unable to move location counter (0x\(String(state.dot, radix: 16))) backward to 0x\(String(value, radix: 16)) for section '\(names.string(state.output.name))'"
        )
      }
      expand(by: value &- state.dot)
    }
    state.dot = value
  }

  private func expand(by bytes: UInt64) {
    state.output.size = state.output.size &+ bytes
    expandRegions(by: bytes)
  }

  private func expandRegions(by bytes: UInt64) {
    if let region = state.region { region.position = region.position &+ bytes }
    if let region = state.loadRegion, region !== state.region {
      region.position = region.position &+ bytes
    }
  }

  // MARK: Sections

  /// - Returns: whether its address changed.
  private func assignOffsets(_ output: LLDOutput) throws(LayoutStop) -> Bool {
    let isSameRegion = state.region === output.region
    let hadNoLoadRegion = state.loadRegion == nil
    let before = state.dot
    state.region = output.region
    state.loadRegion = output.loadRegion
    try start(output)
    state.output = output
    if !output.isPlaced {
      let start = state.dot
      state.dot = LinkerArithmetic.alignUp(start, to: output.alignment)
      expandRegions(by: state.dot &- start)
    }
    let hasMoved = output.address != state.dot
    output.address = state.dot
    try load(output, isSameRegion: isSameRegion, hadNoLoadRegion: hadNoLoadRegion)
    output.size = 0
    for command in output.commands { try place(command, in: output) }
    if let relroPadding, relroPadding.parent === output {
      expand(by: LinkerArithmetic.alignUp(state.dot, to: commonPageSize) &- state.dot)
    }
    if !output.isAllocated {
      state.dot = before
    } else if output.isThreadLocalZeros {
      state.threadLocalAddress = state.dot
      state.dot = before
    }
    return hasMoved
  }

  /// Where a section begins, before it is aligned.
  private func start(_ output: LLDOutput) throws(LayoutStop) {
    guard output.isAllocated else {
      state.dot = 0
      return
    }
    if output.isThreadLocalZeros {
      if state.threadLocalAddress == 0 {
        state.threadLocalAddress = state.dot
      } else {
        state.dot = state.threadLocalAddress
      }
      return
    }
    if let region = state.region, !output.isPlaced || dialect.follows(.addressesStartFromRegions) {
      state.dot = region.position
    }
    if let given = output.givenAddress {
      state.dot = given
    } else if let first = output.overlayStart, first !== output {
      state.dot = first.address
    } else if let address = output.statement?.address {
      state.dot = try value(address)
    }
    if let region = state.region, region.position < state.dot { region.position = state.dot }
  }

  private func load(
    _ output: LLDOutput, isSameRegion: Bool, hadNoLoadRegion: Bool
  ) throws(LayoutStop) {
    if let before = output.overlayBefore {
      state.loadOffset = before.loadAddress &+ before.size &- state.dot
    } else if let expression = output.statement?.loadAddress {
      state.loadOffset = try value(expression) &- state.dot
    } else if output.overlayStart != nil {
      state.loadOffset = 0
    } else if let region = output.loadRegion {
      let start = LinkerArithmetic.alignUp(region.position, to: output.alignment)
      if region.position < start { region.position = start }
      state.loadOffset = start &- state.dot
    } else if !isSameRegion || !hadNoLoadRegion {
      state.loadOffset = 0
    }
    if let header = output.load, firstSection(of: header) === output {
      header.loadOffset = state.loadOffset
    }
  }

  private func firstSection(of header: LLDHeader) -> LLDOutput? {
    for case .section(let output) in commands where output.load === header { return output }
    return nil
  }

  private func place(_ command: LLDCommand, in output: LLDOutput) throws(LayoutStop) {
    switch command {
    case .assignment(let assignment): try assign(assignment, isInside: true)
    case .assertion(let assertion): try check(assertion)
    case .data(let size, _):
      state.dot = state.dot &+ size
      expand(by: size)
    case .inputs(let inputs):
      for input in inputs.sections {
        let start = state.dot
        state.dot = LinkerArithmetic.alignUp(start, to: input.alignment)
        input.offset = state.dot &- output.address
        state.dot = state.dot &+ input.size
        expand(by: state.dot &- start)
      }
    }
  }
}
