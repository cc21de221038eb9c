// Rule image-offset: the script puts the image into another slot of the page table than boot code fills, or between two.

import LdsParser

/// Follows constant distances from the base to the start of the image.
///
/// It cannot see a distance that contents decide.
struct ImageOffset: Rule {
  static let description = RuleDescription(
    id: "image-offset",
    summary:
      "the script starts the image in another slot of the page table than the profile expects, or between two",
    rationale: """
      Boot code fills the slots from a fixed one on. An image that starts a superpage lower passes every ASSERT \
      on its alignment and is mapped one slot off: Xen's "incorrect mapping at l2_xenmap[0]" (a15b143a5f) \
      stayed for four years after the load address had moved. Drop '+ XEN_IMG_OFFSET' from xen.lds.S and ld has \
      nothing to say.
      """,
    fix: "keep the offset of the image, or change boot code and profile with it",
    severity: .error, needs: [.script],
    good: [
      .script(
        "two MiB above the base",
        """
        SECTIONS {
          . = 0xffff82d040000000; __image_base__ = .;
          . = 0xffff82d040000000 + 0x200000; _start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "the base is a symbol of the linker",
        """
        SECTIONS {
          . = __image_base__ + 0x200000; _start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "where the image starts is not in the script",
        """
        SECTIONS {
          .head : { *(.head) } . = ALIGN(0x200000); _start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
    ],
    bad: [
      .script(
        "the offset is missing",
        """
        SECTIONS {
          . = 0xffff82d040000000; __image_base__ = .;
          . = 0xffff82d040000000; ↓_start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """,
        messages: [
          "'_start' lies 0x0 bytes above '__image_base__', in slot 0 of the page table; profile 'xen-x86' "
            + "expects slot 1"
        ]),
      .script(
        "the same with a base from the linker",
        """
        SECTIONS {
          . = __image_base__; ↓_start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """),
      .script(
        "a page off",
        """
        SECTIONS {
          . = 0xffff82d040000000; __image_base__ = .;
          . = 0xffff82d040000000 + 0x201000; ↓_start = .;
          .text : { *(.text) }
          . = ALIGN(0x1000); __2M_text_end = .; __2M_rodata_start = .;
        }
        """,
        messages: [
          "'_start' is 0xffff82d040201000 in every link, 0x1000 past a multiple of 0x200000, which profile "
            + "'xen-x86' needs"
        ]),
    ])

  func check(_ context: RuleContext) -> [Finding] {
    guard let facts = context.facts, let profile = facts.profile, let slot = profile.firstSlot,
      let start = profile.start.first(where: { facts.assigns($0) }), start != "__2M_text_start",
      let base = profile.base.first, let symbol = facts.program.names.find(start)
    else { return [] }
    guard let step = facts.onlyAssignment(of: symbol) else { return [] }
    if profile.needsSuperpageBase, let value = facts.exactValue(ofStep: step),
      value % profile.superpage.bytes != 0
    {
      let size = profile.superpage.bytes
      return [
        finding(
          "'\(start)' is \(hexadecimal(value)) in every link, \(hexadecimal(value % size)) past a multiple of "
            + "\(hexadecimal(size)), which profile '\(profile.name)' needs",
          at: .source(facts.program.steps[step].span), subject: start)
      ]
    }
    guard let baseName = facts.program.names.find(base),
      let distance = facts.places.distance(from: baseName, toValueOf: step),
      distance / profile.superpage.bytes != slot
    else { return [] }
    return [
      finding(
        "'\(start)' lies \(hexadecimal(distance)) bytes above '\(base)', in slot "
          + "\(distance / profile.superpage.bytes) of the page table; profile '\(profile.name)' "
          + "expects slot \(slot)",
        at: .source(facts.program.steps[step].span), subject: start)
    ]
  }
}

extension ScriptFacts {
  /// What a step sets in every link; nil where that depends on objects or options.
  func exactValue(ofStep step: Int) -> UInt64? {
    proof.walker.results.first { $0.step == step }.flatMap { address(of: $0.outcome) }
  }

  /// Whether the script assigns to the symbol.
  func assigns(_ symbol: String) -> Bool {
    program.names.find(symbol).map { program.assignments[$0] != nil } ?? false
  }
}
