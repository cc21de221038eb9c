// Every option of the program, once. Parsing, help, completion, the man page and "did you mean" all read
// this table.

/// Names an option in code, whatever its spelling.
enum OptionID: String, CaseIterable, Sendable {
  case includeDirectory, define, undefine, includeFile, systemDirectory, noStandardIncludes
  case cppCommand, linker, linkerVersion, fix, diff, config, profile, format, loadAddress, output
  case failOn, strict, baseline, writeBaseline, color, quiet, help, version
  case script, symbols, assert, against, log, headroom, minHeadroom, history, expand, manual,
    variant, whereFrom, compiler, target, check, inPlace, stdinFilename, proofs, certificates, smt,
    select, ignore,
    grouping, label, allRows, sort
  case linkCommand, linkKeyword, defineSymbol, sectionStart, textSegmentStart, rodataSegmentStart,
    ldataSegmentStart, textStart, dataStart, bssStart
  case grow, setAlign, otherScript, otherDefine, counterexample
}

/// One option: how it is spelled, what it takes, what it is for.
struct OptionSpec: Sendable {
  /// What follows the option.
  enum Value: Sendable {
    /// Nothing: the option is a flag.
    case none
    /// A value, shown as this name in help: `--output FILE`.
    case required(String)
    /// A value after `=` only; without one this word is meant: `--color[=WHEN]`.
    case optional(String, implied: String)
  }

  let id: OptionID
  /// `--format`, or nil for an option that cc spells with one dash only.
  var long: String?
  /// `I` of `-I`; the value may be joined: `-Idir`.
  var short: Character?
  /// A whole word after one dash as cc has them: `include` of `-include FILE`.
  var word: String?
  var value: Value = .none
  /// Whether each occurrence counts; of other options the last one wins.
  var isRepeatable = false
  /// The only words it takes; empty if anything goes.
  var allowedValues: [String] = []
  /// What is meant when the option is not given, for help.
  var defaultValue: String?
  var help: String

  /// Every way to write its name, the preferred first.
  var spellings: [String] {
    [long, short.map { "-\($0)" }, word].compactMap { $0 }
  }

  /// The name to use in a message.
  var displayName: String { spellings.first ?? id.rawValue }

  var takesValue: Bool {
    if case .none = value { return false }
    return true
  }

  /// The value's name in help, nil for a flag.
  var valueName: String? {
    switch value {
    case .none: nil
    case .required(let name), .optional(let name, _): name
    }
  }

  /// Whether cc has it too: its value may start with a dash, as cc allows.
  var isCompilerOption: Bool {
    switch id {
    case .includeDirectory, .define, .undefine, .includeFile, .systemDirectory: true
    default: false
    }
  }

  /// This option for a command that takes only some of its values.
  func limited(to values: [String], default preset: String? = nil) -> OptionSpec {
    var copy = self
    copy.allowedValues = values
    copy.defaultValue = preset ?? defaultValue
    return copy
  }
}
