// The command line of the benchmark.

import Glibc

/// What to measure.
struct Options {
  var runs = 7
  var program: String?
  var image: String?
  var linkCommand: String?
  var python: String?
  var comparisons: [String] = []
  var inputs: [String] = []
  var scripts: [String] = []
  var temporary: [String] = []
  var wantsHelp = false

  /// False if the command line is wrong or asks for help.
  mutating func read(_ arguments: ArraySlice<String>) -> Bool {
    var rest = arguments
    while let word = rest.popFirst() {
      guard word.hasPrefix("-") else {
        inputs.append(word)
        continue
      }
      if word == "--help" || word == "-h" {
        wantsHelp = true
        return false
      }
      guard let value = rest.popFirst(), take(word, value) else { return false }
    }
    return true
  }

  private mutating func take(_ option: String, _ value: String) -> Bool {
    switch option {
    case "--program": program = value
    case "--image": image = value
    case "--link-command": linkCommand = value
    case "--python": python = value
    case "--compare": comparisons.append(value)
    case "--script": scripts.append(value)
    default:
      guard let number = Int(value), number > 0 else { return false }
      switch option {
      case "--runs": runs = number
      case "--synthetic":
        SyntheticMap.writeOrdinary(bytes: number << 20, to: addTemporary("synthetic"))
      case "--hostile": SyntheticMap.writeHostile(lines: number, to: addTemporary("hostile"))
      default: return false
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
