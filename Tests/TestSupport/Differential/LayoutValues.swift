// What a link made of a layout: the values that claims are written with.

import LdsParser

/// Values of symbols and sections. They are as good as the image tells them; the linker's verdict on a claim is what
/// counts.
struct LayoutValues: Sendable {
  private(set) var symbols: [String: UInt64] = [:]
  private(set) var sections: [OutputSectionRecord] = []

  /// No values: every claim is written with 0.
  init() {}

  /// Those of the image `o` in a folder, of which `listing` is what nm says.
  init(_ folder: TemporaryFolder, listing: String) throws {
    for line in listing.split(separator: "\n") {
      let words = line.split(separator: " ")
      // Capital letters are global symbols.
      guard words.count == 3, words[1] != "U", words[1] == words[1].uppercased(),
        let value = UInt64(words[0], radix: 16)
      else { continue }
      symbols[String(words[2])] = value
    }
    sections = try ImageReader.read(try folder.buffer("o")).outputSections
  }

  /// Names of the sections.
  var sectionNames: [String] {
    var names: [String] = []
    for section in sections {
      let name = String(decoding: section.name, as: UTF8.self)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// 0 for what is not there.
  func value(of subject: LayoutClaim.Subject) -> UInt64 {
    switch subject {
    case .symbol(let name): symbols[name] ?? 0
    case .address(let name): section(name)?.vma ?? 0
    case .size(let name): section(name)?.size ?? 0
    case .load(let name): section(name).flatMap { $0.lma ?? $0.vma } ?? 0
    case .alignment(let name): section(name)?.alignment ?? 0
    case .distance(let left, let right): (symbols[left] ?? 0) &- (symbols[right] ?? 0)
    }
  }

  private func section(_ name: String) -> OutputSectionRecord? {
    sections.first { $0.name == Array(name.utf8) }
  }
}
