// One run of `memory`: which files are the image, which the older one, and what is judged.

import Constraints
import LdsParser

/// The files, uses and verdicts of one run.
struct MemoryRun {
  /// Findings with the sources that they point into.
  struct Batch {
    var findings: [Finding]
    var sources: SourceSet
  }

  let inputs: LoadedInputs
  let groups: [ImageGroup]
  let loaded: LoadedConfiguration?
  private let arguments: ParsedArguments
  private let dialect: LinkerDialect
  private let new: Side?
  private let old: Side?
  private let budgets: [BudgetVerdict]
  private let constraints: [JudgedImage]

  /// One image.
  private struct Side {
    let name: String
    let path: FilePath
    let use: MemoryUse
  }

  init(_ arguments: ParsedArguments) throws {
    self.arguments = arguments
    inputs =
      !arguments.namesInput
      ? LoadedInputs() : try InputLoader(arguments).loadLaidOut(refused: .isShown)
    if let refused = inputs.scripts.first(where: \.script.isRefused) {
      throw RefusedFile(
        diagnostics: refused.script.diagnostics, sources: refused.script.sources)
    }
    loaded = try ConfigurationLoader.load(
      explicit: arguments.path(.config),
      script: inputs.scripts.first?.path ?? inputs.images.last?.path)
    dialect = inputs.dialect
    groups = Self.groups(inputs.images)
    let script = inputs.scripts.first?.script
    guard let last = groups.last else {
      guard !arguments.namesInput else {
        throw ProgramError(
          "no image to show: only scripts were given",
          hint: "add the map of the link, the linked image, or its objects")
      }
      (new, old, budgets, constraints) = (nil, nil, [], [])
      return
    }
    guard groups.count <= 2, groups.count == 1 || !arguments.has(.against) else {
      throw UsageError.unexpectedOperand("a third image; memory compares two")
    }
    let side = try Self.side(last.images, script, dialect)
    new = side
    if let path = arguments.path(.against) {
      let older = try InputLoader(
        arguments, inputs: [InputArgument(path: path, role: .symbols)]
      ).load().images
      old = try Self.side(older, script, dialect)
    } else {
      old = groups.count == 2 ? try Self.side(groups[0].images, script, dialect) : nil
    }
    guard let loaded else {
      (budgets, constraints) = ([], [])
      return
    }
    let folder = loaded.path.directory
    budgets = BudgetJudge(
      side.use, against: old?.use, configuration: loaded.configuration, dialect: dialect
    ) { file in
      try? UInt64(FileInput.read(folder.appending(file), mayMap: true).count)
    }.judge()
    constraints = Session(
      images: last.images, dialect: dialect, configuration: loaded.configuration
    ).judgeConstraints()
  }

  /// The images; a map and a stripped image are one, too.
  private static func groups(_ images: [Image]) -> [ImageGroup] {
    let groups = ImageGroup.all(images)
    guard groups.count == 2, let left = groups[0].images.first, let right = groups[1].images.first,
      groups.allSatisfy({ $0.images.count == 1 }), MemoryUse.areOfOneLink(left, right)
    else { return groups }
    return [ImageGroup([left, right])]
  }

  private static func side(
    _ images: [Image], _ script: LinkerScript?, _ dialect: LinkerDialect
  ) throws(ProgramError) -> Side {
    guard let use = MemoryUse(images, script: script, dialect: dialect) else {
      let name = images.first?.path.display ?? "the input"
      throw ProgramError(
        "\(name): no output sections, so nothing is known of memory",
        hint: "give a map, or the linked image")
    }
    // The file that was made first names the image: maps and images of one link have names of their own.
    let best = images.min { $0.kind.rank < $1.kind.rank } ?? use.files[0]
    return Side(name: best.path.lastComponent.display, path: best.path, use: use)
  }

  // MARK: Results

  /// Everything for the formats.
  func result() throws -> MemoryResult {
    let grouping = arguments.choice(.grouping, default: MemoryGrouping.object)
    let difference = old.flatMap { old in
      new.map { MemoryDifference(from: old.use, to: $0.use, by: grouping) }
    }
    var older = old?.name
    // Two builds of one image have one name; what tells them apart is the folder.
    if let path = old?.path, older == new?.name {
      older = String(decoding: MemoryNames.short(path.bytes), as: UTF8.self)
    }
    let trend = try trend()
    return MemoryResult(
      image: new?.name ?? trend?.image ?? "", use: new?.use, older: older, difference: difference,
      grouping: grouping, budgets: budgets, failingConstraints: failingConstraints, trend: trend)
  }

  private var failingConstraints: [String] {
    constraints.flatMap { judged in
      zip(judged.constraints, judged.report.assertions).filter { $0.1.verdict == .fails }
        .map(\.0.name)
    }
  }

  /// Appends a line about this build.
  func record() throws(ProgramError) {
    guard let path = arguments.path(.history), let new else { return }
    let line = MemoryRecord(use: new.use, budgets: budgets)
      .line(image: new.name, BuildStamp(arguments, image: new.path))
    do {
      let descriptor = try SystemCalls.openForAppending(path)
      defer { SystemCalls.close(descriptor) }
      try SystemCalls.write(Array(line.utf8)[...], to: descriptor)
    } catch {
      throw ProgramError("\(path.display): cannot write: \(error.message)")
    }
  }

  private func trend() throws -> MemoryTrend? {
    guard let path = arguments.path(.history) else { return nil }
    do throws(ReadError) {
      let buffer = try FileInput.read(path)
      return try? MemoryTrend(buffer, image: new?.name)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  // MARK: Findings

  /// What is wrong, in batches that share their sources.
  func findings(isStrict: Bool) -> [Batch] {
    var batches: [Batch] = []
    if let new {
      let sources = inputs.scripts.first?.script.sources ?? SourceSet()
      batches.append(
        Batch(
          findings: MemoryOverflow.all(of: new.use).map {
            $0.finding(of: new.path, script: inputs.scripts.first?.script)
          },
          sources: sources))
    }
    if let configuration = loaded?.configuration {
      batches.append(
        Batch(
          findings: budgets.compactMap { $0.finding(isStrict: isStrict) },
          sources: configuration.script.sources))
      for judged in constraints {
        batches.append(
          Batch(
            findings: judged.findings(isStrict: isStrict),
            sources: configuration.script.sources))
      }
    }
    return batches
  }

  /// Budgets and constraints as verdicts, which JUnit shows one by one.
  var verdicts: [ReportAssertion] {
    guard let configuration = loaded?.configuration else { return [] }
    let resolver = ReportResolver(sources: configuration.script.sources)
    return constraints.flatMap { VerdictReport($0).assertions(with: []) }
      + budgets.map { verdict in
        ReportAssertion(
          message: verdict.budget.name, source: nil, expression: verdict.reason,
          place: resolver.place(verdict.budget.span), image: new?.name, verdict: verdict.verdict,
          value: verdict.used.flatMap { UInt64(exactly: $0) },
          reason: verdict.verdict == .undecided ? verdict.reason : nil)
      }
  }
}
