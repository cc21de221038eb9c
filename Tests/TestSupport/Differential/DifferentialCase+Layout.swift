// Cases about the layout: a link tells what there is to claim, a second one the values, and the third judges the
// claims.

import LdsParser

extension DifferentialCase {
  /// The case of a seed, whatever the topic is about.
  public static func random(
    linker: JudgingLinker, style: ScriptGenerator.Style, topic: ScriptTopic, seed: UInt64,
    isSane: Bool = false, in folder: TemporaryFolder
  ) throws -> DifferentialCase {
    if topic == .layout { return try layout(seed, linker, folder) }
    return DifferentialCase(
      linker: linker, style: style, topic: topic, seed: seed, isSane: isSane)
  }

  private static func layout(
    _ seed: UInt64, _ linker: JudgingLinker, _ folder: TemporaryFolder
  ) throws -> DifferentialCase {
    var generator = LayoutGenerator(seed: seed, dialect: linker.dialect, target: linker.target)
    let layout = generator.layout()
    try ObjectPool.provide(layout.objects, in: folder, for: linker.target)
    var example = DifferentialCase(
      linker: linker,
      script: GeneratedScript(text: layout.text([], LayoutValues()), options: layout.options),
      objects: layout.objects)
    example.isAltered = true
    guard let found = try example.values(in: folder) else { return example }
    var random = SeededGenerator(seed: ~seed)
    let claims = LayoutClaims(layout, found).choose(&random)
    let bare = example
    example.script.text = layout.text(claims, LayoutValues())
    // The values count with all claims in place: an ASSERT between two sections moves the second.
    guard let values = try example.values(in: folder) else { return bare }
    example.script.text = layout.text(claims, values)
    if random.once(in: 12) { example.addLocalSymbol(&random) }
    return example
  }

  /// What a link of the script comes to; nil if the linker refuses it.
  private func values(in folder: TemporaryFolder) throws -> LayoutValues? {
    try folder.write("S", script.text)
    guard case .linked = try linker.link(objects, options: script.options, in: folder.path) else {
      return nil
    }
    let listing = try ProgramRun.tool(linker.target.toolPrefix + "nm", ["o"], folder: folder.path)
    return try LayoutValues(folder, listing: listing.output)
  }

  /// An ASSERT about a symbol that only its own object knows: the linker stops.
  private mutating func addLocalSymbol(_ random: inout SeededGenerator) {
    let own = objects.filter { !$0.hasPrefix("common") }.map { "own_\($0.dropLast(2))" }
    guard let name = random.pick(own) else { return }
    let message = GeneratedScript.faultMessage
    script.neutral = script.text + "ASSERT(1, \"\(message)\")\n"
    script.text += "ASSERT(\(name) >= 0, \"\(message)\")\n"
  }
}

/// Everything that can be claimed of a layout.
struct LayoutClaims {
  /// More claims than this make a script slow to judge.
  private static let most = 36

  private let layout: LayoutScript
  private let subjects: [LayoutClaim.Subject]

  init(_ layout: LayoutScript, _ values: LayoutValues) {
    self.layout = layout
    let sections = values.sectionNames.filter { ![".symtab", ".strtab", ".shstrtab"].contains($0) }
    let symbols = values.symbols.keys.sorted()
    var all: [LayoutClaim.Subject] = symbols.map { .symbol($0) }
    for name in sections {
      all += [.address(name), .size(name), .load(name), .alignment(name)]
    }
    for (left, right) in zip(symbols.dropFirst(), symbols) where left.hasPrefix("s") {
      all.append(.distance(left, right))
    }
    subjects = all
  }

  /// Some of it, most of it true.
  func choose(_ random: inout SeededGenerator) -> [LayoutClaim] {
    let places = layout.places
    return subjects.shuffled(using: &random).prefix(Self.most).enumerated().map { index, subject in
      let place: LayoutScript.Place =
        random.once(in: 4) ? random.pick(places) ?? .end : .end
      var claim = LayoutClaim(
        subject: subject, relation: "==", error: 0, place: place, number: index + 1)
      switch random.below(10) {
      case 0: claim.error = random.pick([1, 8, 0x40, 0x1000]) ?? 1
      case 1: claim.relation = ">="
      case 2:
        claim.relation = random.pick([">", "<", "!="]) ?? ">"
        claim.error = random.pick([0, 1, 0x100]) ?? 0
      case 3 where layout.isFar: claim.error = 0x1_0000_0000
      default: break
      }
      return claim
    }
  }
}
