// Preprocesses and parses scripts as the command line says.

import Constraints
import LdsParser

/// Reads scripts as the options of one run want them read.
struct ScriptLoader {
  private let options: ScriptParser.Options
  private let flags: PreprocessorFlags
  private let variants: [Variant]
  /// `--expand` shows what a compiler would, leftovers and all.
  private let printsExpansion: Bool
  /// Whether an option that only a preprocessor understands was given.
  private let mustPreprocess: Bool
  private let link: KnownLink
  /// Opens what scripts include.
  var provider: any SourceProvider = FileSourceProvider()

  init(_ arguments: ParsedArguments) throws {
    try self.init(arguments, link: KnownLink(arguments))
  }

  init(_ arguments: ParsedArguments, link: KnownLink) throws(UsageError) {
    self.link = link
    flags = try PreprocessorFlags(arguments)
    variants = try Variant.all(of: arguments)
    options = ScriptParser.Options(
      dialect: arguments.choice(.linker, default: link.dialect ?? .bfd),
      searchPaths: flags.folders + link.searchPaths)
    printsExpansion = arguments.has(.expand)
    mustPreprocess = printsExpansion || flags.areForPreprocessorOnly
  }

  /// The script in `buffer` as the command line has it, then as each variant has it. A script without
  /// anything to preprocess has no variants.
  ///
  /// - Throws: a file of `--cpp-command` that is none.
  func loadVariants(_ buffer: SourceBuffer) throws(InputError) -> [LoadedScript] {
    var scripts = [try load(buffer)]
    guard DirectiveScanner.hasDirective(buffer) else { return scripts }
    for variant in variants { scripts.append(try load(buffer, as: variant.name)) }
    return scripts
  }

  /// The script in `buffer`, by the name of its variant; what is wrong with it is in its diagnostics.
  ///
  /// - Throws: a file of `--cpp-command` that is none.
  func load(_ buffer: SourceBuffer, as name: String? = nil) throws(InputError) -> LoadedScript {
    let flags = variants.first { $0.name == name }?.flags ?? flags
    guard mustPreprocess || DirectiveScanner.hasDirective(buffer) else {
      let script = ScriptParser.parse(buffer, options: options, provider: provider)
      return LoadedScript(
        path: buffer.path, script: script.linked(with: link.settings, dialect: options.dialect),
        expansion: nil)
    }
    var sources = SourceSet()
    let main = sources.add(buffer)
    var preprocessing = try flags.options(for: buffer.path)
    preprocessing.repairsLeftovers = !printsExpansion
    let expansion = Preprocessor.expand(
      main, in: &sources, options: preprocessing, provider: provider)
    return LoadedScript(
      path: buffer.path,
      script: parse(expansion, sources, of: buffer.path)
        .linked(with: link.settings, dialect: options.dialect),
      expansion: expansion, variant: name)
  }

  /// After an error of the preprocessor the text is not what was meant: its faults are all there is to say.
  private func parse(
    _ expansion: PreprocessedScript, _ sources: SourceSet, of path: FilePath
  ) -> LinkerScript {
    if expansion.hasErrors {
      var script = LinkerScript(sources: sources, main: expansion.source)
      script.diagnostics = Self.withHints(expansion, path)
      return script
    }
    var script = ScriptParser.parse(
      expansion.source, in: sources, options: options, provider: provider)
    script.diagnostics = Self.withHints(expansion, path) + script.diagnostics
    return script
  }

  /// What the preprocessor said; at files that are missing, how to have them found.
  private static func withHints(
    _ expansion: PreprocessedScript, _ path: FilePath
  ) -> [Diagnostic] {
    var diagnostics = expansion.diagnostics
    let missing = diagnostics.indices.filter { diagnostics[$0].id == "missing-include" }
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
