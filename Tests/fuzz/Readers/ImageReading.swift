// Maps, listings and images: read, then look at every record.

import LdsParser

/// Readers of ``Image``.
enum ImageReading {
  /// As what the bytes look like.
  static func any(_ bytes: [UInt8]) -> Int {
    touch { () throws(ReadError) in try ImageReader.readAll(file(bytes)) }
  }

  /// As a given format, whatever the bytes look like.
  static func read(_ bytes: [UInt8], as format: FileFormat) -> Int {
    touch { () throws(ReadError) in [try ImageReader.read(file(bytes), as: format)] }
  }

  /// The forms of symbol listings; the first byte chooses.
  static func listing(_ bytes: [UInt8]) -> Int {
    let forms: [FileFormat] = [.nmBSD, .nmPosix, .nmSysV, .xenSymbols]
    guard let first = bytes.first else { return 0 }
    let form = forms[Int(first) % forms.count]
    return read(Array(bytes.dropFirst()), as: form) &+ any(Array(bytes.dropFirst()))
  }

  /// PE if the bytes begin like one, otherwise a bare object.
  static func coff(_ bytes: [UInt8]) -> Int {
    read(bytes, as: bytes.starts(with: Array("MZ".utf8)) ? .peImage : .coffObject)
  }

  /// Compressed bytes, and what comes out of them.
  static func gzip(_ bytes: [UInt8]) -> Int {
    let unpacked = (try? Gzip.unpack(file(bytes)))?.count ?? 0
    return unpacked &+ any(bytes)
  }

  private static func touch(_ read: () throws(ReadError) -> [Image]) -> Int {
    do throws(ReadError) {
      return try read().reduce(0) { $0 &+ touch($1) }
    } catch {
      return error.message.utf8.count &+ (error.offset ?? 0)
    }
  }

  /// A number made of everything that an image holds.
  static func touch(_ image: Image) -> Int {
    var sum = touch(image.symbols)
    for section in image.outputSections { sum &+= Int(truncatingIfNeeded: section.size) }
    for input in image.inputSections {
      precondition(Int(input.outputSection) < image.outputSections.count)
      let start = Int(input.nameStart)
      sum &+= image.symbols.names.bytes(in: start..<start + Int(input.nameLength)).count
    }
    for segment in image.segments { sum &+= Int(truncatingIfNeeded: segment.memorySize) }
    for region in image.regions { sum &+= Int(truncatingIfNeeded: region.length) }
    for diagnostic in image.diagnostics { sum &+= diagnostic.message.utf8.count }
    let index = SymbolIndex(image.symbols)
    if let first = image.symbols.records.first {
      precondition(index.rows(image.symbols.nameBytes(first)).contains(0))
    }
    return sum &+ image.statements.count &+ image.names.count
  }

  private static func touch(_ table: SymbolTable) -> Int {
    var sum = 0
    for record in table.records {
      sum &+= table.nameBytes(record).count &+ Int(truncatingIfNeeded: record.value)
    }
    return sum &+ (AddressIndex(table).nearest(at: 0x1000) ?? 0)
  }
}
