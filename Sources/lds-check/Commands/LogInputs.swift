// The files beside a log. A link that failed leaves its map empty or cut short: that is said, and not in the way.

import LdsParser

/// Reads the inputs of `explain --log`.
enum LogInputs {
  /// Every input that can be read as what it is.
  ///
  /// - Parameter log: the log, which names the linker where no file of the link does.
  static func load(
    _ arguments: ParsedArguments, _ context: ProgramContext, log: SourceBuffer
  ) throws -> LoadedInputs {
    let isLogOnInput = arguments.path(.log) == FilePath("-")
    if arguments.inputs.count(where: \.isStandardInput) + (isLogOnInput ? 1 : 0) > 1 {
      throw UsageError.unexpectedOperand("-, standard input can be read once")
    }
    var inputs: [InputArgument] = []
    for input in arguments.inputs {
      if !input.isStandardInput, input.role != .script, try isEmpty(input.path) {
        remark(input.path, "is empty: the linker stopped before it wrote its map", context)
        continue
      }
      inputs.append(input)
    }
    func refuse(_ error: InputError) throws {
      guard error.isDamagedMap else { throw error }
      remark(
        error.path, "is cut short (\(error.reason.message)): the linker stopped while it wrote it",
        context)
    }
    let loaded = try InputLoader(arguments, inputs: inputs).load(refuse: refuse)
    guard case .preset? = loaded.linkers?.reason, Self.isOfLLD(log), !loaded.scripts.isEmpty else {
      return loaded
    }
    return try InputLoader(arguments, inputs: inputs, dialect: .lld).load { _ in }
  }

  /// Whether every message of a log is one of lld.
  private static func isOfLLD(_ log: SourceBuffer) -> Bool {
    let messages = LinkerLog(log).messages
    return !messages.isEmpty && messages.allSatisfy { $0.linker == .lld }
  }

  private static func isEmpty(_ path: FilePath) throws(InputError) -> Bool {
    do {
      return try FileInput.read(path, mayMap: true).count == 0
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  private static func remark(_ path: FilePath, _ text: String, _ context: ProgramContext) {
    context.remarks.write("\(path.display): ", .place)
    context.remarks.write("note: ", .note)
    context.remarks.line("\(text); the log is explained without it")
  }
}

extension InputError {
  /// Whether the file is a map that ends too early.
  fileprivate var isDamagedMap: Bool {
    [.truncatedMap, .damagedMap].contains(reason.id)
  }
}
