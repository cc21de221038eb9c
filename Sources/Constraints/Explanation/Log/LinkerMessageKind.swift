// What the messages of GNU ld, lld, gold and mold mean, and what to do next. The forms were taken from the linkers
// themselves: ld 2.35 to 2.47, gold 1.16, lld 14 to 22, mold 1.10 and 3.0.

internal import LdsParser

/// Stable kebab-case name of a kind of message, such as `region-overflow`.
public struct LinkerMessageID: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
  /// The name.
  public let rawValue: String

  /// The kind called so.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The kind called so.
  public init(stringLiteral name: String) { rawValue = name }

  /// The message of an ASSERT whose condition came out as 0.
  public static let assertion: LinkerMessageID = "assertion"
  /// Contents that do not fit into a memory region.
  public static let regionOverflow: LinkerMessageID = "region-overflow"
  /// A symbol that nothing defines and code asks for.
  public static let undefinedReference: LinkerMessageID = "undefined-reference"
  /// A value that does not fit into the field of a relocation.
  public static let relocationOverflow: LinkerMessageID = "relocation-overflow"

  static let unplacedOrphan: LinkerMessageID = "unplaced-orphan"
  static let undefinedRegion: LinkerMessageID = "undefined-region"
  static let regionBeforeMemory: LinkerMessageID = "region-before-memory"
  static let undefinedInExpression: LinkerMessageID = "undefined-symbol-in-expression"
  static let syntaxError: LinkerMessageID = "syntax-error"
  static let missingInput: LinkerMessageID = "missing-input"
  static let sectionOverlap: LinkerMessageID = "section-overlap"
  static let locationCounterBackwards: LinkerMessageID = "location-counter-backwards"
  static let headersWithoutRoom: LinkerMessageID = "headers-without-room"
  static let headersBehindLoad: LinkerMessageID = "headers-behind-load"
  static let segmentNotCovered: LinkerMessageID = "segment-not-covered"
}

/// A kind of message.
struct LinkerMessageKind: Sendable {
  /// What it is called.
  let id: LinkerMessageID
  /// Its forms, at least one for each linker that has it.
  let forms: [MessagePattern]
  /// Whether it needs a place in a script in front.
  let standing: Standing
  /// How bad it is where the linker does not say: GNU ld prints some warnings bare.
  let severity: Severity?
  /// What is wrong, in plain words.
  let meaning: String
  /// What to do.
  let next: String

  /// Where a message stands.
  enum Standing {
    /// With a place in a script or without.
    case anywhere
    /// Behind a place in a script: its words alone could be those of an ASSERT.
    case atPlace
  }

  init(
    _ id: LinkerMessageID, severity: Severity? = nil, standing: Standing = .anywhere,
    _ forms: [String],
    meaning: String, next: String
  ) {
    self.id = id
    self.standing = standing
    self.forms = forms.map { MessagePattern($0) }
    self.severity = severity
    self.meaning = meaning
    self.next = next
  }

  /// A message with its kind.
  struct Recognised {
    let kind: LinkerMessageKind
    /// What stands in its holes, in order.
    let holes: [(hole: MessageHole, name: [UInt8])]
    /// Whether nothing but a linker writes such a line.
    let isDistinct: Bool

    /// The first name in a hole of this sort.
    func first(_ hole: MessageHole) -> [UInt8]? { holes.first { $0.hole == hole }?.name }
  }

  /// The kind of `message`, and what its holes hold.
  static func recognise(_ message: LinkerMessage) -> Recognised? {
    for kind in all where kind.standing == .anywhere || message.line != nil {
      for form in kind.forms {
        guard let holes = form.match(message.text) else { continue }
        return Recognised(kind: kind, holes: holes, isDistinct: form.isDistinct)
      }
    }
    return nil
  }

  /// Every kind, the special before the general.
  static let all: [LinkerMessageKind] =
    values + layout + segments + names + relocations + syntax + files + others
}
