// Output sections, overlays and what is inside them as text.

extension ScriptWriter {
  mutating func write(_ section: OutputSectionDescription) {
    line {
      $0.put(section.name)
      $0.put(" ")
      if let address = section.address { $0.writeAddress(address) }
      $0.write(section.type)
      $0.put(":")
      $0.writeCall("AT", section.loadAddress)
      $0.writeCall("ALIGN", section.alignment)
      if section.alignsWithInput { $0.put(" ALIGN_WITH_INPUT") }
      $0.writeCall("SUBALIGN", section.subalignment)
      if let constraint = section.constraint { $0.put(" \(constraint.rawValue)") }
    }
    openBrace()
    write(section.body, .outputSection)
    closeBrace { $0.write(section.tail) }
  }

  mutating func write(_ overlay: OverlayDescription) {
    line {
      $0.put("OVERLAY ")
      if let address = overlay.address { $0.writeAddress(address) }
      $0.put(":")
      if overlay.forbidsCrossReferences { $0.put(" NOCROSSREFS") }
      $0.writeCall("AT", overlay.loadAddress)
      $0.writeCall("SUBALIGN", overlay.subalignment)
    }
    openBrace()
    for member in overlay.members {
      line { $0.put(member.name) }
      let tail = OutputSectionTail(programHeaders: member.programHeaders, fill: member.fill)
      openBrace()
      write(member.body, .outputSection)
      closeBrace { $0.write(tail) }
    }
    closeBrace { $0.write(overlay.tail) }
  }

  /// The first word after a section's name is read as in scripts, where `~x` is a name.
  private mutating func writeAddress(_ address: ExpressionID) {
    put("(")
    put(address)
    put(") ")
  }

  private mutating func writeCall(_ word: String, _ value: ExpressionID?) {
    guard let value else { return }
    put(" \(word)(")
    put(value)
    put(")")
  }

  private mutating func write(_ type: OutputSectionType) {
    switch type {
    case .normal: break
    case .noload: put("(NOLOAD) ")
    case .dsect: put("(DSECT) ")
    case .copy: put("(COPY) ")
    case .info: put("(INFO) ")
    case .overlay: put("(OVERLAY) ")
    case .readonly: put("(READONLY) ")
    case .type(let value):
      put("(TYPE = ")
      put(value)
      put(") ")
    case .readonlyType(let value):
      put("(READONLY (TYPE = ")
      put(value)
      put(")) ")
    }
  }

  private mutating func write(_ tail: OutputSectionTail) {
    if let region = tail.region {
      put(" >")
      put(region)
    }
    if let region = tail.loadRegion {
      put(" AT>")
      put(region)
    }
    for header in tail.programHeaders {
      put(" :")
      put(header)
    }
    if let fill = tail.fill {
      put(" =")
      writeFill(fill)
    }
  }

  /// A hexadecimal literal fills with as many bytes as it has digits for; any other value with four bytes.
  private mutating func writeFill(_ fill: ExpressionID) {
    var value = fill
    while case .unary(.plus, let operand) = script.expressions[value] { value = operand }
    guard case .integer(let number) = script.expressions[value] else { return put(fill) }
    let span = script.expressions.span(value)
    let text = script.sources.buffer(span.source).bytes(in: span.range)
    let isHex = text.starts(with: [0x30, 0x78]) || text.starts(with: [0x30, 0x58])
    let suffix = (text.last ?? 0) | 0x20
    if isHex, suffix != 0x6B, suffix != 0x6D { output += text } else { put(String(number)) }
  }

  // MARK: - Statements

  mutating func writeOutputStatement(_ kind: Statement.Kind) {
    switch kind {
    case .inputSections(let description): write(description)
    case .data(let width, let value):
      put("\(width.rawValue)(")
      put(value)
      put(")")
    case .fill(let value):
      put("FILL(")
      writeFill(value)
      put(")")
    case .ascii(let text):
      put("ASCIZ ")
      putQuoted(text)
    case .linkerVersion: put("LINKER_VERSION")
    case .constructors(let isSorted): put(isSorted ? "SORT(CONSTRUCTORS)" : "CONSTRUCTORS")
    case .createObjectSymbols: put("CREATE_OBJECT_SYMBOLS")
    case .classReference(let name): write("CLASS", [name])
    default: break
    }
  }

  private mutating func write(_ description: InputSectionDescription) {
    if description.isKept { put("KEEP(") }
    if !description.flags.isEmpty {
      put("INPUT_SECTION_FLAGS(")
      for (index, flag) in description.flags.enumerated() {
        if index > 0 { put(" & ") }
        let sign: [UInt8] = flag.isNegated ? [0x21] : []
        NameWriter.appendPattern(sign + script.names.bytes(flag.name.name), to: &output)
      }
      put(") ")
    }
    if let file = description.file {
      write(file)
      if description.hasSectionList { writeList(description.sections, "(", ")") }
    } else {
      writeList(description.sections, "[ ", " ]")
    }
    if description.isKept { put(")") }
  }

  private mutating func writeList(_ patterns: [WildcardPattern], _ open: String, _ close: String) {
    put(open)
    for (index, pattern) in patterns.enumerated() {
      if index > 0 { put(" ") }
      write(pattern)
    }
    put(close)
  }

  private mutating func write(_ pattern: WildcardPattern) {
    for sort in pattern.sorts { put("\(sort.rawValue)(") }
    if !pattern.excludedFiles.isEmpty {
      put("EXCLUDE_FILE(")
      for (index, file) in pattern.excludedFiles.enumerated() {
        if index > 0 { put(" ") }
        putPattern(file)
      }
      put(") ")
    }
    putPattern(pattern.pattern)
    for _ in pattern.sorts { put(")") }
  }
}
