// What a command works with: where results and remarks go, and how they look.

import LdsParser

/// A fault that the user can mend: status 2.
struct ProgramError: Error, Equatable {
  /// The sentence: lower case, no full stop, the file first where there is one.
  let message: String
  /// What to do about it, if there is something.
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// The surroundings of one run.
struct ProgramContext {
  /// The result: standard output, or the file of `--output`.
  let output: Output
  /// Errors of input and other remarks: standard error.
  let errors: Output
  /// Text on ``output``.
  let report: TextWriter
  /// Text on ``errors``.
  let remarks: TextWriter
  /// `--quiet`
  let isQuiet: Bool

  init(_ arguments: ParsedArguments) throws(OutputError) {
    let path = arguments.path(.output)
    if let path, path.bytes != [UInt8(ascii: "-")] {
      output = try Output(file: path)
    } else {
      output = Output(.output)
    }
    errors = Output(.error)
    let colour = arguments.choice(.color, default: ColourChoice.auto)
    report = Self.writer(output, colour)
    remarks = Self.writer(errors, colour)
    isQuiet = arguments.has(.quiet)
  }

  private static func writer(_ output: Output, _ colour: ColourChoice) -> TextWriter {
    let decorator = colour.decorator(
      isTerminal: output.isTerminal, environment: Terminal.environment)
    return TextWriter(output: output, decorator: decorator)
  }

  /// Says on standard error what is wrong with the input; false if `error` is of another kind.
  func explain(_ error: any Error) -> Bool {
    switch error {
    case let error as InputError:
      DiagnosticPrinter(writer: remarks).write(error.reason, path: error.path)
    case let error as ProgramError:
      remarks.write("\(Version.name): ", .bold)
      remarks.write("error: ", .error)
      remarks.line(error.message)
      if let hint = error.hint {
        remarks.write("hint: ", .note)
        remarks.line(hint)
      }
    default: return false
    }
    return true
  }
}
