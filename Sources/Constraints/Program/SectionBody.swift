// What the statements between the braces of an output section say of what comes to be in it.

internal import LdsParser

/// What the statements of an output section put into it without any input section.
enum OwnContents: Comparable {
  case none
  /// Room that the location counter passes.
  case room
  /// Data.
  case data
}

extension [Statement] {
  /// Whether input sections may come to an output section with these statements.
  var takesInputs: Bool {
    openingIncludes.contains { statement in
      switch statement.kind {
      case .inputSections, .classReference: true
      default: false
      }
    }
  }

  /// Whether an output section with these statements defines symbols; moves of the location counter do not count.
  var definesSymbols: Bool {
    openingIncludes.contains { statement in
      if case .assignment(let assignment) = statement.kind {
        !assignment.isLocationCounter
      } else {
        false
      }
    }
  }

  /// What is in an output section with these statements if no input section comes.
  var contentsOfItsOwn: OwnContents {
    openingIncludes.reduce(.none) { found, statement in
      switch statement.kind {
      case .data, .ascii: .data
      case .assignment(let assignment) where assignment.isLocationCounter:
        Swift.max(found, .room)
      default: found
      }
    }
  }

  /// The patterns of sections that an output section with these statements takes, `*` where it takes all.
  func patterns(_ names: NameTable) -> [[UInt8]] {
    openingIncludes.flatMap { statement -> [[UInt8]] in
      switch statement.kind {
      case .inputSections(let inputs):
        inputs.sections.isEmpty
          ? [[0x2A]] : inputs.sections.map { names.bytes($0.pattern.name) }
      case .classReference: [[0x2A]]
      default: []
      }
    }
  }
}
