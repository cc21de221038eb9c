// A link that is loaded and placed once, and laid out as often as somebody asks "and if it were larger?".

public import LdsParser

/// A link between placing and sizing.
public final class LayoutModel {
  private let link: any PlacedLink
  /// The script of the link; nil where it was made of a map.
  let script: LinkerScript?
  /// Places the same objects by another script.
  let layOut: ((LinkerScript) throws(LayoutStop) -> LayoutModel)?

  /// Loads and places a link; see ``LayoutPrediction/init(_:_:provider:)``.
  public init(
    _ script: LinkerScript, _ command: LinkCommand, by dialect: LinkerDialect = .laidOut,
    aligning alignments: [LayoutAlignment] = [], provider: some SourceProvider
  ) throws(LayoutStop) {
    let options = try LayoutOptions(command, dialect)
    self.script = script
    layOut = { other throws(LayoutStop) in
      try LayoutModel(other, command, by: dialect, aligning: alignments, provider: provider)
    }
    if dialect == .lld {
      link = try LLDLink(script, command, options, aligning: alignments, provider: provider)
      return
    }
    let link = try ObjectLink(script, options)
    for alignment in alignments { try link.align(alignment) }
    var loader = FileLoader(link, command, provider: provider)
    try loader.load()
    try link.makeLinkerSections()
    try link.place()
    self.link = link
  }

  /// A link that is placed.
  init(placed link: any PlacedLink) {
    script = nil
    layOut = nil
    self.link = link
  }

  /// The layout.
  ///
  /// - Throws: what is not modelled, or where the linker would stop.
  public func layout(growing growths: [LayoutGrowth] = []) throws(LayoutStop) -> LayoutPrediction {
    try link.size(growing: growths, for: .whole)
    if let complaint = link.complaints.first { throw .linkerStops(complaint.text) }
    return link.prediction(.whole)
  }

  /// The layout that the linker comes to, even if it complains of it and makes no image: a map shows it all the same.
  ///
  /// - Throws: what is not modelled, or where the linker would stop before.
  public func layoutWithComplaints(
    growing growths: [LayoutGrowth] = []
  ) throws(LayoutStop) -> LayoutPrediction {
    try layout(.whole, growing: growths)
  }

  /// As much of that layout as is asked for.
  func layout(
    _ detail: LayoutDetail, growing growths: [LayoutGrowth]
  ) throws(LayoutStop) -> LayoutPrediction {
    try link.size(growing: growths, for: detail)
    return link.prediction(detail)
  }

  /// How the numbers of the script follow the growth of a section; nil where that is not worked out.
  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony? { link.monotony(growing: section, from: before, to: after) }

  /// Whether the link goes through and no ASSERT fails.
  private func holds(_ growth: LayoutGrowth) throws(LayoutStop) -> Bool {
    do throws(LayoutStop) {
      try link.size(growing: [growth], for: .verdicts)
    } catch {
      if case .linkerStops = error { return false }
      throw error
    }
    return link.complaints.isEmpty && link.judgedAssertions.allSatisfy { ($0.value ?? 0) != 0 }
  }

  /// The output sections that can grow: those that hold an input section.
  public var growing: [[UInt8]] { link.growing }

  /// By how many bytes a section may grow until the linker stops or an ASSERT fails: both sides are laid out.
  ///
  /// Between them every verdict is taken to change once; a bound that comes and goes is met at one of its edges.
  ///
  /// - Returns: nil if it may grow by ``mostGrowth`` at least or up to where nothing is modelled, or if something fails
  ///   already.
  public func room(of section: [UInt8]) throws(LayoutStop) -> UInt64? {
    // nil where it is not modelled.
    var ladder = GrowthLadder<Bool?> { growth throws(LayoutStop) in
      do throws(LayoutStop) {
        return try self.holds(LayoutGrowth(section: section, bytes: growth))
      } catch {
        guard growth > 0 else { throw error }
        return nil
      }
    }
    guard try ladder.state(at: 0) == true else { return nil }
    for (low, high) in GrowthLadder<Bool?>.steps where try ladder.state(at: high) != true {
      let edge = try ladder.edge(low, high) { $0 == true }
      return try ladder.state(at: edge + 1) == false ? edge : nil
    }
    return nil
  }

  /// Growth is looked for up to here.
  public static let mostGrowth: UInt64 = 1 << 40
}
