// What a name is: said in a few lines where the pointer rests.

internal import LdsParser

/// Text about a piece of a script.
public struct EditorHover: Sendable {
  /// Markdown.
  public var text: String
  /// The piece, in the script's own text.
  public var range: Range<Int>
}

extension ScriptAnalysis {
  /// What is known of the name at `offset`; nil where there is nothing to say.
  public func hover(at offset: Int) -> EditorHover? {
    let bytes = text.bytes(in: 0..<text.count)
    if let occurrence = occurrences.at(offset, in: source), let spelled = occurrence.spelled,
      let lines = lines(of: occurrence)
    {
      return EditorHover(text: lines.joined(separator: "  \n"), range: spelled.range)
    }
    guard let range = TextPieces.name(in: bytes, at: offset) else { return nil }
    let word = String(decoding: bytes[range], as: UTF8.self)
    if let lines = macroLines(word, at: range.lowerBound) {
      return EditorHover(text: lines.joined(separator: "  \n"), range: range)
    }
    guard let help = CommandHelp.of(word) else { return nil }
    let link = "[ld manual: \(help.node)](\(CommandHelp.link(help.node)))"
    return EditorHover(text: "**\(word)**: \(help.sentence)  \n\(link)", range: range)
  }

  private func lines(of occurrence: NameOccurrence) -> [String]? {
    let name = String(decoding: occurrence.name, as: UTF8.self)
    switch occurrence.kind {
    case .symbol: return symbolLines(name, occurrence)
    case .section: return sectionLines(name, occurrence.name)
    case .region: return regionLines(name, occurrence.name)
    case .segment: return ["program header `\(name)`"]
    case .pattern: return patternLines(name, occurrence)
    case .file: return nil
    }
  }

  // MARK: - Symbols

  private func symbolLines(_ name: String, _ occurrence: NameOccurrence) -> [String] {
    var lines = ["symbol `\(name)`"]
    if case .one(let symbol) = evidence.symbol(occurrence.name) {
      let image = evidence.files[symbol.file]
      var line = "= `\(hexadecimal(symbol.record.value))` in \(image.path.lastComponent.display)"
      if case .section(let row) = symbol.record.place,
        image.outputSections.indices.contains(Int(row))
      {
        let section = image.outputSections[Int(row)].name
        line += ", section `\(String(decoding: section, as: UTF8.self))`"
      }
      if let object = definer(of: symbol.record.value, occurrence.name) {
        line += ", of \(object)"
      }
      lines.append(line)
      if let alignment = Self.alignment(of: symbol.record.value) { lines.append(alignment) }
    } else if !images.isEmpty {
      lines.append("not in \(images[0].path.lastComponent.display)")
    }
    let setters = occurrences.of(.symbol, occurrence.name).filter(\.isDefinition)
    for setter in setters.prefix(4) {
      let position = sources.position(of: setter.span)
      lines.append("set at \(position.path.lastComponent.display):\(position.line)")
    }
    if setters.isEmpty {
      let object = objects.definers[occurrence.name].map { String(decoding: $0, as: UTF8.self) }
      lines.append(
        object.map { "defined by \($0)" }
          ?? "no statement of the script sets it: an object has to")
    }
    return lines + proofLines(occurrence.name)
  }

  /// The object whose input section has the address, as a map tells; nil for a symbol that the script sets.
  private func definer(of address: UInt64, _ name: [UInt8]) -> String? {
    guard !occurrences.of(.symbol, name).contains(where: \.isDefinition),
      let map = images.first(where: { !$0.inputSections.isEmpty }),
      let input = MapContents(map).input(at: address), !input.object.isEmpty
    else { return nil }
    return String(decoding: MemoryNames.short(input.object), as: UTF8.self)
  }

  /// What holds of a symbol in every link, whatever the objects are.
  private func proofLines(_ name: [UInt8]) -> [String] {
    guard let proof, let id = proof.program.names.find(name)
    else { return [] }
    let facts = proof.facts(of: id)
    // Of several assignments none counts alone.
    guard facts.count == 1, let fact = facts.first else { return [] }
    if fact.least == fact.most { return ["in every link `\(hexadecimal(fact.least))`"] }
    guard fact.alignmentPower >= 3, fact.alignmentPower < 64 else { return [] }
    let line = fact.alignedBy.map { step in
      ", by line \(sources.position(of: proof.program.steps[step].span).line)"
    }
    return [
      "in every link a multiple of `\(hexadecimal(1 << UInt64(fact.alignmentPower)))`"
        + (line ?? "")
    ]
  }

  /// How an address is aligned, where that is a page or more.
  private static func alignment(of value: UInt64) -> String? {
    guard value != 0 else { return nil }
    switch value.trailingZeroBitCount {
    case 30...: return "on a 1G boundary"
    case 21...: return "on a 2M boundary"
    case 12...:
      return "on a 4K boundary, `\(hexadecimal(value & 0x1f_ffff))` behind one of 2M"
    default: return nil
    }
  }

  // MARK: - Sections, regions, patterns

  private func sectionLines(_ name: String, _ bytes: [UInt8]) -> [String] {
    var lines = ["output section `\(name)`"]
    guard let section = evidence.outputSection(bytes) else {
      if !images.isEmpty {
        lines.append("not in \(images[0].path.lastComponent.display)")
      }
      return lines
    }
    if let address = section.vma?.value, let size = section.size?.value {
      let end = address &+ size
      lines.append(
        "`\(hexadecimal(address))` to `\(hexadecimal(end))`, \(bytesInWords(size))")
      if size > 0 {
        let pages = ((end &- 1) >> 12) &- (address >> 12) &+ 1
        let frames = ((end &- 1) >> 21) &- (address >> 21) &+ 1
        lines.append("in \(pages) 4K pages, \(frames) 2M \(frames == 1 ? "frame" : "frames")")
      }
      if let load = section.lma?.value, load != address {
        lines.append("loaded at `\(hexadecimal(load))`")
      }
    }
    if let alignment = section.alignment?.value, alignment > 0 {
      lines.append("aligned to `\(hexadecimal(alignment))`")
    }
    return lines
  }

  private func regionLines(_ name: String, _ bytes: [UInt8]) -> [String] {
    var lines = ["memory region `\(name)`"]
    if let region = memory?.region(named: name), let length = region.length {
      lines.append("`\(hexadecimal(region.origin ?? 0))`, \(bytesInWords(length))")
      if region.overflow > 0 {
        lines.append("overflows by \(bytesInWords(region.overflow))")
      } else {
        lines.append(
          "used \(bytesInWords(region.used)), free \(bytesInWords(length - region.used))")
      }
      let largest = memory?.rows(of: region, by: .section).filter { $0.bytes > 0 }.prefix(3) ?? []
      if !largest.isEmpty {
        lines.append(
          "largest: "
            + largest.map { "\($0.displayName) \(bytesInWords(UInt64($0.bytes)))" }
            .joined(separator: ", "))
      }
      return lines
    }
    for case .memory(let regions) in script.statements.map(\.kind) {
      for region in regions where script.names.bytes(region.name.name) == bytes {
        guard let origin = script.expressions.foldedValue(region.origin),
          let length = script.expressions.foldedValue(region.length)
        else { continue }
        lines.append("`\(hexadecimal(origin))`, \(bytesInWords(length))")
        return lines
      }
    }
    return lines
  }

  private func patternLines(_ name: String, _ occurrence: NameOccurrence) -> [String] {
    var lines = ["input sections `\(name)`"]
    guard let map = images.first(where: { !$0.inputSections.isEmpty }) else { return lines }
    let glob = Glob(occurrence.name)
    guard map.sources.count > 0 else { return lines }
    var count = 0
    var size: UInt64 = 0
    for section in map.inputSections {
      guard glob.matches(section.name(in: map)) else { continue }
      count += 1
      size &+= section.size
    }
    lines.append("\(count) in \(map.path.lastComponent.display), \(bytesInWords(size)) in all")
    return lines
  }

  // MARK: - Macros

  private func macroLines(_ name: String, at offset: Int) -> [String]? {
    let macros = MacroTable(loaded)
    let call = macros.call(at: offset, in: source, named: name)
    guard let macro = call?.macro ?? macros.definitions(of: name).first else { return nil }
    let parameters = macro.parameters.map { "(\($0.joined(separator: ", ")))" } ?? ""
    let replacement = macro.replacement.isEmpty ? "" : " " + macro.replacement
    var lines = ["```c\n#define \(name)\(parameters)\(replacement)\n```"]
    if let span = macro.span {
      let position = sources.position(of: span)
      lines.append("defined at \(position.path.display):\(position.line)")
    } else {
      lines.append(Self.origin(macro.origin))
    }
    for branch in macro.conditions {
      let text = String(decoding: self.bytes(branch.directive), as: UTF8.self)
      let line = sources.position(of: branch.directive).line
      lines.append("chosen by line \(line): `\(text)`")
    }
    if let call, let expansion = macros.expansion(of: call.call), expansion != macro.replacement {
      lines.append("here: `\(expansion)`")
    }
    return lines
  }

  private static func origin(_ origin: MacroDefinition.Origin) -> String {
    switch origin {
    case .file: "defined in a file"
    case .commandLine: "defined by a -D option"
    case .predefined: "predefined by the compiler"
    case .wellKnown: "no header defined it: what Xen and Linux mean by it is assumed"
    }
  }
}
