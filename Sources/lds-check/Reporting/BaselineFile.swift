// The file of `--baseline` and `--write-baseline`.

import Constraints
import LdsParser

enum BaselineFile {
  /// The baseline in a file, which must be there: a misspelt name would show every known finding as new.
  static func read(_ path: FilePath) throws -> Baseline {
    let buffer: SourceBuffer
    do {
      buffer = try FileInput.read(path)
    } catch {
      throw InputError(path: path, reason: error)
    }
    let (baseline, sources, diagnostics) = Baseline.read(buffer)
    if !diagnostics.isEmpty { throw RefusedFile(diagnostics: diagnostics, sources: sources) }
    return baseline
  }

  /// Writes a baseline, whole or not at all.
  static func write(_ baseline: Baseline, to path: FilePath) throws(OutputError) {
    let output = try Output(file: path)
    write(baseline, to: output)
    try output.finish()
  }

  /// One finding a line, in order, so that changes are easy to review.
  static func write(_ baseline: Baseline, to output: Output) {
    let json = JSONWriter(output)
    json.object {
      json.member("version", Baseline.version)
      json.array("findings", baseline.entries) { entry in
        json.row {
          json.member("rule", entry.rule)
          json.member("file", entry.file)
          json.member("subject", entry.subject)
          json.member("count", entry.count)
        }
      }
    }
    json.end()
  }
}
