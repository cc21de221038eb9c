// The commands at the top of a script as text: MEMORY, PHDRS, VERSION, INPUT and the commands of names.

extension ScriptWriter {
  mutating func writeCommand(_ kind: Statement.Kind) {
    switch kind {
    case .memory(let regions):
      line { $0.put("MEMORY") }
      openBrace()
      for region in regions { line { $0.write(region) } }
      closeBrace()
    case .programHeaders(let headers):
      line { $0.put("PHDRS") }
      openBrace()
      for header in headers { line { $0.write(header) } }
      closeBrace()
    case .version(let nodes):
      line { $0.put("VERSION") }
      openBrace()
      for node in nodes { write(node) }
      closeBrace()
    case .input(let files, let isGroup): line { $0.write(files, isGroup: isGroup) }
    case .names(let command, let names): line { $0.write(command, names) }
    case .bare(let command): line { $0.put(command.rawValue) }
    default: break
    }
  }

  private mutating func write(_ region: MemoryRegion) {
    put(region.name)
    if !region.attributes.isEmpty {
      put(" (")
      for (index, term) in region.attributes.enumerated() {
        if index > 0 { put(" ") }
        if term.isNegated { put("!") }
        put(term.name)
      }
      put(")")
    }
    put(" : ORIGIN = ")
    put(region.origin)
    put(", LENGTH = ")
    put(region.length)
  }

  private mutating func write(_ header: ProgramHeaderDescription) {
    put(header.name)
    put(" ")
    put(header.type)
    if header.hasFileHeader { put(" FILEHDR") }
    if header.hasProgramHeaders { put(" PHDRS") }
    for (word, value) in [("AT", header.loadAddress), ("FLAGS", header.flags)] {
      guard let value else { continue }
      put(" \(word)(")
      put(value)
      put(")")
    }
    put(";")
  }

  // MARK: - Versions

  private mutating func write(_ node: VersionNode) {
    if let name = node.name { line { $0.write(bare: name) } }
    let dependencies = node.dependencies
    openBrace()
    write(node.patterns.filter { !$0.isLocal }, "global:")
    write(node.patterns.filter(\.isLocal), "local:")
    closeBrace { writer in
      for name in dependencies {
        writer.put(" ")
        writer.write(bare: name)
      }
      writer.put(";")
    }
  }

  private mutating func write(_ patterns: [VersionPattern], _ label: String) {
    if patterns.isEmpty { return }
    line { $0.put(label) }
    for pattern in patterns {
      line {
        if let language = pattern.language {
          $0.put("extern ")
          $0.putQuoted(language)
          $0.put(" { ")
        }
        $0.write(bare: pattern.pattern)
        $0.put(pattern.language == nil ? ";" : "; };")
      }
    }
  }

  /// Quotes mean something in version scripts: a literal name. They are kept as written.
  private mutating func write(bare name: SpannedName) {
    NameWriter.append(script.names.bytes(name.name), quoted: name.isQuoted, to: &output)
  }

  // MARK: - Names

  private mutating func write(_ files: [InputFile], isGroup: Bool) {
    put(isGroup ? "GROUP(" : "INPUT(")
    for (index, file) in files.enumerated() {
      if index > 0 { put(" ") }
      if file.isAsNeeded { put("AS_NEEDED(") }
      let isLibrary =
        !file.name.isQuoted && script.names.bytes(file.name.name).starts(with: [0x2D, 0x6C])
      if isLibrary { write(bare: file.name) } else { putQuoted(file.name) }
      if file.isAsNeeded { put(")") }
    }
    put(")")
  }

  private mutating func write(_ command: NameCommand, _ names: [SpannedName]) {
    switch command {
    case .insertAfter, .insertBefore:
      put("\(command.rawValue) ")
      for name in names { put(name) }
    case .outputFormat, .regionAlias, .searchDirectory, .output, .startup, .map,
      .outputArchitecture,
      .target, .feature:
      put("\(command.rawValue)(")
      for (index, name) in names.enumerated() {
        if index > 0 { put(", ") }
        putQuoted(name)
      }
      put(")")
    default:
      write(command.rawValue, names)
    }
  }
}
