// What an editor's questions need of the world: files, macros, the images of a build. A program opens them; the
// library only asks.

public import LdsParser

/// What a project says of one script.
public struct EditorSettings: Sendable {
  /// Its configuration; nil if there is none.
  public var configuration: Configuration?
  /// Tags with a meaning, those of the configuration's databases included.
  public var tags: [ConfiguredTag] = []
  /// How rules are run.
  public var lint = LintSettings()
  /// Why the configuration was not read; nil if it was.
  public var fault: String?

  /// What holds if nothing is said.
  public init() {}
}

/// The files around a script.
public protocol EditorHost: AnyObject, ScriptReader {
  /// `text` read as the project wants it read, with what open editors hold of the files that it includes.
  func read(_ text: SourceBuffer) -> LoadedScript
  /// What the project says of the script at `path`.
  func settings(for path: FilePath) -> EditorSettings
  /// Files of images that the script may have made, those of one image together, the newest first.
  func evidence(for path: FilePath) -> [[Image]]
  /// What the objects of the script's link bring by name, as far as the project says which they are.
  func objects(for path: FilePath) -> ObjectNames
  /// The contents of a file; nil if it cannot be read.
  func open(_ path: FilePath) -> SourceBuffer?
  /// Something that changes when a file of `paths`, the images of the script at `script` or its configuration
  /// do.
  func stamp(of paths: [FilePath], script: FilePath) -> UInt64
  /// What an editor holds of a file that need not be saved; nil when it is closed.
  func hold(_ text: SourceBuffer?, at path: FilePath)
  /// Where the rule's page is for a browser or an editor; nil where nobody knows.
  func page(ofRule rule: String) -> String?
  /// The script laid out anew, or why not.
  func format(_ text: SourceBuffer, indentation: ScriptFormatter.Style.Indentation)
    -> ScriptFormatter.Result
}
