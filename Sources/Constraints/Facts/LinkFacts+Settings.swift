// What the files of an image tell of the command line of its link, and of the regions that were declared.

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
}
