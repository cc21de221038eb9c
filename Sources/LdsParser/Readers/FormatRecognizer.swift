// Telling kinds of input apart by content. What fits no form for certain is `unknown` with a reason:
// a wrong guess would be judged as evidence.

/// Recognises what a file is.
public enum FormatRecognizer {
  /// The form of `buffer`, judged by its content; its name plays no part.
  public static func recognize(_ buffer: SourceBuffer) -> FileFormat {
    let reader = buffer.reader
    if reader.count == 0 { return .unknown(reason: "the file is empty") }
    if let binary = binaryFormat(reader) { return binary }
    let sample = min(reader.count, 4096)
    if reader.firstIndex(of: 0, from: 0, to: sample) != nil {
      return .unknown(reason: isWideText(reader) ? wideText : unknownBinary)
    }
    return textFormat(reader)
  }

  /// A raw image has neither symbols nor addresses.
  private static let unknownBinary =
    "a binary file of no known kind; of a raw image give the ELF or PE file that it was made of"

  // MARK: Binary forms

  static func binaryFormat(_ reader: ByteReader) -> FileFormat? {
    if reader.hasPrefix("\u{7f}ELF", at: 0, end: reader.count) { return .elf }
    if reader.hasPrefix("!<arch>\n", at: 0, end: reader.count) { return .archive }
    if reader.hasPrefix("!<thin>\n", at: 0, end: reader.count) { return .archive }
    if reader.count >= 2, reader.word16(0) == 0x8b1f { return .gzip }
    if let reason = foreignMagic(reader) { return .unknown(reason: reason) }
    if reader.hasPrefix("MZ", at: 0, end: reader.count) { return dosFormat(reader) }
    return isCOFFObject(reader) ? .coffObject : nil
  }

  private static func foreignMagic(_ reader: ByteReader) -> String? {
    guard reader.count >= 6 else { return nil }
    switch reader.word32(0) {
    case 0x587a_37fd: return "compressed with xz; unpack it with `xz -dk`"
    case 0xfd2f_b528: return "compressed with zstd; unpack it with `zstd -dk`"
    case 0xfeed_face, 0xfeed_facf, 0xcefa_edfe, 0xcffa_edfe:
      return "a Mach-O file; only ELF and PE/COFF are read"
    case 0x0403_4b50: return "a zip archive; unpack it first"
    default: break
    }
    if reader.hasPrefix("BZh", at: 0, end: reader.count) {
      return "compressed with bzip2; unpack it with `bzip2 -dk`"
    }
    let half = reader.word16(0)
    return half == 0xfeff || half == 0xfffe ? wideText : nil
  }

  private static let wideText =
    "UTF-16 text, as '>' of PowerShell writes it; give the file as the linker wrote it, or make it UTF-8 "
    + "with `iconv -f UTF-16 -t UTF-8`"

  /// Whether a text has a zero byte beside each character, without a mark at its start that says so.
  private static func isWideText(_ reader: ByteReader) -> Bool {
    let sample = min(reader.count, 64) & ~1
    guard sample >= 8 else { return false }
    return [0, 1].contains { zero in
      stride(from: 0, to: sample, by: 2).allSatisfy {
        reader[$0 + zero] == 0 && reader[$0 + 1 - zero] != 0
      }
    }
  }

  private static func dosFormat(_ reader: ByteReader) -> FileFormat? {
    guard reader.count >= 64 else { return nil }
    let header = Int(reader.word32(60))
    if header <= reader.count - 4, reader.word32(header) == 0x0000_4550 { return .peImage }
    return reader.firstIndex(of: 0, from: 0, to: 64) == nil
      ? nil : .unknown(reason: "a DOS program without a PE header")
  }

  /// A COFF object has no magic number: a known machine and tables that lie inside the file.
  private static func isCOFFObject(_ reader: ByteReader) -> Bool {
    guard reader.count >= 20 else { return false }
    switch reader.word16(0) {
    case 0x014c, 0x8664, 0xaa64, 0x01c0, 0x01c2, 0x01c4, 0x0200, 0x5032, 0x5064: break
    default: return false
    }
    let sections = Int(reader.word16(2))
    let symbols = Int(reader.word32(8))
    let symbolCount = Int(reader.word32(12))
    let optional = Int(reader.word16(16))
    return sections > 0 && optional <= 256 && 20 + optional + 40 * sections <= reader.count
      && symbols <= reader.count && symbolCount <= (reader.count - symbols) / 18
  }

  // MARK: Text forms

  private static func textFormat(_ reader: ByteReader) -> FileFormat {
    let mark = reader.hasPrefix("\u{feff}", at: 0, end: reader.count) ? 3 : 0
    var start = mark
    while start < reader.count, isSpace(reader[start]) { start += 1 }
    if start == reader.count { return .unknown(reason: "the file holds nothing but blanks") }
    if isJSON(reader, at: start) { return .jsonConfig }
    if let form = MapForm.all.first(where: { $0.begins(reader) }) { return .map(form.kind) }
    if let listing = SymbolListingForm.of(reader) { return listing.format }
    let judged = ScriptRecognizer(reader: reader).judge(from: start)
    guard case .unknown = judged else { return judged }
    if mark > 0 {
      return .unknown(
        reason:
          "a UTF-8 byte order mark stands before a text that is read without one only; remove the mark, "
          + "the first three bytes, or give the file as the linker or nm wrote it")
    }
    return MapTraces(reader: reader).reason.map { .unknown(reason: $0) } ?? judged
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == Byte.blank || (byte >= 9 && byte <= 13)
  }

  private static func isJSON(_ reader: ByteReader, at start: Int) -> Bool {
    guard reader[start] == UInt8(ascii: "{") else { return false }
    var next = start + 1
    while next < reader.count, isSpace(reader[next]) { next += 1 }
    return next < reader.count
      && (reader[next] == UInt8(ascii: "\"") || reader[next] == UInt8(ascii: "}"))
  }
}

/// What a file is, judged by its bytes.
public enum FileFormat: Sendable, Hashable {
  /// A linker script, preprocessed or not.
  case script
  /// The map of a linker.
  case map(ImageKind)
  /// nm's default form; Linux's `System.map` is one.
  case nmBSD
  /// `nm -P`.
  case nmPosix
  /// `nm -f sysv`.
  case nmSysV
  /// Xen's `xen-syms.map`.
  case xenSymbols
  /// ELF image or object.
  case elf
  /// PE image: `MZ`, then `PE\0\0`.
  case peImage
  /// COFF object without a DOS header.
  case coffObject
  /// Static library, thin or not.
  case archive
  /// gzip around one of the others.
  case gzip
  /// A configuration of this program.
  case jsonConfig
  /// None of these; the reason is for people.
  case unknown(reason: String)
}
