// The program's entry point.

import Glibc

@main
struct LdsCheck {
  static func main() {
    Terminal.prepare()
    let arguments = Masquerade.arguments(Terminal.arguments(), calledAs: Terminal.programName)
    exit(ProgramEntry.run(arguments).rawValue)
  }
}
