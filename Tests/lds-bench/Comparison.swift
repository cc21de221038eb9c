// One file, read by us and by others.

import Glibc

struct Comparison {
  let path: String
  let options: Options

  /// Builds the model of mapfile-parser and prints the best time in milliseconds.
  private static let modelScript = """
    import sys, time, mapfile_parser
    from pathlib import Path
    best = None
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        mapfile_parser.MapFile().readMapFile(Path(sys.argv[1]))
        spent = time.perf_counter() - start
        best = spent if best is None else min(best, spent)
    print(f"  mapfile-parser, its model alone: {best * 1e3:.0f} ms, {best / float(sys.argv[3]):.1f} x wc", flush=True)
    """

  func print() {
    let baseline = Measurement.best(of: options.runs, ["wc", "-l", path])
    Swift.print(path)
    row("wc -l", baseline)
    let wc = baseline.map { String($0.wall) } ?? "0"
    fflush(nil)
    Measurement.show([CommandLine.arguments[0], InProcess.option, path, String(options.runs), wc])
    // Each program runs `wc` again beside it: another job on the machine slows both.
    if let program = options.program { measure(program) }
    let listed = options.image ?? path
    if let nm = Measurement.best(of: options.runs, ["nm", "-p", listed]) {
      row("nm -p \(listed)", nm, baseline)
    }
    for command in options.comparisons {
      let words = command.split(separator: " ").map { $0 == "{}" ? path : String($0) }
      row(command, Measurement.best(of: 1, words), baseline)
    }
    if let python = options.python {
      let runs = String(min(options.runs, 2))
      let words = [python, "-c", Self.modelScript, path, runs, wc]
      row("mapfile-parser, whole process", Measurement.best(of: 1, words), baseline)
      fflush(nil)
      Measurement.show(words)
    }
    if let file = options.linkCommand {
      let words = ["sh", "-c", "cd \"$(dirname \"$0\")\" && sh \"./$(basename \"$0\")\"", file]
      row("the link", Measurement.best(of: 1, words), baseline)
    }
  }

  /// The program as a user runs it.
  private func measure(_ program: String) {
    row("\(program) --version", Measurement.best(of: options.runs, [program, "--version"]))
    var runs = [[path]]
    if let image = options.image { runs.append([path, image]) }
    for files in runs {
      let near = Measurement.best(of: options.runs, ["wc", "-l", path])
      let words = [program, "eval"] + files
      row(
        words.joined(separator: " "), Measurement.best(of: options.runs, words, accepted: 1), near)
      let count = Instructions.count(words)
      if let count {
        Swift.print("    \(Format.fixed(Double(count) / 1e6, 1)) million instructions")
      }
    }
  }

  private func row(
    _ name: String, _ run: Measurement?, _ baseline: Measurement? = nil
  ) {
    guard let run else { return Swift.print("  \(name): cannot be run") }
    let ratio = baseline.map { ", " + Format.fixed(run.wall / $0.wall, 2) + " x wc" } ?? ""
    let memory = run.peakMegabytes > 0 ? ", \(Format.fixed(run.peakMegabytes, 1)) MB peak" : ""
    let cpu = run.cpu > 0 ? ", \(Format.fixed(run.cpu * 1e3, 1)) ms CPU" : ""
    Swift.print(
      "  \(name): \(Format.fixed(run.wall * 1e3, 2)) ms (median \(Format.fixed(run.median * 1e3, 2)))"
        + "\(ratio)\(cpu)\(memory)")
  }
}

/// Numbers for people.
enum Format {
  static func fixed(_ number: Double, _ digits: Int) -> String {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((number * scale).rounded())
    if digits == 0 { return "\(scaled)" }
    let fraction = String(scaled % Int(scale))
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(scaled / Int(scale)).\(zeros)\(fraction)"
  }
}
