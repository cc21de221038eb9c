// The small texts of a build: kbuild's command files and what a linker printed.

import Constraints
import LdsParser

/// Readers of build texts.
enum TextReading {
  /// `.xen.lds.cmd`.
  static func kbuildCommand(_ bytes: [UInt8]) -> Int {
    do throws(ReadError) {
      let command = try KbuildCommand(bytes, path: FilePath("a/.xen.lds.cmd"))
      return command.dependencies.count &+ command.options.definitions.count
        &+ command.scriptPath.bytes.count &+ command.predefinedQuery.count
    } catch {
      return error.message.utf8.count
    }
  }

  /// A log, each message explained.
  static func linkerLog(_ bytes: [UInt8]) -> Int {
    let log = LinkerLog(file(bytes))
    let subject = LogSubject(scripts: [ScriptParser.parse(file(Self.script))])
    return log.messages.reduce(log.suspects.count &+ log.links.count) { sum, message in
      let explained = LogExplanation(message, in: subject)
      return sum &+ message.text.count &+ explained.places.count
        &+ (explained.meaning?.utf8.count ?? 0)
    }
  }

  private static let script = Array(
    """
    MEMORY { rom : ORIGIN = 0, LENGTH = 4K }
    SECTIONS { .text : { *(.text) } > rom  end = .; }
    ASSERT(end < 4K, "too large")
    """.utf8)
}
