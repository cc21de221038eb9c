// The images that were given, each with its files: which belong together, where they contradict each other,
// and which look as if they were meant to belong together and do not.

public import LdsParser

/// The files of one image.
public struct ImageGroup: Sendable {
  /// In the order given.
  public let images: [Image]
  /// Where they contradict each other.
  public let contradictions: Contradictions

  /// Files that are known to be of one image.
  public init(_ images: [Image]) {
    self.images = images
    contradictions = Contradictions(images)
  }

  /// What the contradictions are told as.
  public var findings: [Finding] { EvidenceConflict.findings(contradictions, of: images) }

  /// What the contradictions of one of the files with better informed ones are told as.
  public func findings(about image: Image) -> [Finding] {
    zip(contradictions.pairs, findings).filter { images[$0.0.second].path == image.path }.map(\.1)
  }

  /// The verdicts that hold whichever part of the files is right; `judge` gives those of one part.
  func confirmed(_ judge: ([Image]) -> EvaluationReport) -> EvaluationReport {
    let parts = contradictions.parts.map { $0.map { images[$0] } }
    return EvaluationReport.join(
      judge(parts.first ?? []), parts.dropFirst().map(judge), over: .files)
  }

  /// The images that `images` describe. Objects given beside one image tell what was linked into it.
  public static func all(_ images: [Image]) -> [ImageGroup] {
    let groups = ImageEvidence.grouping(images).map { group in group.map { images[$0] } }
    let linked = groups.filter { $0.contains { !$0.isRelocatable } }
    guard linked.count == 1, groups.count > 1, let group = linked.first else {
      return groups.map(ImageGroup.init)
    }
    let others = groups.filter { $0.allSatisfy(\.isRelocatable) }.flatMap(\.self)
    let own = others.filter { object in
      group.contains { ImageEvidence.isLinked(object, into: $0) }
    }
    let strangers = others.filter { object in !own.contains { $0.path == object.path } }
    return [ImageGroup(group + own)] + strangers.map { ImageGroup([$0]) }
  }

  /// Files of two images that would complete each other if they were of one link: one has what the other lacks, and
  /// both were linked from the same objects.
  public static func strangers(among groups: [ImageGroup]) -> [(Image, Image)] {
    groups.enumerated().flatMap { index, second in
      groups[..<index].compactMap { $0.stranger(second) }
    }
  }

  private func stranger(_ other: ImageGroup) -> (Image, Image)? {
    for left in images {
      for right in other.images where ImageEvidence.areOfOneProgram(left, right) {
        return (left, right)
      }
    }
    return nil
  }
}
