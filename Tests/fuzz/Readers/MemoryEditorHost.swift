// The world of a language server without a file system.

public import Constraints
public import LdsParser

/// Files and images that a test or a fuzzer made.
public final class MemoryEditorHost: EditorHost, SourceProvider {
  /// Files on disk, by their path.
  public var files: [FilePath: SourceBuffer] = [:]
  /// The files of the newest image.
  public var images: [Image] = []
  /// The configuration of every script.
  public var configuration: Configuration?
  /// The objects of every link.
  public var linked = ObjectNames()
  private var held: [FilePath: SourceBuffer] = [:]
  private var builds: UInt64 = 1

  /// An empty world.
  public init() {}

  /// Another build: the image is another one.
  public func build(_ images: [Image]) {
    self.images = images
    builds += 1
  }

  /// The same for every script.
  public func objects(for path: FilePath) -> ObjectNames { linked }

  /// The contents of a file.
  public func open(_ path: FilePath) -> SourceBuffer? { held[path] ?? files[path] }

  /// Remembers or forgets what an editor holds.
  public func hold(_ text: SourceBuffer?, at path: FilePath) { held[path] = text }

  /// The script, expanded first if it has a directive.
  public func read(_ text: SourceBuffer) -> LoadedScript {
    let bytes = text.bytes(in: 0..<text.count)
    guard bytes.contains(UInt8(ascii: "#")) else {
      return LoadedScript(path: text.path, script: ScriptParser.parse(text, provider: self))
    }
    var sources = SourceSet()
    let main = sources.add(text)
    var options = Preprocessor.Options()
    options.missingIncludes = .tolerate
    options.repairsLeftovers = true
    let expansion = Preprocessor.expand(main, in: &sources, options: options, provider: self)
    var script = ScriptParser.parse(expansion.source, in: sources, provider: self)
    script.diagnostics = expansion.diagnostics + script.diagnostics
    return LoadedScript(path: text.path, script: script, expansion: expansion)
  }

  /// As any other text.
  public func read(_ text: SourceBuffer, like script: LoadedScript) -> LoadedScript? { read(text) }

  /// Nothing is known.
  public func missingDefinition(of name: String, in script: LoadedScript) -> String? { nil }

  /// The same for every script.
  public func settings(for path: FilePath) -> EditorSettings {
    var settings = EditorSettings()
    settings.configuration = configuration
    return settings
  }

  /// The one image.
  public func evidence(for path: FilePath) -> [[Image]] { images.isEmpty ? [] : [images] }

  /// Changes with every build.
  public func stamp(of paths: [FilePath], script: FilePath) -> UInt64 { builds }

  /// A place that no test opens.
  public func page(ofRule rule: String) -> String? { "file:///rules.md#\(rule)" }

  /// The text laid out anew.
  public func format(
    _ text: SourceBuffer, indentation: ScriptFormatter.Style.Indentation
  ) -> ScriptFormatter.Result {
    var sources = SourceSet()
    let source = sources.add(text)
    let hasDirective = text.bytes(in: 0..<text.count).contains(UInt8(ascii: "#"))
    return ScriptFormatter.format(
      source, in: sources, isPreprocessed: hasDirective, style: .init(indentation: indentation))
  }
}
