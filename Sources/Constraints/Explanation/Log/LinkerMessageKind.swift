// What the messages of GNU ld, lld, gold and mold mean, and what to do next. The forms were taken from the linkers
// themselves: ld 2.35 to 2.47, gold 1.16, lld 14 to 22, mold 1.10 and 3.0.

internal import LdsParser

/// A kind of message.
struct LinkerMessageKind: Sendable {
  /// Stable kebab-case name.
  let id: String
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
    _ id: String, severity: Severity? = nil, standing: Standing = .anywhere, _ forms: [String],
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
