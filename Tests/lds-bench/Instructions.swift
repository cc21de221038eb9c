// Instructions of a run, which other jobs on the machine do not change.

import Glibc

enum Instructions {
  /// Instructions that a program and its threads execute, as valgrind counts them; nil without valgrind.
  static func count(_ arguments: [String]) -> Int? {
    let log = "/tmp/lds-bench-\(getpid())-callgrind"
    defer { unsafe _ = unlink(log) }
    let words =
      ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=\(log)"]
      + arguments
    guard Measurement.best(of: 1, words, accepted: 1) != nil, let text = contents(of: log),
      let line = text.split(separator: "\n").first(where: { $0.contains("refs:") }),
      let number = line.split(separator: " ").last
    else { return nil }
    return Int(number.filter { $0 != "," })
  }

  private static func contents(of path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe _ = fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe fread($0.baseAddress, 1, $0.count, file)
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
