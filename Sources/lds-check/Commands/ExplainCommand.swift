// `lds-check explain`: why ASSERTs fail, or how chosen ones come out.

import Constraints
import LdsParser

/// Explains ASSERTs of scripts and maps against images.
enum ExplainCommand: Command {
  static let name = "explain"
  static let summary = "why ASSERTs fail, or (--assert TEXT) how one comes out"
  static let operands = "FILE..."
  static let options: [OptionSpec] =
    [
      .format.limited(to: Format.allCases.map(\.rawValue)), .assert, .against, .log, .profile,
      .failOn,
    ] + OptionSpec.inputs + OptionSpec.scripts + OptionSpec.link + [.linker, .config]
  static let discussion = """
    FILE is a linker script, and a map or image that was linked with it. A GNU ld map alone is enough: it \
    lists every ASSERT, as the linker understood it.
    For each ASSERT that fails: the condition with its values, the statement that decided them, how far off \
    it is, what it means for the page tables, and the edit that mends it where there is a safe one. An edit \
    is offered only if the ASSERTs were evaluated again with it.
    --log FILE explains what GNU ld, ld.lld, gold and mold printed, out of the log of a whole build as CI services \
    keep it; '-' is standard input. Scripts and map beside it are a help and not needed.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    let log = arguments.path(.log)
    guard arguments.namesInput || log != nil else { throw UsageError.missingOperand(operands) }
    guard let log = try log.map(LogExplaining.open) else {
      let fails = try explain(
        InputLoader(arguments).loadLaidOut(), log: nil, arguments, context)
      return fails && arguments.value(.failOn) != "never" ? .findings : .success
    }
    let inputs = try LogInputs.load(arguments, context, log: log)
    let fails = try explain(inputs, log: log, arguments, context)
    return fails && arguments.value(.failOn) != "never" ? .findings : .success
  }

  /// Explains what was loaded, and the log of the link.
  ///
  /// - Parameter audience: who reads what is said of the log.
  /// - Returns: whether something fails.
  @discardableResult
  static func explain(
    _ inputs: LoadedInputs, log: SourceBuffer?, _ arguments: ParsedArguments,
    _ context: ProgramContext, for audience: LogAudience = .ofTheLog
  ) throws -> Bool {
    if log == nil { try show(inputs.scripts, besides: nil, context) }
    let configuration = try ConfigurationLoader.load(
      explicit: arguments.path(.config),
      script: inputs.scripts.first?.path ?? inputs.images.first?.path)?.configuration
    let session = Session(
      scripts: inputs.scripts, images: inputs.images, dialect: inputs.dialect,
      configuration: configuration, settings: inputs.link.settings, foretold: inputs.foretold)
    context.warn(of: session.groups)
    context.remark(on: inputs.linkers)
    // With a log, an image is welcome and not needed.
    let subjects =
      log != nil && inputs.images.isEmpty
      ? []
      : try session.subjects(profile: arguments.value(.profile) ?? configuration?.profile)
    for subject in subjects {
      guard let stale = subject.stale else { continue }
      context.remarks.write("warning: ", .warning)
      context.remarks.line(stale.message)
    }
    let wanted = arguments.all(.assert)
    let scripts = try ScriptLoader(
      arguments, inputs.configuration, dialect: inputs.dialect)
    let good = try arguments.path(.against).map(Self.image)
    var explained = subjects.map {
      ExplainedImage($0, matching: wanted, against: good, reader: scripts)
    }
    // Of constraints that hold nothing is said.
    explained +=
      session.constraintSubjects(profile: arguments.value(.profile) ?? configuration?.profile)
      .map { ExplainedImage($0, matching: wanted, against: good, reader: scripts) }
      .filter { !$0.explanations.isEmpty }
    let logged = log.map {
      LogExplaining($0, scripts: inputs.scripts, subject: subjects.first, for: audience)
    }
    if let logged { try show(inputs.scripts, besides: logged, context) }
    if !wanted.isEmpty, explained.allSatisfy(\.explanations.isEmpty) {
      let text = wanted.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "', '")
      throw ProgramError(
        "no ASSERT has '\(text)' in its message or expression",
        hint: "'lds-check eval' lists every ASSERT")
    }
    // A log says itself what overflows.
    let overflows =
      logged == nil && wanted.isEmpty
      ? RegionJudging.findings(
        inputs.images, script: inputs.scripts.first, dialect: inputs.dialect) : []
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      for overflow in overflows {
        context.report.write("error: ", .error)
        context.report.line(ReportText.inline(overflow.message))
        context.report.line("  'lds-check memory' with the same files shows who fills it")
      }
      let printer = ExplanationText(writer: context.report, isQuiet: context.isQuiet)
      let isAnotherShown = explained.contains(where: \.hasFailure)
      for image in explained where image.hasFailure || logged == nil {
        // That no ASSERT fails is no news beside a constraint that does, where there is no ASSERT.
        if isAnotherShown, image.report.assertions.isEmpty { continue }
        printer.write(image)
      }
      if let logged {
        let told = explained.filter(\.hasFailure).flatMap(\.messages)
        LogText(writer: context.report, log: logged).write(besides: Set(told))
      }
      if let good, let now = inputs.images.first,
        !overflows.isEmpty || logged?.tellsOfOverflow == true
      {
        OverflowGrowth(writer: context.report).write(from: good, to: now)
      }
    case .json:
      ExplanationJSON(json: JSONWriter(context.output)).write(
        explained, log: logged)
    }
    return explained.contains { $0.hasFailure } || logged?.needsAttention == true
      || !overflows.isEmpty
  }

  /// The map or image of an older link.
  private static func image(_ path: FilePath) throws -> Image {
    do throws(ReadError) {
      let image = try ImageReader.read(try FileInput.read(path), parts: .all)
      if let damage = image.damage { throw damage }
      return image
    } catch {
      throw InputError(path: path, reason: error)
    }
  }

  /// Says what is wrong with scripts, but for what `log` tells. One that the linker would refuse has no verdicts, but its log
  /// may be explained.
  private static func show(
    _ scripts: [LoadedScript], besides log: LogExplaining?, _ context: ProgramContext
  ) throws {
    let printer = DiagnosticPrinter(writer: context.remarks)
    for loaded in scripts {
      let untold = loaded.script.diagnostics.filter { log?.tells($0) != true }
      printer.write(untold, in: loaded.script.sources, of: loaded.path)
    }
    if log == nil, let refused = scripts.first(where: \.script.isRefused) {
      throw ProgramError("\(refused.path.display): the linker would refuse this script")
    }
  }
}
