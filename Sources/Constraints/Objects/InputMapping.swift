// Which input section goes into which output section: the first statement that matches (ldlang.c,
// map_input_to_output_sections, lang_add_section).

internal import LdsParser

extension ObjectLink {
  /// An input section that a KEEP matches is kept, wherever it is placed.
  func markKept() throws(LayoutStop) {
    for statement in script.statements {
      guard case .section(let section) = statement else { continue }
      for case .inputs(let inputs) in section.body where inputs.description.isKept {
        for input in try InputMatcher(inputs.description, self).sections() {
          input.bits.insert(.kept)
        }
      }
    }
  }

  func mapInputs() throws(LayoutStop) {
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment): try makeSections(named: assignment.assignment.value)
      case .assertion(let assertion): try makeSections(named: assertion.condition)
      case .section(let section):
        if let constraint = section.constraint, try !meets(constraint, section) {
          section.fate = .notTaken
          if section.output != nil {
            throw .refused(
              "\(names.string(section.name)): a section whose ONLY_IF is not met, and whose address is asked for above it, is not modelled"
            )
          }
          continue
        }
        try map(section)
      }
    }
    try makeStartedSections()
  }

  /// -Ttext, --section-start: the section is made, behind all others if the script does not name it (ldlang.c,
  /// lang_address_statement).
  private func makeStartedSections() throws(LayoutStop) {
    for start in options.settings.sectionStarts {
      if let segment = start.segment, script.reads(segment: segment) { continue }
      let name = names.intern(start.section)
      if let section = statement(named: name) {
        try make(section, [])
        continue
      }
      let section = SectionStatement(name)
      // It is of no region: what follows it begins where the section before it ended.
      section.address = script.number(start.address)
      script.statements.append(.section(section))
      sections.append(section)
      madeSections.append(section)
      try make(section, [])
    }
  }

  /// ONLY_IF_RO: all that it would take is read-only; ONLY_IF_RW: not all is.
  private func meets(
    _ constraint: OutputSectionConstraint, _ section: SectionStatement
  ) throws(LayoutStop) -> Bool {
    var isReadOnly = true
    for case .inputs(let inputs) in section.body {
      for input in try InputMatcher(inputs.description, self).sections() where input.isOpen {
        // One that garbage collection removes counts, too (ldlang.c, check_section_callback).
        if !input.bits.contains(.readOnly) { isReadOnly = false }
      }
    }
    switch constraint {
    case .onlyIfRO: return isReadOnly
    case .onlyIfRW: return !isReadOnly
    case .special: return true
    }
  }

  private func map(_ section: SectionStatement) throws(LayoutStop) {
    for statement in section.body {
      switch statement {
      case .inputs(let inputs):
        let matcher = try InputMatcher(inputs.description, self)
        for input in matcher.sections() {
          if isLeftOut(input) || isDiscard(section) {
            if input.isOpen { input.home = .discarded }
            continue
          }
          guard matcher.takesFlags(of: input), input.isOpen else { continue }
          try put(input, into: section)
          inputs.take(input)
        }
      case .placed: break
      case .data(let data):
        try makeSections(named: data.value)
        try addData(to: section)
      case .assignment(let assignment):
        try make(section, [])
        try makeSections(named: assignment.assignment.value)
      case .assertion(let assertion):
        try make(section, [])
        try makeSections(named: assertion.condition)
      case .objectSymbols, .other:
        if section.output == nil { section.isMadePlain = true }
        try make(section, [])
      }
    }
  }

  private func addData(to section: SectionStatement) throws(LayoutStop) {
    var bits: SectionBits = .loadedContents
    switch section.kind {
    case .noAllocation: bits = .contents
    case .readOnly: bits.insert(.readOnly)
    case .noLoad: bits = [.neverLoaded, .allocated]
    default: break
    }
    if let output = section.output {
      output.bits.formUnion(bits)
    } else {
      try make(
        section, options.dialect.follows(.dataSectionsAreWritable) ? bits : bits.union(.readOnly))
    }
  }

  /// Whether the linker links no such section anywhere.
  func isLeftOut(_ input: InputSection) -> Bool {
    if !input.bits.isDisjoint(with: [.excluded, .group]) { return true }
    return options.isStripped && input.bits.contains(.debugging)
  }

  /// Puts an input section into an output section.
  func put(_ input: InputSection, into section: SectionStatement) throws(LayoutStop) {
    var bits = input.bits.subtracting([.neverLoaded, .linkedOnce, .relocated])
    switch section.kind {
    case .noAllocation: bits.remove(.allocated)
    case .readOnly: bits.insert(.readOnly)
    case .noLoad
    where input.type == ObjectSection.Kind.note
      && options.dialect.follows(.unloadedNotesTakeNoRoom):
      // They stay in the file.
      bits = bits.subtracting([.allocated, .loaded]).union(.neverLoaded)
    case .noLoad: bits = bits.subtracting([.loaded, .contents]).union(.neverLoaded)
    default: break
    }
    try make(section, bits)
    guard let output = section.output else { return }
    if !bits.contains(.readOnly) { output.bits.remove(.readOnly) }
    if output.hasInput {
      bits.remove(.readOnly)
      let isSame = output.bits.agrees(with: bits, in: [.merged, .strings])
      if !isSame || (bits.contains(.merged) && output.entrySize != input.entrySize) {
        output.bits.subtract([.merged, .strings])
        bits.subtract([.merged, .strings])
      }
    }
    output.bits.formUnion(bits)
    if !output.hasInput {
      output.hasInput = true
      let byName: Set<UInt32> = [
        ObjectSection.Kind.contents, ObjectSection.Kind.note, ObjectSection.Kind.noBits,
      ]
      if byName.contains(output.type) { output.type = 0 }
      let others = SectionBits(rawValue: .max).subtracting([.linkedOnce, .relocated])
      if output.type == 0, output.bits.agrees(with: input.bits, in: others) {
        output.type = input.type
      }
      if bits.contains(.merged) { output.entrySize = input.entrySize }
    }
    // Where SUBALIGN replaces it, that is when an input is sized: not for those that take no part by then.
    output.alignmentPower = max(output.alignmentPower, input.alignmentPower)
    input.home = .output(output)
    output.inputs.append(input)
  }
}
