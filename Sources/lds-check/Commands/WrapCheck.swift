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
        try load(.ofFailure),
        log: SourceBuffer(path: name, bytes: Self.plain(log)), arguments,
        context.speakingOfErrors, for: .behindTheLinker)
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
      let configuration = try ConfigurationLoader.load(
        explicit: arguments.path(.config), script: link.known.scripts.first)
      // Most links have nothing to tell, and builds wait: the map and the author's text are read only where that is not
      // so, or where a constraint may ask for what the image does not have.
      if configuration?.configuration.constraints.isEmpty ?? true,
        try report(load(.ofSuccess), configuration).findings.isEmpty
      {
        return true
      }
      let report = try report(load(.ofFindings), configuration)
      if report.findings.isEmpty { return true }
      ReportFormat.text.write(report, to: context.remarks, isQuiet: context.isQuiet)
      return false
    } catch {
      // A configuration that cannot be read is the user's to know of, and no reason to refuse the link.
      _ = context.explain(error)
      return true
    }
  }

  /// What is at or above the level that counts, and that the link, which succeeded, has not decided otherwise.
  private func report(
    _ inputs: LoadedInputs, _ configuration: LoadedConfiguration?
  ) throws -> Report {
    var settings = try LintSettings(arguments, configuration?.configuration)
    settings.isOfOneLink = true
    if configuration?.configuration.linkers.isEmpty ?? true {
      settings.linkers = [
        try ChosenLinkers(arguments, nil, inputs.link, inputs.images).first
      ]
    }
    let level = arguments.choice(
      .failOn, default: configuration?.configuration.failOn ?? FailureThreshold.error)
    let levels = try RuleLevels(arguments, configuration)
    var run = LintRun(arguments: arguments, configuration: configuration, settings: settings)
    run.isWorthwhile = { rule in
      !rule.foretellsFailure
        && levels.mayBe(rule.id, atLeast: level.isReached, own: rule.severity)
    }
    var report = try run.report(inputs).report
    report.findings.removeAll { !level.isReached(by: $0.severity) }
    report.proofs = []
    return report
  }

  /// What is read of a link.
  private enum Reading {
    /// Script and map: the image is not there.
    case ofFailure
    /// The script as the linker read it, and the image.
    case ofSuccess
    /// The script as its author wrote it, the map and the image.
    case ofFindings
  }

  private func load(_ reading: Reading) throws -> LoadedInputs {
    var inputs = LoadedInputs()
    inputs.link = link.known
    for path in link.known.scripts {
      let script = try LinkedScript(
        path, link.known, arguments, seeksAuthor: reading != .ofSuccess
      ).script
      // If the linker has read it and we cannot, that is our fault.
      if reading == .ofFailure || !script.script.isRefused { inputs.scripts.append(script) }
    }
    if reading != .ofSuccess { inputs.images += map() }
    if reading != .ofFailure, let buffer = try? FileInput.read(link.known.output, mayMap: true),
      let image = try? ImageReader.read(buffer)
    {
      inputs.images.append(image)
    }
    return inputs
  }

  private func map() -> [Image] {
    guard let map = link.map, let buffer = try? FileInput.read(map), buffer.count > 0 else {
      return []
    }
    let named = SourceBuffer(
      path: FilePath("<map>"), bytes: buffer.bytes(in: 0..<buffer.count))
    guard let image = try? ImageReader.read(named), image.damage == nil else { return [] }
    return [image]
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

  /// - Parameter seeksAuthor: whether the author's text is worth looking for.
  init(
    _ path: FilePath, _ link: KnownLink, _ arguments: ParsedArguments, seeksAuthor: Bool
  ) throws {
    let linked = try ScriptLoader(arguments, link: link).load(try Self.open(path))
    script = seeksAuthor ? Self.written(linked, link, arguments) ?? linked : linked
  }

  /// The author's text of `linked`. One text makes several scripts (Xen's xen.lds and efi.lds), each with flags of its own.
  private static func written(
    _ linked: LoadedScript, _ link: KnownLink, _ arguments: ParsedArguments
  ) -> LoadedScript? {
    guard let (file, command) = CommandSearch.record(beside: linked.path),
      command.scriptPath != linked.path
    else { return nil }
    var arguments = arguments
    arguments.occurrences.append(.init(id: .cppCommand, value: file.bytes))
    guard let loader = try? ScriptLoader(arguments, link: link),
      let text = try? open(command.scriptPath), let written = try? loader.load(text),
      !written.script.isRefused,
      ScriptWriter.bytes(of: written.script) == ScriptWriter.bytes(of: linked.script)
    else { return nil }
    return written
  }

  private static func open(_ path: FilePath) throws(InputError) -> SourceBuffer {
    do {
      return try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
  }
}
