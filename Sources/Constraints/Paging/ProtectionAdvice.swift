// What one region of a protection unit (MPU, PMP) would have to look like around a range that is none.

internal import LdsParser

/// The nearest regions to a range, in words.
struct ProtectionAdvice {
  let unit: ProtectionUnit
  /// A power of two that both ends have to be multiples of.
  let granule: UInt64
  let start: UInt64
  let end: UInt64

  /// The sentences: what is wrong with the range, and the regions that would do. Empty for a range that is one region,
  /// or that has nothing in it.
  var sentences: [String] {
    guard end > start, start &+ granule > start else {
      return end > start
        ? [] : ["there is nothing between \(hexadecimal(start)) and \(hexadecimal(end))"]
    }
    switch unit {
    case .mpuV7M, .pmpNAPOT: return natural
    case .mpuV7MSubregions: return eighths
    case .mpuV8M, .pmpTOR: return limits
    }
  }

  private var size: UInt64 { end &- start }
  private var range: String { "\(hexadecimal(start)) to \(hexadecimal(end))" }

  // MARK: A power of two, aligned to itself

  private var natural: [String] {
    guard size <= 1 << 63 else { return [] }
    let wanted = max(1 << LinkerArithmetic.log2Ceiling(size), granule)
    if size == wanted, start % wanted == 0 { return [] }
    var sentences: [String] = []
    if size != wanted {
      sentences.append(
        "\(hexadecimal(size)) bytes are no power of two\(size < granule ? " of \(granule) or more" : ""): "
          + "the next is \(hexadecimal(wanted))")
    }
    if start % wanted != 0 {
      sentences.append("\(hexadecimal(start)) is no multiple of \(hexadecimal(wanted))")
    }
    let next = LinkerArithmetic.alignUp(start, to: wanted)
    if next != 0 || start == 0, next &+ wanted > next {
      sentences.append(
        "one region would be \(hexadecimal(next)) to \(hexadecimal(next &+ wanted)): ALIGN(\(hexadecimal(wanted))) in "
          + "front of the start\(size == wanted ? "" : " and of the end")")
    }
    if let around = covering(least: wanted) {
      sentences.append(
        "as it is, the least region that covers it is \(hexadecimal(around.start)) to \(hexadecimal(around.end)), "
          + "\(hexadecimal(around.end &- around.start &- size)) bytes more than wanted")
    }
    return sentences
  }

  // MARK: Eighths

  private var eighths: [String] {
    guard let region = covering(least: 256) else { return [] }
    let eighth = (region.end &- region.start) / 8
    let (low, high) = (start & ~(eighth &- 1), LinkerArithmetic.alignUp(end, to: eighth))
    if low == start, high == end { return [] }
    return [
      "the least region around \(range) is \(hexadecimal(region.start)) to \(hexadecimal(region.end)), in eighths of "
        + "\(hexadecimal(eighth)): they cover \(hexadecimal(low)) to \(hexadecimal(high))",
      "ALIGN(\(hexadecimal(eighth))) in front of the start and of the end makes it fit",
    ]
  }

  // MARK: Any two ends

  private var limits: [String] {
    let (low, high) = (start & ~(granule &- 1), LinkerArithmetic.alignUp(end, to: granule))
    // Behind the last granule no region ends.
    if high < end || low == start && high == end { return [] }
    var ends: [String] = []
    if low != start { ends.append("start") }
    if high != end { ends.append("end") }
    return [
      "the region that covers \(range) is \(hexadecimal(low)) to \(hexadecimal(high)): ALIGN(\(granule)) in front of the "
        + ends.joined(separator: " and of the ") + " makes it fit"
    ]
  }

  // MARK: Powers of two

  /// The least aligned power of two around both ends; nil if that is all there is.
  private func covering(least: UInt64) -> (start: UInt64, end: UInt64)? {
    var power = least
    while power != 0, start & ~(power &- 1) != (end &- 1) & ~(power &- 1) { power <<= 1 }
    guard power != 0, case let low = start & ~(power &- 1), low &+ power > low else { return nil }
    return (low, low &+ power)
  }
}
