// File names are bytes: Linux allows any byte but NUL and '/', and repairing them would open another file.

/// A file name exactly as the operating system has it.
public struct FilePath: Hashable, Sendable {
  /// The bytes of the name, without a terminating NUL.
  public let bytes: [UInt8]

  /// A path of exactly these bytes.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A path spelled in source text or made from another name.
  public init(_ string: String) {
    bytes = Array(string.utf8)
  }

  /// The name for people to read; invalid UTF-8 shows as replacement characters.
  public var display: String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the path starts at the root.
  public var isAbsolute: Bool {
    bytes.first == UInt8(ascii: "/")
  }

  /// The part before the last slash: `a/b` of `a/b/c`, `/` of `/a`, empty of `a`.
  public var directory: FilePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return FilePath(bytes: []) }
    return FilePath(bytes: slash == 0 ? [UInt8(ascii: "/")] : Array(bytes[..<slash]))
  }

  /// The part after the last slash.
  public var lastComponent: FilePath {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return FilePath(bytes: Array(bytes[(slash + 1)...]))
  }

  /// The same path without `.`, and without `..` behind a name, as far as names tell: `a/x.ld` of `a/b/../x.ld`.
  public var normalized: FilePath {
    var parts: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      if part.elementsEqual("..".utf8), let last = parts.last, !last.elementsEqual("..".utf8) {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    let slash = [UInt8(ascii: "/")]
    return FilePath(bytes: (isAbsolute ? slash : []) + Array(parts.joined(separator: slash)))
  }

  /// The path seen from `folder`, which is named from the same place; nil if it does not lie below it.
  public func relative(to folder: FilePath) -> FilePath? {
    let (path, base) = (normalized, folder.normalized)
    if base.bytes.isEmpty { return path.isAbsolute ? nil : path }
    let prefix = base.bytes.last == UInt8(ascii: "/") ? base.bytes : base.bytes + [0x2F]
    guard path.bytes.starts(with: prefix) else { return nil }
    return FilePath(bytes: Array(path.bytes.dropFirst(prefix.count)))
  }

  /// `name` looked at from this folder: `name` itself if it is absolute or this path is empty.
  public func appending(_ name: FilePath) -> FilePath {
    if name.isAbsolute || bytes.isEmpty { return name }
    if bytes.last == UInt8(ascii: "/") { return FilePath(bytes: bytes + name.bytes) }
    return FilePath(bytes: bytes + [UInt8(ascii: "/")] + name.bytes)
  }
}
