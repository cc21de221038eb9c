// Reads what linkers print on standard error out of the logs of builds, however they are dressed.
//
//     ld:xen.lds:22: undefined symbol `nosuch' referenced in expression
//     ld: __2M_text_end misaligned
//     ld.lld: error: xen.lds:12: unable to move location counter (0x51) backward to 0x4 for section '.text'
//     2026-01-02T03:04:05.1234567Z ld.gold: error: xen.lds:1:37: syntax error, unexpected ';'

/// The messages of one log.
public struct LinkerLog: Sendable {
  /// The messages in order.
  public internal(set) var messages: [LinkerMessage] = []
  /// The links that have messages, in order.
  public internal(set) var links: [LoggedLink] = []
  /// Whether no line names the linker that printed it, so that every line is taken for a message: somebody cut
  /// the names off.
  public internal(set) var isBare = false
  /// Whether the compiler driver, and so the linker, speaks another language than English, in which alone the messages
  /// of linkers are known.
  public internal(set) var isTranslated = false
  /// Lines of others that are errors by their look, the first 64.
  public internal(set) var suspects: [LoggedLine] = []
  /// Lines of others that may be errors, the first 64.
  public internal(set) var doubtful: [LoggedLine] = []
  /// Lines of the log.
  public internal(set) var lineCount = 0

  /// Nothing read.
  init() {}

  /// Reads `buffer`.
  ///
  /// - Complexity: O(size of the log).
  public init(_ buffer: SourceBuffer) {
    let buffer = Self.decoded(buffer)
    self = LogReader(isBare: false).read(buffer)
    guard messages.isEmpty else { return }
    let bare = LogReader(isBare: true).read(buffer)
    messages = bare.messages
    links = bare.links
    isBare = true
  }

  /// A redirection of PowerShell writes UTF-16.
  private static func decoded(_ buffer: SourceBuffer) -> SourceBuffer {
    guard buffer.byte(at: 0) == 0xFF, buffer.byte(at: 1) == 0xFE else { return buffer }
    let bytes = buffer.bytes(in: 2..<buffer.count)
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return SourceBuffer(
      path: buffer.path, bytes: Array(String(decoding: units, as: UTF16.self).utf8))
  }
}
