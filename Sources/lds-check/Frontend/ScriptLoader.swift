// Preprocesses and parses scripts with what the command line says about them.

import LdsParser

/// A script with the way it was read.
struct LoadedScript {
  /// The file as the user named it.
  let path: FilePath
  /// The tree; its diagnostics hold those of the preprocessor too.
  let script: LinkerScript
  /// What the preprocessor made of it; nil if it was read as it is.
  let expansion: PreprocessedScript?
}

/// Reads scripts as the options of one run want them read.
struct ScriptLoader {
  /// Where a compiler looks last; asking it would mean running it.
  private static let standardFolders = [FilePath("/usr/local/include"), FilePath("/usr/include")]

  private let options: ScriptParser.Options
  private let preprocessing: Preprocessor.Options
  /// Whether an option that only a preprocessor understands was given.
  private let mustPreprocess: Bool

  init(_ arguments: ParsedArguments) {
    let folders = arguments.all(.includeDirectory).map { FilePath(bytes: $0) }
    options = ScriptParser.Options(
      dialect: arguments.choice(.linker, default: .bfd), searchPaths: folders)
    var preprocessing = Preprocessor.Options()
    preprocessing.folders = folders
    preprocessing.definitions = Self.definitions(arguments)
    preprocessing.systemFolders = arguments.all(.systemDirectory).map { FilePath(bytes: $0) }
    preprocessing.includedFiles = arguments.all(.includeFile).map { FilePath(bytes: $0) }
    if !arguments.has(.noStandardIncludes) {
      preprocessing.standardFolders = Self.standardFolders
    }
    // A script without its tree is still worth reading.
    preprocessing.missingIncludes = .tolerate
    self.preprocessing = preprocessing
    mustPreprocess =
      arguments.has(.expand) || arguments.has(.includeFile) || !preprocessing.definitions.isEmpty
  }

  /// The script in `buffer`; what is wrong with it is in its diagnostics.
  func load(_ buffer: SourceBuffer) -> LoadedScript {
    guard mustPreprocess || DirectiveScanner.hasDirective(buffer) else {
      let script = ScriptParser.parse(buffer, options: options, provider: FileSourceProvider())
      return LoadedScript(path: buffer.path, script: script, expansion: nil)
    }
    var sources = SourceSet()
    let main = sources.add(buffer)
    let expansion = Preprocessor.expand(
      main, in: &sources, options: preprocessing, provider: FileSourceProvider())
    return LoadedScript(
      path: buffer.path, script: parse(expansion, sources), expansion: expansion)
  }

  /// After an error of the preprocessor the text is not what was meant: its faults are all there is to say.
  private func parse(_ expansion: PreprocessedScript, _ sources: SourceSet) -> LinkerScript {
    if expansion.hasErrors {
      var script = LinkerScript(sources: sources, main: expansion.source)
      script.diagnostics = expansion.diagnostics
      return script
    }
    var script = ScriptParser.parse(
      expansion.source, in: sources, options: options, provider: FileSourceProvider())
    script.diagnostics = expansion.diagnostics + script.diagnostics
    return script
  }

  private static func definitions(_ arguments: ParsedArguments) -> [Preprocessor.Definition] {
    arguments.occurrences.compactMap { occurrence in
      guard let value = occurrence.value else { return nil }
      return switch occurrence.id {
      case .define: .define(value)
      case .undefine: .undefine(value)
      default: nil
      }
    }
  }
}
