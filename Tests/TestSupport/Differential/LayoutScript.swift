// A random script about where things are: its lines, the objects for it, and places where something may be claimed of
// the layout.

/// A script whose claims are not written yet.
struct LayoutScript: Sendable {
  /// Where a claim stands.
  enum Place: Sendable, CaseIterable {
    case top, between, inside, end
  }

  enum Line: Sendable {
    case text(String)
    case claims(Place)
  }

  var lines: [Line] = []
  /// Objects to link, of ``LayoutObjects``.
  var objects: [String] = []
  /// Options of the link.
  var options: [String] = []
  /// Whether addresses may pass 32 bits.
  var isFar = false

  /// The script with these claims, each at its place.
  func text(_ claims: [LayoutClaim], _ values: LayoutValues) -> String {
    var waiting: [Place: ArraySlice<LayoutClaim>] = [:]
    for place in Place.allCases { waiting[place] = claims.filter { $0.place == place }[...] }
    var text = ""
    for (index, line) in lines.enumerated() {
      switch line {
      case .text(let line): text += line + "\n"
      case .claims(let place):
        // Three at a place, and all that are left at the last one.
        let isLast = index == lines.lastIndex { $0.place == place }
        let count = isLast ? Int.max : 3
        for claim in waiting[place]?.prefix(count) ?? [] { text += claim.line(values) + "\n" }
        waiting[place] = waiting[place]?.dropFirst(count)
      }
    }
    return text
  }

  /// The places that it has.
  var places: [Place] { Place.allCases.filter { place in lines.contains { $0.place == place } } }
}

extension LayoutScript.Line {
  var place: LayoutScript.Place? {
    if case .claims(let place) = self { return place }
    return nil
  }
}

/// What is claimed of a layout.
struct LayoutClaim: Sendable {
  /// What it is about.
  enum Subject: Sendable {
    case symbol(String)
    case address(String), size(String), load(String), alignment(String)
    case distance(String, String)
  }

  var subject: Subject
  /// `==`, or a bound.
  var relation: String
  /// What is added to the real value: 0 for a claim that should hold.
  var error: UInt64
  var place: LayoutScript.Place
  /// The number in its message.
  var number: Int

  /// `ASSERT(ADDR(.data) == 0x2000, "A3")`.
  func line(_ values: LayoutValues) -> String {
    let value = values.value(of: subject) &+ error
    let condition = "\(expression) \(relation) 0x\(String(value, radix: 16))"
    return place == .inside
      ? "    ASSERT(\(condition), \"A\(number)\");" : "  ASSERT(\(condition), \"A\(number)\")"
  }

  private var expression: String {
    switch subject {
    // Inside a section a comparison with a number is one of offsets.
    case .symbol(let name): place == .inside ? "ABSOLUTE(\(name))" : name
    case .address(let name): place == .inside ? "ABSOLUTE(ADDR(\(name)))" : "ADDR(\(name))"
    case .size(let name): "SIZEOF(\(name))"
    case .load(let name): "LOADADDR(\(name))"
    case .alignment(let name): "ALIGNOF(\(name))"
    case .distance(let left, let right): "\(left) - \(right)"
    }
  }
}
