// The script and the command of a link that is to be laid out: from operands, from a recorded command, or from a command
// line behind `--`.

import Constraints
import LdsParser

/// What a layout is made of.
struct LayoutInputs {
  let script: LoadedScript
  let command: LinkCommand
  /// The release that `--linker` or the command names.
  let dialect: LinkerDialect

  init(_ arguments: ParsedArguments) throws {
    let words = arguments.operands.map(\.bytes)
    if let first = words.first, LinkProgram(path: FilePath(bytes: first)) != nil,
      let command = LinkCommand(words, read: KnownLink.contents)
    {
      try self.init(command, KnownLink(command), arguments)
      return
    }
    let link = try KnownLink(arguments)
    if let command = link.command, arguments.operands.isEmpty {
      try self.init(command, link, arguments)
      return
    }
    try self.init(operands: arguments.operands, link, arguments)
  }

  /// What is known already.
  init(_ script: LoadedScript, _ command: LinkCommand, _ dialect: LinkerDialect) {
    self.script = script
    self.command = command
    self.dialect = dialect
  }

  /// The same objects and options with another script, or with other macros: those of --with-define.
  func edited(by path: FilePath?, _ arguments: ParsedArguments) throws -> LayoutInputs {
    let definitions = arguments.all(.otherDefine)
    var arguments = arguments
    let names = Set(definitions.map(Self.macro))
    arguments.occurrences.removeAll { option in
      (option.id == .define || option.id == .undefine)
        && option.value.map { names.contains(Self.macro($0)) } ?? false
    }
    arguments.occurrences += definitions.map { .init(id: .define, value: $0) }
    let edited = try Self.load(path ?? script.path, KnownLink(command), arguments, dialect)
    return LayoutInputs(edited, command, dialect)
  }

  /// The name in `NAME=VALUE`.
  private static func macro(_ definition: [UInt8]) -> [UInt8] {
    Array(definition.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "(") })
  }

  /// The script is the one that the command names.
  private init(_ command: LinkCommand, _ link: KnownLink, _ arguments: ParsedArguments) throws {
    self.command = command
    dialect = try Self.dialect(arguments, link)
    guard command.scripts.count <= 1, let path = link.scripts.first else {
      throw ProgramError(
        command.scripts.isEmpty
          ? "the command names no script: the linker's own is not at hand"
          : command.scripts.count > 1
            ? "the command names several scripts, which is not modelled"
            : "\(command.scripts[0].display): no such file")
    }
    script = try Self.load(path, link, arguments, dialect)
  }

  /// The command that links these objects with the options of a recorded one, if there is one, and those of a run.
  static func command(
    linking objects: [FilePath], as link: KnownLink, _ arguments: ParsedArguments
  ) throws -> LinkCommand {
    guard !objects.isEmpty, var command = link.command ?? LinkCommand([Array("ld".utf8)]) else {
      throw UsageError.missingOperand("OBJECT")
    }
    let isElsewhere = !command.workingDirectory.bytes.isEmpty
    command = command.linking(
      isElsewhere ? objects.map { SystemCalls.workingFolder.appending($0) } : objects)
    command.items += try KnownLink.options(arguments).map { .option($0) }
    return command
  }

  /// The script is the operand that is one; all others are objects.
  private init(operands: [FilePath], _ link: KnownLink, _ arguments: ParsedArguments) throws {
    var scripts: [FilePath] = []
    var objects: [FilePath] = []
    for path in operands {
      let buffer: SourceBuffer
      do throws(ReadError) {
        buffer = try FileInput.read(path, mayMap: true)
      } catch {
        throw InputError(path: path, reason: error)
      }
      switch FormatRecognizer.recognize(buffer) {
      case .elf, .archive: objects.append(path)
      default: scripts.append(path)
      }
    }
    guard let path = scripts.first else { throw UsageError.missingOperand("SCRIPT") }
    guard scripts.count == 1 else {
      throw ProgramError(
        "\(scripts[1].display): neither an ELF object nor an archive, and there is a script already"
      )
    }
    command = try Self.command(linking: objects, as: link, arguments)
    dialect = try Self.dialect(arguments, link)
    script = try Self.load(path, link, arguments, dialect)
  }

  static func dialect(_ arguments: ParsedArguments, _ link: KnownLink) throws -> LinkerDialect {
    guard let named = try arguments.linkers().first else {
      return link.saysLinkerVersion
        ? link.dialect ?? .laidOut : .laidOut(of: link.dialect?.family ?? .bfd)
    }
    // A family alone leaves the release open.
    return arguments.saysLinkerVersion ? named : .laidOut(of: named.family)
  }

  private static func load(
    _ path: FilePath, _ link: KnownLink, _ arguments: ParsedArguments, _ dialect: LinkerDialect
  ) throws -> LoadedScript {
    let configuration = try ConfigurationLoader.load(
      explicit: arguments.path(.config), script: path)
    let buffer: SourceBuffer
    do throws(ReadError) {
      buffer = try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
    return try ScriptLoader(arguments, configuration, link: link, dialect: dialect).load(buffer)
  }
}
