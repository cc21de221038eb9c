// Linting a script beside preprocessing it, as a build does both.
//
//   lds-bench --program lds-check --cpp-command arch/x86/.xen.lds.cmd xen/arch/x86/xen.lds.S

/// One script, linted by us and preprocessed by the compiler of the build, in the folder of the build.
struct LintComparison {
  let path: String
  let commandFile: String
  let options: Options

  /// Runs the command that kbuild recorded, with what it writes thrown away.
  private static let preprocess = #"""
    eval "$(sed -n -e '1s/^[^=]*:= //' -e '1s/ -o [^ ]*/ -o \/dev\/null/' \
      -e '1s/ -MF [^ ]*/ -MF \/dev\/null/p' "$0")"
    """#

  func print() {
    Swift.print(path)
    // In one run, since another job on the machine slows both.
    let compiler = Measurement.best(of: options.runs, ["sh", "-c", Self.preprocess, commandFile])
    row("the recorded command (cc -E)", compiler)
    guard let program = options.program else { return }
    for arguments in [["parse", "--expand"], ["lint", "--quiet", "--fail-on", "never"]] {
      let words = [program] + arguments + ["--cpp-command", commandFile, path]
      row(arguments[0], Measurement.best(of: options.runs, words, accepted: 1), compiler)
    }
  }

  private func row(_ name: String, _ run: Measurement?, _ baseline: Measurement? = nil) {
    guard let run else { return Swift.print("  \(name): cannot be run") }
    let ratio = baseline.map { ", " + Format.fixed(run.wall / $0.wall, 2) + " x cc -E" } ?? ""
    Swift.print(
      "  \(name): \(Format.fixed(run.wall * 1e3, 2)) ms (median \(Format.fixed(run.median * 1e3, 2)))"
        + "\(ratio), \(Format.fixed(run.cpu * 1e3, 1)) ms CPU")
  }
}
