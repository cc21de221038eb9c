// The one entry for everything that is evidence of an image: recognise, then read.

/// Reads maps, symbol lists and images.
public enum ImageReader {
  /// What `buffer` says of its image.
  ///
  /// `parts` says what is wanted; the rest may be left out where that saves time.
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
    try FileInput.check(size: buffer.count)
    do throws(ReadError) {
      return try dispatch(buffer, as: format, parts: parts)
    } catch {
      throw error.located(within: buffer.count)
    }
  }

  private static func dispatch(
    _ buffer: SourceBuffer, as format: FileFormat, parts: ImageParts
  ) throws(ReadError) -> Image {
    switch format {
    case .map(let kind):
      guard let form = MapForm.of(kind) else { throw notEvidence("no map of a linker") }
      return try form.read(buffer, parts)
    case .nmBSD: return try NMReader.read(buffer, form: .bsd, parts: parts)
    case .nmPosix: return try NMReader.read(buffer, form: .posix, parts: parts)
    case .nmSysV: return try NMReader.read(buffer, form: .sysV, parts: parts)
    case .xenSymbols: return XenSymbolsReader.read(buffer, parts: parts)
    case .elf: return try ELFReader.read(buffer, parts: parts)
    case .peImage, .coffObject: return try PEReader.read(buffer, parts: parts)
    case .gzip: return try readUnpacked(Gzip.unpack(buffer), parts: parts)
    case .archive: throw notEvidence("an archive holds many objects and is no image")
    case .script: throw notEvidence("a linker script describes an image that is still to be made")
    case .jsonConfig: throw notEvidence("a JSON file is no map, symbol list or image")
    case .unknown(let reason): throw notEvidence(reason)
    }
  }

  /// The objects in an archive, or the one image in any other file.
  public static func readAll(
    _ buffer: SourceBuffer, parts: ImageParts = .all
  ) throws(ReadError) -> [Image] {
    let format = FormatRecognizer.recognize(buffer)
    if format == .archive { return try ArchiveReader.read(buffer, parts: parts) }
    return [try read(buffer, as: format, parts: parts)]
  }

  /// What came out of a gzip file; a second layer is refused.
  private static func readUnpacked(
    _ buffer: SourceBuffer, parts: ImageParts
  ) throws(ReadError) -> Image {
    let format = FormatRecognizer.recognize(buffer)
    if format == .gzip { throw notEvidence("gzip inside gzip") }
    return try read(buffer, as: format, parts: parts)
  }

  private static func notEvidence(_ reason: String) -> ReadError {
    ReadError(id: "not-evidence", message: reason)
  }
}

extension ReadError {
  /// The error of an input of `count` bytes that stands at `start` of a larger one. A header may name a place
  /// beyond the end; the fault is then located at the end.
  func located(within count: Int, from start: Int = 0) -> ReadError {
    ReadError(id: id, message: message, offset: offset.map { start + min($0, count) })
  }
}
