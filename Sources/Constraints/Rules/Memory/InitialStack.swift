// Rule initial-stack: the stack pointer that a Cortex-M starts with points to no memory.

import LdsParser

/// Reads the first two words of a vector table for Arm's M profile: the stack pointer and the address of the first
/// instruction.
///
/// It cannot see the stack of any other machine, which code sets: `"reserve"` of the configuration holds those. A table is
/// what begins a memory region, or the image, and whose second word is the odd address of code.
struct InitialStack: Rule {
  private static let memory =
    "MEMORY { ROM : ORIGIN = 0x8000000, LENGTH = 64K RAM : ORIGIN = 0x20000000, LENGTH = 8K }\n"
  private static func sections(_ mark: String = "") -> String {
    memory + "SECTIONS { \(mark).vectors : { *(.vectors) } >ROM .text : { *(.text) } >ROM }"
  }

  static let description = RuleDescription(
    id: "initial-stack",
    summary:
      "the first word of a vector table for Cortex-M is no address that a stack can begin at",
    rationale: """
      The processor loads the stack pointer from the first word. A number copied from the script of a larger chip, or a \
      sum over the wrong region, links: the first push is a bus fault, before any code that could say so \
      (Armv7-M Architecture Reference Manual, B1.5.5 "Reset behavior").
      """,
    fix: "set the symbol to ORIGIN(RAM) + LENGTH(RAM)",
    severity: .warning, needs: [.script, .image],
    good: [
      .script(
        "the end of the region", sections(),
        image: image(stack: 0x2000_2000)),
      .script(
        "no vector table", sections(),
        image: image(stack: 0x2001_0000, reset: 0x0800_0040)),
    ],
    bad: [
      .script(
        "outside of all regions", sections("↓"), image: image(stack: 0x2000_5000),
        messages: [
          "the vector table in '.vectors' at 0x8000000 starts with the stack pointer 0x20005000, which is in none of the "
            + "memory regions: 'RAM', the nearest below it, ends at 0x20002000"
        ]),
      .script(
        "not aligned", sections("↓"), image: image(stack: 0x2000_1ffc),
        messages: [
          "the vector table in '.vectors' at 0x8000000 starts with the stack pointer 0x20001ffc, which is no multiple of 8"
        ]),
    ])

  private static func image(stack: UInt32, reset: UInt32 = 0x0800_0041) -> ImageFacts {
    var facts = ImageFacts(
      sections: [
        ImageFacts.Section(".vectors", at: 0x800_0000, size: 0x40, .read),
        ImageFacts.Section(".text", at: 0x800_0040, size: 0x100, [.read, .execute]),
      ], profile: "sections")
    facts.sections[0].fileOffset = 0x100
    facts.sections[1].fileOffset = 0x140
    facts.machine = ELF.machineARM
    facts.is32Bit = true
    facts.words = [(0x100, [stack, reset]), (0x140, [UInt32](repeating: 0, count: 64))]
    return facts
  }

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts else { return [] }
    let regions = facts.outline.regions.map { ($0, facts.extent($0)) }
    let extents = regions.compactMap { region, extent in
      extent.map {
        (name: facts.name(region.name.name), start: $0.start, end: $0.start &+ $0.byteCount)
      }
    }
    guard !extents.isEmpty, extents.count == regions.count else { return [] }
    return context.linkedELF.flatMap { image in
      image.outputSections.indices.compactMap { index -> Finding? in
        guard let stack = Self.stack(in: index, of: image, extents.map(\.start)) else { return nil }
        return finding(stack, index, image, facts, extents)
      }
    }
  }

  private func finding(
    _ stack: UInt64, _ index: Int, _ image: Image, _ facts: ScriptFacts,
    _ extents: [(name: String, start: UInt64, end: UInt64)]
  ) -> Finding? {
    let setter = facts.values(in: image).first { $0.value == stack }
    let step = setter.flatMap { facts.program.names.find($0.symbol) }.flatMap(facts.onlyAssignment)
    let start =
      "the vector table in '\(image.sectionName(index))' at \(hexadecimal(image.outputSections[index].vma ?? 0)) starts "
      + "with the stack pointer \(hexadecimal(stack))"
    let fault: String
    if !extents.contains(where: { stack > $0.start && stack <= $0.end }) {
      let below = extents.filter { $0.end < stack }.max { $0.end < $1.end }
      fault =
        "which is in none of the memory regions"
        + (below.map { ": '\($0.name)', the nearest below it, ends at \(hexadecimal($0.end))" }
          ?? "")
    } else if stack % 8 != 0 {
      fault = "which is no multiple of 8"
    } else {
      return nil
    }
    return finding(
      "\(start), \(fault)",
      at: step.map { .source(facts.program.steps[$0].span) } ?? facts.place(of: index, in: image),
      notes: setter.map { [FindingNote("'\($0.symbol)' has that value")] } ?? [],
      subject: image.sectionName(index))
  }

  /// The first word of a section that is a vector table; nil for any other section.
  private static func stack(in index: Int, of image: Image, _ origins: [UInt64]) -> UInt64? {
    let section = image.outputSections[index]
    guard image.machine == ELF.machineARM, image.is32Bit == true, image.sources.count > 0,
      section.isShipped, section.size >= 8, let vma = section.vma, let start = section.fileOffset,
      origins.contains(vma), let first = Int(exactly: start),
      case let buffer = image.sources.buffer(SourceID(index: 0)), first <= buffer.count - 8
    else { return nil }
    let stack = UInt64(buffer.reader.word32(first))
    let reset = UInt64(buffer.reader.word32(first + 4))
    guard reset & 1 == 1, stack != 0, stack != 0xffff_ffff,
      image.outputSections.contains(where: { code in
        code.flags?.isSuperset(of: [.allocated, .executable]) == true
          && code.memory?.contains(reset - 1) == true
      })
    else { return nil }
    return stack
  }
}
