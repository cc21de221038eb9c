// The values of a few symbols out of a table that may have hundreds of thousands.

import LdsParser

/// Values of the asked-for symbols of one image.
struct SymbolValues {
  private var values: [String: UInt64] = [:]

  /// Looks the `names` up in one pass over `image`.
  ///
  /// A global definition wins over a local one of the same name, an earlier over a later.
  init(_ names: Set<String>, in image: Image) {
    let wanted = names.map { Array($0.utf8) }
    let lengths = Set(wanted.map { UInt32(truncatingIfNeeded: $0.count) })
    var locals: [String: UInt64] = [:]
    for record in image.symbols.records where lengths.contains(record.nameLength) {
      guard Self.isDefined(record) else { continue }
      let name = image.symbols.name(record)
      guard names.contains(name) else { continue }
      if record.binding == .local {
        if locals[name] == nil { locals[name] = record.value }
      } else if values[name] == nil {
        values[name] = record.value
      }
    }
    values.merge(locals) { global, _ in global }
    if values["__image_base__"] == nil, names.contains("__image_base__") {
      values["__image_base__"] = image.imageBase
    }
  }

  /// The value of a symbol, nil if the image does not have it.
  func callAsFunction(_ name: String) -> UInt64? { values[name] }

  private static func isDefined(_ record: SymbolRecord) -> Bool {
    switch record.place {
    case .undefined, .common, .discarded: false
    case .section, .absolute, .unknownSection, .unknown: true
    }
  }
}
