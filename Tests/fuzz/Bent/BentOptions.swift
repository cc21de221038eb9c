// The command line of lds-bent.

/// What to bend, how much, and what is too much.
struct BentOptions {
  /// What is wrong with the command line.
  struct Fault: Error {
    let message: String
  }

  static let usage = """
    usage: lds-bent [OPTION VALUE]... FOLDER...

    Bends random files of the folders and runs every reading command of the program over each.
      --program FILE    the program (default: .build/release/lds-check)
      --cases N         bent files (default: 10000); each is read by 7 commands
      --jobs N          runs at a time (default: 2)
      --seed N          another number bends other bytes (default: 1)
      --seconds N       longest run, in seconds of CPU time (default: 2)
      --megabytes N     largest run, peak of resident memory (default: 256)
      --largest N       files with more bytes are passed over (default: 4000000)
      --scratch FOLDER  where bent files are made (default: /tmp)
      --keep FOLDER     where those that showed a fault are kept (default: crashes)
    The exit status is 1 if a run ended with another status than 0, 1 and 2, or was too slow or too large.
    """

  var program = ".build/release/lds-check"
  var cases = 10_000
  var jobs = 2
  var seed: UInt64 = 1
  var seconds = 2.0
  var megabytes = 256
  var mostBytes = 4_000_000
  var scratch = "/tmp"
  var kept = "crashes"
  var folders: [String] = []

  /// Wall-clock seconds after which a run counts as hanging: other work may share the machine.
  var patience: Double { seconds * 30 }

  init(_ arguments: some Sequence<String>) throws(Fault) {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else {
        folders.append(argument)
        continue
      }
      guard let value = rest.popFirst() else { throw Fault(message: "\(argument) needs a value") }
      switch argument {
      case "--program": program = value
      case "--scratch": scratch = value
      case "--keep": kept = value
      default: try setNumber(argument, value)
      }
    }
    if folders.isEmpty { throw Fault(message: "no folder") }
  }

  private mutating func setNumber(_ option: String, _ value: String) throws(Fault) {
    guard let number = Int(value), number > 0 else {
      throw Fault(message: "\(option) takes a number")
    }
    switch option {
    case "--cases": cases = number
    case "--jobs": jobs = number
    case "--seed": seed = UInt64(number)
    case "--seconds": seconds = Double(number)
    case "--megabytes": megabytes = number
    case "--largest": mostBytes = number
    default: throw Fault(message: "there is no option \(option)")
    }
  }
}
