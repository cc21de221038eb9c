// What the constraints of a configuration say about the alignment of symbols.

public import LdsParser

/// A symbol that has to be a multiple of a power of two, since a constraint of the configuration says so.
public struct AlignmentDemand: Sendable, Hashable {
  /// The symbol.
  public var symbol: String
  /// A power of two.
  public var alignment: UInt64
  /// The constraint's name.
  public var constraint: String

  /// What a configuration asks, the largest alignment of each symbol, in order of its constraints.
  public static func all(of configuration: Configuration) -> [AlignmentDemand] {
    guard !configuration.constraints.isEmpty else { return [] }
    let program = Program(configuration.script)
    var order: [String] = []
    var found: [String: AlignmentDemand] = [:]
    for claim in AlignmentClaim.all(of: program) {
      guard case .assertion(let assertion) = program.steps[claim.step].action else { continue }
      let symbol = program.names.string(claim.symbol)
      if let known = found[symbol], known.alignment >= claim.alignment { continue }
      if found[symbol] == nil { order.append(symbol) }
      found[symbol] = AlignmentDemand(
        symbol: symbol, alignment: claim.alignment,
        constraint: program.names.string(assertion.message.name))
    }
    return order.compactMap { found[$0] }
  }
}
