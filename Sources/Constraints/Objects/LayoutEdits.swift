// Edits of a link: another alignment of an output section, a larger section of an object.

internal import LdsParser

/// Another alignment of an output section, as if its statement said `ALIGN(bytes)`.
public struct LayoutAlignment: Sendable, Hashable {
  /// The output section.
  public var section: [UInt8]
  /// A power of two.
  public var bytes: UInt64

  /// An alignment.
  public init(section: [UInt8], bytes: UInt64) {
    self.section = section
    self.bytes = bytes
  }
}

extension ObjectLink {
  /// Puts `ALIGN` into the statement of a section, in place of one that is there.
  func align(_ edit: LayoutAlignment) throws(LayoutStop) {
    let shown = String(decoding: edit.section, as: UTF8.self)
    guard let name = names.find(edit.section), let section = statement(named: name) else {
      throw .refused("\(shown): the script has no such output section")
    }
    if edit.bytes.nonzeroBitCount != 1 {
      throw .linkerStops("power of two expected for the alignment of \(shown)")
    }
    section.alignment = script.expressions.append(
      .integer(edit.bytes), span: script.expressions.span(script.zero))
  }

  /// The section of an object that `OBJECT` or `OBJECT:SECTION` says grows.
  func grownInput(_ text: [UInt8]) throws(LayoutStop) -> InputSection {
    let shown = String(decoding: text, as: UTF8.self)
    var object = text
    var wanted: [UInt8]?
    var files = files(called: object)
    if files.isEmpty, let colon = text.lastIndex(of: UInt8(ascii: ":")) {
      object = Array(text[..<colon])
      wanted = Array(text[(colon + 1)...])
      files = self.files(called: object)
    }
    guard let file = files.first else {
      throw .refused("\(shown): neither an output section nor an object of the link")
    }
    if files.count > 1 {
      throw .refused("\(shown): \(files.count) objects of the link are called so")
    }
    let placed = file.sections.filter { section in
      section.output != nil && section.bits.contains(.allocated)
        && section.bits.isDisjoint(with: [.excluded, .linkerMade])
    }
    let candidates = placed.filter { section in
      wanted.map { names.bytes(section.name) == $0 } ?? section.bits.contains(.code)
    }
    guard let found = candidates.max(by: { $0.size < $1.size }) else {
      throw .refused(
        wanted.map {
          "\(shown): the object has no section \(String(decoding: $0, as: UTF8.self)) in the image"
        }
          ?? "\(shown): the object has no code in the image: name a section, as OBJECT:SECTION")
    }
    if found.merging != nil || names.bytes(found.name).starts(with: ".eh_frame".utf8) {
      throw .refused(
        "\(shown): the linker merges \(names.string(found.name)), which cannot grow by itself")
    }
    return found
  }

  /// The files of this name, or whose path ends in it.
  private func files(called name: [UInt8]) -> [LinkFile] {
    let loaded = files.filter { $0.object != nil }
    let exact = loaded.filter { $0.label == name || $0.name == name }
    if !exact.isEmpty { return exact }
    let ending = [UInt8(ascii: "/")] + name
    return loaded.filter { $0.name.suffix(ending.count).elementsEqual(ending) }
  }
}
