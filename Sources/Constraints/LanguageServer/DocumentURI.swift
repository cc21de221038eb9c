// `file:///home/me/my%20script.lds` and the file it names (RFC 8089).

public import LdsParser

/// URIs of files.
public enum DocumentURI {
  private static let scheme = "file://"

  /// The file that a URI names; of another scheme the URI itself, which no file is called.
  public static func path(_ uri: String) -> FilePath {
    guard uri.hasPrefix(scheme) else { return FilePath(uri) }
    var rest = Array(uri.utf8.dropFirst(scheme.utf8.count))[...]
    // A host before the path is ours or nobody's.
    if rest.first != UInt8(ascii: "/") { rest = rest.drop { $0 != UInt8(ascii: "/") } }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), rest.count >= 2, let high = digit(rest[rest.startIndex]),
        let low = digit(rest[rest.startIndex + 1])
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(high << 4 | low)
      rest = rest.dropFirst(2)
    }
    return FilePath(bytes: bytes)
  }

  /// The URI of a file. A relative name has no URI of its own: it is taken from the root.
  public static func uri(_ path: FilePath) -> String {
    if path.display.includes("://") { return path.display }
    var text = scheme
    if !path.isAbsolute { text += "/" }
    for byte in path.bytes {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-._~/".utf8.contains(byte)
      if isPlain {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8(truncatingIfNeeded: $0) }
  }
}
