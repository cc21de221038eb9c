// Finds and reads the configuration: the file of `--config`, or the nearest `.lds-check.json` above the script.

import Constraints
import LdsParser

/// A configuration with the files it names.
struct LoadedConfiguration {
  /// Where it was read from.
  let path: FilePath
  var configuration: Configuration
  /// Tags of the file itself and of its databases.
  var tags: [ConfiguredTag]
  /// The baseline it names, seen from the working folder.
  var baseline: FilePath?

  /// What files are called seen from it.
  var naming: FileNaming {
    let root = RepositoryRoot.find(from: path)
    let folder = PathText.absolute(path, in: root.workingFolder).directory
    return FileNaming { root.name(of: $0, seenFrom: folder) }
  }

  /// How the script at `script` is preprocessed: what holds for all, then what holds for it besides.
  func preprocessing(of script: FilePath) -> ConfiguredPreprocessing {
    var all = configuration.preprocessing
    let name = configuration.overrides.isEmpty ? script : FilePath(naming.name(script))
    for override in configuration.overrides where override.covers(name) {
      all.folders = override.preprocessing.folders + all.folders
      all.files += override.preprocessing.files
      all.definitions += override.preprocessing.definitions
      all.target = override.preprocessing.target ?? all.target
    }
    all.folders = all.folders.map { path.directory.appending($0) }
    all.files = all.files.map { path.directory.appending($0) }
    return all
  }
}

enum ConfigurationLoader {
  /// The name looked for.
  static let fileName = FilePath(".lds-check.json")

  /// The configuration of a run; nil if there is none.
  ///
  /// - Parameters:
  ///   - explicit: the file of `--config`, which must be there.
  ///   - script: the first script, from whose folder upwards is searched.
  static func load(explicit: FilePath?, script: FilePath?) throws -> LoadedConfiguration? {
    if let explicit { return try read(explicit) }
    guard let script, let path = find(from: script) else { return nil }
    return try read(path)
  }

  /// The nearest configuration file above `script`, named as the script is: a relative name gives one.
  static func find(from script: FilePath) -> FilePath? {
    let workingFolder = SystemCalls.workingFolder
    var folder = script.directory
    var above = PathText.absolute(script, in: workingFolder).directory
    while true {
      let candidate = folder.appending(fileName)
      if (try? SystemCalls.kind(of: candidate)) == .regular { return candidate }
      if above.directory == above || above.bytes.isEmpty { return nil }
      above = above.directory
      folder =
        script.isAbsolute
        ? above
        : above == workingFolder
          ? FilePath("") : above.relative(to: workingFolder) ?? above
    }
  }

  private static func read(_ path: FilePath) throws -> LoadedConfiguration {
    let names = ConfigurationReader.Names(
      rules: ProgramFindings.everything.map(\.id), profiles: MappingProfiles.names,
      pageTables: PageTableModel.names)
    let configuration = ConfigurationReader.read(try open(path), names: names)
    if configuration.isRefused {
      throw RefusedFile(
        diagnostics: configuration.diagnostics, sources: configuration.script.sources)
    }
    var tags = configuration.tags
    for database in configuration.tagDatabases {
      let file = path.directory.appending(database)
      if let kind = UnaskedFile.refusedKind(file) {
        throw ProgramError("\(file.display): is a \(kind), not a file")
      }
      let read = TagDatabase(try open(file), rules: names.rules)
      if !read.diagnostics.isEmpty {
        throw RefusedFile(diagnostics: read.diagnostics, sources: read.sources)
      }
      tags += read.tags
    }
    return LoadedConfiguration(
      path: path, configuration: configuration, tags: tags,
      baseline: configuration.baseline.map { path.directory.appending($0) })
  }

  private static func open(_ path: FilePath) throws(InputError) -> SourceBuffer {
    do {
      return try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }
}
