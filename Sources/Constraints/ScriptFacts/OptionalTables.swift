// Tables between two symbols, which are empty in a build that has no entry for them.

internal import LdsParser

extension ScriptFacts {
  /// The output section that closes last before a step, if it is a table that may be empty: its input sections stand
  /// between two symbols that code compares, and their names are none that compilers use; or if nothing can be in it.
  func lastTable(before step: Int) -> (section: Int, leave: Int, isAlone: Bool)? {
    guard let (leave, index) = lastSection(before: step) else { return nil }
    let traits = proof.plan.traits[index]
    guard !traits.hasData, traits.isAllocated, !traits.isDiscard, !traits.isOpaque else {
      return nil
    }
    let name = program.sections[index].name
    let own = patterns.filter { $0.output == name }
    if own.isEmpty { return (index, leave, true) }
    guard own.allSatisfy(\.isFilled), !own.contains(where: \.isOfCompilers),
      isFramed(index, upTo: leave, before: step)
    else { return nil }
    return (index, leave, false)
  }

  /// Whether a symbol is set in front of the first input sections of an output section, and one behind the last: both
  /// inside, or both directly around it.
  private func isFramed(_ index: Int, upTo leave: Int, before end: Int) -> Bool {
    let inside = program.steps.indices[..<leave].filter {
      program.steps[$0].context == .inside(index)
    }
    let isInputs = { (step: Int) -> Bool in
      if case .inputs = self.program.steps[step].action { true } else { false }
    }
    let isSymbol = { (step: Int) -> Bool in
      self.assignment(step).map { !$0.isLocationCounter } ?? false
    }
    guard let first = inside.first(where: isInputs), let last = inside.last(where: isInputs),
      let opened = inside.first
    else { return false }
    if inside.contains(where: { $0 < first && isSymbol($0) }) {
      return inside.contains { $0 > last && isSymbol($0) }
    }
    // The step before the first inside opens the section.
    let outside = program.steps.indices[..<max(opened - 1, 0)].reversed()
      .prefix { assignment($0) != nil }
    return outside.contains(where: isSymbol)
      && program.steps.indices[leave..<end].contains(where: isSymbol)
  }

  /// The ALIGN behind the last input sections of an output section.
  func trailingAlignment(_ leave: Int, of index: Int) -> Int? {
    for step in program.steps.indices[..<leave].reversed() {
      guard program.steps[step].context == .inside(index) else { return nil }
      guard let assignment = assignment(step) else { return nil }
      if assignment.isLocationCounter {
        guard case .call1(.align, let measure) = program.expressions[assignment.value],
          let alignment = program.expressions.foldedValue(measure), alignment > 1
        else { return nil }
        return step
      }
    }
    return nil
  }

  func lastSection(before step: Int) -> (leave: Int, section: Int)? {
    for earlier in program.steps.indices[..<step].reversed() {
      if case .leave(let index) = program.steps[earlier].action { return (earlier, index) }
    }
    return nil
  }

  /// Whether the last section in front of a step that always has contents ends with an ALIGN to this much, so that the
  /// step is aligned wherever the tables behind it are empty.
  func followsAlignedContents(_ step: Int, _ alignment: UInt64) -> Bool {
    var end = step
    // Real scripts have a few tables at the end.
    for _ in 0..<16 {
      guard let (leave, section) = lastSection(before: end) else { return false }
      if let aligner = trailingAlignment(leave, of: section).flatMap(assignment),
        case .call1(.align, let measure) = program.expressions[aligner.value],
        program.expressions.foldedValue(measure).map({ $0 >= alignment }) == true
      {
        return true
      }
      guard lastTable(before: end) != nil,
        let enter = program.entry(of: section)
      else { return false }
      end = enter
    }
    return false
  }
}

extension PlacedPattern {
  /// Whether it takes sections that have bytes in the file, by its name.
  var isFilled: Bool {
    let name = text.drop { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "*") }
    return !["bss", "sbss", "dynbss", "dynsbss", "tbss", "COMMON", "scommon"].contains {
      name.starts(with: $0.utf8)
    }
  }

  /// Whether it takes plain code and data (gABI, "Special Sections"), which no program is without: anything at all, or
  /// one of their names.
  var isOfCompilers: Bool {
    let prefix = section.prefix
    return prefix.isEmpty
      || [".text", ".rodata", ".data"].contains { prefix.starts(with: $0.utf8) }
  }

  /// Whether it takes what the linker makes itself where an image is position-independent or has dynamic symbols.
  var isOfLinker: Bool {
    [".rel", ".dyn", ".got", ".plt", ".iplt", ".hash", ".gnu", ".interp"].contains {
      section.prefix.starts(with: $0.utf8)
    }
  }

  /// Whether it is for what compilers put zeroed variables into (gABI, "Special Sections"; the psABIs of MIPS and RISC-V
  /// for the small ones; not `.sbss2`, which holds constants).
  var isOfZeros: Bool {
    [".bss", ".sbss", "COMMON", ".scommon"].contains { name in
      text.starts(with: name.utf8)
        && text.dropFirst(name.utf8.count).first.map {
          $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "*")
        } != false
    }
  }
}
