// What the messages of GNU ld, lld and gold about scripts mean, and what to do next. The patterns were taken
// from the linkers themselves: ld 2.40, gold 1.16, lld 21.

/// What a hole of a message names.
enum MessageSubject: Sendable {
  /// A symbol.
  case symbol
  /// An output section.
  case section
  /// A memory region.
  case region
  /// Anything else.
  case text
}

/// A kind of message.
struct LinkerMessageKind: Sendable {
  /// Stable kebab-case name.
  let id: String
  /// Its forms, one for each linker that has one, with what their first holes name.
  let forms: [(pattern: MessagePattern, subjects: [MessageSubject])]
  /// What is wrong, in plain words.
  let meaning: String
  /// What to do.
  let next: String

  init(
    _ id: String, _ forms: [(StaticString, [MessageSubject])], meaning: String, next: String
  ) {
    self.id = id
    self.forms = forms.map { (MessagePattern($0.0), $0.1) }
    self.meaning = meaning
    self.next = next
  }

  /// The kind of `message`, and what its holes hold.
  static func recognise(
    _ message: [UInt8]
  ) -> (kind: LinkerMessageKind, holes: [(subject: MessageSubject, name: [UInt8])])? {
    for kind in all {
      for form in kind.forms {
        guard let holes = form.pattern.match(message) else { continue }
        let subjects = form.subjects + Array(repeating: .text, count: holes.count)
        return (kind, zip(subjects, holes).map { ($0, $1) })
      }
    }
    return nil
  }

  /// Every kind, the special before the general.
  static var all: [LinkerMessageKind] { values + layout + names + syntax + files }
}
