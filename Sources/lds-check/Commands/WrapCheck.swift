// What is said below a linker's own words: why it failed, or what is wrong with what it made. Whatever fails here is
// kept to ourselves: the link is the user's.

import Constraints
import LdsParser

/// Looks at a link that has ended.
struct WrapCheck {
  let link: WrappedLink
  let arguments: ParsedArguments
  let context: ProgramContext

  /// Explains a link that failed.
  func explain(_ log: [UInt8]) {
    let name = link.command.program.lastComponent
    do {
      try ExplainCommand.explain(
        try load(withImage: false),
        log: SourceBuffer(path: name, bytes: Self.plain(log)), arguments,
        context.speakingOfErrors, saysUnknown: false)
    } catch {
      // A script that is not there, an image that is none: the linker has said what there is to say.
    }
  }

  /// A log without colours: `ESC [ 31 m`.
  private static func plain(_ log: [UInt8]) -> [UInt8] {
    guard log.contains(0x1B) else { return log }
    var text: [UInt8] = []
    var rest = log[...]
    while let byte = rest.popFirst() {
      guard byte == 0x1B, rest.first == UInt8(ascii: "[") else {
        text.append(byte)
        continue
      }
      // Parameters up to the letter that says what is meant (ECMA-48, 5.4).
      rest = rest.dropFirst().drop { !(0x40...0x7E).contains($0) }.dropFirst()
    }
    return text
  }

  /// Checks a link that succeeded; false if something at or above the level that counts was found, and printed.
  func findsNothing() -> Bool {
    if arguments.value(.failOn) == FailureThreshold.never.rawValue { return true }
    do {
      var inputs = try load(withImage: true)
      // The linker has read it: if we cannot, that is our fault.
      inputs.scripts.removeAll { $0.script.isRefused }
      let configuration = try ConfigurationLoader.load(
        explicit: arguments.path(.config), script: inputs.scripts.first?.path)
      var report = try report(inputs, configuration)
      let level = arguments.choice(
        .failOn, default: configuration?.configuration.failOn ?? FailureThreshold.error)
      report.findings = report.findings.filter {
        level.isReached(by: $0.severity) && !Self.isRefuted($0.rule)
      }
      report.proofs = []
      if report.findings.isEmpty { return true }
      ReportFormat.text.write(report, to: context.remarks, isQuiet: context.isQuiet)
      return false
    } catch {
      // A configuration that cannot be read is the user's to know of, and no reason to refuse the link.
      _ = context.explain(error)
      return true
    }
  }

  /// Whether the link, which succeeded, has decided otherwise.
  private static func isRefuted(_ rule: String) -> Bool {
    RuleRegistry.rule(rule)?.description.foretellsFailure ?? false
  }

  private func report(
    _ inputs: LoadedInputs, _ configuration: LoadedConfiguration?
  ) throws -> Report {
    var settings = try LintSettings(arguments, configuration?.configuration)
    if configuration?.configuration.linkers.isEmpty ?? true {
      settings.linkers = [
        try ChosenLinkers(arguments, nil, inputs.link, inputs.images).first
      ]
    }
    let run = LintRun(arguments: arguments, configuration: configuration, settings: settings)
    return try run.report(inputs).report
  }

  /// The script, the map, and the image where there is one.
  private func load(withImage: Bool) throws -> LoadedInputs {
    var inputs = LoadedInputs()
    inputs.link = link.known
    let loader = try ScriptLoader(arguments, link: link.known)
    for path in link.known.scripts {
      inputs.scripts.append(try LinkedScript(path, loader).script)
    }
    if let map = link.map, let buffer = try? FileInput.read(map), buffer.count > 0 {
      let named = SourceBuffer(
        path: FilePath("<map>"), bytes: buffer.bytes(in: 0..<buffer.count))
      if let image = try? ImageReader.read(named), image.damage == nil {
        inputs.images.append(image)
      }
    }
    if withImage, let buffer = try? FileInput.read(link.known.output, mayMap: true),
      let image = try? ImageReader.read(buffer)
    {
      inputs.images.append(image)
    }
    return inputs
  }
}

extension LoadedInputs {
  /// The linker that wrote the map.
  fileprivate var dialectOfMap: LinkerDialect? {
    images.lazy.compactMap(\.kind.linker).first
  }
}

/// A script that was linked: as its author wrote it, if kbuild left the command that preprocessed it and that still gives
/// the same.
struct LinkedScript {
  let script: LoadedScript

  init(_ path: FilePath, _ loader: ScriptLoader) throws {
    let linked = try loader.load(try Self.open(path))
    let command = CommandSearch(near: []).command(for: path)
    guard let source = command?.scriptPath, source != path,
      let written = try? loader.load(try Self.open(source)), !written.script.isRefused,
      ScriptWriter.bytes(of: written.script) == ScriptWriter.bytes(of: linked.script)
    else {
      script = linked
      return
    }
    script = written
  }

  private static func open(_ path: FilePath) throws(InputError) -> SourceBuffer {
    do {
      return try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }
}
