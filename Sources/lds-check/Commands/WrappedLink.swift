// One link that is looked at: what its command says, and the map that is added to it.

import LdsParser

/// A link with a script.
struct WrappedLink {
  let known: KnownLink
  let command: LinkCommand
  /// The map: that of the command, or ours; nil if it goes to standard output.
  let map: FilePath?
  private let words: [[UInt8]]
  /// Where our map is.
  private let scratch: ScratchFolder?

  private static let mapName = FilePath("link.map")

  /// What `words`, the linker's name first, run; nil if it is nothing to look at.
  init?(_ words: [[UInt8]]) {
    guard let command = LinkCommand(words, read: KnownLink.contents), command.makesImage else {
      return nil
    }
    known = KnownLink(command)
    guard !known.scripts.isEmpty else { return nil }
    self.command = command
    var words = words
    switch command.map {
    case .standardOutput?:
      map = nil
      scratch = nil
    case .file?:
      map = known.map
      scratch = nil
    case nil where command.items.contains(where: { Self.changesWithMap($0, command.linker) }):
      map = nil
      scratch = nil
    case nil:
      scratch = try? ScratchFolder()
      map = scratch?.path.appending(Self.mapName)
      // In front of everything: what comes last might wait for a value.
      let isFlavoured = words.dropFirst().first == Array("-flavor".utf8)
      if let map { words.insert(contentsOf: Self.option(map, command), at: isFlavoured ? 3 : 1) }
    }
    self.words = words
  }

  /// What prints something else when there is a map.
  private static func changesWithMap(
    _ item: LinkItem, _ linker: LinkProgram.Linker
  ) -> Bool {
    guard case .unknown(let words) = item, let word = words.first else { return false }
    let name = word.drop { $0 == UInt8(ascii: "-") }
    // gold tells the numbers of its descriptors.
    if linker == .gold,
      ["t", "trace", "debug", "verbose"].contains(where: { name.starts(with: $0.utf8) })
    {
      return true
    }
    // --cref writes into the map, --stats too; the others record the command.
    return ["cref", "stats", "reproduce", "repro"].contains { name.starts(with: $0.utf8) }
  }

  /// The words that ask for a map.
  private static func option(_ map: FilePath, _ command: LinkCommand) -> [[UInt8]] {
    let option = Array("-Map=".utf8) + map.bytes
    if case .linker = command.kind { return [option] }
    return [Array("-Xlinker".utf8), option]
  }

  /// Runs the linker.
  func run() throws(SystemError) -> LinkerEnd {
    try LinkerProcess.run(words)
  }

  /// Whether the linker failed over something of ours: it names our map.
  func mayBeToBlame(for end: LinkerEnd) -> Bool {
    guard let folder = scratch?.path.bytes, end.log.count >= folder.count else { return false }
    return (0...(end.log.count - folder.count)).contains { end.log[$0...].starts(with: folder) }
  }

  /// Removes what we made.
  func end() {
    scratch?.remove([Self.mapName])
  }
}
