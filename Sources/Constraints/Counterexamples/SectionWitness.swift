// For each pattern of a script an input section that it takes: what the sections of a counterexample are made of.

internal import LdsParser

/// A section that a pattern takes.
struct SectionWitness {
  /// The object that holds it.
  let file: [UInt8]
  /// The section; its size and alignment are left open. Nil for a common symbol.
  let section: SyntheticSection?
  /// The output section that is to take it.
  let output: [UInt8]
  /// The pattern's text.
  let span: SourceSpan

  /// The section's name as the linker shows it.
  var name: [UInt8] { section?.name ?? Array("COMMON".utf8) }

  /// The object that holds what any file may hold.
  static let plainFile = Array("inputs.o".utf8)

  /// The sections to try for each pattern of a script, the likeliest first.
  static func candidates(_ script: LayoutScript) -> [[SectionWitness]] {
    var result: [[SectionWitness]] = []
    for section in script.sections where script.names.bytes(section.name) != discard {
      let output = script.names.bytes(section.name)
      for case .inputs(let inputs) in section.body {
        guard let file = file(of: inputs.description, script.names) else { continue }
        for pattern in inputs.description.sections {
          let candidates = names(script.names.bytes(pattern.pattern.name)).compactMap { name in
            witness(name, file, output, pattern.pattern.span)
          }
          if !candidates.isEmpty { result.append(candidates) }
        }
      }
    }
    return result
  }

  private static let discard = Array("/DISCARD/".utf8)

  private static func witness(
    _ name: [UInt8], _ file: [UInt8], _ output: [UInt8], _ span: SourceSpan
  ) -> SectionWitness? {
    if name == Array("COMMON".utf8) {
      return SectionWitness(file: file, section: nil, output: output, span: span)
    }
    guard let section = SyntheticSection(named: name, in: output) else { return nil }
    return SectionWitness(file: file, section: section, output: output, span: span)
  }

  /// Files that the linker opens because the script names them in a pattern without wildcards.
  static func namedFiles(_ script: LayoutScript) -> [[UInt8]] {
    var files: [[UInt8]] = []
    for section in script.sections {
      for case .inputs(let inputs) in section.body {
        guard let pattern = inputs.description.file else { continue }
        let name = script.names.bytes(pattern.pattern.name)
        if Glob.isLiteral(name), !name.contains(UInt8(ascii: ":")), !files.contains(name) {
          files.append(name)
        }
      }
    }
    return files
  }

  /// The name of an object that a description takes; nil if it takes members of archives only.
  private static func file(
    of description: InputSectionDescription, _ names: NameTable
  ) -> [UInt8]? {
    guard let pattern = description.file else { return plainFile }
    let text = names.bytes(pattern.pattern.name)
    let excluded = pattern.excludedFiles + description.sections.flatMap(\.excludedFiles)
    func isExcluded(_ name: [UInt8]) -> Bool {
      excluded.contains { Glob(names.bytes($0.name)).matches(name) }
    }
    if text.contains(UInt8(ascii: ":")) { return nil }
    let glob = Glob(text)
    if glob.matches(plainFile), !isExcluded(plainFile) { return plainFile }
    return self.names(text).first { name in
      name.suffix(2).elementsEqual(".o".utf8) && isInFolder(name) && !isExcluded(name)
    }
  }

  /// Whether a file of this name can be made in a folder of ours.
  static func isInFolder(_ name: [UInt8]) -> Bool {
    let parts = name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let dots = [Array(".".utf8), Array("..".utf8)]
    return parts.allSatisfy { part in
      !part.isEmpty && !dots.contains(Array(part))
        && part.allSatisfy(isHarmless)
    }
  }

  /// Whether a byte means nothing to a shell.
  static func isHarmless(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
  }

  /// Names that a pattern matches.
  private static func names(_ pattern: [UInt8]) -> [[UInt8]] {
    let glob = Glob(pattern)
    if let literal = glob.literal { return [literal] }
    var names: [[UInt8]] = []
    for filling in ["", "a", "w1", ".any", "x.o"] {
      var name: [UInt8] = []
      for part in glob.parts {
        switch part {
        case .any: name += Array(filling.utf8)
        case .one(let set):
          let letters = Array("a0bcdefghijklmnopqrstuvwxyz_1-.".utf8) + Array(0x21...0x7E)
          name.append(letters.first(where: set.contains) ?? 0)
        }
      }
      if !name.isEmpty, name.last != UInt8(ascii: "."), glob.matches(name), !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }
}
