// The flags of one preprocessing run: those of the command line, after those that kbuild recorded.

import LdsParser

/// What the command line says about preprocessing.
struct PreprocessorFlags {
  /// Where a compiler looks last; asking it would mean running it.
  private static let standardFolders = [FilePath("/usr/local/include"), FilePath("/usr/include")]

  /// `-I`, in order.
  let folders: [FilePath]
  private let definitions: [Preprocessor.Definition]
  private let systemFolders: [FilePath]
  private let includedFiles: [FilePath]
  private let hasStandardFolders: Bool
  /// `--cpp-command`
  private let commandFile: FilePath?
  private let search: CommandSearch

  init(_ arguments: ParsedArguments) {
    folders = arguments.all(.includeDirectory).map { FilePath(bytes: $0) }
    systemFolders = arguments.all(.systemDirectory).map { FilePath(bytes: $0) }
    includedFiles = arguments.all(.includeFile).map { FilePath(bytes: $0) }
    hasStandardFolders = !arguments.has(.noStandardIncludes)
    commandFile = arguments.path(.cppCommand)
    search = CommandSearch(near: arguments.inputs.filter { !$0.isStandardInput }.map(\.path))
    definitions = arguments.occurrences.compactMap { occurrence in
      guard let value = occurrence.value else { return nil }
      return switch occurrence.id {
      case .define: .define(value)
      case .undefine: .undefine(value)
      default: nil
      }
    }
  }

  /// Whether something was given that makes no sense for a preprocessed script.
  var areForPreprocessorOnly: Bool {
    !definitions.isEmpty || !includedFiles.isEmpty || commandFile != nil
  }

  /// The options for `script`, with the flags of its kbuild command if one is named or found.
  func options(for script: FilePath) throws(InputError) -> Preprocessor.Options {
    let command = try commandFile.map(CommandSearch.read) ?? search.command(for: script)
    var options = command?.options ?? Preprocessor.Options()
    // Names of the command line are relative to our folder, recorded ones to the folder of kbuild.
    let recorded = options.workingDirectory
    options.workingDirectory = FilePath(bytes: [])
    let anchored: ([FilePath]) -> [FilePath] = { $0.map { recorded.appending($0) } }
    options.folders = folders + anchored(options.folders)
    options.systemFolders = systemFolders + anchored(options.systemFolders)
    options.quoteFolders = anchored(options.quoteFolders)
    options.afterFolders = anchored(options.afterFolders)
    options.macroFiles = anchored(options.macroFiles)
    options.includedFiles = anchored(options.includedFiles) + includedFiles
    options.definitions += definitions
    if hasStandardFolders && command?.usesStandardFolders != false {
      options.standardFolders = Self.standardFolders
    }
    // A script without its tree is still worth reading.
    options.missingIncludes = .tolerate
    return options
  }
}
