// Inputs for which an ASSERT fails: objects that one can assemble and link.

/// A link in which an ASSERT of a script fails.
public struct Counterexample: Sendable {
  /// An input section of it.
  public struct Section: Sendable {
    /// The object.
    public var file: [UInt8]
    /// The section's name; `COMMON` for a common symbol.
    public var name: [UInt8]
    /// Its size in bytes.
    public var size: UInt64
    /// Its alignment in bytes.
    public var alignment: UInt64
    /// The most bytes with which the ASSERT held where it was tried: one less; nil if it failed there, too.
    public var holdsWith: UInt64?
  }

  /// A symbol that the script takes from an object.
  public struct Symbol: Sendable {
    /// Its name.
    public var name: [UInt8]
    /// Its number; nil for an address in a section.
    public var number: UInt64?
  }

  /// A file of assembler text.
  public struct File: Sendable {
    /// The object that is made of it, relative to the folder of the link.
    public var object: [UInt8]
    /// Its text.
    public var text: String
  }

  /// Input sections, those that make the ASSERT fail first.
  public var sections: [Section]
  /// Symbols that objects give.
  public var symbols: [Symbol]
  /// The objects in the order of the command.
  public var files: [File]
  /// The assembler with its options.
  public var assembler: String
  /// The linker with its options, without script and objects.
  public var linker: String

  /// `fails with .text of 4097 bytes, holds with 4096`
  public var sentence: String {
    var parts = sections.map { section in
      let name = String(decoding: section.name, as: UTF8.self)
      let file =
        section.file == SectionWitness.plainFile
        ? "" : String(decoding: section.file, as: UTF8.self) + ":"
      let aligned = section.alignment > 1 ? " aligned to \(section.alignment)" : ""
      let holds = section.holdsWith.map { ", holds with \($0)" } ?? ""
      return
        "\(file)\(name) of \(section.size) byte\(section.size == 1 ? "" : "s")\(aligned)\(holds)"
    }
    parts += symbols.compactMap { symbol in
      symbol.number.map {
        "\(String(decoding: symbol.name, as: UTF8.self)) = 0x\(String($0, radix: 16))"
      }
    }
    if parts.isEmpty { return "fails where no input section has contents" }
    return "fails with " + parts.joined(separator: "; ")
  }
}
