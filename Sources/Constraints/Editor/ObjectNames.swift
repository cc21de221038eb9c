// What objects bring into a link by name, for somebody who writes its script: no layout, no addresses.

public import LdsParser

/// Names of the input sections and symbols of objects.
public struct ObjectNames: Sendable {
  /// Names of allocated sections, each once, in the order of the files.
  public private(set) var sections: [[UInt8]] = []
  /// The first object that defines each global symbol, `libc.a(printf.o)` for a member of an archive.
  public private(set) var definers: [[UInt8]: [UInt8]] = [:]
  /// The first object that refers to each symbol without defining it.
  public private(set) var users: [[UInt8]: [UInt8]] = [:]
  private var seen: Set<[UInt8]> = []

  /// No objects.
  public init() {}

  /// Adds an object or an archive with all its members; what cannot be read is left out.
  public mutating func add(_ buffer: SourceBuffer) {
    var names = NameTable()
    let label = buffer.path.lastComponent.bytes
    guard ObjectArchive.isOne(buffer) else {
      if let object = try? ObjectFile(buffer, names: &names) { add(object, label, names) }
      return
    }
    guard let archive = try? ObjectArchive(buffer, names: &names), !archive.isThin else { return }
    for member in archive.members {
      guard let object = try? archive.object(member, names: &names) else { continue }
      add(object, label + Array("(".utf8) + member.name + Array(")".utf8), names)
    }
  }

  /// Adds what was gathered elsewhere.
  public mutating func add(_ other: ObjectNames) {
    for name in other.sections where seen.insert(name).inserted { sections.append(name) }
    definers.merge(other.definers) { first, _ in first }
    users.merge(other.users) { first, _ in first }
  }

  private mutating func add(_ object: ObjectFile, _ label: [UInt8], _ names: NameTable) {
    for section in object.sections where section.flags & ObjectSection.Flag.allocate != 0 {
      let name = names.bytes(section.name)
      if seen.insert(name).inserted { sections.append(name) }
    }
    for symbol in object.symbols where symbol.binding != 0 && !symbol.isNameless {
      let name = names.bytes(symbol.name)
      if symbol.place == .undefined {
        if users[name] == nil { users[name] = label }
      } else if definers[name] == nil {
        definers[name] = label
      }
    }
  }
}
