// A script that somebody opened and read.

public import LdsParser

/// A script with the way it was read.
public struct LoadedScript: Sendable {
  /// The file as the user named it.
  public let path: FilePath
  /// The tree; its diagnostics hold those of the preprocessor too.
  public let script: LinkerScript
  /// What the preprocessor made of it; nil if it was read as it is.
  public let expansion: PreprocessedScript?
  /// What the way to preprocess it is called, where one source makes several images; nil for the way that has no
  /// name.
  public var variant: String?

  /// A script that was read.
  public init(
    path: FilePath, script: LinkerScript, expansion: PreprocessedScript? = nil,
    variant: String? = nil
  ) {
    self.path = path
    self.script = script
    self.expansion = expansion
    self.variant = variant
  }
}

/// What explaining and mending ask of whoever opened the script.
public protocol ScriptReader {
  /// `text` read as `script` was read; nil if it cannot be.
  func read(_ text: SourceBuffer, like script: LoadedScript) -> LoadedScript?
  /// Why a name has no value that neither `script` nor the image gives one: a sentence on the include file that may
  /// define it; nil where no file is missing.
  func missingDefinition(of name: String, in script: LoadedScript) -> String?
}
