// What `--headroom`, `--min-headroom` and `--history` ask for.

import Constraints
import LdsParser

/// The options about room.
struct HeadroomOptions {
  /// Whether every bound is shown with what it has left.
  let isShown: Bool
  /// Tenths of a per cent that every bound has to have left; nil if nobody asks.
  let least: Int?
  /// Where a line about this build goes.
  let history: FilePath?
  private let arguments: ParsedArguments

  static let specs: [OptionSpec] = [.headroom, .minHeadroom, .history, .label]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    self.arguments = arguments
    isShown = arguments.has(.headroom)
    history = arguments.path(.history)
    guard let text = arguments.value(.minHeadroom) else {
      least = nil
      return
    }
    guard let permille = Headroom.permille(text) else {
      throw .badValue(
        option: "--min-headroom", value: text, reason: "expected a percentage, such as 5% or 2.5")
    }
    least = permille
  }

  /// The bounds of one image, for its lines in the report; empty if they are not to be shown.
  func shown(_ image: JudgedImage, _ dialect: LinkerDialect) -> [Headroom] {
    isShown ? Headroom.all(of: image.report, dialect: dialect) : []
  }

  /// Findings about bounds with too little room.
  func findings(_ image: JudgedImage, _ dialect: LinkerDialect) -> [Finding] {
    least.map { Headroom.findings(of: image.report, below: $0, dialect: dialect) } ?? []
  }

  /// Appends one line about each image to the history.
  func record(_ images: [JudgedImage], _ dialect: LinkerDialect) throws(ProgramError) {
    guard let history else { return }
    let lines = images.map { image in
      let use = MemoryUse(image.images, script: image.script?.script, dialect: dialect)
      let stamp = BuildStamp(arguments, image: image.script?.path ?? image.images.first?.path)
      var build = BuildSummary(image: image.name ?? "", report: image.report, dialect: dialect)
      build.label = stamp.label
      build.date = stamp.date
      return BuildRecord(
        build: build,
        memory: use.flatMap { $0.hasRegions ? MemoryRecord(use: $0) : nil }
      ).line
    }
    do {
      let descriptor = try SystemCalls.openForAppending(history)
      defer { SystemCalls.close(descriptor) }
      try SystemCalls.write(Array(lines.joined().utf8)[...], to: descriptor)
    } catch {
      throw ProgramError("\(history.display): cannot write: \(error.message)")
    }
  }
}
