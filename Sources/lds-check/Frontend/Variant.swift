// A further way to preprocess the scripts: one source makes several images, each under its own macros.
//
//     --variant efi=-DEFI                        the flags of the command line, and this one
//     --variant efi=arch/x86/.efi.lds.cmd        the flags that kbuild recorded there

import LdsParser

/// One `--variant`.
struct Variant {
  /// What the user calls it.
  let name: String
  /// The arguments of the run with its flags.
  let arguments: ParsedArguments

  /// The variants that the command line names.
  static func all(of arguments: ParsedArguments) throws(UsageError) -> [Variant] {
    var variants: [Variant] = []
    for value in arguments.all(.variant) {
      let variant = try Variant(value, of: arguments)
      if variants.contains(where: { $0.name == variant.name }) {
        throw error(value, "there is another variant of that name")
      }
      variants.append(variant)
    }
    return variants
  }

  /// Reads `NAME=FLAGS`.
  private init(_ value: [UInt8], of arguments: ParsedArguments) throws(UsageError) {
    guard let equals = value.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
      throw Self.error(value, "expected NAME=FLAGS, such as efi=-DEFI")
    }
    name = String(decoding: value[..<equals], as: UTF8.self)
    let text = Array(value[(equals + 1)...])
    var all = arguments
    if !text.isEmpty, (try? SystemCalls.kind(of: FilePath(bytes: text))) == .regular {
      all.occurrences.append(.init(id: .cppCommand, value: text))
    } else {
      let words = ShellWords.commands(text).flatMap { $0 }
      let own = try ArgumentParser.parse(
        words, options: OptionSpec.preprocessing, command: "--variant")
      if let operand = own.operands.first {
        throw Self.error(value, "'\(operand.display)' is neither a flag nor a file")
      }
      all.occurrences += own.occurrences
    }
    self.arguments = all
  }

  private static func error(_ value: [UInt8], _ reason: String) -> UsageError {
    .badValue(
      option: "--variant", value: String(decoding: value, as: UTF8.self), reason: reason)
  }
}
