// What a mapping allows: read, write, execute.

public import LdsParser

/// A set of permissions.
public struct Permissions: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt8

  /// Permissions from their bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// May be read.
  public static let read = Permissions(rawValue: 1)
  /// May be written.
  public static let write = Permissions(rawValue: 2)
  /// May be executed.
  public static let execute = Permissions(rawValue: 4)

  /// Both at once: what no mapping should allow for longer than booting takes.
  public var isWritableAndExecutable: Bool { contains([.write, .execute]) }

  /// The permissions that `text` spells, such as `r-x`, `rwx` or `rw`; nil for other letters.
  public init?(_ text: String) {
    var permissions: Permissions = []
    for character in text {
      switch character {
      case "r": permissions.insert(.read)
      case "w": permissions.insert(.write)
      case "x": permissions.insert(.execute)
      case "-": break
      default: return nil
      }
    }
    self = permissions
  }

  /// What a section with `flags` needs: everything in memory can be read.
  public init(_ flags: SectionFlags) {
    self = .read
    if flags.contains(.writable) { insert(.write) }
    if flags.contains(.executable) { insert(.execute) }
  }

  /// What a segment asks for.
  public init(_ segment: SegmentRecord) {
    self = []
    if segment.isReadable { insert(.read) }
    if segment.isWritable { insert(.write) }
    if segment.isExecutable { insert(.execute) }
  }
}

extension Permissions: CustomStringConvertible {
  /// `r-x`.
  public var description: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-")
      + (contains(.execute) ? "x" : "-")
  }
}
