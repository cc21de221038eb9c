// One message of a linker as it stands in a log.

/// The place in the inputs of a link that a message is about.
public struct MessageOrigin: Sendable, Hashable {
  /// The object, as the linker spells it: `start.o`, `libc.a(memcpy.o)`.
  public var object: [UInt8]?
  /// The function in it.
  public var function: [UInt8]?
  /// The section with the distance from its start: `.text+0x14`.
  public var section: [UInt8]?

  /// Nothing known.
  init() {}

  /// Whether nothing of it is known.
  public var isEmpty: Bool { object == nil && function == nil && section == nil }
}

/// A message that a linker printed.
public struct LinkerMessage: Sendable {
  /// How the linker marked it. GNU ld marks only warnings and some errors; what it prints bare is an error until
  /// somebody knows better.
  public var severity: Severity
  /// Who printed it.
  public var linker: LinkerFamily
  /// The script or source that the message names with a line, as the linker spells it; nil if none.
  public var file: [UInt8]?
  /// 1-based line in ``file``.
  public var line: Int?
  /// The message without program, severity and places.
  public var text: [UInt8]
  /// The message without program and severity: the text of an ASSERT, whatever it looks like.
  public var whole: [UInt8]
  /// Everything behind the program: the text of an ASSERT that itself begins with `error:`.
  public var printed: [UInt8]
  /// Where in the inputs.
  public var origin: MessageOrigin
  /// Lines that go with it: lld's `>>> ...`, the line of a script that mold quotes.
  public var details: [[UInt8]]
  /// Lines behind it that nobody else claims: the rest of an ASSERT's message with line breaks.
  public var following: [[UInt8]]
  /// 1-based line of the log.
  public var logLine: Int
  /// The index of its link in ``LinkerLog/links``.
  public var link: Int
}

/// One link of a log.
public struct LoggedLink: Sendable {
  /// What it makes, if the build tool or a command tells.
  public var output: [UInt8]?
  /// Who linked.
  public var linker: LinkerFamily
  /// 1-based lines of the log with its messages.
  public var lines: ClosedRange<Int>
}

/// A line of a log by its number.
public struct LoggedLine: Sendable {
  /// 1-based number.
  public var number: Int
  /// Its text without what terminals and CI services add.
  public var text: [UInt8]
}
