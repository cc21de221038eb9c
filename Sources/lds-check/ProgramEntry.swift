// One run of the program: from arguments to exit status.

import LdsParser

enum ProgramEntry {
  /// Parses, runs, reports; returns the exit status.
  static func run(_ arguments: [[UInt8]]) -> ExitCode {
    do {
      let (leading, rest) = try ArgumentParser.parseLeading(
        arguments, options: OptionSpec.beforeCommand)
      if let text = try information(leading, rest) { return say(text) }
      return try runCommand(leading, rest)
    } catch let error as UsageError {
      return reject(error, command: nil)
    } catch let error as OutputError {
      return complain(error)
    } catch {
      return fault(error)
    }
  }

  /// What is asked for instead of a command's work: help, version, manual.
  private static func information(
    _ leading: ParsedArguments, _ rest: ArraySlice<[UInt8]>
  ) throws(UsageError) -> String? {
    if leading.has(.version) { return "\(Version.name) \(Version.number)\n" }
    if leading.has(.help) { return HelpText.overview() }
    if leading.has(.manual) { return ManualPage.text() }
    guard rest.first.map({ $0 == Array("help".utf8) }) == true else { return nil }
    guard let name = rest.dropFirst().first else { return HelpText.overview() }
    return HelpText.page(try command(named: name))
  }

  private static func runCommand(
    _ leading: ParsedArguments, _ rest: ArraySlice<[UInt8]>
  ) throws -> ExitCode {
    guard let name = rest.first else { throw UsageError.noCommand }
    let command = try command(named: name)
    do {
      var parsed = try ArgumentParser.parse(
        Array(rest.dropFirst()), options: command.allOptions, command: command.name)
      if parsed.has(.help) { return say(HelpText.page(command)) }
      if parsed.has(.version) { return say("\(Version.name) \(Version.number)\n") }
      parsed.occurrences = leading.occurrences + parsed.occurrences
      return try perform(command, parsed)
    } catch let error as UsageError {
      return reject(error, command: command)
    }
  }

  private static func perform(
    _ command: any Command.Type, _ arguments: ParsedArguments
  ) throws -> ExitCode {
    try FileRoles(arguments, writesReports: command.writesReports).check()
    let context = try ProgramContext(arguments, writesReports: command.writesReports)
    do {
      let code = try command.run(arguments, context)
      try context.finish()
      return code
    } catch {
      context.abandon()
      defer { context.errors.flush() }
      guard context.explain(error) else { throw error }
      return .usage
    }
  }

  private static func command(named name: [UInt8]) throws(UsageError) -> any Command.Type {
    let text = String(decoding: name, as: UTF8.self)
    if let command = CommandTable.find(text) { return command }
    let names = CommandTable.all.map { $0.name }
    throw .unknownCommand(text, suggestion: Suggestion.nearest(to: text, among: names))
  }

  // MARK: Endings

  /// Prints text that was asked for.
  private static func say(_ text: String) -> ExitCode {
    let output = Output(.output)
    output.write(text)
    do {
      try output.finish()
      return .success
    } catch {
      return complain(error)
    }
  }

  private static func reject(_ error: UsageError, command: (any Command.Type)?) -> ExitCode {
    let output = Output(.error)
    if error == .noCommand {
      output.write(HelpText.overview())
    } else {
      let page = [Version.name, command?.name].compactMap { $0 }.joined(separator: " ")
      output.write("\(Version.name): error: \(shown(error.message))\n")
      if case .unknownCommand(let text, nil) = error, isFile(text) {
        output.write(
          "hint: the command comes first: '\(Version.name) lint \(shown(text))' for a script, "
            + "'\(Version.name) eval \(shown(text))' for a map or image\n")
      }
      output.write(HelpText.usage(command) + "\n")
      output.write("'\(page) --help' tells more\n")
    }
    output.flush()
    return .usage
  }

  /// Whether there is such a file, where a command was to be.
  private static func isFile(_ text: String) -> Bool {
    !text.hasPrefix("-") && (try? FileInput.read(FilePath(text))) != nil
  }

  private static func complain(_ error: OutputError) -> ExitCode {
    let output = Output(.error)
    let target = shown(error.target)
    output.write("\(Version.name): error: \(target): cannot write: \(error.reason.message)\n")
    output.flush()
    return .usage
  }

  /// Text of others behind text of ours.
  private static func shown(_ text: String) -> String {
    DisplayText.disarmed(DisplayText.escape(text), isAtLineStart: false)
  }

  private static func fault(_ error: any Error) -> ExitCode {
    let output = Output(.error)
    let text = shown("\(error)")
    output.write("\(Version.name): internal fault, please report it: \(text)\n")
    output.flush()
    return .internalFault
  }
}
