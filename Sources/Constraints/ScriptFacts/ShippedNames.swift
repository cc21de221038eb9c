// Sections of an image as a script places them: what rules on the image that leaves the build point at.

internal import LdsParser

extension ScriptFacts {
  /// What the script says of the output section `name`: the first that is not conditional, else the first.
  func placement(_ name: [UInt8]) -> OutputSectionDescription? {
    guard let id = script.names.find(name) else { return nil }
    let named = outline.sections.lazy.map(\.section).filter { $0.name.name == id }
    return named.first { $0.constraint == nil } ?? named.first
  }

  /// The place of the name of an output section in the script; the image's record where the script does not have it.
  func place(of section: Int, in image: Image) -> FindingPlace {
    placement(image.outputSections[section].name).map { .source($0.name.span) }
      ?? image.place(ofSection: section)
  }
}

extension Image {
  /// The name of an output section for people.
  func sectionName(_ index: Int) -> String {
    String(decoding: outputSections[index].name, as: UTF8.self)
  }

  /// Index of the only output section of this name.
  func section(named name: [UInt8]) -> Int? {
    let found = outputSections.indices.filter { outputSections[$0].name == name }
    return found.count == 1 ? found.first : nil
  }
}

/// A size in bytes, and for people: `0x21000 bytes (132 KiB)`.
func sizeText(_ bytes: UInt64) -> String {
  bytes < 1024
    ? "\(hexadecimal(bytes)) bytes"
    : "\(hexadecimal(bytes)) bytes (\(ByteCountText.readable(bytes)))"
}
