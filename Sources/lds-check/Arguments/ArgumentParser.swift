// Turns the arguments of a command into options and operands, as the option table says.
//
//     -Idir  -I dir  -DNAME=V     joined or apart, as for cc
//     --name=value  --name value  the value may start with '-' only after '='
//     -qo FILE                    flags combined, a value last
//     --                          ends options

import LdsParser

struct ArgumentParser {
  /// The options that this command takes.
  private let options: [OptionSpec]
  /// The command's name, nil for the program itself.
  private let command: String?
  private let arguments: [[UInt8]]
  private var next = 0
  private var result = ParsedArguments()

  /// Parses all of `arguments`.
  static func parse(
    _ arguments: [[UInt8]], options: [OptionSpec], command: String
  ) throws(UsageError) -> ParsedArguments {
    var parser = ArgumentParser(arguments, options: options, command: command)
    while let argument = parser.take() {
      if argument == Array("--".utf8) {
        while let operand = parser.take() { parser.addOperand(operand) }
      } else if !(try parser.readOption(argument)) {
        parser.addOperand(argument)
      }
    }
    return parser.result
  }

  /// Parses the options before the first operand, which names the command.
  ///
  /// - Returns: the options, and the arguments from the first operand on.
  static func parseLeading(
    _ arguments: [[UInt8]], options: [OptionSpec]
  ) throws(UsageError) -> (ParsedArguments, rest: ArraySlice<[UInt8]>) {
    var parser = ArgumentParser(arguments, options: options, command: nil)
    while let argument = parser.take() {
      if argument == Array("--".utf8) { break }
      if !(try parser.readOption(argument)) {
        parser.next -= 1
        break
      }
    }
    return (parser.result, arguments[parser.next...])
  }

  private init(_ arguments: [[UInt8]], options: [OptionSpec], command: String?) {
    self.arguments = arguments
    self.options = options
    self.command = command
  }

  private mutating func take() -> [UInt8]? {
    guard next < arguments.count else { return nil }
    next += 1
    return arguments[next - 1]
  }

  private mutating func addOperand(_ bytes: [UInt8]) {
    let path = FilePath(bytes: bytes)
    result.operands.append(path)
    result.inputs.append(InputArgument(path: path, role: .any))
  }

  private mutating func add(_ spec: OptionSpec, _ value: [UInt8]?) throws(UsageError) {
    if let value, !spec.allowedValues.isEmpty {
      let text = Self.text(value)
      guard spec.allowedValues.contains(text) else {
        throw .valueNotAllowed(
          option: spec.displayName, value: text, allowed: spec.allowedValues,
          suggestion: Suggestion.nearest(to: text, among: spec.allowedValues))
      }
    }
    result.occurrences.append(.init(id: spec.id, value: value))
    guard let value else { return }
    if spec.id == .script {
      result.inputs.append(InputArgument(path: FilePath(bytes: value), role: .script))
    } else if spec.id == .symbols {
      result.inputs.append(InputArgument(path: FilePath(bytes: value), role: .symbols))
    }
  }

  /// Reads `argument` and the value after it; false if it is an operand.
  private mutating func readOption(_ argument: [UInt8]) throws(UsageError) -> Bool {
    let dash = UInt8(ascii: "-")
    // A lone dash is standard input.
    guard argument.first == dash, argument.count > 1 else { return false }
    if argument[1] == dash {
      try readLong(argument)
    } else if !(try readWord(argument)) {
      try readCluster(argument)
    }
    return true
  }

  /// `--name`, `--name=value`, `--name value`
  private mutating func readLong(_ argument: [UInt8]) throws(UsageError) {
    let equals = argument.firstIndex(of: UInt8(ascii: "="))
    let name = Self.text(argument[..<(equals ?? argument.count)])
    guard let spec = options.first(where: { $0.long == name }) else { throw unknown(name) }
    let joined = equals.map { Array(argument[($0 + 1)...]) }
    switch (spec.value, joined) {
    case (.none, let value?):
      throw .unexpectedValue(option: name, value: Self.text(value))
    case (.none, nil): try add(spec, nil)
    case (.optional(_, let implied), nil): try add(spec, Array(implied.utf8))
    case (_, let value?): try add(spec, value)
    case (.required, nil): try add(spec, takeValue(of: spec, spelled: name))
    }
  }

  /// `-include FILE`, `-includeFILE`, `-nostdinc`
  private mutating func readWord(_ argument: [UInt8]) throws(UsageError) -> Bool {
    for spec in options {
      guard let word = spec.word, argument.starts(with: word.utf8) else { continue }
      let rest = Array(argument.dropFirst(word.utf8.count))
      if !rest.isEmpty && !spec.takesValue { continue }
      if !spec.takesValue {
        try add(spec, nil)
      } else if rest.isEmpty {
        try add(spec, takeValue(of: spec, spelled: word))
      } else {
        try add(spec, rest)
      }
      return true
    }
    return false
  }

  /// `-q`, `-qh`, `-qo FILE`, `-oFILE`
  private mutating func readCluster(_ argument: [UInt8]) throws(UsageError) {
    for index in 1..<argument.count {
      let letter = Character(Unicode.Scalar(argument[index]))
      guard let spec = options.first(where: { $0.short == letter }) else {
        throw unknown(index == 1 ? Self.text(argument) : "-\(letter)")
      }
      guard spec.takesValue else {
        try add(spec, nil)
        continue
      }
      let rest = Array(argument[(index + 1)...])
      try add(spec, rest.isEmpty ? takeValue(of: spec, spelled: "-\(letter)") : rest)
      return
    }
  }

  private mutating func takeValue(
    of spec: OptionSpec, spelled name: String
  ) throws(UsageError) -> [UInt8] {
    guard let value = take() else {
      throw .missingValue(option: name, valueName: spec.valueName ?? "VALUE")
    }
    let isOption = value.first == UInt8(ascii: "-") && value.count > 1
    if isOption && !spec.isCompilerOption {
      guard spec.long == name else {
        throw .missingValue(option: name, valueName: spec.valueName ?? "VALUE")
      }
      throw .valueLooksLikeOption(option: name, value: Self.text(value))
    }
    return value
  }

  private func unknown(_ name: String) -> UsageError {
    if let command {
      let foreign = OptionSpec.all.contains { $0.spellings.contains(name) }
      if foreign { return .foreignOption(name, command: command) }
    }
    let known = options.flatMap(\.spellings).filter { $0.utf8.count > 2 }
    return .unknownOption(name, suggestion: Suggestion.nearest(to: name, among: known))
  }

  private static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
