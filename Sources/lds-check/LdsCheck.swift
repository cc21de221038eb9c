// The program's entry point.

import Constraints
import LdsParser

@main
struct LdsCheck {
  static func main() {}
}
