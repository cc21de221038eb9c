// The verdicts above the lines, and the addresses beside the names.

internal import LdsParser

/// A line of text above a statement.
public struct EditorLens: Sendable, Hashable {
  /// The statement.
  public var range: Range<Int>
  /// What is said: `holds, 3,680 bytes left`.
  public var title: String
}

/// Text behind a name that is no part of the script.
public struct EditorHint: Sendable, Hashable {
  /// Where it stands.
  public var offset: Int
  /// What is said.
  public var label: String
  /// Where it is from.
  public var tooltip: String
}

extension ScriptAnalysis {
  /// What came of each ASSERT, and of the pages of SECTIONS.
  public var lenses: [EditorLens] {
    var lenses: [EditorLens] = []
    if let judged {
      let headroom = Headroom.all(of: judged.report, dialect: session.dialect)
      for (index, assertion) in judged.report.assertions.enumerated() {
        guard let range = range(assertion.span) else { continue }
        let left = headroom.first { $0.assertion == index }
        lenses.append(EditorLens(range: range, title: title(index, assertion, left)))
      }
    } else if !script.isRefused {
      for proof in proofs {
        guard let range = range(proof.span) else { continue }
        lenses.append(EditorLens(range: range, title: proof.verdict.rawValue))
      }
    }
    return (lenses + planLenses).sorted {
      ($0.range.lowerBound, $0.title) < ($1.range.lowerBound, $1.title)
    }
  }

  private func title(_ index: Int, _ assertion: AssertionReport, _ left: Headroom?) -> String {
    switch assertion.verdict {
    case .holds:
      guard let left, left.left >= 0 else { return "holds" }
      return "holds, \(Self.grouped(left.left)) bytes left"
    case .fails:
      if let left, left.left < 0 {
        return "fails by \(hexadecimal(0 &- UInt64(bitPattern: left.left)))"
      }
      let explainer = judged.map { Explainer($0.report, dialect: session.dialect) }
      let why = explainer?.explain([index]).first?.distance
      guard let distance = why?.up ?? why?.down else { return "fails" }
      return "fails by \(hexadecimal(distance))"
    case .undecided: return "undecided"
    }
  }

  /// `3,680`
  private static func grouped(_ number: Int64) -> String {
    let digits = Array(String(number))
    return String(
      digits.indices.flatMap { index -> [Character] in
        let isBreak = index > 0 && (digits.count - index) % 3 == 0
        return isBreak ? [",", digits[index]] : [digits[index]]
      })
  }

  private var planLenses: [EditorLens] {
    guard let plan,
      let range = script.statements.lazy.compactMap({ statement -> Range<Int>? in
        guard case .sections = statement.kind else { return nil }
        return self.range(statement.span)
      }).first
    else { return [] }
    let mixed = plan.frames.count(where: \.isMixed)
    let count = plan.frames.count
    var title = "\(count) \(count == 1 ? "superpage" : "superpages")"
    if mixed > 0 { title += ", \(mixed) mixed" }
    return [EditorLens(range: range, title: title)]
  }

  /// The pages of the image; nil where its regions are not known.
  private var plan: SuperpagePlan? {
    for image in images {
      let mapped =
        settings.lint.description.map { try? MappingProfiles.apply($0, to: image) }
        ?? (try? MappingProfiles.apply(settings.lint.profile, to: image))
      if let mapped,
        let plan = try? SuperpagePlan(image, mapped: mapped, loadAddress: settings.lint.loadAddress)
      {
        return plan
      }
    }
    return nil
  }

  /// Address and size behind the name of each output section, and the value behind each symbol that is set, as
  /// the newest image has them.
  public var hints: [EditorHint] {
    guard let image = images.first else { return [] }
    let tooltip = "from \(image.path.display)"
    return occurrences.all.compactMap { occurrence in
      guard occurrence.isDefinition, let spelled = occurrence.spelled, spelled.source == source
      else { return nil }
      let label: String?
      switch occurrence.kind {
      case .section:
        label = evidence.outputSection(occurrence.name).flatMap { section in
          guard let address = section.vma?.value, let size = section.size?.value else { return nil }
          return "\(hexadecimal(address)), \(hexadecimal(size)) bytes"
        }
      case .symbol: label = evidence.address(of: occurrence.name).map(hexadecimal)
      default: label = nil
      }
      return label.map { EditorHint(offset: Int(spelled.end), label: $0, tooltip: tooltip) }
    }
  }
}
