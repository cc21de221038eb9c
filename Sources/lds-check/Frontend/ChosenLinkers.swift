// Whose rules decide in one run: what the options say, else the configuration, else the link's command, else what the
// files tell of the linker that made them, else the newest GNU ld that is known.

import LdsParser

/// The linkers of a run, and how they were found.
struct ChosenLinkers: Sendable {
  /// What made the choice, from the strongest to the weakest.
  enum Reason: Sendable {
    /// `--linker`
    case option
    /// `"linker"` of the configuration.
    case configuration
    /// The program that the link's command runs.
    case command
    /// A file of the link.
    case file(FilePath, LinkerEvidence)
    /// Nothing said it.
    case preset
  }

  /// The linkers, the one whose word counts first; never empty.
  let dialects: [LinkerDialect]
  /// What said it.
  let reason: Reason

  /// The linker whose word counts.
  var first: LinkerDialect { dialects.first ?? .bfd }

  /// What follows from the options, the configuration, the command and the files of a run.
  init(
    _ arguments: ParsedArguments, _ configuration: Configuration?, _ link: KnownLink,
    _ images: [Image] = []
  ) throws(UsageError) {
    let said = try arguments.linkers()
    let found = Self.evidence(link.dialect?.family, images)
    if !said.isEmpty {
      // `--linker lld` and a file of lld 19 are no contradiction: the file says which.
      dialects = arguments.saysLinkerVersion ? said : said.map { Self.refine($0, found?.1) }
      reason = .option
    } else if let configured = configuration?.linkers, !configured.isEmpty {
      dialects = configured
      reason = .configuration
    } else if let command = link.dialect {
      dialects = [link.saysLinkerVersion ? command : Self.refine(command, found?.1)]
      reason = .command
    } else if let (path, evidence) = found {
      dialects = [evidence.dialect]
      reason = .file(path, evidence)
    } else {
      dialects = [.bfd]
      reason = .preset
    }
  }

  /// The linkers that a script is meant for: those that were named, else GNU ld and lld, the one that made the files
  /// first.
  var meant: [LinkerDialect] {
    switch reason {
    case .option, .configuration: return dialects
    case .command, .file, .preset:
      var result = dialects.filter { $0 != .mold }
      for family in [LinkerDialect.Family.bfd, .lld] where !result.contains(family) {
        result.append(LinkerDialect(family))
      }
      return result
    }
  }

  private static func refine(_ dialect: LinkerDialect, _ evidence: LinkerEvidence?) -> LinkerDialect
  {
    guard let evidence, dialect == evidence.family else { return dialect }
    return evidence.dialect
  }

  /// The file that tells most: one that names a release before one that names a family.
  private static func evidence(
    _ family: LinkerDialect.Family?, _ images: [Image]
  ) -> (FilePath, LinkerEvidence)? {
    let told = images.compactMap { image in image.linker.map { (image.path, $0) } }
      .filter { family == nil || $0.1.family == family }
    return told.first { $0.1.isExact } ?? told.first { $0.1.span != nil } ?? told.first
  }

  /// What to know of the choice: releases that nobody ran, and a release that is not the newest where no option named
  /// it.
  var remarks: [String] {
    let untried = dialects.compactMap(\.remark)
    switch reason {
    case .option, .configuration, .preset: return untried
    case .command:
      return first.isNewest
        ? untried : ["\(first.name) decides: the command of the link runs it"] + untried
    case .file(let path, let evidence):
      if first.isNewest || !evidence.isExact { return untried }
      return ["\(first.name) decides: \(path.display) has \(evidence.words)"] + untried
    }
  }
}

extension ParsedArguments {
  /// The linkers that `--linker` names, each time that it was given; `both` is GNU ld and lld.
  func linkers() throws(UsageError) -> [LinkerDialect] {
    var result: [LinkerDialect] = []
    for bytes in all(.linker) {
      let text = String(decoding: bytes, as: UTF8.self)
      if text == "both" {
        result.add([.bfd, .lld])
        continue
      }
      guard let request = LinkerRequest(text) else {
        throw .badValue(
          option: "--linker", value: text, reason: "expected \(LinkerRequest.forms)")
      }
      result.add(request.dialects)
    }
    return result
  }

  /// Whether `--linker` names releases.
  var saysLinkerVersion: Bool {
    all(.linker).contains { $0.contains(UInt8(ascii: "@")) }
  }
}
