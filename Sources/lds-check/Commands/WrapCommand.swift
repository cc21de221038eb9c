// `lds-check wrap -- ld -T board.ld a.o -o fw.elf`: the linker runs as it would alone; then a failure is explained, and
// a success is checked.

import Constraints
import LdsParser

/// Stands in front of a linker.
enum WrapCommand: Command {
  static let name = "wrap"
  static let summary = "runs the linker; explains a failure, checks a success"
  static let operands = "-- LINKER ARG..."
  static let options: [OptionSpec] = [.config, .profile, .failOn]
  static let discussion = """
    LINKER is ld, ld.lld, gold or mold, or a driver such as gcc or clang that runs one; everything behind it is its own. \
    It runs as it would alone: output, exit status, signals and files are its own.
    If it fails, what it said is explained below, from script, map and log. If it succeeds, the rules and the \
    constraints of .lds-check.json are checked, and only what is at or above --fail-on is printed; the exit status is 1 \
    then, else the linker's.
    A link with a script gets a map in a temporary folder unless it makes one. Any other run (-r, no script, -c, \
    --version) is handed over at once, and so is every run with LDS_CHECK_WRAP=off in the environment.
    make LD='lds-check wrap -- ld'; cmake -DCMAKE_C_LINKER_LAUNCHER='lds-check;wrap;--'. A link to lds-check that is \
    called ld, ld.lld, rust-lld or the like wraps the next program of its name in PATH: gcc -B FOLDER, cargo's linker.
    """

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    let words = arguments.operands.map(\.bytes)
    guard !words.isEmpty else { throw UsageError.missingOperand(operands) }
    guard Terminal.environment(LinkerProcess.switchOff) != "off", let link = WrappedLink(words)
    else {
      return handOver(words, context)
    }
    defer { link.end() }
    // Nothing of ours may keep a link from being made.
    guard let end = try? link.run() else {
      link.end()
      return handOver(words, context)
    }
    guard let status = end.exitStatus else {
      link.end()
      LinkerProcess.die(of: end.status)
    }
    if status != 0, link.mayBeToBlame(for: end) {
      link.end()
      return handOver(words, context)
    }
    FaultGuard.install(status: status, seconds: UInt32(Limit.linkCheckSeconds))
    let check = WrapCheck(link: link, arguments: arguments, context: context)
    if status != 0 {
      check.explain(end.log)
      return .linker(status)
    }
    return check.findsNothing() ? .success : .findings
  }

  /// The linker in our place; if it cannot be run, the status that a shell has for that: 127 if there is none, else 126.
  private static func handOver(_ words: [[UInt8]], _ context: ProgramContext) -> ExitCode {
    do throws(SystemError) {
      try LinkerProcess.replace(with: words)
      return .internalFault
    } catch {
      let name = FilePath(bytes: words.first ?? []).display
      context.remarks.line("\(Version.name): \(name): \(error.message)")
      return .linker(error == .missing ? 127 : 126)
    }
  }
}
