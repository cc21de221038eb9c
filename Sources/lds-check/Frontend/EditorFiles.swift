// The files around a script that is open in an editor: what it includes, its configuration, the images of its
// last build.

import Constraints
import LdsParser

/// What the language server knows of the world: the file system, under what the editor holds unsaved.
final class EditorFiles: EditorHost {
  private let arguments: ParsedArguments
  private let search: ImageSearch
  private let rulePages = EditorFiles.findRulePages()
  private var held: [FilePath: SourceBuffer] = [:]
  /// Images that were read, by the state of their file.
  private var read: [FilePath: (state: FileState, image: Image?)] = [:]
  /// Objects, likewise.
  private var objects: [FilePath: (state: FileState, names: ObjectNames)] = [:]
  /// Configurations, likewise.
  private var configurations:
    [FilePath: (state: FileState, loaded: Result<LoadedConfiguration?, any Error>)] = [:]

  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    search = ImageSearch(named: arguments.inputs.map(\.path))
    // What is wrong with the options is said before an editor waits for an answer.
    _ = try ScriptLoader(arguments)
  }

  func hold(_ text: SourceBuffer?, at path: FilePath) { held[path] = text }

  /// Reads scripts as the options and the configuration of the one at `path` want it.
  private func loader(for path: FilePath) throws -> ScriptLoader {
    var loader = try ScriptLoader(arguments, (try? configuration(for: path)) ?? nil)
    loader.provider = HeldFiles(held: held)
    return loader
  }

  func read(_ text: SourceBuffer) -> LoadedScript {
    do {
      return try loader(for: text.path).load(text)
    } catch {
      // The command file that an option names is none: the script is read without it.
      let script = ScriptParser.parse(text, provider: HeldFiles(held: held))
      return LoadedScript(path: text.path, script: script)
    }
  }

  func read(_ text: SourceBuffer, like script: LoadedScript) -> LoadedScript? {
    (try? loader(for: text.path))?.read(text, like: script)
  }

  func missingDefinition(of name: String, in script: LoadedScript) -> String? {
    script.missingDefinition(of: name)
  }

  func open(_ path: FilePath) -> SourceBuffer? {
    held[path] ?? (try? FileSourceProvider().open(path)) ?? nil
  }

  func settings(for path: FilePath) -> EditorSettings {
    var settings = EditorSettings()
    do {
      let loaded = try configuration(for: path)
      settings.configuration = loaded?.configuration
      settings.tags = loaded?.tags ?? []
      settings.lint = try LintSettings(arguments, loaded?.configuration)
    } catch let error as RefusedFile {
      let first = error.diagnostics.first { $0.severity == .error }
      let place =
        first?.span.map { error.sources.position(of: $0).display } ?? error.path.display
      settings.fault = "\(place): \(first?.message ?? "cannot be read")"
    } catch let error as ProgramError {
      settings.fault = error.message
    } catch let error as InputError {
      settings.fault = "\(error.path.display): \(error.reason.message)"
    } catch {
      settings.fault = "\(error)"
    }
    return settings
  }

  func format(
    _ text: SourceBuffer, indentation: ScriptFormatter.Style.Indentation
  ) -> ScriptFormatter.Result {
    let result = try? ScriptFormatting(loader(for: text.path))
      .format(text, style: .init(indentation: indentation))
    let bytes = result?.new ?? text.bytes(in: 0..<text.count)
    return ScriptFormatter.Result(bytes: bytes, fault: result?.faults.first)
  }

  // MARK: - Configurations

  private func configurationPath(for script: FilePath) -> FilePath? {
    arguments.path(.config) ?? ConfigurationLoader.find(from: script)
  }

  /// The configuration of a script, read anew when its file is another one.
  private func configuration(for script: FilePath) throws -> LoadedConfiguration? {
    guard let path = configurationPath(for: script), let state = FileState(ofFile: path) else {
      return try ConfigurationLoader.load(explicit: arguments.path(.config), script: script)
    }
    if let known = configurations[path], known.state == state { return try known.loaded.get() }
    let loaded = Result { try ConfigurationLoader.load(explicit: path, script: nil) }
    configurations[path] = (state, loaded)
    return try loaded.get()
  }

  /// The files that patterns of the configuration lead to, in its order.
  private func files(
    _ patterns: (Configuration) -> [PathPattern], for script: FilePath
  ) -> [FilePath] {
    guard let loaded = (try? configuration(for: script)) ?? nil else { return [] }
    let folder = PathText.absolute(loaded.path, in: SystemCalls.workingFolder).directory
    return patterns(loaded.configuration).flatMap { pattern in
      pattern.paths(below: folder, most: Self.mostEntries) { folder in
        FileState.names(in: folder).filter { $0.bytes.first != UInt8(ascii: ".") }
      }
    }
  }

  /// Entries of folders that are looked at for one pattern: this is done once a second.
  private static let mostEntries = 1 << 12

  // MARK: - Pages

  /// The page in the documentation that was installed with the program, or lies in the tree it was built in.
  func page(ofRule rule: String) -> String? { rulePages.map { "\($0)#\(rule)" } }

  private static func findRulePages() -> String? {
    guard let program = SystemCalls.realPath(FilePath("/proc/self/exe")) else { return nil }
    let name = FilePath("Documentation/rules.md")
    var folder = program.directory
    for _ in 0..<6 where folder.directory != folder {
      for place in [FilePath("share/doc/lds-check/rules.md"), name] {
        let path = folder.appending(place)
        if FileState(ofFile: path) != nil { return DocumentURI.uri(path) }
      }
      folder = folder.directory
    }
    return nil
  }

  // MARK: - Images

  func evidence(for path: FilePath) -> [[Image]] {
    let candidates = imageFiles(for: path)
    let images = candidates.compactMap { image($0.path, $0.state) }
    // What no script asks for any more is forgotten.
    read = read.filter { entry in candidates.contains { $0.path == entry.key } }
    var newest: [FilePath: Int64] = [:]
    for candidate in candidates { newest[candidate.path] = candidate.state.changed }
    return ImageEvidence.grouping(images).map { group in group.map { images[$0] } }
      .sorted { left, right in
        (left.compactMap { newest[$0.path] }.max() ?? 0)
          > (right.compactMap { newest[$0.path] }.max() ?? 0)
      }
  }

  private func imageFiles(for script: FilePath) -> [ImageSearch.Candidate] {
    search.files(for: script, configured: files(\.images, for: script))
  }

  func objects(for path: FilePath) -> ObjectNames {
    var all = ObjectNames()
    let paths = files(\.objects, for: path)
    for path in paths {
      guard let state = FileState(ofFile: path) else { continue }
      if objects[path]?.state != state {
        var names = ObjectNames()
        // Not mapped: the next build writes it while it is held.
        if let buffer = try? FileInput.read(path) { names.add(buffer) }
        objects[path] = (state, names)
      }
      if let known = objects[path] { all.add(known.names) }
    }
    return all
  }

  private func image(_ path: FilePath, _ state: FileState) -> Image? {
    if let known = read[path], known.state == state { return known.image }
    var image: Image?
    // Not mapped: the next build writes it while it is held.
    if let buffer = try? FileInput.read(path) {
      let format = FormatRecognizer.recognize(buffer)
      if format != .script { image = try? ImageReader.read(buffer, as: format, parts: .all) }
    }
    if image?.isRelocatable == true || image?.damage != nil { image = nil }
    read[path] = (state, image)
    return image
  }

  func stamp(of paths: [FilePath], script: FilePath) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ value: Int64) {
      hash = (hash ^ UInt64(bitPattern: value)) &* 0x0100_0000_01b3
    }
    let configuration = configurationPath(for: script)
    let images = imageFiles(for: script)
    for path in paths.filter({ $0 != script }) + [configuration].compactMap({ $0 }) {
      let state = FileState(ofFile: path)
      mix(state?.changed ?? -1)
      mix(state?.size ?? -1)
    }
    for image in images {
      mix(image.state.changed)
      mix(image.state.size)
      mix(Int64(truncatingIfNeeded: image.state.node))
    }
    return hash
  }
}

/// Opens what a script includes: what an editor holds of it, else the file.
struct HeldFiles: SourceProvider {
  let held: [FilePath: SourceBuffer]

  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    // Editors name files from the root.
    let absolute = PathText.absolute(path, in: SystemCalls.workingFolder)
    if let text = held[absolute] { return text }
    // Through a symbolic link, `..` leads elsewhere than its name.
    if let file = try FileSourceProvider().open(absolute) { return file }
    return try FileSourceProvider().open(path)
  }
}
