// The values of a few symbols out of a table that may have hundreds of thousands.

import LdsParser

/// Values of the asked-for symbols of one image.
struct SymbolValues {
  private var values: [String: UInt64] = [:]

  /// Looks the `names` up in one pass over `image`.
  ///
  /// A global definition wins over a local one of the same name, an earlier over a later.
  init(_ names: Set<String>, in image: Image) {
    let longest = names.map(\.utf8.count).max() ?? 0
    var wanted = [[(name: String, bytes: [UInt8])]](repeating: [], count: longest + 1)
    for name in names { wanted[name.utf8.count].append((name, Array(name.utf8))) }
    var locals: [String: UInt64] = [:]
    for record in image.symbols.records {
      guard Int(record.nameLength) <= longest,
        let name = wanted[Int(record.nameLength)].first(where: {
          image.symbols.isNamed(record, $0.bytes)
        })?.name, Self.isDefined(record)
      else { continue }
      if record.binding == .local {
        if locals[name] == nil { locals[name] = record.value }
      } else if values[name] == nil {
        values[name] = record.value
      }
    }
    values.merge(locals) { global, _ in global }
    if !image.kind.tells(.scriptSymbols) { addAssigned(names, in: image) }
    if values["__image_base__"] == nil, names.contains("__image_base__") {
      values["__image_base__"] = image.imageBase
    }
  }

  /// The value of a symbol, nil if the image does not have it.
  func callAsFunction(_ name: String) -> UInt64? { values[name] }

  /// An lld map prints assignments without their values, but the location counter beside each: enough for
  /// `x = .`, `x = ALIGN(n)` and constants. What needs more stays unknown.
  private mutating func addAssigned(_ names: Set<String>, in image: Image) {
    for statement in image.statements {
      guard case .assignment(let assignment, _) = statement.kind, !assignment.isLocationCounter,
        assignment.compound == nil, !assignment.kind.isProvide
      else { continue }
      let name = image.names.string(assignment.target.name)
      guard names.contains(name) else { continue }
      // A later assignment that cannot be followed would leave an older value standing.
      values[name] = Self.value(
        assignment.value, image.expressions, dot: statement.locationCounter)
    }
  }

  private static func value(
    _ expression: ExpressionID, _ table: ExpressionTable, dot: UInt64?
  ) -> UInt64? {
    switch table[expression] {
    case .locationCounter: return dot
    case .call1(.align, let operand):
      guard let dot, let size = table.foldedValue(operand).flatMap(PageSize.init(bytes:)) else {
        return nil
      }
      return size.ceiling(dot)
    default: return table.foldedValue(expression)
    }
  }

  private static func isDefined(_ record: SymbolRecord) -> Bool {
    switch record.place {
    case .undefined, .common: false
    case .section, .absolute, .unknownSection, .unknown: true
    }
  }
}
