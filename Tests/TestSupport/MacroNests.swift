// Random macros that call one another, for comparison with a real compiler.

/// Makes scripts of random `#define`s and calls. The same seed makes the same script.
public struct MacroNests {
  private var random: SeededGenerator
  private var names: [String] = []
  /// Number of parameters by macro; nil for an object-like one, -1 and -2 for variadic ones.
  private var arities: [Int?] = []

  private static let atoms = [
    "a", "b", "x1", "1", "2K", ".5", "+", "-", "*", " / ", "=", "==", "<", "<<", "(a)", "( )", ".",
    "...", "&", "|", "!", "~", "%", ":", ";", "@", "\"s t\"", "'c'", "a.b", "KEEP", "->", "++",
    "$", ",", "[", "]", "{", "}", "L", "KB",
  ]

  /// A source of scripts.
  public init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  /// The macros and calls of one case, with `#undef`s at the end.
  public mutating func next() -> String {
    names = (0...(1 + random.below(4))).map { "M\($0)" }
    arities = names.map { _ in
      let arity = random.below(8)
      return arity < 2 ? nil : arity > 5 ? 5 - arity : arity - 2
    }
    var lines = names.indices.map { define($0) }
    for _ in 0...random.below(3) {
      lines.append(
        (0...random.below(3)).map { _ in
          (random.once(in: 3) ? atom() : call([], 0)) + (random.pick(["", " ", "\n"]) ?? "")
        }.joined())
    }
    return (lines + names.map { "#undef \($0)" }).joined(separator: "\n") + "\n"
  }

  private mutating func atom() -> String { random.pick(Self.atoms) ?? "a" }

  private mutating func blank() -> String { random.pick(["", "", " ", "  ", "\t", "/**/"]) ?? "" }

  private mutating func define(_ index: Int) -> String {
    let head: String
    let parameters: [String]
    switch arities[index] {
    case nil: (head, parameters) = ("", [])
    case -1: (head, parameters) = ("(...)", ["__VA_ARGS__"])
    case -2: (head, parameters) = ("(p, rest...)", ["p", "rest"])
    case let count?:
      parameters = Array(["p", "q", "r"].prefix(count))
      head = "(" + parameters.joined(separator: ",") + ")"
    }
    let body = (0..<random.below(5)).map { _ in
      piece(parameters) + (random.pick(["", " ", " ", "/**/"]) ?? "")
    }.joined()
    return "#define \(names[index])\(head) \(body)"
  }

  private mutating func piece(_ parameters: [String]) -> String {
    guard let parameter = random.pick(parameters), random.once(in: 2) else {
      return random.once(in: 3) ? call(parameters, 1) : atom()
    }
    switch random.below(6) {
    case 0: return "#" + (random.once(in: 2) ? " " : "") + parameter
    case 1:
      let right = random.pick(parameters + names + ["a", "1", "_x", "+"]) ?? "a"
      return parameter + blank() + "##" + blank() + right
    case 2:
      let left = random.pick(["a", "1", "x", "-", ",", "."]) ?? "a"
      return left + blank() + "##" + blank() + parameter
    default: return parameter
    }
  }

  private mutating func call(_ parameters: [String], _ depth: Int) -> String {
    let index = random.below(names.count)
    guard let arity = arities[index], !random.once(in: 9) else { return names[index] }
    var count = arity < 0 ? random.below(4) : arity
    if random.once(in: 30) { count += 1 }
    let arguments = (0..<count).map { _ in argument(parameters, depth) }
    return names[index] + (random.once(in: 3) ? " " : "")
      + "(" + arguments.joined(separator: ",") + ")"
  }

  private mutating func argument(_ parameters: [String], _ depth: Int) -> String {
    (0..<random.below(3)).map { _ in
      var text = random.pick(parameters) ?? "y"
      if depth < 2, random.once(in: 2 + depth) {
        text = call(parameters, depth + 1)
      } else if random.once(in: 2) {
        text = atom()
      }
      return blank() + (text == "," ? "(a,b)" : text) + blank()
    }.joined()
  }
}
