// The flags of one preprocessing run: those of the command line, after those that kbuild recorded.

import LdsParser

/// What the command line says about preprocessing.
struct PreprocessorFlags {
  /// `-I`, in order.
  let folders: [FilePath]
  private let definitions: [Preprocessor.Definition]
  private let systemFolders: [FilePath]
  private let includedFiles: [FilePath]
  private let hasStandardFolders: Bool
  /// `--cpp-command`
  private let commandFile: FilePath?
  private let search: CommandSearch
  /// `--cc`
  private let compiler: CompilerQuestion?
  /// `--target`
  private let target: Target?

  init(_ arguments: ParsedArguments) throws(UsageError) {
    folders = arguments.all(.includeDirectory).map { FilePath(bytes: $0) }
    systemFolders = arguments.all(.systemDirectory).map { FilePath(bytes: $0) }
    includedFiles = arguments.all(.includeFile).map { FilePath(bytes: $0) }
    hasStandardFolders = !arguments.has(.noStandardIncludes)
    commandFile = arguments.path(.cppCommand)
    compiler = arguments.all(.compiler).last.map(CompilerQuestion.init)
    target = try arguments.all(.target).last.map(Self.target)
    search = CommandSearch(
      near: arguments.inputs.compactMap {
        $0.isStandardInput ? arguments.path(.stdinFilename) : $0.path
      })
    definitions = arguments.occurrences.compactMap { occurrence in
      guard let value = occurrence.value else { return nil }
      return switch occurrence.id {
      case .define: .define(value)
      case .undefine: .undefine(value)
      default: nil
      }
    }
  }

  private static func target(_ value: [UInt8]) throws(UsageError) -> Target {
    let name = String(decoding: value, as: UTF8.self)
    if let target = Target(triple: name) { return target }
    let known = Target.allCases.map(\.rawValue).joined(separator: ", ")
    throw .badValue(
      option: "--target", value: name,
      reason: "its first part is no known processor (\(known)); --cc PROGRAM asks a compiler")
  }

  /// Whether something was given that makes no sense for a preprocessed script.
  var areForPreprocessorOnly: Bool {
    !definitions.isEmpty || !includedFiles.isEmpty || commandFile != nil
  }

  /// Whether anything says that the build preprocesses `script`.
  func tellOfPreprocessor(of script: FilePath) -> Bool {
    areForPreprocessorOnly || compiler != nil || target != nil
      || search.command(for: script) != nil
  }

  /// The options for `script`, with the flags of its kbuild command if one is named or found.
  func options(for script: FilePath) throws(InputError) -> Preprocessor.Options {
    var command = try commandFile.map(CommandSearch.read) ?? search.command(for: script)
    if let target { command?.retarget(target) }
    var options = command?.options ?? Preprocessor.Options()
    if let target, command == nil { options.predefined = .target(target) }
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
    if let compiler { try ask(compiler, command, for: &options) }
    options.isWholeCommand = command != nil
    // A script without its tree is still worth reading.
    options.missingIncludes = .tolerate
    return options
  }

  /// Takes the macros and folders of `compiler`. Without one no folder but the named ones is searched: what
  /// lies in ours may be for another processor, and results must not depend on the machine.
  private func ask(
    _ compiler: CompilerQuestion, _ command: KbuildCommand?,
    for options: inout Preprocessor.Options
  ) throws(InputError) {
    let hasFolders = hasStandardFolders && command?.usesStandardFolders != false
    var flags = command?.predefinedFlags ?? []
    if !hasStandardFolders { flags.append(Array("-nostdinc".utf8)) }
    let answer = try compiler.ask(flags, options.language)
    options.predefined = .compilerOutput(answer.macros)
    if hasFolders { options.standardFolders = answer.folders }
  }
}
