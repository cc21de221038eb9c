// What several scripts, places or files have in common is told once: at the first, with the others beside it.

internal import LdsParser

/// Findings with what they have in common told once.
enum ToldOnce {
  /// The results of one run.
  static func results(_ results: [LintResult]) -> [LintResult] {
    onceAHeader(onceAMacro(onceAPlace(results)))
  }

  /// What the rules found in one script, or in `images` alone.
  static func findings(_ findings: [Finding], of images: [Image]) -> [Finding] {
    onceAnOrphan(onceALink(findings, images))
  }

  // MARK: Results

  /// What comes of files that are missing, macros without a definition and words that do not read, is told once for each
  /// script: at the first, with the others beside it.
  private static func onceAHeader(_ results: [LintResult]) -> [LintResult] {
    results.map { result in
      guard result.findings.contains(where: { $0.isOf(.missingInclude) })
      else { return result }
      var shorter = result
      fold(.unknownMacro, "macros", in: &shorter.findings)
      fold(.syntaxError, "places", in: &shorter.findings)
      return shorter
    }
  }

  /// Puts the warnings of one kind beside the first of them.
  private static func fold(_ id: DiagnosticID, _ noun: String, in findings: inout [Finding]) {
    func isOne(_ finding: Finding) -> Bool { finding.isOf(id) && finding.severity != .error }
    let others = findings.filter(isOne).dropFirst()
    guard !others.isEmpty, let first = findings.firstIndex(where: isOne) else { return }
    findings = findings.enumerated().filter { index, finding in
      index == first || !isOne(finding)
    }.map(\.element)
    findings[first].notes += others.prefix(mostBeside).map { FindingNote($0.message, at: $0.place) }
    if others.count > mostBeside {
      findings[first].notes.append(FindingNote("and \(others.count - mostBeside) more \(noun)"))
    }
  }

  /// Findings that are shown beside the first of their kind.
  private static var mostBeside: Int { 8 }

  /// A macro that no file defines, or that is called with the wrong number of arguments, is told where a script asks for
  /// it first, however many lines do.
  private static func onceAMacro(_ results: [LintResult]) -> [LintResult] {
    results.map { result in
      var first: [String: Int] = [:]
      var more: [Int: Int] = [:]
      var kept: [Finding] = []
      for finding in result.findings {
        let isOfMacro =
          finding.isOf(.unknownMacro) && finding.severity != .error
          || finding.isOf(.macroArguments)
        guard isOfMacro else {
          kept.append(finding)
          continue
        }
        if let index = first[finding.message] {
          more[index, default: 0] += 1
        } else {
          first[finding.message] = kept.count
          kept.append(finding)
        }
      }
      for (index, count) in more {
        kept[index].notes.append(
          FindingNote("the same in \(count) more place\(count == 1 ? "" : "s")"))
      }
      var shorter = result
      shorter.findings = kept
      return shorter
    }
  }

  /// What a script says of a file that it includes is said once, however many scripts include it.
  private static func onceAPlace(_ results: [LintResult]) -> [LintResult] {
    struct Key: Hashable {
      var rule: String
      var message: String
      var path: FilePath
      var start: UInt32
      var variant: String?
    }
    var said: [Key: FilePath?] = [:]
    return results.map { result in
      var result = result
      result.findings = result.findings.filter { finding in
        guard case .source(let span) = finding.place else { return true }
        let place = result.sources.authoredSpan(of: span)
        let key = Key(
          rule: finding.rule, message: finding.message,
          path: result.sources.buffer(place.source).path.normalized, start: place.start,
          variant: result.variant)
        guard let script = said[key] else {
          said[key] = .some(result.script)
          return true
        }
        return script == result.script
      }
      return result
    }
  }

  // MARK: Findings

  /// Of an orphan in a region it does not belong to, or that nobody clears, that is the worse news, and the only one.
  private static func onceAnOrphan(_ findings: [Finding]) -> [Finding] {
    let worse = [StraySection.description.id, StartupClear.description.id]
    let stray = Set(findings.filter { worse.contains($0.rule) }.map(\.subject))
    return findings.filter {
      $0.rule != OrphanSection.description.id || !stray.contains($0.subject)
    }
  }

  /// What two files of one link both show is one finding, at the one that has lines.
  private static func onceALink(_ findings: [Finding], _ images: [Image]) -> [Finding] {
    guard images.count > 1 else { return findings }
    struct Key: Hashable {
      var link: Int
      var rule: String
      var message: String
    }
    var links: [FilePath: Int] = [:]
    for (link, group) in ImageEvidence.grouping(images).enumerated() {
      for index in group { links[images[index].path] = link }
    }
    var places: [Key: Int] = [:]
    var kept: [Finding] = []
    for finding in findings {
      guard case .image(let path, let line, _) = finding.place, let link = links[path] else {
        kept.append(finding)
        continue
      }
      let key = Key(link: link, rule: finding.rule, message: finding.message)
      guard let earlier = places[key] else {
        places[key] = kept.count
        kept.append(finding)
        continue
      }
      if case .image(_, nil, _) = kept[earlier].place, line != nil { kept[earlier] = finding }
    }
    return kept
  }
}
