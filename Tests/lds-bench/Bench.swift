// How long reading evidence takes beside `wc -l`, `nm`, the link, and whatever else is named.
//
//   swift run -c release lds-bench --program lds-check --link-command link.txt all.map all

import Glibc

@main
struct Bench {
  static let help = """
    usage: lds-bench [OPTION]... [FILE | --synthetic MB | --hostile LINES | --script CMD]...

    Reads each FILE (map, symbol list, image) as `lds-check` does and prints time and memory beside those of
    `wc -l`, and of `nm` for an ELF file. Every figure is the best of N runs, with the median beside it.

      --runs N            runs of each program (default 7)
      --synthetic MB      a GNU ld map of that many megabytes made on the spot
      --hostile LINES     a map of that many lines, none of which has the usual form
      --script CMD        preprocess and parse the script of a kbuild .lds.cmd file beside the compiler's -E of
                          the same: medians of N runs and their ratio; with --program also whole runs of
                          `PATH parse --expand` and `PATH lint`
      --program PATH      also the whole process `PATH eval FILE`, with its instructions if valgrind is there
      --image ELF         with --program: also `nm ELF` and `PATH eval FILE ELF`
      --link-command FILE also the link: the commands in FILE, run once by sh in the folder of FILE
      --python PATH       also the time in which PyPI's mapfile-parser, run by that Python, builds its model
      --cpp-command FILE  FILEs are scripts: time the preprocessor command that kbuild recorded in FILE, and with
                          --program `PATH lint` of the script
      --compare COMMAND   also the whole process COMMAND, in which {} stands for the file

    Tests/lds-bench/README.md says how to make a real map of 75 to 150 MB.
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
    for script in options.scripts { ScriptComparison(path: script, options: options).print() }
    for path in options.temporary { unsafe _ = unlink(path) }
  }
}
