// Bent files: real inputs cut short and with bytes changed, each through every reading command of the built
// program. Whatever the input, the exit status is 0, 1 or 2, soon, and in little memory.

import TestSupport

@main
struct Bent {
  static func main() {
    let options: BentOptions
    do throws(BentOptions.Fault) {
      options = try BentOptions(CommandLine.arguments.dropFirst())
    } catch {
      print("lds-bent: \(error.message)\n\n\(BentOptions.usage)")
      Processes.exit(2)
    }
    var campaign = BentCampaign(options)
    Processes.exit(campaign.run() ? 0 : 1)
  }
}

/// One campaign.
struct BentCampaign {
  /// A run that has been started.
  private struct Running {
    var name: String
    var arguments: [String]
    var file: BentFile
  }

  private let options: BentOptions
  private var random: SeededGenerator
  private var inputs: [InputFile] = []
  private var running: [Int32: Running] = [:]
  private var runs = 0
  private var statuses: [Int32: Int] = [:]
  private var slowest = Measured.none
  private var largest = Measured.none
  private var faults: [String] = []

  init(_ options: BentOptions) {
    self.options = options
    random = SeededGenerator(seed: options.seed)
  }

  /// Bends and runs; true if nothing was wrong.
  mutating func run() -> Bool {
    inputs = InputFile.all(in: options.folders, upTo: options.mostBytes)
    guard !inputs.isEmpty else {
      print("lds-bent: no files")
      return false
    }
    for index in 0..<options.cases {
      guard let input = random.pick(inputs), let bytes = Files.read(input.path) else { continue }
      let file = BentFile("\(options.scratch)/bent-\(index)", Bending.bend(bytes, &random))
      let other = random.pick(inputs.filter { $0.folder == input.folder }) ?? input
      for arguments in commands(file.path, other.path) {
        while running.count >= options.jobs { settle() }
        guard let pid = Processes.start(options.program, arguments) else { continue }
        running[pid] = Running(name: input.path, arguments: arguments, file: file)
      }
    }
    while !running.isEmpty { settle() }
    report()
    return faults.isEmpty && runs > 0
  }

  /// Every reading command, half of the time with another file of the same folder.
  private mutating func commands(_ file: String, _ other: String) -> [[String]] {
    let files = random.once(in: 2) ? [file] : [file, other]
    let json = random.once(in: 2) ? ["--format", "json"] : []
    return ["eval", "lint", "explain", "superpages", "symbols", "parse"].map { command in
      [command] + (command == "parse" ? [file] : files) + json
    } + [["diff", file, other] + json]
  }

  /// Waits until a run has ended.
  private mutating func settle() {
    let ended = Processes.wait(for: running.keys, atMost: options.patience)
    guard let run = running.removeValue(forKey: ended.pid) else {
      if ended.pid == 0 { running.removeAll() }
      return
    }
    runs += 1
    statuses[ended.status, default: 0] += 1
    if ended.cpuSeconds > slowest.cpuSeconds { slowest = ended }
    if ended.megabytes > largest.megabytes { largest = ended }
    var wrong: [String] = []
    if !(0...2).contains(ended.status) { wrong.append("status \(ended.status)") }
    if ended.cpuSeconds > options.seconds { wrong.append("\(ended.cpuSeconds) s") }
    if ended.megabytes > options.megabytes { wrong.append("\(ended.megabytes) MB") }
    guard !wrong.isEmpty else { return }
    let kept = run.file.keep(in: options.kept)
    let line = run.arguments.map { $0 == run.file.path ? kept : $0 }.joined(separator: " ")
    faults.append("\(wrong.joined(separator: ", ")): lds-check \(line)   (from \(run.name))")
    if faults.count <= 20 { print(faults[faults.count - 1]) }
  }

  private func report() {
    let list = statuses.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }
    print(
      "\(options.cases) bent files of \(inputs.count), \(runs) runs (\(list.joined(separator: ", "))), slowest "
        + "\(slowest.cpuSeconds) s, largest \(largest.megabytes) MB, \(faults.count) faults")
  }
}
