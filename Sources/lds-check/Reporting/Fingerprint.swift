// Names for findings that stay the same from run to run, and differ within one.

import LdsParser

/// Hands out fingerprints for the findings of one report, in order.
///
/// A fingerprint is made of rule, path in the repository, subject, and a number among findings that agree in
/// all of these. No line and no address is in it.
struct FingerprintSequence {
  private var counts: [[UInt8]: Int] = [:]
  private let root: RepositoryRoot

  init(_ root: RepositoryRoot) {
    self.root = root
  }

  /// The fingerprint of the next finding: 32 hexadecimal digits.
  mutating func next(_ finding: ReportFinding) -> String {
    let path = finding.place.map { place in
      // Where a build folder lies is chance.
      (place.text == nil ? place.path.lastComponent : root.shown(place.path)).bytes
    }
    // NUL stands in no part and keeps them apart.
    let key = Array(finding.rule.utf8) + [0] + (path ?? []) + [0] + Array(finding.subject.utf8)
    let ordinal = counts[key, default: 0]
    counts[key] = ordinal + 1
    return Self.hash(key + [0] + Array(String(ordinal).utf8))
  }

  /// FNV-1a in 128 bits.
  static func hash(_ bytes: [UInt8]) -> String {
    var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in bytes { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 32 - digits.utf8.count) + digits
  }
}
