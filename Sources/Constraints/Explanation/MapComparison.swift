// What changed between two links, from their maps: input sections that grew, places that moved, statements of
// the script that came or went.

public import LdsParser

/// An input section, or all of one name from one object, in both maps; an output section where a file lists no
/// input sections.
public struct InputGrowth: Sendable, Hashable {
  /// The input section's name.
  public var section: [UInt8]
  /// Its object, by its last path component: builds stand in different folders. Empty for an output section.
  public var object: [UInt8]
  /// The output section it is in now, or was in.
  public var output: [UInt8]
  /// Bytes before; 0 if it is new.
  public var before: UInt64
  /// Bytes now; 0 if it is gone.
  public var now: UInt64
  /// Where it starts now; nil if it is gone.
  public var address: UInt64?

  /// Bytes more than before.
  public var growth: Int64 { Int64(clamping: now) - Int64(clamping: before) }

  /// The names for people to read.
  public var description: String {
    let name = String(decoding: section, as: UTF8.self)
    return object.isEmpty ? name : "\(name) of \(String(decoding: object, as: UTF8.self))"
  }
}

/// A statement of the script that stands in one map only.
public struct StatementChange: Sendable, Hashable {
  /// As the map prints it: `. = ALIGN(0x200000)`.
  public var text: String
  /// Whether it is new, and not gone.
  public var isNew: Bool
  /// The statement after which it stands or stood; nil at the start.
  public var after: String?
  /// The statement before which it stands or stood; nil at the end.
  public var before: String?
  /// Whether the same statement stood elsewhere before.
  public var isMoved = false
}

/// Two maps of one program.
public struct MapComparison: Sendable {
  /// Input sections that changed their size, the largest growth first.
  public let inputs: [InputGrowth]
  /// Statements that came or went, in order; nil if the files do not list them.
  public let statements: [StatementChange]?

  /// What changed from `old` to `new`.
  public init(old: Image, new: Image) {
    // Images and listings have no input sections: output sections are compared.
    let hasInputs = !old.inputSections.isEmpty && !new.inputSections.isEmpty
    // A listing has no sizes at all.
    let hasSizes = !old.outputSections.isEmpty && !new.outputSections.isEmpty
    let before = hasInputs ? Self.sizes(old) : hasSizes ? Self.outputSizes(old) : [:]
    let now = hasInputs ? Self.sizes(new) : hasSizes ? Self.outputSizes(new) : [:]
    var inputs: [InputGrowth] = []
    for (key, size) in now where before[key]?.size ?? 0 != size.size {
      inputs.append(
        InputGrowth(
          section: key.section, object: key.object, output: key.output,
          before: before[key]?.size ?? 0, now: size.size, address: size.address))
    }
    for (key, size) in before where now[key] == nil && size.size > 0 {
      inputs.append(
        InputGrowth(
          section: key.section, object: key.object, output: key.output, before: size.size, now: 0,
          address: nil))
    }
    self.inputs = inputs.sorted { left, right in
      if left.growth != right.growth { return left.growth > right.growth }
      return left.section != right.section
        ? left.section.lexicographicallyPrecedes(right.section)
        : left.object.lexicographicallyPrecedes(right.object)
    }
    statements =
      old.kind.tells(.statements) && new.kind.tells(.statements)
      ? StatementDifference.changes(
        from: StatementDifference.texts(old), to: StatementDifference.texts(new)) : nil
  }

  /// Growth of input sections that lie in `range` of the new image, largest first.
  public func growth(in range: AddressRange) -> [InputGrowth] {
    inputs.filter { input in
      input.growth > 0 && input.address.map { range.contains($0) } ?? false
    }
  }

  /// The shortest list of inputs whose growth is more than `room` bytes; empty if all together are not.
  public static func decisive(_ growth: [InputGrowth], room: UInt64) -> [InputGrowth] {
    var sum: UInt64 = 0
    var chosen: [InputGrowth] = []
    for input in growth where input.growth > 0 {
      chosen.append(input)
      sum &+= UInt64(input.growth)
      if sum > room { return chosen }
    }
    return []
  }

  private struct Key: Hashable {
    var section: [UInt8]
    var object: [UInt8]
    var output: [UInt8]
  }

  private static func outputSizes(_ image: Image) -> [Key: (size: UInt64, address: UInt64)] {
    var sizes: [Key: (size: UInt64, address: UInt64)] = [:]
    for record in image.outputSections where record.size > 0 {
      guard let vma = record.vma, vma != 0 else { continue }
      sizes[Key(section: record.name, object: [], output: record.name)] = (record.size, vma)
    }
    return sizes
  }

  private static func sizes(_ map: Image) -> [Key: (size: UInt64, address: UInt64)] {
    var sizes: [Key: (size: UInt64, address: UInt64)] = [:]
    for row in map.inputSections where row.size > 0 {
      guard row.outputSection >= 0, Int(row.outputSection) < map.outputSections.count else {
        continue
      }
      let key = Key(
        section: row.name(in: map),
        object: FilePath(bytes: row.object(in: map)).lastComponent.bytes,
        output: map.outputSections[Int(row.outputSection)].name)
      let known = sizes[key]
      sizes[key] = ((known?.size ?? 0) &+ row.size, known?.address ?? row.address)
    }
    return sizes
  }
}

/// Differences of two lists of statements.
enum StatementDifference {
  /// Assignments, ASSERTs, output sections and input patterns of a map, as text without values.
  static func texts(_ map: Image) -> [String] {
    let statements = map.statements.compactMap { statement in
      text(statement, map).map { (offset: Int(statement.offset), text: $0) }
    }
    guard let first = map.statements.first, let last = map.statements.last else { return [] }
    let patterns = patterns(map, from: Int(first.offset), to: Int(last.offset))
    let starts = Set(patterns.map(\.offset))
    let all = (statements + patterns).sorted { $0.offset < $1.offset }
    // Under an orphan there is no statement: where the linker puts it is no matter of the script.
    let sections = Set(
      map.statements.compactMap { statement -> Int? in
        if case .outputSection = statement.kind { Int(statement.offset) } else { nil }
      })
    return all.enumerated().compactMap { index, row in
      let isOrphan =
        sections.contains(row.offset)
        && (index + 1 == all.count || sections.contains(all[index + 1].offset)
          || !starts.contains(all[index + 1].offset))
      return isOrphan ? nil : row.text
    }
  }

  private static func text(_ statement: MapStatement, _ map: Image) -> String? {
    switch statement.kind {
    case .assignment(let assignment, _):
      let target =
        assignment.isLocationCounter ? "." : map.names.string(assignment.target.name)
      return "\(target) = \(text(assignment.value, map))"
    case .assertion(let assertion, _):
      return "ASSERT(\(text(assertion.condition, map)))"
    case .outputSection(let index):
      return String(decoding: map.outputSections[index].name, as: UTF8.self)
    default: return nil
    }
  }

  /// The rows ` *(.text .text.*)` of a map: one blank, the file pattern, and nothing behind the closing parenthesis
  /// (ldlang.c, print_wild_statement). A row of an input section goes on with its address.
  private static func patterns(
    _ map: Image, from start: Int, to end: Int
  ) -> [(offset: Int, text: String)] {
    let names = map.symbols.names
    var found: [(offset: Int, text: String)] = []
    var offset = start
    while offset < end {
      var lineEnd = offset
      while let byte = names.byte(at: lineEnd), byte != 0x0A { lineEnd += 1 }
      let line = names.bytes(in: offset..<lineEnd)
      if line.count > 3, line[0] == 0x20, line[1] != 0x20, line.last == UInt8(ascii: ")"),
        line.contains(UInt8(ascii: "(")), !line.starts(with: " 0x".utf8),
        !String(decoding: line, as: UTF8.self).includes(" 0x")
      {
        found.append((offset, String(decoding: line.dropFirst(), as: UTF8.self)))
      }
      offset = lineEnd + 1
    }
    return found
  }

  private static func text(_ expression: ExpressionID, _ map: Image) -> String {
    ExpressionWriter.text(of: expression, in: map.expressions, names: map.names, folded: true)
  }

  /// What came and went. Equal starts and ends are cut off; the rest is compared by Myers' algorithm, which the
  /// standard library has.
  static func changes(from old: [String], to new: [String]) -> [StatementChange] {
    // Beyond this many statements that differ, the scripts are not two states of one.
    guard old.count < 20_000, new.count < 20_000 else { return [] }
    let difference = new.difference(from: old)
    guard difference.count <= 64 else { return [] }
    // A statement that stands elsewhere is one change.
    return difference.inferringMoves().compactMap { change in
      switch change {
      case .remove(let offset, let text, let target):
        target != nil
          ? nil
          : StatementChange(
            text: text, isNew: false, after: offset > 0 ? old[offset - 1] : nil,
            before: offset + 1 < old.count ? old[offset + 1] : nil)
      case .insert(let offset, let text, let origin):
        StatementChange(
          text: text, isNew: true, after: offset > 0 ? new[offset - 1] : nil,
          before: offset + 1 < new.count ? new[offset + 1] : nil, isMoved: origin != nil)
      }
    }
  }
}
