// Preprocesses and parses scripts as the command line says.

import Constraints
import LdsParser

/// Reads scripts as the options of one run, and the configuration, want them read.
struct ScriptLoader {
  private let arguments: ParsedArguments
  private let configuration: LoadedConfiguration?
  private let variants: [Variant]
  /// `--expand` shows what a compiler would, leftovers and all.
  private let printsExpansion: Bool
  /// Whether an option that only a preprocessor understands was given.
  private let mustPreprocess: Bool
  private let link: KnownLink
  /// The linker that reads the scripts.
  private let dialect: LinkerDialect
  /// Opens what scripts include.
  var provider: any SourceProvider = FileSourceProvider()

  /// How one script is read.
  private struct Reading {
    let options: ScriptParser.Options
    let flags: PreprocessorFlags
  }

  init(
    _ arguments: ParsedArguments, _ configuration: LoadedConfiguration? = nil,
    dialect: LinkerDialect? = nil
  ) throws {
    try self.init(arguments, configuration, link: KnownLink(arguments), dialect: dialect)
  }

  /// - Parameter dialect: who reads; nil for the first of those that options, configuration and command name.
  init(
    _ arguments: ParsedArguments, _ configuration: LoadedConfiguration? = nil, link: KnownLink,
    dialect: LinkerDialect? = nil
  ) throws(UsageError) {
    self.arguments = arguments
    self.link = link
    let chosen = try ChosenLinkers(arguments, configuration?.configuration, link)
    self.dialect = dialect ?? chosen.first
    self.configuration = configuration
    variants = try Variant.all(of: arguments)
    printsExpansion = arguments.has(.expand)
    let flags = try PreprocessorFlags(arguments)
    mustPreprocess = printsExpansion || flags.areForPreprocessorOnly
  }

  private func reading(
    of path: FilePath, as variant: String?
  ) throws(UsageError) -> Reading {
    let said = configuration?.preprocessing(of: path) ?? ConfiguredPreprocessing()
    let flags =
      if let variant = variants.first(where: { $0.name == variant }) {
        try PreprocessorFlags(variant.arguments.adding(said))
      } else {
        try PreprocessorFlags(arguments.adding(said))
      }
    return Reading(
      options: ScriptParser.Options(
        dialect: dialect, searchPaths: flags.folders + link.searchPaths), flags: flags)
  }

  /// The script in `buffer` as the command line has it, then as each variant has it. A script without
  /// anything to preprocess has no variants.
  ///
  /// - Throws: a file of `--cpp-command` that is none; a target of the configuration that is none.
  func loadVariants(_ buffer: SourceBuffer) throws -> [LoadedScript] {
    var scripts = [try load(buffer)]
    guard DirectiveScanner.hasDirective(buffer) else { return scripts }
    for variant in variants { scripts.append(try load(buffer, as: variant.name)) }
    return scripts
  }

  /// The script in `buffer`, by the name of its variant; what is wrong with it is in its diagnostics.
  ///
  /// - Throws: a file of `--cpp-command` that is none; a target of the configuration that is none.
  func load(_ buffer: SourceBuffer, as name: String? = nil) throws -> LoadedScript {
    let reading = try reading(of: buffer.path, as: name)
    if mustPreprocess || DirectiveScanner.hasDirective(buffer) {
      return try preprocess(buffer, reading, as: name)
    }
    var sources = SourceSet()
    let main = sources.add(buffer)
    let plain = LoadedScript(
      path: buffer.path, script: parse(main, sources, reading, of: buffer.path), expansion: nil)
    guard plain.script.isRefused,
      isForPreprocessor(buffer) || !isRefusedForComments(buffer, reading)
    else { return plain }
    // `//` comments and lines that end in a backslash are no directives, but only a preprocessor takes them.
    let expanded = try preprocess(buffer, reading, as: name)
    guard !expanded.script.isRefused else { return plain }
    if !isForPreprocessor(buffer), let mark = PreprocessorOnly(in: buffer, as: main),
      !reading.flags.tellOfPreprocessor(of: buffer.path)
    {
      let refusal = plain.script.diagnostics.first { $0.severity == .error }
      var script = expanded.script
      script.diagnostics.insert(mark.diagnostic(refusal), at: 0)
      return LoadedScript(
        path: buffer.path, script: script, expansion: expanded.expansion, variant: name)
    }
    return expanded
  }

  /// Whether the name says that a compiler reads the text first.
  private func isForPreprocessor(_ buffer: SourceBuffer) -> Bool {
    buffer.path.lastComponent.bytes.suffix(2).elementsEqual(".S".utf8)
  }

  /// Whether a script is refused for where its comments stand (`x = a/**/+1;`) and for nothing else: then the linker is
  /// meant to read it as it is.
  private func isRefusedForComments(_ buffer: SourceBuffer, _ reading: Reading) -> Bool {
    var sources = SourceSet()
    let main = sources.add(DirectiveScanner.blankingComments(buffer))
    return !parse(main, sources, reading, of: buffer.path).isRefused
  }

  /// The scripts of one link (`-T a.ld -T b.ld`) as the linker reads them, one behind the other; nil if there is but one,
  /// or one of them is no script as it stands.
  func loadTogether(_ buffers: [SourceBuffer]) throws -> LoadedScript? {
    guard buffers.count > 1, let first = buffers.first, !mustPreprocess,
      !buffers.contains(where: DirectiveScanner.hasDirective)
    else { return nil }
    let reading = try reading(of: first.path, as: nil)
    let text = buffers.map { "INCLUDE \"\($0.path.display)\"\n" }.joined()
    let name = buffers.map(\.path.display).joined(separator: " + ")
    var together = self
    together.provider = OpenedSources(buffers, behind: provider)
    var sources = SourceSet()
    let main = sources.add(SourceBuffer(path: FilePath(name), bytes: Array(text.utf8)))
    let script = together.parse(main, sources, reading, of: first.path)
    guard !script.isRefused else { return nil }
    // ld.lld moves output sections only, and leaves assignments where they are.
    let moved = dialect == .bfd ? script.withStatementsInserted : nil
    return LoadedScript(path: first.path, script: moved ?? script)
  }

  private func preprocess(
    _ buffer: SourceBuffer, _ reading: Reading, as name: String?
  ) throws(InputError) -> LoadedScript {
    var sources = SourceSet()
    let main = sources.add(buffer)
    var preprocessing = try reading.flags.options(for: buffer.path)
    preprocessing.repairsLeftovers = !printsExpansion
    if printsExpansion { preprocessing.isWholeCommand = true }
    let expansion = Preprocessor.expand(
      main, in: &sources, options: preprocessing, provider: provider)
    let hints = Self.withHints(expansion, buffer.path)
    var script: LinkerScript
    if expansion.hasErrors {
      // After an error of the preprocessor the text is not what was meant: its faults are all there is to say.
      script = LinkerScript(sources: sources, main: expansion.source)
    } else {
      script = parse(expansion.source, sources, reading, of: buffer.path)
    }
    script.diagnostics = hints + script.diagnostics
    return LoadedScript(path: buffer.path, script: script, expansion: expansion, variant: name)
  }

  /// The script, or what stands inside the SECTIONS of another one.
  private func parse(
    _ main: SourceID, _ sources: SourceSet, _ reading: Reading, of path: FilePath
  ) -> LinkerScript {
    var script = ScriptParser.parse(
      main, in: sources, options: reading.options, provider: provider
    ).linked(with: link.settings, dialect: reading.options.dialect)
    if script.isRefused,
      let fragment = ScriptParser.parseFragment(
        main, in: sources, options: reading.options, provider: provider)
    {
      return fragment
    }
    for index in script.diagnostics.indices
    where script.diagnostics[index].id == .includeNotFound {
      guard let name = script.missingFile(script.diagnostics[index]) else { continue }
      let folder = MissingHeaders(script: path).folder(of: name)
      script.diagnostics[index].notes.append(
        Diagnostic.Note(
          folder.map { "-I \($0.display) would find one" }
            ?? "pass -I DIR as the build passes -L DIR, or \"include\": [\"DIR\"] in .lds-check.json"
        ))
    }
    return script
  }

  /// What the preprocessor said; at files that are missing, how to have them found.
  private static func withHints(
    _ expansion: PreprocessedScript, _ path: FilePath
  ) -> [Diagnostic] {
    var diagnostics = expansion.diagnostics
    let missing = diagnostics.indices.filter { diagnostics[$0].id == .missingInclude }
    let headers = MissingHeaders(script: path)
    for (index, include) in zip(missing, expansion.missingIncludes) {
      guard let option = headers.option(for: include.path) else { continue }
      diagnostics[index].notes.append(Diagnostic.Note("\(option) would find one"))
    }
    if let first = missing.first {
      diagnostics[first].notes.append(
        Diagnostic.Note(
          "pass -I and -D as the build does, or --cpp-command FILE (kbuild: '.NAME.lds.cmd' in the build folder); "
            + "--cc PROGRAM adds the folders "
            + "of a compiler, which are not searched else"))
    }
    return diagnostics
  }
}

extension ScriptLoader: ScriptReader {
  func read(_ text: SourceBuffer, like script: LoadedScript) -> LoadedScript? {
    try? load(text, as: script.variant)
  }

  func missingDefinition(of name: String, in script: LoadedScript) -> String? {
    script.missingDefinition(of: name)
  }
}

extension LinkerScript {
  /// The file that an INCLUDE names which was not found.
  fileprivate func missingFile(_ diagnostic: Diagnostic) -> FilePath? {
    guard let span = diagnostic.span else { return nil }
    let bytes = sources.buffer(span.source).bytes(in: span.range).filter {
      $0 != UInt8(ascii: "\"")
    }
    return bytes.isEmpty ? nil : FilePath(bytes: bytes)
  }
}
