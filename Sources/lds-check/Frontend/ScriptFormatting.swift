// Formats one script as the command line says, and makes sure that the linker reads the same.

import Constraints
import LdsParser

/// Formatting with the macros and folders of one run.
struct ScriptFormatting {
  /// What came of one script.
  struct Result {
    /// The author's text.
    let old: [UInt8]
    /// The formatted text; equal to ``old`` where there are faults.
    var new: [UInt8]
    /// Why the script was left as it is.
    var faults: [Diagnostic] = []
    /// Where ``faults`` point.
    let sources: SourceSet
  }

  private let loader: ScriptLoader

  init(_ loader: ScriptLoader) {
    self.loader = loader
  }

  /// The script in `buffer`, formatted. What cannot be read as a script stays as it is.
  ///
  /// - Throws: a file of `--cpp-command` that is none.
  func format(_ buffer: SourceBuffer, style: ScriptFormatter.Style = .init()) throws
    -> Result
  {
    let before = try loader.loadVariants(buffer)
    let isPreprocessed = before.contains { $0.expansion != nil }
    var sources = SourceSet()
    let main = sources.add(buffer)
    let formatted = ScriptFormatter.format(
      main, in: sources, isPreprocessed: isPreprocessed, style: style)
    let old = buffer.bytes(in: 0..<buffer.count)
    var result = Result(old: old, new: formatted.bytes, sources: sources)
    // Brackets that do not fit say more than what the parser makes of them.
    if let fault = formatted.fault, fault.id == .unbalanced {
      result.faults = [fault]
      return result
    }
    if let refused = before.first(where: { Self.isUnreadable($0) }) {
      return Result(
        old: old, new: old, faults: refused.script.diagnostics.filter { $0.severity == .error },
        sources: refused.script.sources)
    }
    if let fault = formatted.fault { result.faults = [fault] }
    if formatted.bytes == old { return result }
    let after = try loader.loadVariants(SourceBuffer(path: buffer.path, bytes: formatted.bytes))
    let isSame =
      before.count == after.count
      && zip(before, after).allSatisfy { ScriptFormatter.isSameReading($0.script, $1.script) }
    if !isSame {
      result.new = old
      result.faults = [
        Diagnostic(
          id: "format-difference", severity: .error,
          message: "formatting would change what the linker reads; the script is left as it is",
          span: nil)
      ]
    }
    return result
  }

  /// Whether a linker would refuse the script for what stands in it, and not for files that are not at hand.
  private static func isUnreadable(_ loaded: LoadedScript) -> Bool {
    // Without the headers and the -D of the build, what is left over of macros is no fault of the script.
    if loaded.expansion != nil { return false }
    return loaded.script.diagnostics.contains {
      $0.severity == .error && $0.id != "include-not-found"
    }
  }
}
