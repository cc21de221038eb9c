// The commands there are, in the order of the overview. A command exists from the moment its line stands here.

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
