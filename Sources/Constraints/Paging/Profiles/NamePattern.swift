// Section names with `*` and `?`, as linker scripts write them, without the bracket sets.

/// Matching of section names in profiles and configurations.
enum NamePattern {
  /// Whether `pattern` matches all of `name`; `*` stands for any bytes, `?` for one.
  ///
  /// - Complexity: O(pattern × name), without recursion.
  static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var position = 0
    var index = 0
    var star: (pattern: Int, name: Int)?
    while index < name.count {
      if position < pattern.count, pattern[position] == UInt8(ascii: "*") {
        star = (position, index)
        position += 1
      } else if position < pattern.count,
        pattern[position] == UInt8(ascii: "?") || pattern[position] == name[index]
      {
        position += 1
        index += 1
      } else if let last = star {
        position = last.pattern + 1
        index = last.name + 1
        star = (last.pattern, index)
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
