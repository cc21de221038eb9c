// Rule overfilled-reserve: sections reach into what a symbol keeps free at the end of a region.

import LdsParser

/// Looks for symbols that are set to the end of a memory region minus a number, and for sections that reach over one.
///
/// It cannot see what is reserved there: a stack, a page for settings, a second copy of the program. A section that begins
/// at the symbol is what the room is for. A share of a region (`LENGTH(RAM) / 2`) reserves nothing.
struct OverfilledReserve: Rule {
  private static let memory = "MEMORY { RAM : ORIGIN = 0x20000000, LENGTH = 8K }\n"

  static let description = RuleDescription(
    id: "overfilled-reserve",
    summary: "a section reaches into what a symbol reserves at the end of its region",
    rationale: """
      '__stack_limit = ORIGIN(RAM) + LENGTH(RAM) - 0x800' reserves nothing: a linker compares sections with regions, and \
      the region goes on behind the symbol. Heap and stack then share memory until the first deep call.
      """,
    fix:
      "add ASSERT(__heap_end <= __stack_limit, \"...\"), or give the reserve a region of its own",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "below it",
        memory + "SECTIONS { .bss : { *(.bss) } >RAM } limit = ORIGIN(RAM) + LENGTH(RAM) - 0x800;",
        image: image(size: 0x1000)),
      .script(
        "the section for it",
        memory
          + "SECTIONS { .bss : { *(.stack) } >RAM } limit = ORIGIN(RAM) + LENGTH(RAM) - 0x800;",
        image: image(at: 0x2000_1800, size: 0x800)),
    ],
    bad: [
      .script(
        "over it",
        memory + "SECTIONS { .bss : { *(.bss) } >RAM } ↓limit = ORIGIN(RAM) + LENGTH(RAM) - 0x800;",
        image: image(size: 0x1900),
        messages: [
          "'limit' is 0x20001800, 0x800 bytes before the end of 'RAM', and '.bss' reaches to 0x20001900, 0x100 bytes "
            + "beyond it"
        ]),
      .script(
        "by another symbol",
        memory
          + "SECTIONS { .bss : { *(.bss) } >RAM } top = 0x20002000; size = 0x800; ↓limit = top - size;",
        image: image(size: 0x1900)),
    ])

  private static func image(at vma: UInt64 = 0x2000_0000, size: UInt64) -> ImageFacts {
    ImageFacts(
      symbols: [("limit", 0x2000_1800)],
      sections: [
        ImageFacts.Section(
          ".bss", at: vma, size: size, [.read, .write], flags: [.allocated, .noBits])
      ], profile: "sections")
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, !facts.outline.regions.isEmpty else { return [] }
    let images = context.images.map(\.image).filter { !$0.isRelocatable }
    return facts.program.steps.indices.compactMap { step in
      guard let assignment = facts.assignment(step), !assignment.isLocationCounter,
        let region = facts.regionReserved(by: assignment.value),
        let extent = facts.extent(region)
      else { return nil }
      let symbol = facts.name(assignment.target.name)
      return images.lazy.compactMap { image -> Finding? in
        guard let value = image.value(ofGlobal: symbol), value > extent.start,
          case let end = extent.start &+ extent.byteCount, value < end
        else { return nil }
        return finding(symbol, value, end, region, step, image, facts)
      }.first
    }
  }

  private func finding(
    _ symbol: String, _ value: UInt64, _ end: UInt64, _ region: MemoryRegion, _ step: Int,
    _ image: Image, _ facts: ScriptFacts
  ) -> Finding? {
    let over = image.outputSections.indices.filter { index in
      guard let memory = image.outputSections[index].memory else { return false }
      return memory.lowerBound < value && value < memory.upperBound
    }
    guard let index = over.first, let memory = image.outputSections[index].memory else {
      return nil
    }
    return finding(
      "'\(symbol)' is \(hexadecimal(value)), \(hexadecimal(end &- value)) bytes before the end of "
        + "'\(facts.name(region.name.name))', and '\(image.sectionName(index))' reaches to "
        + "\(hexadecimal(memory.upperBound)), \(hexadecimal(memory.upperBound &- value)) bytes beyond it",
      at: .source(facts.program.steps[step].span),
      notes: [FindingNote("the section", at: facts.place(of: index, in: image))], subject: symbol)
  }
}

extension ScriptFacts {
  /// The region of which an expression is the end minus something that is no share of it; nil for any other expression.
  fileprivate func regionReserved(by value: ExpressionID) -> MemoryRegion? {
    guard case .binary(.subtract, let end, let size) = program.expressions[value],
      !program.expressions.nodes(of: size).contains(where: { index in
        if case .nameCall(.length, _) = program.expressions[ExpressionID(index: index)] {
          true
        } else {
          false
        }
      })
    else { return nil }
    return region(endingAt: end, 0)
  }

  /// The region whose end an expression is: the sum of its origin and length, a number, or a symbol that is set to one.
  private func region(endingAt value: ExpressionID, _ depth: Int) -> MemoryRegion? {
    guard depth < 8 else { return nil }
    switch program.expressions[value] {
    case .binary(.add, let left, let right):
      let nodes = [program.expressions[left], program.expressions[right]]
      let named = nodes.compactMap { node -> NameID? in
        if case .nameCall(.origin, let name) = node { name } else { nil }
      }.first
      if let named, nodes.contains(.nameCall(.length, named)) {
        return outline.regions.first { $0.name.name == outline.resolved(named) }
      }
    case .symbol(let name):
      return onlyAssignment(of: name).flatMap(assignment).flatMap {
        region(endingAt: $0.value, depth + 1)
      }
    default: break
    }
    guard let number = program.expressions.foldedValue(value) else { return nil }
    return outline.regions.first { region in
      extent(region).map { $0.start &+ $0.byteCount == number } == true
    }
  }
}
