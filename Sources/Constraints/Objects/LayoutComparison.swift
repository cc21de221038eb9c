// A layout beside the image of the link that did happen: what is equal, and where they part.

public import LdsParser

/// What a layout and an image differ in.
public struct LayoutComparison: Sendable {
  /// One difference.
  public struct Difference: Sendable {
    /// What it is about.
    public enum Kind: String, Sendable {
      case section, symbol
    }

    /// What it is about.
    public var kind: Kind
    /// The section or symbol.
    public var name: [UInt8]
    /// What of it differs: `address`, `size`; `presence` if one of them does not have it.
    public var aspect: String
    /// The number of the layout; nil if it does not have it.
    public var predicted: UInt64?
    /// The number of the image; nil if it does not have it.
    public var actual: UInt64?
  }

  /// Sections of the image, and how many of them are equal in every number.
  public private(set) var sections = (equal: 0, all: 0)
  /// Named symbols of the image, and how many of them are equal.
  public private(set) var symbols = (equal: 0, all: 0)
  /// The differences: sections by address, then symbols by address.
  public private(set) var differences: [Difference] = []

  /// Whether all is equal, and the layout has nothing more.
  public var isEqual: Bool { differences.isEmpty }

  /// Compares.
  public init(_ prediction: LayoutPrediction, _ image: Image) {
    compareSections(prediction, image)
    let unsized = Set(prediction.sections.filter { $0.size == nil }.map(\.name))
    compareSymbols(
      prediction.image(path: image.path), template: prediction.templateStart, with: image
    ) { record in
      guard case .section(let place) = record.place, image.outputSections.indices.contains(place)
      else { return false }
      return unsized.contains(image.outputSections[place].name)
    }
  }

  // MARK: Sections

  private mutating func compareSections(_ prediction: LayoutPrediction, _ image: Image) {
    var open = Array(prediction.sections.indices)
    let actual = image.outputSections.filter { !Self.isTable($0.name) }
    sections.all = actual.count
    var unmatched: [OutputSectionRecord] = []
    for section in actual {
      let place = open.firstIndex {
        prediction.sections[$0].name == section.name
          && Self.differences(prediction.sections[$0], section, image).isEmpty
      }
      guard let place else {
        unmatched.append(section)
        continue
      }
      open.remove(at: place)
      sections.equal += 1
    }
    unmatched.sort { ($0.vma ?? 0) < ($1.vma ?? 0) }
    for section in unmatched {
      guard let place = open.firstIndex(where: { prediction.sections[$0].name == section.name })
      else {
        differences.append(
          Difference(
            kind: .section, name: section.name, aspect: "presence", predicted: nil,
            actual: section.vma))
        continue
      }
      differences += Self.differences(
        prediction.sections[open.remove(at: place)], section, image)
    }
    for place in open {
      let section = prediction.sections[place]
      differences.append(
        Difference(
          kind: .section, name: section.name, aspect: "presence", predicted: section.vma,
          actual: nil))
    }
  }

  private static func isTable(_ name: [UInt8]) -> Bool {
    [".symtab", ".strtab", ".shstrtab"].contains { name.elementsEqual($0.utf8) }
  }

  private static func differences(
    _ predicted: PredictedSection, _ actual: OutputSectionRecord, _ image: Image
  ) -> [Difference] {
    var differences: [Difference] = []
    func compare(_ aspect: String, _ one: UInt64?, _ other: UInt64?) {
      guard let one, let other, one != other else { return }
      differences.append(
        Difference(
          kind: .section, name: predicted.name, aspect: aspect, predicted: one, actual: other))
    }
    compare("address", predicted.vma, actual.vma)
    compare("size", predicted.size, actual.size)
    if predicted.size != nil { compare("alignment", predicted.alignment, actual.alignment) }
    let isLoaded = predicted.flags.contains(.allocated) && actual.size > 0
    // Thread-local zeros are in no segment that is loaded, nor are those that only their name makes so.
    let isHidden = [predicted.flags, actual.flags ?? []].contains {
      $0.isSuperset(of: [.threadLocal, .noBits])
    }
    if isLoaded, !isHidden {
      let mask: UInt64 = image.is32Bit == true ? 0xffff_ffff : .max
      let told = loadAddresses(of: actual, image.segments).map { $0 & mask }
      if let lma = predicted.lma, !told.isEmpty, !told.contains(lma) {
        compare("load address", lma, told[0])
      }
    }
    if let flags = actual.flags, actual.size > 0 {
      compare("kind", predicted.isNoBits ? 8 : 1, flags.contains(.noBits) ? 8 : 1)
    }
    return differences
  }

  /// What the segments tell of a section's load address; several where segments overlap, none where none holds it.
  private static func loadAddresses(
    of section: OutputSectionRecord, _ segments: [SegmentRecord]
  ) -> [UInt64] {
    guard let vma = section.vma else { return [] }
    let loads = segments.filter { $0.type == ELF.segmentLoad }
    let told = loads.compactMap { segment -> UInt64? in
      let distance = vma &- segment.virtualAddress
      guard vma >= segment.virtualAddress, distance <= segment.memorySize,
        section.size <= segment.memorySize &- distance
      else { return nil }
      return distance &+ segment.physicalAddress
    }
    return told.isEmpty && loads.isEmpty ? [section.lma].compactMap(\.self) : told
  }

  // MARK: Symbols

  private struct Key: Hashable {
    var name: [UInt8]
    var value: UInt64
  }

  /// Thread-local symbols are compared as offsets in their template: not every image has a header for it.
  private static func value(
    _ record: SymbolRecord, template: UInt64, is32Bit: Bool
  ) -> UInt64 {
    let value = record.isThreadLocal ? record.value &- template : record.value
    return is32Bit ? value & 0xffff_ffff : value
  }

  /// - Parameter isUnknown: whether a symbol of the image is in a section of unknown contents.
  private mutating func compareSymbols(
    _ predicted: Image, template: UInt64, with image: Image, isUnknown: (SymbolRecord) -> Bool
  ) {
    var open: [Key: Int] = [:]
    var values: [[UInt8]: UInt64] = [:]
    for record in predicted.symbols.records {
      let key = Key(
        name: predicted.symbols.nameBytes(record),
        value: Self.value(record, template: template, is32Bit: image.is32Bit ?? false))
      open[key, default: 0] += 1
      values[key.name] = key.value
    }
    var unmatched: [Key] = []
    for record in image.symbols.records where record.isDefinition && record.nameLength > 0 {
      let key = Key(
        name: image.symbols.nameBytes(record),
        value: Self.value(
          record, template: image.threadLocalStart ?? 0, is32Bit: image.is32Bit ?? false))
      if values[key.name] == nil, isUnknown(record) { continue }
      symbols.all += 1
      if let count = open[key], count > 0 {
        open[key] = count - 1
        symbols.equal += 1
      } else {
        unmatched.append(key)
      }
    }
    unmatched.sort { ($0.value, $1.name.count) < ($1.value, $0.name.count) }
    for key in unmatched {
      let predicted = values[key.name]
      differences.append(
        Difference(
          kind: .symbol, name: key.name, aspect: predicted == nil ? "presence" : "value",
          predicted: predicted, actual: key.value))
    }
  }
}
