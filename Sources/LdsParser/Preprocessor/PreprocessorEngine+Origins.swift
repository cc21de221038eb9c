// The record of macro calls: made while expanding, read by the origin table.

extension PreprocessorEngine {
  /// Records the call of macro `index` by `token`, which `close` ends. The result goes to
  /// ``MacroToken/call``; 0 inside directives, where nothing is printed.
  mutating func recordCall(_ token: MacroToken, _ index: Int, close: MacroToken?) -> UInt32 {
    if inDirective { return 0 }
    var span = token.span
    if let close {
      if close.call == token.call {
        span = span.extended(to: close.span)
      } else {
        extendCallers(of: token, to: close)
      }
    }
    let macro = useMacro(index)
    if definitions[index].display == nil {
      definitions[index].display = names.string(definitions[index].name)
    }
    let definition = definitions[index]
    calls.append(
      MacroCall(
        name: definition.display ?? "", call: span,
        definition: definition.origin == .file ? definition.nameSpan : nil,
        parent: token.callIndex,
        condition: nil, macro: macro))
    outermostCalls.append(
      token.call == 0 ? UInt32(calls.count - 1) : outermostCalls[Int(token.call) - 1])
    return UInt32(truncatingIfNeeded: calls.count)
  }

  /// `#define G f` and `G(2)`: the parenthesis of f's call stands behind G in the file, so it belongs to
  /// what the author wrote for G.
  private mutating func extendCallers(of token: MacroToken, to close: MacroToken) {
    var call = token.callIndex
    while let index = call, stepToCaller() {
      let parent = calls[index].parent
      if parent == close.callIndex {
        let span = calls[index].call
        if span.source == close.span.source, span.end <= close.end {
          calls[index].call = span.extended(to: close.span)
        }
        return
      }
      call = parent
    }
  }

  /// Counts definition `index` among those the script used.
  mutating func useMacro(_ index: Int) -> Int {
    if definitions[index].used == 0 {
      usedMacros.append(index)
      definitions[index].used = usedMacros.count
    }
    return definitions[index].used - 1
  }

  /// Where the author's text stands that led to `token`: the outermost call, or the token itself.
  func outermostSpan(_ token: MacroToken) -> SourceSpan {
    guard let index = token.callIndex, index < calls.count else { return token.span }
    return calls[Int(outermostCalls[index])].call
  }

  /// Counts a step from a call to its caller; false at the limit.
  mutating func stepToCaller() -> Bool {
    callerSteps += 1
    if callerSteps > options.callerStepsLimit {
      stop("more than \(options.callerStepsLimit) steps from macro calls to their callers", at: nil)
    }
    return !isStopped
  }

  /// Ends the run: the expanded text becomes a source.
  mutating func finish(_ main: SourceID) -> PreprocessedScript {
    if printer.lineHasText { printer.bytes.append(0x0A) }
    repairLeftovers()
    listStandIns()
    let macros = usedMacros.map { describe($0) }
    for index in calls.indices {
      if let macro = calls[index].macro {
        calls[index].condition = macros[macro].conditions.first?.directive
      }
    }
    let buffer = SourceBuffer(path: sources.buffer(main).path, bytes: printer.bytes)
    let source = sources.add(
      buffer, origins: OriginTable(runs: printer.runs, calls: calls))
    if errorCount > Limit.reportedErrors {
      diagnostics.append(
        Diagnostic(
          id: .tooManyErrors, severity: .error,
          message: "\(errorCount - Limit.reportedErrors) more errors", span: nil))
    }
    return PreprocessedScript(
      source: source, diagnostics: diagnostics, files: openedFiles,
      missingIncludes: missingIncludes, guessedConditionals: guessedConditionals, macros: macros)
  }

  private func describe(_ index: Int) -> MacroDefinition {
    let macro = definitions[index]
    let isFile = macro.origin == .file
    return MacroDefinition(
      name: names.string(macro.name), origin: macro.origin,
      span: isFile ? macro.nameSpan : nil,
      body: isFile && macro.bodySpan.start < macro.bodySpan.end ? macro.bodySpan : nil,
      replacement: replacementText(macro),
      parameters: macro.isFunction
        ? macro.parameters.map { names.string(Int($0)) } : nil,
      conditions: conditions(macro.branch))
  }

  func replacementText(_ macro: StoredMacro) -> String {
    guard let reader = readers[Int(macro.bodySpan.source.index)], macro.builtin == nil else {
      return ""
    }
    return String(
      decoding: AuthoredText.normalised(
        reader, Int(macro.bodySpan.start), Int(macro.bodySpan.end)), as: UTF8.self)
  }

  private func conditions(_ branch: Int) -> [ConditionalBranch] {
    var found: [ConditionalBranch] = []
    var next = branch
    while next >= 0, found.count < Limit.nesting {
      let record = branches[next]
      next = record.parent
      if record.isGuard { continue }
      let asked = tests[record.firstTest..<record.firstTest + record.testCount]
      found.append(
        ConditionalBranch(
          directive: record.directive, opening: record.opening,
          tests: asked.map {
            ConditionalBranch.Test(name: names.string($0.name), isDefined: $0.isDefined)
          }))
    }
    return found
  }
}
