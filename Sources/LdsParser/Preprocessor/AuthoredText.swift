// Text as its author wrote it, made fit for one line: comments and runs of blanks become one blank.

enum AuthoredText {
  /// The bytes `start..<end` with comments, line ends and runs of blanks as single blanks. Strings stay as
  /// they are.
  static func normalised(_ reader: ByteReader, _ start: Int, _ end: Int) -> [UInt8] {
    var result: [UInt8] = []
    var position = start
    var pendingBlank = false
    while position < end {
      let byte = reader[position]
      let next = skipped(reader, position, end)
      if next > position {
        // A spliced line joins without a blank.
        pendingBlank = pendingBlank || byte != UInt8(ascii: "\\")
        position = next
        continue
      }
      if pendingBlank, !result.isEmpty { result.append(0x20) }
      pendingBlank = false
      let stop = byte == UInt8(ascii: "\"") ? endOfString(reader, position, end) : position + 1
      reader.append(position, stop, to: &result)
      position = stop
    }
    return result
  }

  /// The position after blanks, a comment or a spliced line end that starts at `position`.
  static func skipped(_ reader: ByteReader, _ position: Int, _ end: Int) -> Int {
    switch reader[position] {
    case 0x20, 0x09...0x0D:
      return position + 1
    case UInt8(ascii: "\\"):
      return min(PreprocessorEngine.splice(reader, position) ?? position, end)
    case UInt8(ascii: "/") where position + 1 < end && reader[position + 1] == UInt8(ascii: "/"):
      return min(PreprocessorEngine.lineEnd(reader, from: position), end)
    case UInt8(ascii: "/") where position + 1 < end && reader[position + 1] == UInt8(ascii: "*"):
      var next = position + 2
      while next + 1 < end {
        if reader[next] == UInt8(ascii: "*"), reader[next + 1] == UInt8(ascii: "/") {
          return next + 2
        }
        next += 1
      }
      return end
    default:
      return position
    }
  }

  /// The position behind the string that starts at `start`.
  static func endOfString(_ reader: ByteReader, _ start: Int, _ end: Int) -> Int {
    var position = start + 1
    while position < end {
      if reader[position] == UInt8(ascii: "\\") {
        position += 2
        continue
      }
      if reader[position] == UInt8(ascii: "\"") || reader[position] == 0x0A {
        return position + 1
      }
      position += 1
    }
    return end
  }
}
