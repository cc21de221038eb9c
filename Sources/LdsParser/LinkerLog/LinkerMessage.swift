// One message of a linker as it stands in a log.

/// A message that a linker printed.
public struct LinkerMessage: Sendable {
  /// How the linker marked it. GNU ld marks only warnings; what it prints bare is an error.
  public var severity: Severity
  /// The file that the message names with a line, as the linker spells it; nil if none.
  public var file: [UInt8]?
  /// 1-based line in ``file``.
  public var line: Int?
  /// The message without program, file and severity.
  public var text: [UInt8]
  /// Lines that go with it: lld's `>>> ...`.
  public var details: [[UInt8]]
  /// 1-based line of the log.
  public var logLine: Int
}
