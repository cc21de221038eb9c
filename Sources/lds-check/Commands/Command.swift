// What a command is to the program, and the commands there are, in the order of the overview. A command exists from the
// moment its line stands here.

/// One command: its line in the overview, its options, its work.
protocol Command {
  /// As typed: `eval`.
  static var name: String { get }
  /// One line for the overview: lower case, no full stop.
  static var summary: String { get }
  /// What stands after the options in the usage line: `FILE...`.
  static var operands: String { get }
  /// A paragraph for the command's own help, `\n` between paragraphs.
  static var discussion: String { get }
  /// The options it takes besides ``OptionSpec/common``.
  static var options: [OptionSpec] { get }

  /// Whether its result is a ``Report``, which can go to several files in several formats.
  static var writesReports: Bool { get }

  /// Does the work: the result goes to `context.output`, remarks to `context.remarks`.
  ///
  /// - Throws: ``ProgramError`` or `UsageError` for status 2. Nothing written before is kept in a file.
  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode
}

extension Command {
  static var writesReports: Bool { false }

  /// Every option that may be given with it.
  static var allOptions: [OptionSpec] {
    options + (writesReports ? OptionSpec.commonOfReports : OptionSpec.common)
  }
}

/// The commands there are, in the order of the overview. A command exists from the moment its line stands here.
enum CommandTable {
  static var all: [any Command.Type] {
    [
      LintCommand.self,
      EvalCommand.self,
      ExplainCommand.self,
      DiffCommand.self,
      SuperpagesCommand.self,
      LayoutCommand.self,
      WhatIfCommand.self,
      MemoryCommand.self,
      WrapCommand.self,
      FormatCommand.self,
      LspCommand.self,
      ParseCommand.self,
      SymbolsCommand.self,
      RulesCommand.self,
      CompletionCommand.self,
    ]
  }

  static func find(_ name: String) -> (any Command.Type)? {
    all.first { $0.name == name }
  }
}
