// Which symbols a script means as the end of the file that objcopy -O binary makes of the image.

import LdsParser

extension ScriptFacts {
  /// What scripts call the end of the file: U-Boot, Zephyr, TF-A and others.
  private static let endNames: Set<String> = [
    "_image_binary_end", "__image_copy_end", "_image_copy_end", "__image_binary_end", "_image_end",
    "__image_end", "_binary_end", "__binary_end",
  ]
  /// What is appended to a file (a device tree, a certificate) asks for no more alignment than this; a page is
  /// asked for where memory is mapped.
  private static let mostAppended: UInt64 = 64

  /// The steps outside output sections that set the end of a raw image.
  ///
  /// - Parameter declared: The symbol that the configuration names; the usual names do not count then.
  func rawImageEnds(declared: String? = nil) -> [Int] {
    program.steps.indices.filter { step in
      guard let assignment = assignment(step), !assignment.isLocationCounter,
        program.steps[step].context == .between
      else { return false }
      let symbol = assignment.target.name
      if let declared { return name(symbol) == declared }
      return Self.endNames.contains(name(symbol))
        || (2...Self.mostAppended).contains(alignment(claimed: symbol))
    }
  }
}
