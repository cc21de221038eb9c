// Another order of output sections with which an image takes fewer superpages, in words and as JSON.

import Constraints
import LdsParser

/// A better order with the places of its sections in the script.
struct ReportOrder: Sendable {
  /// The order.
  let better: BetterOrder
  /// Where the first section of each of its runs stands.
  let places: [ReportPlace]
  /// The superpage that is counted.
  let pageSize: PageSize

  init(_ better: BetterOrder, _ pageSize: PageSize, _ sources: SourceSet) {
    self.better = better
    self.pageSize = pageSize
    let resolver = ReportResolver(sources: sources)
    places = better.orders.map { resolver.place($0.span) }
  }
}

/// Tells of a better order.
enum OrderText {
  static func write(_ order: ReportOrder, _ writer: TextWriter) {
    let (from, to) = (order.better.from.slots, order.better.to.slots)
    writer.line(
      "\(order.pageSize) slots: \(from) -> \(to) with another order of sections, laid out again")
    for (run, place) in zip(order.better.orders, order.places) {
      writer.line("  \(names(run.sections))", .note)
      writer.line("    instead of \(names(run.written)) at \(ReportText.place(place))", .note)
    }
  }

  private static func names(_ sections: [[UInt8]]) -> String {
    sections.map { ReportText.inline(String(decoding: $0, as: UTF8.self)) }.joined(separator: ", ")
  }
}

extension JSONWriter {
  /// The member of a better order; nothing if there is none.
  func order(_ order: ReportOrder?, _ root: RepositoryRoot) {
    guard let order else { return }
    row("order") {
      member("from", Int(clamping: order.better.from.slots))
      member("to", Int(clamping: order.better.to.slots))
      array("runs", Array(zip(order.better.orders, order.places))) { run, place in
        row {
          self.place(place, root, hasColumn: false)
          array("sections", run.sections) { string($0) }
          array("written", run.written) { string($0) }
        }
      }
    }
  }
}
