// Regions that are too small, in one sentence for every command.

public import LdsParser

/// A region of which more is used than there is.
public struct MemoryOverflow: Sendable {
  /// The region.
  public let region: MemoryUse.Region
  /// The sentence: lower case, no full stop.
  public let text: String

  /// The regions of `use` that overflow whatever the files do not tell, in order.
  public static func all(of use: MemoryUse) -> [MemoryOverflow] {
    use.regions.filter { $0.overflow > 0 }.compactMap { region in
      guard let length = region.length, use.bounds(of: region).lowerBound > Int64(clamping: length)
      else { return nil }
      let largest = use.rows(of: region, by: .section).filter { $0.bytes > 0 }.prefix(4).map {
        "\($0.displayName) (\(hexadecimal(UInt64($0.bytes))))"
      }
      return MemoryOverflow(
        region: region,
        text: "region '\(region.displayName)' has \(hexadecimal(length)) bytes and needs "
          + "\(hexadecimal(region.used)): \(hexadecimal(region.overflow)) too many; the largest are "
          + largest.joined(separator: ", "))
    }
  }

  /// The line of MEMORY that declares the region.
  public func place(in script: LinkerScript) -> SourceSpan? {
    ScriptOutline(script).regions.first { script.names.bytes($0.name.name) == region.name }?.span
  }
}
