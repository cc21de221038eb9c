// `VERSION { V1 { global: f; extern "C++" { "g()"; }; local: *; } V0; }` (ld manual, "VERSION Command").

extension ScriptParser {
  mutating func readVersion() throws(SyntaxError) -> Statement.Kind {
    take()
    lexer.versionState = .start
    try expect(.leftBrace, "'{' after VERSION", in: .version)
    var nodes: [VersionNode] = []
    repeat { nodes.append(try readVersionNode()) } while !takeIf(.rightBrace, in: .version)
    return .version(nodes)
  }

  private mutating func readVersionNode() throws(SyntaxError) -> VersionNode {
    var name: SpannedName?
    if peek(.version) == .name { name = spannedName(take()) }
    let open = try expect(.leftBrace, "a version node's name or '{'", in: .version)
    var node = VersionNode(name: name, patterns: [], dependencies: [])
    try readVersionPatterns(into: &node)
    try expectClosing(open, in: .version)
    while name != nil, peek(.version) == .name { node.dependencies.append(spannedName(take())) }
    try expect(.semicolon, "';' after the version node", in: .version)
    check(node, at: lexer.span(open.start, open.end))
    return node
  }

  /// `global: ...; local: ...;`, or patterns alone; the closing brace stays.
  private mutating func readVersionPatterns(into node: inout VersionNode) throws(SyntaxError) {
    if peek(.version) == .rightBrace { return }
    var isLocal = false
    var isLabelled = false
    var isFirst = true
    while true {
      let kind = peek(.version)
      if kind == .global || kind == .local {
        let word = take()
        // `global:` opens the node, `local:` may follow it once; without a colon they are patterns.
        let mayLabel = isFirst || (kind == .local && isLabelled && !isLocal)
        if peek(.version) == .colon, mayLabel {
          take()
          isLocal = kind == .local
          isLabelled = true
          try readVersionPattern(into: &node, language: nil, isLocal: isLocal, depth: 0)
        } else {
          node.patterns.append(
            VersionPattern(pattern: spannedName(word), language: nil, isLocal: isLocal))
        }
      } else {
        try readVersionPattern(into: &node, language: nil, isLocal: isLocal, depth: 0)
      }
      isFirst = false
      let wanted = isLabelled ? "';' after the pattern" : "';' (global: must come before local:)"
      try expect(.semicolon, wanted, in: .version)
      if peek(.version) == .rightBrace { return }
    }
  }

  /// A symbol, a glob, or `extern "C++" { ... }`.
  private mutating func readVersionPattern(
    into node: inout VersionNode, language: SpannedName?, isLocal: Bool, depth: Int
  ) throws(SyntaxError) {
    let kind = peek(.version)
    guard kind == .name || kind == .global || kind == .local || kind == .versionExtern else {
      throw unexpected("a symbol or pattern")
    }
    let word = spannedName(take())
    let next = peek(.version)
    // Quotes make a name here; anything else is another pattern.
    guard kind == .versionExtern, next == .name, pending?.isQuoted == true else {
      node.patterns.append(VersionPattern(pattern: word, language: language, isLocal: isLocal))
      return
    }
    let inner = spannedName(take())
    let open = try expect(.leftBrace, "'{' after the language", in: .version)
    let language = script.names.string(inner.name).uppercased()
    if !["C", "C++", "JAVA"].contains(language) {
      error(
        "unknown-language",
        "unknown language \(quoted(inner)); expected \"C\", \"C++\" or \"Java\"",
        at: inner.span)
    }
    try checkDepth(depth, "extern blocks", open)
    repeat {
      try readVersionPattern(into: &node, language: inner, isLocal: isLocal, depth: depth + 1)
      if !takeIf(.semicolon, in: .version) { break }
    } while peek(.version) != .rightBrace
    try expectClosing(open, in: .version)
  }

  // MARK: - What ld refuses while reading

  private mutating func check(_ node: VersionNode, at place: SourceSpan) {
    let span = node.name?.span ?? place
    if !registry.versionNodes.isEmpty, node.name == nil || registry.versionNodes.contains(nil) {
      return error(
        "anonymous-version", "an anonymous version node cannot stand beside others", at: span)
    }
    for name in node.dependencies where !registry.versionNodes.contains(name.name) {
      error(
        "unknown-version",
        "version node \(quoted(name)) does not exist; declare it before this one",
        at: name.span)
    }
    if !registry.versionNodes.insert(node.name?.name).inserted, let name = node.name {
      error("duplicate-version", "version node \(quoted(name)) exists already", at: span)
    }
    let names = script.names
    func key(_ pattern: VersionPattern, isLocal: Bool) -> VersionPatternKey {
      VersionPatternKey(pattern, isLocal: isLocal, names: names)
    }
    for pattern in node.patterns
    where registry.versionPatterns.contains(key(pattern, isLocal: !pattern.isLocal)) {
      error(
        "duplicate-version-pattern",
        "pattern \(quoted(pattern.pattern)) is \(pattern.isLocal ? "global" : "local") in an "
          + "earlier version node", at: pattern.pattern.span)
    }
    registry.versionPatterns.formUnion(
      node.patterns.map { key($0, isLocal: $0.isLocal) })
  }
}
