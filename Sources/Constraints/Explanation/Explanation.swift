// Why an ASSERT came out as it did, as values: claim, operands, cause, distance, effect, what would mend it.

public import LdsParser

/// A sentence with the place it speaks of.
public struct ExplanationNote: Sendable {
  /// The sentence: lower case, no full stop.
  public var message: String
  /// The text it is about, in the sources of the program; nil where there is none.
  public var span: SourceSpan?
  /// What to write beside that text; nil for nothing.
  public var label: String?

  /// A sentence about `span`.
  public init(_ message: String, at span: SourceSpan? = nil, label: String? = nil) {
    self.message = message
    self.span = span
    self.label = label
  }
}

/// A part of the condition that is worth a label.
public struct ExplainedOperand: Sendable {
  /// The part.
  public var expression: ExpressionID
  /// Its text after macros.
  public var text: String
  /// Its value, nil if unknown.
  public var value: UInt64?
  /// Value and meaning: `0xffff82d0402094ea, 0x94ea (37.2 KiB) past a multiple of 2M`.
  public var label: String
}

/// How far a value is from one that would satisfy the claim.
public struct ClaimDistance: Sendable, Hashable {
  /// Bytes to add to reach the next satisfying value; nil if none lies above.
  public var up: UInt64?
  /// Bytes to take away to reach the previous one; nil if none lies below.
  public var down: UInt64?
  /// The value that is meant.
  public var value: UInt64
}

/// Something that takes room where the claim wants it: an input section, or an output section.
public struct Contribution: Sendable, Hashable {
  /// The section's name.
  public var section: [UInt8]
  /// The object, `lib.a(member.o)` included; empty for an output section.
  public var object: [UInt8]
  /// Its address.
  public var address: UInt64
  /// Its size in bytes.
  public var size: UInt64
  /// Offset in the map of the line that says so.
  public var offset: Int
  /// The statement of the script that leaves this room empty; nil for contents.
  public var statement: SourceSpan?

  /// The names for people to read.
  public var description: String {
    let name = String(decoding: section, as: UTF8.self)
    if object.isEmpty { return name }
    // Where a compiler keeps its libraries is no news to anybody.
    let isOfLibrary = object.first == UInt8(ascii: "/") && PieceNamer.archive(of: object) != nil
    let shown = isOfLibrary ? MemoryNames.short(object) : object
    return "\(name) of \(String(decoding: shown, as: UTF8.self))"
  }

  /// The part that lies in `range`.
  func clipped(to range: AddressRange) -> Contribution {
    let common = range.intersection(AddressRange(start: address, byteCount: size))
    var part = self
    part.address = common.start
    part.size = common.byteCount
    return part
  }
}

/// An edit of the script that makes the ASSERT hold.
public struct Mend: Sendable {
  /// What it does, as a sentence.
  public var message: String
  /// The edits, in the author's file.
  public var edits: [FixEdit]
  /// What the image grows by with it; nil where the layout behind it cannot be told to the byte.
  public var cost: MendCost?

  /// A change with its description.
  public init(_ message: String, edits: [FixEdit]) {
    self.message = message
    self.edits = edits
  }
}

/// What an edit costs.
public struct MendCost: Sendable, Hashable, Comparable {
  /// By how many superpages the image takes more, or fewer; nil where no plan of its pages is known.
  public var slots: Int?
  /// By how many bytes its end moves up, or down.
  public var bytes: Int64

  /// Slots count first.
  public static func < (left: MendCost, right: MendCost) -> Bool {
    (left.slots ?? 0, left.bytes) < (right.slots ?? 0, right.bytes)
  }

  /// `0x1000 (4 KiB) of address space and 1 slot more`
  public var text: String {
    let size = bytesInWords(bytes.magnitude)
    let space = bytes == 0 ? "no address space" : size + " of address space"
    let page =
      slots.map { $0 == 0 ? "" : " and \($0.magnitude) \($0.magnitude == 1 ? "slot" : "slots")" }
      ?? ""
    let isLess = bytes < 0 || bytes == 0 && (slots ?? 0) < 0
    return isLess ? "saves \(space)\(page)" : "costs \(space)\(page)"
  }
}

/// Why one ASSERT came out as it did.
public struct Explanation: Sendable {
  /// Index in ``EvaluationReport/assertions``.
  public var assertion: Int
  /// What it claims.
  public var claim: AssertionClaim
  /// The claim in words: `__2M_text_end is a multiple of 0x200000 (2M)`.
  public var claimText: String
  /// Parts of the condition with their values, in the order of the text.
  public var operands: [ExplainedOperand] = []
  /// What decided it, the most important first; empty where nothing more is known than the values.
  public var causes: [ExplanationNote] = []
  /// How far off it is; nil where that has no meaning.
  public var distance: ClaimDistance?
  /// For a bound that holds or fails: bytes left, negative if it is passed.
  public var headroom: Int64?
  /// What fills the room, largest first.
  public var contributions: [Contribution] = []
  /// What changed since an older link.
  public var since: [String] = []
  /// What it means for the page tables and the like.
  public var effects: [String] = []
  /// Indices of other failing ASSERTs with the same cause.
  public var sameCause: [Int] = []
  /// What to do where no edit of the script is offered.
  public var advice: [String] = []
  /// Edits that would mend it, not yet checked.
  public var candidates: [Mend] = []
  /// Edits that were checked: with them the ASSERT holds, and no other one fails.
  public var mends: [Mend] = []
  /// Indices of ASSERTs of which the check of ``mends`` could not tell the verdict.
  public var mendUnknowns: [Int] = []
  /// Errors that rules see with ``mends`` as well as without.
  public var mendRemarks: [String] = []
  /// What ``sameCause`` is decided by.
  var causeKey: CauseKey = .own

  init(assertion: Int, claim: AssertionClaim, claimText: String) {
    self.assertion = assertion
    self.claim = claim
    self.claimText = claimText
  }
}

/// What decided a verdict; ASSERTs with the same key fail for the same cause.
enum CauseKey: Hashable {
  /// Nothing in common with others.
  case own
  /// The location counter as a statement left it, short of a multiple of a number.
  case location(step: Int, multiple: UInt64)
  /// Something that is too little.
  case shortage(UInt64, of: UInt64)
  /// A size that is too large.
  case size(UInt64, limit: UInt64)
}
