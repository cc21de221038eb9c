// One input: its bytes, where they came from, nothing about what they mean.

/// The immutable bytes of one input file, or of text made from other inputs.
///
/// A buffer is a shared reference; tables keep offsets into it instead of copies. Contents are never
/// decoded as a whole: a linker script or map is bytes, and names compare byte for byte.
public final class SourceBuffer: Sendable {
  /// The name under which the input was given or found.
  public let path: FilePath
  private let memory: FileMemory

  /// A buffer with a copy of `bytes`.
  public init(path: FilePath, bytes: [UInt8]) {
    self.path = path
    memory = FileMemory(copying: bytes)
  }

  /// A buffer over memory that ``FileMemory`` holds.
  package init(path: FilePath, memory: FileMemory) {
    self.path = path
    self.memory = memory
  }

  /// A buffer with the UTF-8 bytes of `text`.
  public convenience init(name: String, text: String) {
    self.init(path: FilePath(name), bytes: Array(text.utf8))
  }

  /// Size in bytes.
  public var count: Int { memory.reader.count }

  /// Checked access for the readers of this library; valid as long as the buffer is held.
  package var reader: ByteReader { memory.reader }

  /// The byte at `offset`, or nil past the end.
  public func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? memory.reader[offset] : nil
  }

  /// The bytes of `range`, cut to what the buffer has.
  public func bytes(in range: Range<Int>) -> [UInt8] {
    let part = range.clamped(to: 0..<count)
    return memory.reader.copy(part.lowerBound, part.upperBound)
  }

  /// The text of `range` for people to read; invalid UTF-8 shows as replacement characters.
  public func text(in range: Range<Int>) -> String {
    String(decoding: bytes(in: range), as: UTF8.self)
  }
}
