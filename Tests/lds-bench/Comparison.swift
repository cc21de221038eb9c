// One file, read by us and by others.

import Glibc

struct Comparison {
  let path: String
  let options: Options

  func print() {
    let baseline = Measurement.best(of: options.runs, ["wc", "-l", path])
    Swift.print(path)
    row("wc -l", baseline)
    let own = CommandLine.arguments[0]
    let wc = baseline.map { String($0.wall) } ?? "0"
    fflush(nil)
    Measurement.show([own, InProcess.option, path, String(options.runs), wc])
    let nm = Measurement.best(of: options.runs, ["nm", "-p", path])
    if nm != nil { row("nm", nm, baseline) }
    if let program = options.program {
      row(
        "\(program) --version", Measurement.best(of: options.runs, [program, "--version"]), baseline
      )
      row(
        "\(program) eval",
        Measurement.best(of: options.runs, [program, "eval", path], accepted: 1), baseline)
    }
    for command in options.comparisons {
      let words = command.split(separator: " ").map { $0 == "{}" ? path : String($0) }
      row(command, Measurement.best(of: 1, words), baseline)
    }
  }

  private func row(
    _ name: String, _ run: Measurement?, _ baseline: Measurement? = nil
  ) {
    guard let run else { return Swift.print("  \(name): cannot be run") }
    let ratio = baseline.map { ", " + Format.fixed(run.wall / $0.wall, 2) + " x wc" } ?? ""
    let memory = run.peakMegabytes > 0 ? ", \(Format.fixed(run.peakMegabytes, 0)) MB peak" : ""
    let cpu = run.cpu > 0 ? ", \(Format.fixed(run.cpu * 1e3, 1)) ms CPU" : ""
    Swift.print("  \(name): \(Format.fixed(run.wall * 1e3, 2)) ms\(ratio)\(cpu)\(memory)")
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
