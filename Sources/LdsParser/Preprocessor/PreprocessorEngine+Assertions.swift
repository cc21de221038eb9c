// Assertions, an old extension of gcc: `#assert machine(x86)`, `#unassert machine`, `#if #machine(x86)`.

extension PreprocessorEngine {
  /// A predicate with its answer: `machine` and the tokens `x86` of `machine(x86)`.
  struct Assertion {
    var predicate: Int
    /// The tokens' spellings, each after a blank or, where none stands before it, a null byte; nil if
    /// the predicate stands alone.
    var answer: [UInt8]?
  }

  /// Processors that gcc asserts as `cpu` and `machine`, by the macro that tells them; the first counts.
  private static let processors: [(macro: StaticString, name: String)] = [
    ("__x86_64__", "x86_64"), ("__i386__", "i386"), ("__arm__", "arm"), ("__alpha__", "alpha"),
    ("__arc__", "arc"), ("__hppa__", "hppa"), ("__m68k__", "m68k"), ("__mips__", "mips"),
    ("__powerpc64__", "powerpc64"), ("__powerpc__", "powerpc"), ("__s390__", "s390"),
    ("__sh__", "sh"), ("__arch64__", "sparc64"), ("__sparc__", "sparc"),
  ]

  /// Asserts what the compiler does, as far as its macros tell: `system`, `cpu`, `machine`.
  mutating func assertPredefined() {
    var facts: [(predicate: StaticString, answer: String)] = []
    let linux = names.intern("__linux__")
    if isDefined(linux) { facts += ["linux", "unix", "posix"].map { ("system", $0) } }
    for processor in Self.processors {
      let macro = names.intern(processor.macro)
      guard isDefined(macro) else { continue }
      facts += [("cpu", processor.name), ("machine", processor.name)]
      break
    }
    for fact in facts {
      assertions[names.intern(fact.predicate), default: []].insert([0] + Array(fact.answer.utf8))
    }
  }

  /// `#assert machine(x86)`
  mutating func assert() {
    guard let assertion = readAssertion(), let answer = assertion.answer else { return }
    assertions[assertion.predicate, default: []].insert(answer)
  }

  /// `#unassert machine(x86)`, or `#unassert machine` for all answers.
  mutating func unassert() {
    guard let assertion = readAssertion(mayStandAlone: true) else { return }
    guard let answer = assertion.answer else {
      assertions[assertion.predicate] = nil
      return
    }
    assertions[assertion.predicate]?.remove(answer)
  }

  /// Whether what follows a `#` in a condition was asserted; false after an error.
  mutating func testAssertion() -> Bool {
    guard let assertion = readAssertion(inCondition: true) else { return false }
    let answers = assertions[assertion.predicate] ?? []
    return assertion.answer.map { answers.contains($0) } ?? !answers.isEmpty
  }

  /// The predicate and its answer, whose macros are not expanded.
  private mutating func readAssertion(
    mayStandAlone: Bool = false, inCondition: Bool = false
  ) -> Assertion? {
    preventExpansion += 1
    defer { preventExpansion -= 1 }
    let name = nextSolidToken()
    guard name.kind == .identifier else {
      let message =
        name.kind == .end
        ? "an assertion needs a predicate" : "'\(quoted(name))' is no predicate of an assertion"
      error("bad-assertion", message, at: name.span)
      if name.kind == .end { unread(name) }
      return nil
    }
    let open = nextSolidToken()
    guard open.kind == .openParen else {
      if inCondition || mayStandAlone && open.kind == .end {
        unread(open)
        return Assertion(predicate: Int(name.value))
      }
      error("bad-assertion", "'(' is missing after predicate '\(quoted(name))'", at: name.span)
      return nil
    }
    return readAnswer().map { Assertion(predicate: Int(name.value), answer: $0) }
  }

  /// The tokens up to the first closing parenthesis.
  private mutating func readAnswer() -> [UInt8]? {
    var answer: [UInt8] = []
    while true {
      let token = nextSolidToken()
      if token.kind == .end {
        error("bad-assertion", "the answer of the assertion is not closed", at: token.span)
        unread(token)
        return nil
      }
      if token.kind == .closeParen {
        if answer.isEmpty {
          error("bad-assertion", "the answer of the assertion is empty", at: token.span)
        }
        return answer.isEmpty ? nil : answer
      }
      answer.append(!answer.isEmpty && token.flags.contains(.prevWhite) ? 0x20 : 0)
      appendText(of: token, to: &answer)
    }
  }
}
