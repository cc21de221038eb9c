// The one entry for everything that is evidence of an image: recognise, then read.

/// Reads maps, symbol lists and images.
public enum ImageReader {
  /// What `buffer` says of its image.
  ///
  /// - Parameter parts: what is wanted; the rest may be left out where that saves time.
  /// - Throws: `ReadError` if the file is no evidence of an image, or is not what it begins to be.
  public static func read(
    _ buffer: SourceBuffer, parts: ImageParts = .all
  ) throws(ReadError) -> Image {
    try read(buffer, as: FormatRecognizer.recognize(buffer), parts: parts)
  }

  /// What `buffer` says of its image, read as `format`.
  public static func read(
    _ buffer: SourceBuffer, as format: FileFormat, parts: ImageParts = .all
  ) throws(ReadError) -> Image {
    if buffer.count > Limit.fileBytes {
      throw ReadError(
        id: "file-too-large",
        message: "is larger than \(Limit.fileBytes) bytes, the limit for one input")
    }
    switch format {
    case .gnuMap: return try GNUMapReader.read(buffer, isGold: false, parts: parts)
    case .goldMap: return try GNUMapReader.read(buffer, isGold: true, parts: parts)
    case .nmBSD: return try NMReader.read(buffer, form: .bsd, parts: parts)
    case .nmPosix: return try NMReader.read(buffer, form: .posix, parts: parts)
    case .nmSysV: return try NMReader.read(buffer, form: .sysV, parts: parts)
    case .xenSymbols: return try XenSymbolsReader.read(buffer, parts: parts)
    case .elf: return try ELFReader.read(buffer, parts: parts)
    default: throw ReadError(id: "not-evidence", message: "\(format)")
    }
  }
}
