// Reports of the same files by several linkers, told once where they agree.

import Constraints
import LdsParser

/// Joins reports that differ in the linker only.
struct LinkerReports {
  private let reports: [(linker: LinkerDialect, report: Report)]

  /// - Parameter reports: at least one, in the order in which the linkers were asked for.
  init(_ reports: [(linker: LinkerDialect, report: Report)]) {
    self.reports = reports
  }

  /// The first report with what the others say otherwise.
  var joined: Report {
    guard var joined = reports.first?.report else {
      return Report(
        kind: .eval, root: RepositoryRoot.find(from: FilePath("")), mainPath: FilePath(""))
    }
    guard reports.count > 1 else { return joined }
    joined.linkers = reports.map(\.linker)
    joined.findings = join(reports.map(\.report.findings), by: Self.key) { finding, linkers in
      finding.notes.append(ReportNote(message: "so for \(Self.list(linkers)) only"))
    }
    joined.suppressed = join(reports.map(\.report.suppressed), by: Self.key) { _, _ in }
    joined.assertions = join(reports.map(\.report.assertions), by: Self.key) { $0.linkers = $1 }
    joined.proofs = join(reports.map(\.report.proofs), by: Self.key) { $0.linkers = $1 }
    joined.unmet = reports.flatMap(\.report.unmet)
    joined.assignments = join(reports.map(\.report.assignments), by: Self.key) { $0.linkers = $1 }
    return joined
  }

  /// `bfd@2.40 and bfd@2.44`
  private static func list(_ linkers: [LinkerDialect]) -> String {
    let names = linkers.map(\.name)
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  /// Items in the order of the first list, those of others behind their neighbours; `mark` gets those that are not in
  /// all of them, with the linkers that have them.
  private func join<Item, Key: Hashable>(
    _ lists: [[Item]], by key: (Item) -> Key, mark: (inout Item, [LinkerDialect]) -> Void
  ) -> [Item] {
    var places: [Counted<Key>: Int] = [:]
    var items: [(item: Item, linkers: [Int])] = []
    var order: [Int] = []
    for (linker, list) in lists.enumerated() {
      var last: Int?
      var met: [Key: Int] = [:]
      for item in list {
        // The same twice in one list stays two.
        let alike = Counted(key: key(item), count: met[key(item), default: 0])
        met[alike.key] = alike.count + 1
        if let place = places[alike] {
          items[place].linkers.append(linker)
          last = place
          continue
        }
        let place = items.count
        places[alike] = place
        items.append((item, [linker]))
        let at =
          last.flatMap { order.firstIndex(of: $0) }.map { $0 + 1 }
          ?? (linker == 0 ? order.count : 0)
        order.insert(place, at: at)
        last = place
      }
    }
    return order.map { place in
      var item = items[place].item
      let linkers = items[place].linkers
      if linkers.count < lists.count { mark(&item, linkers.map { reports[$0].linker }) }
      return item
    }
  }

  /// One of several that are alike.
  private struct Counted<Key: Hashable>: Hashable {
    var key: Key
    var count: Int
  }

  // MARK: What makes two the same

  private struct Place: Hashable {
    var path: FilePath?
    var line: Int?
    var column: Int?
    var offset: Int?

    init(_ place: ReportPlace?) {
      path = place?.path
      line = place?.line
      column = place?.column
      offset = place?.offset
    }
  }

  private struct Key: Hashable {
    var place: Place
    var texts: [String?]
    var values: [UInt64?] = []
  }

  private static func key(_ finding: ReportFinding) -> Key {
    Key(
      place: Place(finding.place),
      texts: [finding.rule, finding.message, finding.severity.rawValue])
  }

  private static func key(_ assertion: ReportAssertion) -> Key {
    Key(
      place: Place(assertion.place),
      texts: [
        assertion.message, assertion.image, assertion.variant, assertion.verdict.rawValue,
        assertion.verdict == .undecided ? nil : assertion.reason,
      ])
  }

  private static func key(_ proof: ReportProof) -> Key {
    Key(place: Place(proof.place), texts: [proof.message, proof.verdict.rawValue])
  }

  private static func key(_ assignment: ReportAssignment) -> Key {
    Key(
      place: Place(assignment.place), texts: [assignment.symbol, assignment.refused],
      values: [assignment.value, assignment.imageValue])
  }
}
