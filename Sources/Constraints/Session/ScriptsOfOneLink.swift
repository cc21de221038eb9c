// Which of several scripts the linker was given together (`-T memory.ld -T sections.ld`): one places sections in memory
// regions that it does not declare, and another one declares them; or one INSERTs behind a section of another. Scripts
// that have nothing to do with each other are of different links.

internal import LdsParser

/// Scripts that belong together.
public enum ScriptsOfOneLink {
  /// The scripts that are of one link with another of them, as indices; empty where nothing tells. They are in the order
  /// given, but those that declare regions come first: a linker wants to know a region before it is used; and those with
  /// INSERT before all, since GNU ld looks for the section further down.
  ///
  /// Two boards that declare the same region, beside one script that uses it, tell nothing.
  public static func together(_ scripts: [LoadedScript]) -> [Int] {
    let regions = scripts.map { Regions($0.script) }
    var users: Set<Int> = []
    var declaring: Set<Int> = []
    for (user, one) in regions.enumerated() {
      for name in one.missing {
        let declarers = regions.indices.filter { regions[$0].declared.contains(name) }
        guard declarers.count == 1 else { return [] }
        users.insert(user)
        declaring.insert(declarers[0])
      }
    }
    let inserting = inserts(scripts)
    let fragments = Set(inserting.map(\.fragment))
    let others = Set(inserting.map(\.base)).union(declaring).union(users).subtracting(fragments)
    return fragments.sorted() + others.intersection(declaring).sorted()
      + others.subtracting(declaring).sorted()
  }

  /// Scripts with INSERT, each with the only other one that has the section it names.
  private static func inserts(_ scripts: [LoadedScript]) -> [(fragment: Int, base: Int)] {
    let named = scripts.map { anchors(in: $0.script) }
    guard named.contains(where: { !$0.isEmpty }) else { return [] }
    let sections = scripts.map { loaded in
      let program = Program(loaded.script)
      return Set(program.sections.map { program.names.bytes($0.name) })
    }
    return scripts.indices.flatMap { fragment in
      named[fragment].sorted { $0.lexicographicallyPrecedes($1) }.compactMap { anchor in
        let bases = scripts.indices.filter { $0 != fragment && sections[$0].contains(anchor) }
        return bases.count == 1 && !sections[fragment].contains(anchor)
          ? (fragment, bases[0]) : nil
      }
    }
  }

  /// The output sections that INSERT names.
  private static func anchors(in script: LinkerScript) -> Set<[UInt8]> {
    Set(ScriptOutline(script).inserts.map { script.names.bytes($0.target.name) })
  }

  /// The memory regions of one script.
  private struct Regions {
    /// Those that it declares, under any name.
    var declared: Set<[UInt8]> = []
    /// Those that it uses, and has no line of MEMORY for.
    var missing: Set<[UInt8]> = []

    init(_ script: LinkerScript) {
      let program = Program(script)
      let names = program.names
      declared = Set(program.regions.map { names.bytes($0.name) })
      declared.formUnion(program.regionAliases.keys.map { names.bytes($0) })
      var used = Set(program.regionAliases.values.map { names.bytes($0) })
      for section in program.sections {
        for region in [section.description?.tail.region, section.description?.tail.loadRegion] {
          if let region { used.insert(names.bytes(region.name)) }
        }
      }
      for index in 0..<UInt32(truncatingIfNeeded: program.expressions.count) {
        switch program.expressions[ExpressionID(index: index)] {
        case .nameCall(.origin, let name), .nameCall(.length, let name):
          used.insert(names.bytes(name))
        default: break
        }
      }
      missing = used.subtracting(declared).subtracting([Array("*default*".utf8)])
    }
  }
}
