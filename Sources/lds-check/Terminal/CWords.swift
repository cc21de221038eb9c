// Words and the environment as system calls want them.

import Glibc

/// Arrays of C strings.
enum CWords {
  /// `words` as C has them: an array of pointers to texts that end with NUL, and nil at the end.
  static func pass<Result>(
    _ words: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var bytes: [CChar] = []
    for word in words { bytes += word.map { CChar(bitPattern: $0) } + [0] }
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: words.count + 1)
    defer { unsafe pointers.deallocate() }
    return unsafe bytes.withUnsafeMutableBufferPointer { text in
      var offset = 0
      for (index, word) in words.enumerated() {
        unsafe pointers[index] = text.baseAddress.map { unsafe $0 + offset }
        offset += word.count + 1
      }
      unsafe pointers[words.count] = nil
      return unsafe body(pointers)
    }
  }

  /// Our environment with one variable set.
  static func environment(setting name: String, to value: String) -> [[UInt8]] {
    let prefix = Array((name + "=").utf8)
    var variables: [[UInt8]] = [prefix + Array(value.utf8)]
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let variable = unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
      if !variable.starts(with: prefix) { variables.append(variable) }
      unsafe entry += 1
    }
    return variables
  }
}
