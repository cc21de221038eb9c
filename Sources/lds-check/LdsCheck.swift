// The program's entry point.

import Glibc

@main
struct LdsCheck {
  static func main() {
    Terminal.prepare()
    exit(ProgramEntry.run(Terminal.arguments()).rawValue)
  }
}
