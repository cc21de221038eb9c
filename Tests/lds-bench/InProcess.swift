// Opening and reading without the start of a program, in a process of its own, so that its memory is its own.

import Glibc
import LdsParser

enum InProcess {
  /// Marks the run of this program in which ``run(_:)`` is called.
  static let option = "--inside"

  /// Prints the rows for `[path, runs, wall time of wc]`.
  static func run(_ arguments: [String]) {
    FileInput.protectMappings()
    let runs = Int(arguments[1]) ?? 1
    let baseline = Double(arguments[2]) ?? 0
    measure("read for eval", arguments[0], [.symbols, .sections, .statements], runs, baseline)
    measure("read everything", arguments[0], .all, runs, baseline)
  }

  private static func measure(
    _ name: String, _ path: String, _ parts: ImageParts, _ runs: Int, _ baseline: Double
  ) {
    let clock = ContinuousClock()
    var best = Double.infinity
    var summary = ""
    for _ in 0..<runs {
      let start = clock.now
      do throws(ReadError) {
        let buffer = try FileInput.read(FilePath(path), mayMap: true)
        let image = try ImageReader.read(buffer, parts: parts)
        best = min(best, Measurement.seconds(clock.now - start))
        summary =
          "\(image.kind.rawValue), \(Format.fixed(Double(buffer.count) / 1e6, 1)) MB, "
          + "\(image.symbols.records.count) symbols, \(image.outputSections.count) + "
          + "\(image.inputSections.count) sections, \(image.unknownLineCount) unknown lines"
      } catch {
        return print("  \(name): \(error.message)")
      }
    }
    var usage = rusage()
    unsafe _ = getrusage(CInt(RUSAGE_SELF.rawValue), &usage)
    let peak = Format.fixed(Double(usage.ru_maxrss) / 1024, 0)
    print(
      "  \(name): \(Format.fixed(best * 1e3, 2)) ms, \(Format.fixed(best / baseline, 2)) x wc, "
        + "\(peak) MB peak; \(summary)")
  }
}
