// How long reading evidence takes beside `wc -l`, `nm` and whatever else is named.
//
//   swift run -c release lds-bench llvm.map

import Glibc

@main
struct Bench {
  static let help = """
    usage: lds-bench [--runs N] [--program PATH] [--compare COMMAND]... [FILE | --synthetic MB | --hostile LINES | --script CMD]...

    Reads each FILE (map, symbol list, image) as `lds-check` does and prints time and memory beside those of
    `wc -l`, and of `nm` for an ELF file. Every figure is the best of N runs (default 7).

      --synthetic MB    a GNU ld map of that many megabytes made on the spot
      --hostile LINES   a map of that many lines, none of which has the usual form
      --script CMD      preprocess and parse the script of a kbuild .lds.cmd file beside the compiler's -E of
                        the same: medians of N runs and their ratio
      --program PATH    also the whole process `PATH eval FILE`
      --compare COMMAND also the whole process COMMAND, in which {} stands for the file:
                        `python3 -c "import sys, mapfile_parser; ..." {}`

    A real map of 75 to 150 MB: install Debian's llvm-14-dev and libclang-14-dev and link everything:
      g++ -o all main.o -Wl,-Map,all.map -Wl,--whole-archive /usr/lib/llvm-14/lib/libLLVM*.a \\
        /usr/lib/llvm-14/lib/libclang[A-Z]*.a -Wl,--no-whole-archive -lpthread -ldl -lz -ltinfo -lffi -lz3 -lxml2
    (leave out the few archives that define a symbol twice). `time` of that command is the link to compare with.
    """

  static func main() {
    if CommandLine.arguments.count == 5, CommandLine.arguments[1] == InProcess.option {
      return InProcess.run(Array(CommandLine.arguments.dropFirst(2)))
    }
    var options = Options()
    guard options.read(CommandLine.arguments.dropFirst()),
      !options.inputs.isEmpty || !options.scripts.isEmpty
    else {
      print(help)
      exit(options.wantsHelp ? 0 : 2)
    }
    for input in options.inputs { Comparison(path: input, options: options).print() }
    for script in options.scripts { ScriptComparison(path: script, runs: options.runs).print() }
    for path in options.temporary { unsafe _ = unlink(path) }
  }
}

/// The command line.
struct Options {
  var runs = 7
  var program: String?
  var comparisons: [String] = []
  var inputs: [String] = []
  var scripts: [String] = []
  var temporary: [String] = []
  var wantsHelp = false

  /// False if the command line is wrong or asks for help.
  mutating func read(_ arguments: ArraySlice<String>) -> Bool {
    var rest = arguments
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h":
        wantsHelp = true
        return false
      case "--runs":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return false }
        runs = count
      case "--program": program = rest.popFirst()
      case "--compare": if let command = rest.popFirst() { comparisons.append(command) }
      case "--script": if let path = rest.popFirst() { scripts.append(path) }
      case "--synthetic":
        guard let size = rest.popFirst().flatMap({ Int($0) }), size > 0 else { return false }
        SyntheticMap.writeOrdinary(bytes: size << 20, to: addTemporary("synthetic"))
      case "--hostile":
        guard let lines = rest.popFirst().flatMap({ Int($0) }), lines > 0 else { return false }
        SyntheticMap.writeHostile(lines: lines, to: addTemporary("hostile"))
      default: inputs.append(word)
      }
    }
    return true
  }

  private mutating func addTemporary(_ name: String) -> String {
    let path = "/tmp/lds-bench-\(getpid())-\(inputs.count)-\(name).map"
    inputs.append(path)
    temporary.append(path)
    return path
  }
}
