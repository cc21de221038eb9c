// Budgets: how much memory something may take.
//
//     "budgets": [{"region": "FLASH", "limit": "95%"}, {"contributor": "net/*.o", "limit": "40K"},
//                 {"gap": ["_end", "__stack_limit"], "atLeast": "8K"}]

/// One budget.
public struct ConfiguredBudget: Sendable {
  /// What is measured.
  public enum Subject: Sendable {
    /// The use of a region.
    case region(String)
    /// What objects, archives and sections take whose names a pattern matches; in one region, or in all.
    case contributor(String, region: String?)
    /// The distance from one expression to another.
    case gap(from: ConfiguredExpression, to: ConfiguredExpression)
    /// The size of a file, named relative to the configuration.
    case file(FilePath)
  }

  /// An amount of memory.
  public enum Amount: Sendable, Hashable {
    case bytes(UInt64)
    /// Thousandths: of the region, or for a growth of what was there before.
    case permille(UInt64)
  }

  /// What it is called in reports.
  public var name: String
  /// What is measured.
  public var subject: Subject
  /// The most it may be.
  public var limit: Amount?
  /// The least it has to be; of a region, what has to be free.
  public var atLeast: Amount?
  /// How much more it may be than in the image of `--against`.
  public var growth: Amount?
  /// Why it matters.
  public var why: String?
  /// The budget in the configuration.
  public var span: SourceSpan
}

/// Keys of an element of `budgets`.
public enum ConfigurationBudgetKey: String, CaseIterable, Sendable {
  case name
  case region
  case contributor
  case gap
  case file
  case limit
  case atLeast
  case growth
  case why
}

extension ConfigurationBudgetKey: ConfigurationKey {
  static let owner = "a budget"
}

extension ConfigurationReader {
  mutating func readBudgets(_ id: JSONNodeID) {
    result.budgets += array(id).compactMap { budget($0) }
  }

  /// What the keys of one budget say, before they are put together.
  private struct Draft {
    var name: String?
    var region: String?
    var contributor: String?
    var gap: [ConfiguredExpression]?
    var file: FilePath?
    var limit: ConfiguredBudget.Amount?
    var atLeast: ConfiguredBudget.Amount?
    var growth: ConfiguredBudget.Amount?
    var why: String?

    var subject: (name: String, subject: ConfiguredBudget.Subject)? {
      if let contributor, gap == nil, file == nil {
        let place = region.map { " in \($0)" } ?? ""
        return (contributor + place, .contributor(contributor, region: region))
      }
      if let region, contributor == nil, gap == nil, file == nil {
        return (region, .region(region))
      }
      guard region == nil, contributor == nil else { return nil }
      if let gap, file == nil, gap.count == 2 {
        return ("\(gap[0].text) to \(gap[1].text)", .gap(from: gap[0], to: gap[1]))
      }
      if let file, gap == nil { return (file.display, .file(file)) }
      return nil
    }
  }

  private mutating func budget(_ id: JSONNodeID) -> ConfiguredBudget? {
    var draft = Draft()
    forEachMember(id, ConfigurationBudgetKey.self) { reader, key, value in
      switch key {
      case .name: draft.name = reader.string(value)
      case .region: draft.region = reader.string(value)
      case .contributor: draft.contributor = reader.string(value)
      case .gap: draft.gap = reader.gap(value)
      case .file: draft.file = reader.path(value)
      case .limit: draft.limit = reader.amount(value)
      case .atLeast: draft.atLeast = reader.amount(value)
      case .growth: draft.growth = reader.amount(value)
      case .why: draft.why = reader.string(value)
      }
    }
    guard document.kind(id) == .object else { return nil }
    guard let (name, subject) = draft.subject else {
      error(
        id, "bad-budget",
        "a budget measures one thing: \"region\", \"contributor\" (with or without \"region\"), \"gap\" or \"file\""
      )
      return nil
    }
    guard draft.limit != nil || draft.atLeast != nil || draft.growth != nil else {
      error(id, "bad-budget", "a budget needs \"limit\", \"atLeast\" or \"growth\"")
      return nil
    }
    return ConfiguredBudget(
      name: draft.name ?? name, subject: subject, limit: draft.limit, atLeast: draft.atLeast,
      growth: draft.growth, why: draft.why, span: document.span(id))
  }

  private mutating func gap(_ id: JSONNodeID) -> [ConfiguredExpression] {
    let ends = array(id)
    if ends.count != 2 {
      error(id, "bad-value", "a gap is two expressions: [\"_end\", \"__stack_limit\"]")
      return []
    }
    return ends.compactMap { expression($0) }
  }

  /// `"40K"`, `1024`, `"95%"`, `"2.5%"`.
  private mutating func amount(_ id: JSONNodeID) -> ConfiguredBudget.Amount? {
    guard document.kind(id) == .string, document.string(id).hasSuffix("%") else {
      return byteCount(id).map { .bytes($0) }
    }
    if let permille = Self.permille(String(document.string(id).dropLast())) {
      return .permille(permille)
    }
    error(
      id, "bad-value",
      "'\(document.string(id))' is no share, expected one such as \"95%\" or \"2.5%\"")
    return nil
  }

  /// Thousandths of a number of hundredths with at most one digit after the point.
  private static func permille(_ text: String) -> UInt64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first.flatMap({ UInt64($0) }), whole <= 1_000_000
    else { return nil }
    guard parts.count == 2 else { return whole * 10 }
    guard parts[1].utf8.count == 1, let tenth = UInt64(parts[1]) else { return nil }
    return whole * 10 + tenth
  }
}
