// Why a value is not known: one item for each thing that the evidence leaves out.

public import LdsParser

/// A thing that would have to be known, and is not.
public enum Missing: Sendable, Hashable {
  /// The value of a symbol.
  case symbol(NameID)
  /// The output section that a symbol is in, so that its offset is unknown.
  case symbolSection(NameID)
  /// Where a symbol was before equal contents of its section were merged.
  case mergedSymbol(NameID)
  /// Whether an object defines the symbol that the script assigns later on.
  case objectDefinition(NameID)
  /// A symbol whose value changes from pass to pass of the linker.
  case unsettled(NameID)
  /// Whether a divisor is zero in an early pass of the linker, when symbols and sizes are still 0.
  case earlyPass
  /// What an ASSERT comes to in lld's first pass, which counts up to lld 20.
  case firstPass
  /// What the linker found in earlier passes, before it made code shorter.
  case relaxation
  /// What lld makes of the place one byte before an output section, which it may take for the section's end.
  case placeBeforeSection
  /// The address of an output section that comes later in the script: earlier passes of the linker do
  /// not know it.
  case laterSection(NameID)
  /// The address of an output section.
  case sectionAddress(NameID)
  /// Whether the linker put an output section where the image has it, or an option or a tool moved it from where the
  /// script puts it.
  case movedSection(NameID)
  /// The size of an output section.
  case sectionSize(NameID)
  /// The load address of an output section.
  case sectionLoadAddress(NameID)
  /// The alignment of an output section.
  case sectionAlignment(NameID)
  /// Whether the image has the output section at all.
  case sectionExistence(NameID)
  /// The location counter at the statement.
  case locationCounter
  /// Where a statement stands in a script with INSERT, and with it the location counter.
  case insertedStatement
  /// Which assignments to a symbol come first in a script with INSERT.
  case insertedSymbol(NameID)
  /// The origin or length of a memory region.
  case region(NameID)
  /// The size of the file and program headers.
  case headers
  /// A page size that the linker's command line may change: `MAXPAGESIZE` or `COMMONPAGESIZE`.
  case pageSize(NameID)
  /// The start of a segment that the linker's command line may change.
  case segmentStart(NameID)
  /// How the linker sized the data segment.
  case dataSegment
  /// How the `?:` of a printed expression nest.
  case parentheses
  /// Whether `LD_FEATURE("SANE_EXPR")` was in force.
  case feature
  /// Whether a line of a map belongs to the output section above it.
  case context
  /// Files of one image that do not contradict each other; an index of ``EvaluationReport/disagreements``.
  case agreement(UInt32)
  /// Whether a name is defined that the script's conditionals ask for; an index of
  /// ``EvaluationReport/guessedNames``.
  case condition(UInt32)
  /// The upper half of the addresses of a 32-bit image.
  case upperHalf

  /// The output section of which something has to be known.
  var section: NameID? {
    switch self {
    case .sectionAddress(let name), .sectionSize(let name), .sectionLoadAddress(let name),
      .sectionAlignment(let name), .sectionExistence(let name):
      name
    default: nil
    }
  }
}

/// A set of missing things behind one unknown number.
public struct Lack: Sendable, Hashable {
  /// What is missing, in the order of need; at most ``limit`` are kept.
  public private(set) var items: [Missing]
  /// Whether the linker might stop at one of them (a symbol that may not exist, a divisor that may be
  /// zero), so that nothing that depends on it can be decided.
  public private(set) var mayStop: Bool

  /// More items than this help nobody.
  public static let limit = 16

  /// A lack of one thing.
  public init(_ item: Missing, mayStop: Bool = false) {
    items = [item]
    self.mayStop = mayStop
  }

  /// What is missing in either.
  public func union(_ other: Lack) -> Lack {
    var result = self
    for item in other.items where result.items.count < Self.limit && !result.items.contains(item) {
      result.items.append(item)
    }
    result.mayStop = mayStop || other.mayStop
    return result
  }

  /// Whether what a value is relative to is as unknown as its number.
  var hidesKind: Bool {
    items.contains { item in
      switch item {
      case .unsettled, .insertedSymbol, .laterSection, .context, .parentheses, .feature, .upperHalf:
        true
      default: false
      }
    }
  }

  /// The same lack, where the linker might stop.
  public func stopping() -> Lack {
    var result = self
    result.mayStop = true
    return result
  }
}
