// Edits of a link of which the map and the image are at hand, not the objects. First the script as it is is laid out over
// what they tell: every row has to come out where the map has it. A map does not tell the alignment of most input sections,
// so an edit is laid out twice, with the least and with the largest alignments that fit: addresses only rise with them,
// and what comes out the same both times is exact; the rest is told as an interval.

public import LdsParser

/// A change of a link over its map.
public struct ReplayEdit: Sendable {
  /// The script after the edit; nil for the same one.
  public var script: LinkerScript?
  /// Sections that grow.
  public var growths: [LayoutGrowth]
  /// Sections that are aligned otherwise.
  public var alignments: [LayoutAlignment]

  /// An edit.
  public init(
    script: LinkerScript? = nil, growths: [LayoutGrowth] = [],
    alignments: [LayoutAlignment] = []
  ) {
    self.script = script
    self.growths = growths
    self.alignments = alignments
  }
}

/// What an edit over a map changes.
public struct ReplayedChanges: Sendable {
  /// One change.
  public struct Change: Sendable {
    /// What it is about, with its number before and after; after nil where that is not exact.
    public var change: LayoutChanges.Change
    /// Where the number lies after the edit; nil where nothing is known of it.
    public var range: ClosedRange<UInt64>?
    /// Whether every alignment that fits the map gives the same.
    public var isExact: Bool
  }

  /// Verdicts, then sections, then global symbols.
  public var changes: [Change] = []
  /// Whether all changes are exact.
  public var isExact: Bool { changes.allSatisfy(\.isExact) }
  /// What the linker makes no image for; empty if it goes through.
  public var complaints: [LayoutComplaint] = []
}

/// A link that is laid out again from its map.
public struct MapReplay {
  private let script: LinkerScript
  private let options: LayoutOptions
  private let command: LinkCommand
  private let objects: ReplayedObjects
  private let before: LayoutPrediction

  /// Lays out the script as it is over a map and the image beside it.
  ///
  /// - Parameters:
  ///   - script: with what options say of it, see ``LinkerScript/linked(with:dialect:)``.
  ///   - map: that of GNU ld, with input sections.
  ///   - image: the ELF image of the same link.
  ///   - command: the options of the link.
  /// - Throws: what is not modelled; the first row that comes out elsewhere than the map has it.
  public init(
    _ script: LinkerScript, map: Image, image: Image, _ command: LinkCommand,
    by dialect: LinkerDialect = .laidOut
  ) throws(LayoutStop) {
    self.script = script
    self.command = command
    options = try LayoutOptions(command, dialect, isReplayed: true).replayed
    objects = try ReplayedObjects(map, image, LayoutScript(script))
    let least = try Self.model(script, options, command, objects, [], largest: false)
      .layoutWithComplaints()
    let most = try Self.model(script, options, command, objects, [], largest: true)
      .layoutWithComplaints()
    before = least
    for layout in [least, most] {
      if let difference = difference(layout, image) { throw .refused(difference) }
    }
  }

  private static func model(
    _ script: LinkerScript, _ options: LayoutOptions, _ command: LinkCommand,
    _ objects: ReplayedObjects, _ alignments: [LayoutAlignment], largest: Bool,
    loosened: Set<[UInt8]> = []
  ) throws(LayoutStop) -> LayoutModel {
    let link = try ObjectLink(script, options, isReplayed: true)
    for alignment in alignments { try link.align(alignment) }
    var loader = FileLoader(link, command, provider: NoSources())
    try loader.take(objects.linkFiles(largest: largest, &link.names))
    try link.place()
    for (record, _) in objects.outputs where largest || !loosened.contains(record.name) {
      guard let alignment = record.alignment, alignment > 1,
        let output = link.outputs.first(where: { link.names.bytes($0.name) == record.name })
      else { continue }
      output.alignmentPower = max(output.alignmentPower, alignment.trailingZeroBitCount)
    }
    return LayoutModel(placed: link)
  }

  // MARK: The script as it is

  /// The first row that comes out elsewhere.
  private func difference(_ layout: LayoutPrediction, _ image: Image) -> String? {
    func text(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }
    func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
    let own = layout.sections.filter { $0.flags.contains(.allocated) }
    for (record, lma) in objects.outputs {
      guard let section = own.first(where: { $0.name == record.name && $0.vma == record.vma })
      else {
        let place = own.first { $0.name == record.name }.map { hexadecimal($0.vma) } ?? "nowhere"
        return
          "replayed over the map, \(text(record.name)) is at \(place), in the image at \(hexadecimal(record.vma ?? 0))"
      }
      if let row = row(section, record) { return "replayed over the map, \(row)" }
      if section.size != record.size {
        return
          "replayed over the map, \(text(record.name)) has \(section.size ?? 0) bytes, in the image \(record.size)"
      }
      if let lma, let predicted = section.lma, predicted != lma {
        return
          "replayed over the map, \(text(record.name)) is loaded at \(hexadecimal(predicted)), in the map at \(hexadecimal(lma))"
      }
    }
    if let extra = own.first(where: { section in
      !objects.outputs.contains { $0.record.name == section.name }
    }) {
      return "replayed over the map, there is a section \(text(extra.name)) that the image has not"
    }
    return symbol(layout, image)
  }

  private func row(_ section: PredictedSection, _ record: OutputSectionRecord) -> String? {
    let rows = objects.rows.filter {
      $0.record?.name == record.name && $0.record?.vma == record.vma && $0.size > 0
    }
    let inputs = section.inputs.filter { $0.size > 0 }
    for (row, input) in zip(rows, inputs)
    where row.address != input.address || row.size != input.size || row.name != input.section
      || row.file != input.file
    {
      return
        "at 0x\(String(row.address, radix: 16)) of \(String(decoding: record.name, as: UTF8.self)), where the map has \(String(decoding: row.name, as: UTF8.self)) of \(String(decoding: row.file, as: UTF8.self)), is \(String(decoding: input.section, as: UTF8.self)) of \(String(decoding: input.file, as: UTF8.self)) at 0x\(String(input.address, radix: 16))"
    }
    if rows.count != inputs.count {
      return
        "\(String(decoding: record.name, as: UTF8.self)) has \(inputs.count) input sections, in the map \(rows.count)"
    }
    return nil
  }

  private func symbol(_ layout: LayoutPrediction, _ image: Image) -> String? {
    var actual: [[UInt8]: SymbolRecord] = [:]
    for record in image.symbols.records where record.binding != .local {
      actual[image.symbols.nameBytes(record)] = record
    }
    let mask: UInt64 = layout.is64Bit ? .max : 0xffff_ffff
    for symbol in layout.symbols where symbol.isGlobal && !symbol.isThreadLocal {
      guard let record = actual[symbol.name], !record.isThreadLocal,
        record.value & mask != symbol.value & mask
      else { continue }
      return
        "replayed over the map, \(String(decoding: symbol.name, as: UTF8.self)) is 0x\(String(symbol.value, radix: 16)), in the image 0x\(String(record.value, radix: 16))"
    }
    return nil
  }

  // MARK: Edits

  /// What an edit changes.
  ///
  /// - Throws: what the map does not tell, or where the linker would stop.
  public func changes(by edit: ReplayEdit) throws(LayoutStop) -> ReplayedChanges {
    let edited = edit.script ?? script
    if edit.script != nil { try checkPatterns(edited) }
    let loosened = try loosened(edited, edit.alignments)
    var layouts: [LayoutPrediction] = []
    var models: [LayoutModel] = []
    for largest in [false, true] {
      let model = try Self.model(
        edited, options, command, objects, edit.alignments, largest: largest, loosened: loosened)
      let layout = try model.layoutWithComplaints(growing: edit.growths)
      try checkHomes(layout)
      layouts.append(layout)
      models.append(model)
    }
    guard let monotony = models[0].monotony(growing: [], from: layouts[0], to: layouts[1]),
      monotony.keepsOrder
    else {
      throw .refused(
        "the script moves the location counter by more than sums and ALIGN: give the objects")
    }
    return join(layouts[0], layouts[1], monotony)
  }

  /// Sections whose ALIGN gets smaller: what their inputs ask for is not known then.
  private func loosened(
    _ edited: LinkerScript, _ alignments: [LayoutAlignment]
  ) throws(LayoutStop) -> Set<[UInt8]> {
    let (old, new) = (try LayoutScript(script), try LayoutScript(edited))
    func stated(_ script: LayoutScript, _ name: [UInt8]) -> UInt64 {
      script.sections.first { script.names.bytes($0.name) == name }?.alignment
        .flatMap(script.expressions.foldedValue) ?? 0
    }
    var result: Set<[UInt8]> = []
    for (record, _) in objects.outputs {
      let after =
        alignments.last { $0.section == record.name }?.bytes ?? stated(new, record.name)
      if stated(old, record.name) > after { result.insert(record.name) }
    }
    return result
  }

  /// What else a pattern would take is not in the map.
  private func checkPatterns(_ edited: LinkerScript) throws(LayoutStop) {
    func patterns(_ script: LinkerScript) throws(LayoutStop) -> [[UInt8]: [[UInt8]]] {
      let layout = try LayoutScript(script)
      var result: [[UInt8]: [[UInt8]]] = [:]
      for section in layout.sections {
        for case .inputs(let inputs) in section.body {
          let description = inputs.description
          var words = [UInt8(ascii: description.isKept ? "K" : "P")]
          for pattern in [description.file].compactMap(\.self) + description.sections {
            words += [0x20] + layout.names.bytes(pattern.pattern.name)
            for sort in pattern.sorts { words += Array(sort.rawValue.utf8) }
            for excluded in pattern.excludedFiles {
              words += [0x21] + layout.names.bytes(excluded.name)
            }
          }
          result[layout.names.bytes(section.name), default: []].append(words)
        }
      }
      return result
    }
    if try patterns(script) != patterns(edited) {
      throw .refused(
        "the edit changes input section patterns, and the map does not tell what else they would take: give the objects"
      )
    }
  }

  /// Every input section has to stay in its output section.
  private func checkHomes(_ layout: LayoutPrediction) throws(LayoutStop) {
    var homes: [[UInt8]: Set<[UInt8]>] = [:]
    for row in objects.rows where row.size > 0 {
      guard let record = row.record else { continue }
      homes[row.file + [0] + row.name, default: []].insert(record.name)
    }
    for section in layout.sections {
      for input in section.inputs where input.size > 0 {
        guard let known = homes[input.file + [0] + input.section], !known.contains(section.name)
        else { continue }
        throw .refused(
          "\(String(decoding: input.section, as: UTF8.self)) of \(String(decoding: input.file, as: UTF8.self)) would move to \(String(decoding: section.name, as: UTF8.self)), and the map does not tell its alignment and flags: give the objects"
        )
      }
    }
  }

  private struct Key: Hashable {
    let kind: LayoutChanges.Change.Kind
    let name: [UInt8]
    let aspect: String
  }

  private func join(
    _ least: LayoutPrediction, _ most: LayoutPrediction, _ monotony: GrowthMonotony
  ) -> ReplayedChanges {
    let low = LayoutChanges(from: before, to: least).changes
    let high = LayoutChanges(from: before, to: most).changes
    func key(_ change: LayoutChanges.Change) -> Key {
      Key(kind: change.kind, name: change.name, aspect: change.aspect)
    }
    let others = Dictionary(high.map { (key($0), $0) }, uniquingKeysWith: { one, _ in one })
    let known = Set(low.map(key))
    let judge = ReplayJudge(least: least, most: most, monotony: monotony)
    var result = ReplayedChanges()
    result.complaints = most.complaints
    for change in low + high.filter({ !known.contains(key($0)) }) {
      // What one of them does not change is there as it was before.
      var change = change
      if !known.contains(key(change)) { change.to = change.from }
      let other = others[key(change)].map(\.to) ?? change.from
      result.changes.append(judge.change(change, other))
    }
    result.changes += judge.openVerdicts(before, known: known.union(others.keys).map(\.name))
    let order: [LayoutChanges.Change.Kind] = [.verdict, .section, .symbol]
    result.changes = order.flatMap { kind in result.changes.filter { $0.change.kind == kind } }
    return result
  }
}

/// What two layouts say of all that lie between them.
private struct ReplayJudge {
  let least: LayoutPrediction
  let most: LayoutPrediction
  let monotony: GrowthMonotony

  /// A change by the least alignments with its number by the largest.
  func change(_ change: LayoutChanges.Change, _ other: UInt64?) -> ReplayedChanges.Change {
    var change = change
    let isOrdered = isOrdered(change)
    if isOrdered, change.to == other {
      return ReplayedChanges.Change(
        change: change, range: change.to.map { $0...$0 }, isExact: true)
    }
    var range: ClosedRange<UInt64>?
    if isOrdered, let low = change.to, let other { range = min(low, other)...max(low, other) }
    change.to = nil
    return ReplayedChanges.Change(change: change, range: range, isExact: false)
  }

  /// Whether a number only rises, or only falls, from one layout to the other.
  private func isOrdered(_ change: LayoutChanges.Change) -> Bool {
    switch change.kind {
    case .section:
      guard change.aspect == "size" else { return true }
      func start(_ layout: LayoutPrediction) -> UInt64? {
        layout.sections.first { $0.name == change.name }?.vma
      }
      // A section that does not move pads inside as before.
      return start(least) == start(most)
    case .symbol: return monotony.isOrdered(change.name)
    case .verdict:
      return least.assertions.filter { $0.message == change.name }
        .allSatisfy { monotony.isOrdered($0.condition) }
    }
  }

  /// Verdicts that no layout changed, and of which some layout between them may be of another mind.
  func openVerdicts(
    _ before: LayoutPrediction, known: [[UInt8]]
  ) -> [ReplayedChanges.Change] {
    zip(before.assertions, least.assertions).compactMap { old, new in
      guard !known.contains(new.message), !monotony.isOrdered(new.condition) else { return nil }
      return ReplayedChanges.Change(
        change: LayoutChanges.Change(
          kind: .verdict, name: new.message, aspect: "verdict", from: old.holds ? 1 : 0, to: nil),
        range: nil, isExact: false)
    }
  }
}
