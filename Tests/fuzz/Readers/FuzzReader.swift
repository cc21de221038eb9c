// The table of what is fuzzed: a name, and a function that reads bytes and touches all that came out.

import LdsParser

/// One way into the libraries that any bytes may be sent through.
public struct FuzzReader: Sendable {
  /// The name of the harness, such as `gnu-map`.
  public let name: String
  /// Reads the bytes and touches everything that was read. A trap, a leak or a long time is a bug; so is a
  /// broken promise, which traps here. The number depends on everything read, so that no optimiser can
  /// leave a part out.
  public let read: @Sendable ([UInt8]) -> Int

  /// Every harness, in order of name.
  public static let all: [FuzzReader] = [
    FuzzReader(name: "archive", read: ImageReading.any),
    FuzzReader(name: "chain", read: ChainReading.read),
    FuzzReader(name: "config", read: ConfigurationReading.read),
    FuzzReader(name: "editor", read: ServerReading.edit),
    FuzzReader(name: "elf") { ImageReading.read($0, as: .elf) },
    FuzzReader(name: "format", read: ServerReading.format),
    FuzzReader(name: "gnu-map") { ImageReading.read($0, as: .map(.gnuMap)) },
    FuzzReader(name: "gold-map") { ImageReading.read($0, as: .map(.goldMap)) },
    FuzzReader(name: "gzip", read: ImageReading.gzip),
    FuzzReader(name: "kbuild", read: TextReading.kbuildCommand),
    FuzzReader(name: "link", read: TextReading.linkCommand),
    FuzzReader(name: "lld-map") { ImageReading.read($0, as: .map(.lldMap)) },
    FuzzReader(name: "log", read: TextReading.linkerLog),
    FuzzReader(name: "lsp", read: ServerReading.serve),
    FuzzReader(name: "mold-map") { ImageReading.read($0, as: .map(.moldMap)) },
    FuzzReader(name: "nm", read: ImageReading.listing),
    FuzzReader(name: "pe", read: ImageReading.coff),
    FuzzReader(name: "preprocessor", read: ScriptReading.preprocess),
    FuzzReader(name: "script", read: ScriptReading.parse),
  ]

  /// The harness of that name.
  public static func named(_ name: String) -> FuzzReader? {
    all.first { $0.name == name }
  }
}

/// Bytes as a user's file.
func file(_ bytes: some Collection<UInt8>, _ name: String = "input") -> SourceBuffer {
  SourceBuffer(path: FilePath(name), bytes: Array(bytes))
}
