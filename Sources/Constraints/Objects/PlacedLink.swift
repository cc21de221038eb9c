// What a layout model asks of a link that is loaded and placed, whichever linker's rules it follows.

internal import LdsParser

/// How much of a layout is told.
enum LayoutDetail {
  /// Sections without their inputs, and the verdicts themselves.
  case verdicts
  /// What verdicts are about: the symbols that the script sets, too.
  case outline
  /// The outline with all global symbols.
  case globals
  /// Everything.
  case whole
}

/// A link between placing and sizing, which is sized as often as somebody asks.
protocol PlacedLink: AnyObject {
  /// The names of the script and the objects.
  var names: NameTable { get }
  /// What the linker would make no image for, as of the last sizing.
  var complaints: [LayoutComplaint] { get }
  /// The ASSERTs as the last sizing judged them.
  var judgedAssertions: [JudgedAssertion] { get }
  /// The output sections that can grow.
  var growing: [[UInt8]] { get }

  /// Sizes the link with more bytes in some sections.
  ///
  /// - Parameter detail: what will be asked of ``prediction(_:)``.
  /// - Throws: what is not modelled, or where the linker would stop.
  func size(growing growths: [LayoutGrowth], for detail: LayoutDetail) throws(LayoutStop)

  /// What the last sizing came to.
  func prediction(_ detail: LayoutDetail) -> LayoutPrediction

  /// How the numbers of the script follow the growth of a section; nil where that is not worked out.
  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony?
}

extension PlacedLink {
  /// Whether the linker writes the contents of an input section anew, so that bytes behind them are no bytes of the image.
  func isRewritten(_ name: NameID) -> Bool {
    names.bytes(name).elementsEqual(".eh_frame".utf8)
  }
}

extension LLDLink: PlacedLink {
  func prediction(_ detail: LayoutDetail) -> LayoutPrediction { LayoutPrediction(self, detail) }

  func monotony(
    growing section: [UInt8], from before: LayoutPrediction, to after: LayoutPrediction
  ) -> GrowthMonotony? { GrowthMonotony(script, names, growing: section, from: before, to: after) }
}
