// Macros that stand before the first line is read: computed ones, the compiler's, and `-D`.

extension PreprocessorEngine {
  /// Defines everything that the options ask for.
  mutating func definePredefined() {
    defineBuiltins()
    switch options.predefined {
    case .target(let target):
      runDefinitions(
        TargetMacros.definitions(of: target, language: options.language)
          + options.impliedDefinitions.flatMap { Self.line(for: $0) },
        name: "<built-in>", origin: .predefined)
    case .compilerOutput(let text):
      runDefinitions(text, name: "<built-in>", origin: .predefined)
    case .none:
      runDefinitions(
        options.impliedDefinitions.flatMap { Self.line(for: $0) }, name: "<built-in>",
        origin: .predefined)
    }
    let unsignedCharacters = names.intern("__CHAR_UNSIGNED__")
    hasUnsignedCharacters = isDefined(unsignedCharacters)
    assertPredefined()
    if options.missingIncludes == .tolerate { defineStandIns() }
    var text: [UInt8] = []
    for definition in options.definitions {
      text += Self.line(for: definition)
      if case .undefine(let name) = definition { undefinedNames.insert(names.intern(name)) }
    }
    runDefinitions(text, name: "<command-line>", origin: .commandLine)
  }

  /// `-DNAME=VALUE` as the directive it stands for.
  private static func line(for definition: Preprocessor.Definition) -> [UInt8] {
    var line: [UInt8]
    switch definition {
    case .undefine(let name):
      line = Array("#undef ".utf8)
      line += name.prefix { $0 != 0x0A }
    case .define(let text):
      line = Array("#define ".utf8)
      let words = text.prefix { $0 != 0x0A }
      if let equals = words.firstIndex(of: UInt8(ascii: "=")) {
        line += words[..<equals]
        line.append(0x20)
        line += words[(equals + 1)...]
      } else {
        line += words
        line += Array(" 1".utf8)
      }
    }
    line.append(0x0A)
    return line
  }

  /// Reads directives that no file holds.
  mutating func runDefinitions(
    _ text: [UInt8], name: String, origin: MacroDefinition.Origin
  ) {
    guard !text.isEmpty else { return }
    let id = addSource(SourceBuffer(path: FilePath(name), bytes: text))
    guard let source = UInt16(exactly: id.index) else { return }
    definitionOrigin = origin
    enter(source: source, file: -1, nextFolder: 0)
    enteredFiles = 0
    print()
    printer = Printer()
    definitionOrigin = .file
  }
}
