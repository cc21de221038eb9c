// What the command line, headers and MEMORY of a link decide, as far as its files tell.

package import LdsParser

extension LinkFacts {
  package var settings: LinkSettings { evidence.settings }

  package func constant(_ name: String) -> UInt64? {
    evidence.constants[name] ?? evidence.settings.constant(Array(name.utf8), dialect: dialect)
  }

  package func region(_ function: NameFunction, _ name: NameID) -> Number? {
    if let region = evidence.regions[program.names.bytes(name)] {
      return Number(function == .origin ? region.origin : region.length)
    }
    // A map lists the regions that were declared, but not their aliases.
    return program.isMap || !evidence.hasAllRegions ? Number(unknown: Lack(.region(name))) : nil
  }

  /// The number of a symbol whose place a PE image does not tell is not that of the link.
  func tellsPlace(of name: NameID) -> Bool { !omissions.misplaced.contains(name) }
}
