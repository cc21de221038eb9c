// What a run knows of the command line of the link: a recorded command, named or found beside the image, and single
// options spelled as the linker has them.
//
//     lds-check eval --link-command .u-boot.cmd
//     lds-check eval board.ld fw.elf -z max-page-size=0x1000 --defsym STACK=1K -Ttext=8000

import Constraints
import LdsParser

/// The link that made the images of a run, as far as it is known.
struct KnownLink {
  private var recorded: RecordedLink?
  /// What its options decide.
  private(set) var settings = LinkSettings()

  /// Nothing is known.
  init() {}

  /// What the command line says, or a command that kbuild left beside the image.
  init(_ arguments: ParsedArguments) throws {
    if let path = arguments.path(.linkCommand) {
      recorded = try Self.read(path)
    } else {
      recorded = Self.found(beside: arguments.inputs)
    }
    if let recorded { settings = LinkSettings(recorded.command) }
    for option in try Self.options(arguments) { settings.add(option) }
  }

  /// A link that runs now.
  init(_ command: LinkCommand) {
    recorded = RecordedLink(command)
    settings = LinkSettings(command)
  }

  /// The command, if it was recorded.
  var command: LinkCommand? { recorded?.command }

  /// The linker, if the command tells it; its release where the name of the program has one.
  var dialect: LinkerDialect? {
    guard let command = recorded?.command else { return nil }
    switch command.linker {
    case .bfd: return LinkerDialect(.bfd, command.linkerVersion)
    case .lld: return LinkerDialect(.lld, command.linkerVersion)
    case .mold: return LinkerDialect(.mold, command.linkerVersion)
    case .unnamed:
      // `ld-2.44` is GNU ld: no other has such numbers.
      return command.linkerVersion.flatMap { $0.major == 2 ? LinkerDialect(.bfd, $0) : nil }
    case .gold: return nil
    }
  }

  /// Whether the name of the program has its release.
  var saysLinkerVersion: Bool { recorded?.command.linkerVersion != nil }

  /// Where INCLUDE looks: `-L`.
  var searchPaths: [FilePath] {
    (recorded?.command.searchPaths ?? []).map(place)
  }

  /// The scripts that the command names and that are there.
  var scripts: [FilePath] {
    guard let recorded else { return [] }
    let named = recorded.command.scripts.compactMap { name in
      recorded.command.candidates(forScript: name).map(place).first(where: Self.isFile)
    }
    if !named.isEmpty { return named }
    return recorded.impliedScripts.map(place).first(where: Self.isFile).map { [$0] } ?? []
  }

  /// The map and the image that the command made, as far as they are there.
  var images: [FilePath] {
    recorded == nil ? [] : ([map].compactMap(\.self) + [output]).filter(Self.isFile)
  }

  /// Takes note of the objects that were given: whether they are all inputs of the command, which a linker runs itself.
  mutating func note(objects: [FilePath]) {
    guard let command, case .linker = command.kind, !command.inputs.isEmpty else { return }
    let given = Set(objects.compactMap { SystemCalls.identity(of: $0) })
    settings.hasAllObjects = command.inputs.allSatisfy { input in
      guard case .file(let path) = input.name, input.treatment.isEmpty else { return false }
      return SystemCalls.identity(of: place(path)).map { given.contains($0) } ?? false
    }
  }

  /// The map that the command asks for in a file.
  var map: FilePath? {
    guard case .file(let map)? = recorded?.command.map else { return nil }
    return place(map)
  }

  /// The image that the command makes.
  var output: FilePath { place(recorded?.command.output ?? FilePath("a.out")) }

  /// A name of the command, seen from our folder.
  private func place(_ path: FilePath) -> FilePath {
    recorded.map { $0.command.workingDirectory.appending(path) } ?? path
  }

  private static func isFile(_ path: FilePath) -> Bool {
    (try? SystemCalls.kind(of: path)) == .regular
  }

  // MARK: Records

  private static func read(_ path: FilePath) throws(InputError) -> RecordedLink {
    do throws(ReadError) {
      let buffer = try FileInput.read(path)
      return try RecordedLink(buffer.bytes(in: 0..<buffer.count), path: path, read: contents)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  /// What a response file holds.
  static func contents(_ path: FilePath) -> [UInt8]? {
    guard UnaskedFile.refusedKind(path) == nil else { return nil }
    return (try? FileInput.read(path)).map { $0.bytes(in: 0..<$0.count) }
  }

  /// The command that kbuild left beside one of the files, if it made that file.
  private static func found(beside inputs: [InputArgument]) -> RecordedLink? {
    for input in inputs where !input.isStandardInput {
      for path in RecordedLink.candidates(for: input.path)
      where isFile(path) && UnaskedFile.refusedKind(path) == nil {
        guard let link = try? read(path), let made = SystemCalls.identity(of: input.path) else {
          continue
        }
        let output = link.command.workingDirectory.appending(link.command.output)
        if SystemCalls.identity(of: output) == made { return link }
      }
    }
    return nil
  }

  // MARK: Single options

  /// The options that are spelled as the linker has them.
  static func options(_ arguments: ParsedArguments) throws(UsageError) -> [LinkOption] {
    var options: [LinkOption] = []
    for occurrence in arguments.occurrences {
      guard let spec = OptionSpec.link.first(where: { $0.id == occurrence.id }),
        spec.id != .linkCommand, let value = occurrence.value
      else { continue }
      let name = Array(spec.displayName.utf8)
      // -Ttext=ADDRESS is one word.
      let isJoined = spec.word != nil && value.first == UInt8(ascii: "=")
      let words = isJoined ? [name + value] : [name, value]
      let read = LinkCommand([Array("ld".utf8)] + words)?.options ?? []
      guard let option = read.first else {
        throw .badValue(
          option: spec.displayName, value: String(decoding: value, as: UTF8.self),
          reason: "the linker would not take it; expected \(spec.valueName ?? "a value")")
      }
      options.append(option)
    }
    return options
  }
}
