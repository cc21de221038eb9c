// Why there is no layout.

public import LdsParser

/// Why no layout can be told.
public enum LayoutStop: Error, Sendable {
  /// Something that decides the layout is not modelled; what.
  case refused(String)
  /// The linker would stop here; its words, as far as they are known.
  case linkerStops(String)
  /// A file cannot be read as what it is.
  case unreadable(FilePath, ReadError)
  /// A file is not there.
  case missing(FilePath)

  /// The sentence: lower case, no full stop.
  public var message: String {
    switch self {
    case .refused(let what): what
    case .linkerStops(let words): "the linker would stop: \(words)"
    case .unreadable(let path, let error): "\(path.display): \(error.message)"
    case .missing(let path): "\(path.display): no such file"
    }
  }
}
