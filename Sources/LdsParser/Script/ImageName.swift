// Names of constraints that are about the file that leaves the build, and that no linker knows.

/// What a constraint of a configuration may ask of the image that leaves the build.
public enum ImageName: Sendable, Hashable {
  /// `FILE_END`: the load address behind the last byte of the file.
  case end
  /// `FILE_SIZE`: bytes of the file.
  case size
  /// `MAPPED_END`: the run-time address behind the last byte that the loader gives memory to.
  case mappedEnd
  /// `FILE_OFFSET(symbol)`: where in the file the byte stands that the symbol names.
  case offset(of: [UInt8])

  static let fileOffset = Array("FILE_OFFSET".utf8)

  /// The name under which an expression refers to the offset of a symbol.
  static func fileOffset(of symbol: [UInt8]) -> [UInt8] {
    fileOffset + [UInt8(ascii: "(")] + symbol + [UInt8(ascii: ")")]
  }

  /// The meaning of a name in an expression of a constraint; nil for any other name.
  public init?(_ name: [UInt8]) {
    switch name {
    case Array("FILE_END".utf8): self = .end
    case Array("FILE_SIZE".utf8): self = .size
    case Array("MAPPED_END".utf8): self = .mappedEnd
    default:
      guard name.starts(with: Self.fileOffset), name.count > Self.fileOffset.count + 2,
        name[Self.fileOffset.count] == UInt8(ascii: "("), name.last == UInt8(ascii: ")")
      else { return nil }
      self = .offset(of: Array(name[(Self.fileOffset.count + 1)...].dropLast()))
    }
  }
}
