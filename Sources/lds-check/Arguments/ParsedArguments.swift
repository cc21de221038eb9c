// What the user asked for, after parsing: options in the order given, and operands.

import LdsParser

/// The arguments of one command. Values are bytes: a file name need not be UTF-8.
struct ParsedArguments: Sendable {
  /// One option as given.
  struct Occurrence: Sendable {
    let id: OptionID
    /// The value's bytes; nil for a flag.
    let value: [UInt8]?
  }

  /// Every option given, in order: `-D` and `-U` depend on it.
  var occurrences: [Occurrence] = []
  /// What is not an option, in order. Use ``inputs`` where `--script` and `--symbols` count too.
  var operands: [FilePath] = []
  /// Operands and the files of `--script` and `--symbols`, in the order given.
  var inputs: [InputArgument] = []

  /// Whether files to read are named, one by one or by the command of their link.
  var namesInput: Bool { !inputs.isEmpty || has(.linkCommand) }

  /// These arguments with what a configuration says of preprocessing, which they say otherwise where they say it.
  func adding(_ preprocessing: ConfiguredPreprocessing) -> ParsedArguments {
    var copy = self
    let own = Set((all(.define) + all(.undefine)).map(Self.macro))
    copy.occurrences.insert(
      contentsOf: preprocessing.definitions.map { Array($0.utf8) }
        .filter { !own.contains(Self.macro($0)) }
        .map { Occurrence(id: .define, value: $0) }, at: 0)
    copy.occurrences += preprocessing.folders.map {
      Occurrence(id: .includeDirectory, value: $0.bytes)
    }
    copy.occurrences.insert(
      contentsOf: preprocessing.files.map { Occurrence(id: .includeFile, value: $0.bytes) }, at: 0)
    if let target = preprocessing.target, !has(.target) {
      copy.occurrences.append(Occurrence(id: .target, value: Array(target.utf8)))
    }
    return copy
  }

  /// The name in `NAME=VALUE`.
  private static func macro(_ definition: [UInt8]) -> [UInt8] {
    Array(definition.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "(") })
  }

  /// Whether the option was given at all.
  func has(_ id: OptionID) -> Bool {
    occurrences.contains { $0.id == id }
  }

  /// Every value of a repeatable option, in order.
  func all(_ id: OptionID) -> [[UInt8]] {
    occurrences.filter { $0.id == id }.compactMap(\.value)
  }

  /// The value that counts of an option given once or more: the last.
  func value(_ id: OptionID) -> String? {
    all(id).last.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The file that an option names, byte for byte.
  func path(_ id: OptionID) -> FilePath? {
    all(id).last.map { FilePath(bytes: $0) }
  }

  /// The value of an option whose allowed values are the cases of an enumeration.
  func choice<Choice: RawRepresentable<String>>(_ id: OptionID, default preset: Choice) -> Choice {
    value(id).flatMap { Choice(rawValue: $0) } ?? preset
  }
}

/// A file to read, and what the user says it is.
struct InputArgument: Sendable {
  enum Role: Sendable {
    /// To be recognised by its content.
    case any
    /// `--script FILE`
    case script
    /// `--symbols FILE`
    case symbols
  }

  let path: FilePath
  let role: Role

  /// Whether standard input is meant.
  var isStandardInput: Bool { path.bytes == [UInt8(ascii: "-")] }
}
