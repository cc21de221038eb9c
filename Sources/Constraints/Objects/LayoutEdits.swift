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

extension LayoutScript {
  /// Puts `ALIGN` into the statements of a section, in place of one that is there: ld.lld makes one section of them all.
  mutating func align(_ edit: LayoutAlignment) throws(LayoutStop) {
    let shown = String(decoding: edit.section, as: UTF8.self)
    let named = sections.filter { names.bytes($0.name) == edit.section }
    if named.isEmpty { throw .refused("\(shown): the script has no such output section") }
    if edit.bytes.nonzeroBitCount != 1 {
      throw .linkerStops("alignment must be power of 2: \(shown)")
    }
    let alignment = number(edit.bytes)
    for section in named { section.alignment = alignment }
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
    section.alignment = script.number(edit.bytes)
  }
}

// MARK: A larger section of an object

/// An object of a link, as far as an edit is about it.
private struct EditedObject<Input> {
  /// `lib.a(member.o)`
  var label: [UInt8]
  /// What file patterns see.
  var name: [UInt8]
  /// Its sections that are in the image.
  var inputs: [Input]
}

/// A section that may be made larger.
private struct EditedInput {
  var name: [UInt8]
  var size: UInt64
  var isCode: Bool
  /// Whether the linker writes something else in its place.
  var isMerged: Bool
}

/// Finds the section that `OBJECT` or `OBJECT:SECTION` says grows.
private struct GrownInput<Input> {
  let objects: [EditedObject<Input>]
  let traits: (Input) -> EditedInput

  func find(_ text: [UInt8]) throws(LayoutStop) -> Input {
    let shown = String(decoding: text, as: UTF8.self)
    var wanted: [UInt8]?
    var found = objects(called: text)
    if found.isEmpty, let colon = text.lastIndex(of: UInt8(ascii: ":")) {
      wanted = Array(text[(colon + 1)...])
      found = objects(called: Array(text[..<colon]))
    }
    guard let object = found.first else {
      throw .refused("\(shown): neither an output section nor an object of the link")
    }
    if found.count > 1 {
      throw .refused("\(shown): \(found.count) objects of the link are called so")
    }
    let candidates = object.inputs.map { (input: $0, traits: traits($0)) }.filter { candidate in
      wanted.map { candidate.traits.name == $0 } ?? candidate.traits.isCode
    }
    guard let largest = candidates.max(by: { $0.traits.size < $1.traits.size }) else {
      throw .refused(
        wanted.map {
          "\(shown): the object has no section \(String(decoding: $0, as: UTF8.self)) in the image"
        }
          ?? "\(shown): the object has no code in the image: name a section, as OBJECT:SECTION")
    }
    if largest.traits.isMerged || largest.traits.name.starts(with: ".eh_frame".utf8) {
      let name = String(decoding: largest.traits.name, as: UTF8.self)
      throw .refused("\(shown): the linker merges \(name), which cannot grow by itself")
    }
    return largest.input
  }

  /// The objects of this name, or whose path ends in it.
  private func objects(called name: [UInt8]) -> [EditedObject<Input>] {
    let exact = objects.filter { $0.label == name || $0.name == name }
    if !exact.isEmpty { return exact }
    let ending = [UInt8(ascii: "/")] + name
    return objects.filter { $0.name.suffix(ending.count).elementsEqual(ending) }
  }
}

extension ObjectLink {
  /// The section of an object that `OBJECT` or `OBJECT:SECTION` says grows.
  func grownInput(_ text: [UInt8]) throws(LayoutStop) -> InputSection {
    let objects = files.filter { $0.object != nil }.map { file in
      EditedObject(
        label: file.label, name: file.name,
        inputs: file.sections.filter { section in
          section.output != nil && section.bits.contains(.allocated)
            && section.bits.isDisjoint(with: [.excluded, .linkerMade])
        })
    }
    return try GrownInput(objects: objects) { section in
      EditedInput(
        name: self.names.bytes(section.name), size: section.size,
        isCode: section.bits.contains(.code), isMerged: section.merging != nil)
    }.find(text)
  }
}

extension LLDLink {
  /// The section of an object that `OBJECT` or `OBJECT:SECTION` says grows.
  func grownInput(_ text: [UInt8]) throws(LayoutStop) -> LLDInput {
    let objects = files.filter { $0.object != nil && !$0.isLazy }.map { file in
      EditedObject(
        label: file.label, name: file.name,
        inputs: file.sections.compactMap(\.self).filter { input in
          input.isLive && input.isAllocated && input.parent?.isLive ?? false
        })
    }
    return try GrownInput(objects: objects) { input in
      EditedInput(
        name: self.names.bytes(input.name), size: input.size,
        isCode: input.flags & ObjectSection.Flag.execute != 0,
        isMerged: input.pieces != nil || input.frames != nil)
    }.find(text)
  }
}
