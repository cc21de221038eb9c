// How the builds of a history differ: the last from the one before and from the first, or a new image from the
// last build.

import Constraints
import LdsParser

/// One comparison of two builds of an image.
struct BuildTrend {
  let image: String
  /// What the newer build is compared with: `previous` or `first`.
  let since: String
  /// Builds of this image in the history.
  let builds: Int
  /// The build it is compared with, as far as the history tells: `c447b7308b, 2026-11-27`.
  let which: String?
  let difference: ImageDifference
  /// Whether more ASSERTs fail than before.
  let isWorse: Bool

  /// The heading for people.
  var title: String {
    (since == "first" ? "since the first of \(builds) builds" : "since the build before")
      + (which.map { " (\($0))" } ?? "")
  }

  private init(_ old: BuildSummary, _ new: BuildSummary, since: String, of builds: Int) {
    image = new.image
    self.since = since
    self.builds = builds
    let told = [old.label, old.date.map { String($0.prefix(10)) }].compactMap { $0 }
    which = told.isEmpty ? nil : told.joined(separator: ", ")
    difference = ImageDifference(old: old, new: new)
    isWorse =
      new.fails > old.fails
      || difference.verdicts.contains { $0.now == .fails && $0.before != .fails }
  }

  /// The last build of every image, against the one before and the first.
  static func all(of history: BuildHistory) -> [BuildTrend] {
    history.images.flatMap { image -> [BuildTrend] in
      let builds = history.builds.filter { $0.image == image }
      guard builds.count > 1, let last = builds.last, let first = builds.first else { return [] }
      let previous = BuildTrend(
        builds[builds.count - 2], last, since: "previous", of: builds.count)
      guard builds.count > 2 else { return [previous] }
      return [previous, BuildTrend(first, last, since: "first", of: builds.count)]
    }
  }

  /// New builds against the last ones of their images. A history of one image needs no equal names.
  static func all(of history: BuildHistory, to new: [BuildSummary]) -> [BuildTrend] {
    new.compactMap { build in
      let known = history.builds.filter { $0.image == build.image }
      let builds = known.isEmpty && history.images.count == 1 ? history.builds : known
      guard let last = builds.last else { return nil }
      return BuildTrend(last, build, since: "previous", of: builds.count)
    }
  }
}
