// A script as a link with given options runs it: symbols of --defsym are assignments before or behind it, -Ttext and
// --section-start are addresses of its sections, --wrap gives references another name.

extension LinkerScript {
  /// The script as the linker runs it with `settings`.
  ///
  /// An expression of `--defsym` that the linker would refuse is an error in ``diagnostics``.
  public func linked(with settings: LinkSettings, dialect: LinkerDialect = .bfd) -> LinkerScript {
    var script = self
    script.setStarts(settings.sectionStarts, dialect)
    var before: [Statement] = []
    var after: [Statement] = []
    for definition in settings.definitions {
      guard let statement = script.statement(of: definition, dialect) else { continue }
      if definition.isBeforeScript { before.append(statement) } else { after.append(statement) }
    }
    script.statements = before + script.statements + after
    script.wrap(settings.wrapped)
    return script
  }

  // MARK: --defsym

  private mutating func statement(
    of definition: LinkSettings.Definition, _ dialect: LinkerDialect
  ) -> Statement? {
    let symbol = definition.symbol
    let text = symbol + [UInt8(ascii: "=")] + definition.expression
    let place = sources.add(SourceBuffer(path: FilePath("--defsym"), bytes: text))
    // The expression is read where it stands, behind the name.
    let blanks = [UInt8](repeating: 0x20, count: symbol.count + 1)
    let source = sources.add(
      SourceBuffer(path: FilePath("--defsym"), bytes: blanks + definition.expression))
    // `f1+8` is no name here, whatever it is in a script of an old release (ldlex.l, DEFSYMEXP).
    let options = ScriptParser.Options(dialect: LinkerDialect(dialect.family))
    guard let value = ScriptParser.parseExpression(source, in: &self, options: options) else {
      return nil
    }
    let end = UInt32(truncatingIfNeeded: text.count)
    let name = SpannedName(
      names.intern(symbol),
      span: SourceSpan(source: place, start: 0, end: UInt32(truncatingIfNeeded: symbol.count)))
    let assignment = Assignment(
      target: name, isLocationCounter: false, compound: nil, value: value, written: value,
      kind: .plain)
    return Statement(
      .assignment(assignment), span: SourceSpan(source: place, start: 0, end: end))
  }

  // MARK: -Ttext, --section-start

  private mutating func setStarts(
    _ starts: [LinkSettings.SectionStart], _ dialect: LinkerDialect
  ) {
    for start in starts {
      if dialect == .bfd, let segment = start.segment, reads(segment: segment) { continue }
      guard let name = names.find(start.section) else { continue }
      let option = start.segment == nil ? "--section-start" : "-T"
      let text =
        start.section + [UInt8(ascii: "=")]
        + Array(("0x" + String(start.address, radix: 16)).utf8)
      let source = sources.add(SourceBuffer(path: FilePath(option), bytes: text))
      let span = SourceSpan(
        source: source, start: 0, end: UInt32(truncatingIfNeeded: text.count))
      let address = expressions.append(.integer(start.address), span: span)
      var isDone = false
      statements = Self.setting(address, of: name, in: statements, &isDone)
    }
  }

  /// Whether the script asks for the start of the segment: then the option gives the address to nothing else (ldlang.c,
  /// map_input_to_output_sections).
  private func reads(segment: [UInt8]) -> Bool {
    guard let name = names.find(segment) else { return false }
    return (0..<UInt32(truncatingIfNeeded: expressions.count)).contains { index in
      if case .segmentStart(let read, _) = expressions[ExpressionID(index: index)] {
        return read == name
      }
      return false
    }
  }

  /// The statements with the address in the first description of the section.
  private static func setting(
    _ address: ExpressionID, of name: NameID, in statements: [Statement], _ isDone: inout Bool
  ) -> [Statement] {
    var result = statements
    for index in result.indices where !isDone {
      switch result[index].kind {
      case .outputSection(var section) where section.name.name == name:
        section.address = address
        result[index].kind = .outputSection(section)
        isDone = true
      case .overlay(let overlay): isDone = overlay.members.contains { $0.name.name == name }
      case .sections(let body):
        result[index].kind = .sections(setting(address, of: name, in: body, &isDone))
      case .sectionGroup(let body):
        result[index].kind = .sectionGroup(setting(address, of: name, in: body, &isDone))
      case .include(let file, let body):
        result[index].kind = .include(file, setting(address, of: name, in: body, &isDone))
      default: break
      }
    }
    return result
  }

  // MARK: --wrap

  /// A reference to `SYMBOL` means `__wrap_SYMBOL`, one to `__real_SYMBOL` means `SYMBOL`; what is assigned keeps its name
  /// (ldexp.c: bfd_wrapped_link_hash_lookup where a name is read).
  private mutating func wrap(_ symbols: [[UInt8]]) {
    var renamed: [NameID: NameID] = [:]
    for symbol in symbols {
      if let name = names.find(symbol) {
        renamed[name] = names.intern(Array("__wrap_".utf8) + symbol)
      }
      if let real = names.find(Array("__real_".utf8) + symbol) {
        renamed[real] = names.intern(symbol)
      }
    }
    if !renamed.isEmpty { expressions.renameSymbols(renamed) }
  }
}
