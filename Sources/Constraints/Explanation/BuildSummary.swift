// What a history keeps of one build, and how two builds of it differ.

public import LdsParser

/// The facts of one build that are worth following.
public struct BuildSummary: Sendable {
  /// The image's name.
  public var image: String
  /// The end of the image; nil if unknown.
  public var end: UInt64?
  /// ASSERTs that hold.
  public var holds: Int
  /// ASSERTs that fail.
  public var fails: Int
  /// ASSERTs that cannot be decided.
  public var undecided: Int
  /// Messages of those that fail; nil if only their number is known.
  public var failing: [[UInt8]]?
  /// What the bounds have left.
  public var headroom: [Headroom]
  /// What the build is called: a commit, or what `--label` says; nil if nothing says it.
  public var label: String?
  /// When it was recorded, as ISO 8601 has it; nil if unknown.
  public var date: String?
  /// Bytes used in each region.
  public var regions: [(name: String, used: UInt64)] = []

  /// A summary of these facts.
  public init(
    image: String, end: UInt64?, holds: Int, fails: Int, undecided: Int, failing: [[UInt8]]?,
    headroom: [Headroom]
  ) {
    self.image = image
    self.end = end
    self.holds = holds
    self.fails = fails
    self.undecided = undecided
    self.failing = failing
    self.headroom = headroom
  }

  /// The summary of a judged image.
  public init(image: String, report: EvaluationReport, dialect: LinkerDialect = .bfd) {
    let ends = report.evidence.sections.compactMap { section in
      section.vma.flatMap { vma in
        section.size.flatMap { vma != 0 && $0 > 0 ? vma &+ $0 : nil }
      }
    }
    func count(_ verdict: Verdict) -> Int { report.assertions.count { $0.verdict == verdict } }
    self.init(
      image: image, end: ends.max(), holds: count(.holds), fails: count(.fails),
      undecided: count(.undecided),
      failing: report.assertions.filter { $0.verdict == .fails }
        .map { report.program.names.bytes($0.message) },
      headroom: Headroom.all(of: report, dialect: dialect))
  }
}

extension ImageDifference {
  /// What differs between two builds of a history.
  public init(old: BuildSummary, new: BuildSummary) {
    let before = old.failing.map(Set.init)
    let now = new.failing.map(Set.init)
    if let before, let now {
      let changed =
        (new.failing ?? []).filter { !before.contains($0) }.map {
          VerdictChange(message: $0, before: .holds, now: .fails)
        }
        + (old.failing ?? []).filter { !now.contains($0) }.map {
          VerdictChange(message: $0, before: .fails, now: .holds)
        }
      self.init(verdicts: changed)
    } else {
      self.init(verdicts: [])
    }
    compareHeadroom(old.headroom, new.headroom)
    for region in new.regions {
      guard let then = old.regions.first(where: { $0.name == region.name }),
        then.used != region.used
      else { continue }
      add(
        SizeChange(
          kind: .section, name: Array("region \(region.name)".utf8), before: then.used,
          now: region.used))
    }
    if old.end != new.end {
      add(ValueChange(name: Array("the image's end".utf8), before: old.end, now: new.end))
    }
  }
}
