// What start-up code does with memory before main, as a configuration says, and what it comes to in an image.

public import LdsParser

/// The copies and the ranges to clear of a configuration.
public struct StartupContract: Sendable {
  let copies: [ConfiguredCopy]
  let clears: [ConfiguredRange]
  private let script: LinkerScript

  /// What a configuration says; nil if it says nothing of it.
  public init?(_ configuration: Configuration) {
    guard !configuration.copies.isEmpty || !configuration.clears.isEmpty else { return nil }
    copies = configuration.copies
    clears = configuration.clears
    script = configuration.script
  }

  /// Where the ranges lie in an image.
  func placed(in image: Image, _ dialect: LinkerDialect) -> PlacedContract {
    let runs = copies.map(\.run) + clears
    let values = ConfiguredValues(
      runs.flatMap { [$0.start, $0.end] } + copies.map(\.load), script: script, image: image,
      dialect: dialect)
    func place(_ range: ConfiguredRange) -> Range<UInt64>? {
      guard let start = values(range.start.text), let end = values(range.end.text), start <= end
      else { return nil }
      return start..<end
    }
    return PlacedContract(
      copies: copies.map { ($0, place($0.run), values($0.load.text)) },
      clears: clears.map { ($0, place($0)) })
  }
}

/// A contract with the addresses of one image; nil where an expression has no value, or an end lies before its start.
struct PlacedContract {
  var copies: [(copy: ConfiguredCopy, run: Range<UInt64>?, load: UInt64?)]
  var clears: [(range: ConfiguredRange, run: Range<UInt64>?)]

  /// What no range of a list covers of `range`, in order; nil if one of them is not known.
  static func rest(of range: Range<UInt64>, without ranges: [Range<UInt64>?]) -> [Range<UInt64>]? {
    var left = [range]
    for taken in ranges {
      guard let taken else { return nil }
      left = left.flatMap { piece -> [Range<UInt64>] in
        guard taken.overlaps(piece) else { return [piece] }
        return [
          piece.lowerBound..<max(piece.lowerBound, taken.lowerBound),
          min(piece.upperBound, taken.upperBound)..<piece.upperBound,
        ].filter { !$0.isEmpty }
      }
    }
    return left
  }
}

extension OutputSectionRecord {
  /// Where it runs; nil for one that takes no memory of its own: not allocated, empty, or zeroes of a thread.
  var memory: Range<UInt64>? {
    guard LoadedSection.isLoaded(self), let vma, vma <= vma &+ size else { return nil }
    return vma..<(vma &+ size)
  }
}

extension Image {
  /// Something of an object that lies in a range of addresses, in words: an input section of a map, else a symbol with a
  /// size. Nil where the file shows nothing there.
  func occupant(of range: Range<UInt64>) -> String? {
    let rows = inputSections.filter { row in
      row.size > 0 && row.outputSection >= 0 && range.contains(row.address)
    }
    if let row = rows.min(by: { $0.address < $1.address }) {
      let object = row.object(in: self)
      let text = String(decoding: row.name(in: self), as: UTF8.self)
      return object.isEmpty
        ? "'\(text)'" : "'\(text)' of \(String(decoding: object, as: UTF8.self))"
    }
    let named = symbols.records.filter {
      $0.size > 0 && $0.isDefinition && !$0.isThreadLocal && $0.place != .absolute
        && range.contains($0.value)
    }
    return named.min { $0.value < $1.value }.map { "'\(symbols.name($0))'" }
  }
}
