// Macro calls that are left in the text because their headers were not found. No linker reads them, so each
// is replaced by the nearest thing that says as little:
//
//     DECL_SECTION(.text) {          .text : {                   its argument names the output section
//     INIT_TEXT_SECTION(8)           . = INIT_TEXT_SECTION;      the location counter is unknown now
//     . = ROUND(x, 8);               . = ROUND;                  a symbol without a value
//
// What the replacement was made of still leads to the author's text.

/// Finds the leftover calls in expanded text, a token for each run.
struct LeftoverMacros {
  /// What a call stands for, by its place.
  enum Role {
    case sectionHead, statement, expression, pattern, region
  }

  /// A call that was found.
  struct Call {
    var name: String
    var role: Role
    /// The token of its name.
    var token: Int
  }

  /// Tokens to be replaced by a text, which is made of the token `origin`.
  struct Edit {
    var tokens: Range<Int>
    var text: String
    var origin: Int
  }

  private enum Context {
    case top, sections, body
  }

  private let tokens: [ArraySlice<UInt8>]
  /// Names that the script assigns to.
  private var assigned: Set<String> = []
  private var position = 0
  private(set) var calls: [Call] = []
  private(set) var edits: [Edit] = []

  private static let keywords = Set(Keyword.all.map(\.spelling)).union(["COMMON"])
  private static let sectionTypes: Set<String> = [
    "NOLOAD", "DSECT", "COPY", "INFO", "OVERLAY", "READONLY", "TYPE",
  ]
  /// Statements whose operand is an expression.
  private static let expressions: Set<String> = [
    "ASSERT", "PROVIDE", "PROVIDE_HIDDEN", "HIDDEN", "BYTE", "SHORT", "LONG", "QUAD", "SQUAD",
    "FILL",
  ]

  init(_ bytes: [UInt8], _ runs: [OriginTable.Run]) {
    tokens = runs.indices.map { index in
      let end = index + 1 < runs.count ? Int(runs[index + 1].offset) : bytes.count
      var token = bytes[Int(runs[index].offset)..<end]
      while let last = token.last, last <= 0x20 { token.removeLast() }
      return token
    }
    for index in tokens.indices where isAssignment(index) && index > 0 {
      assigned.insert(text(index - 1))
    }
    readStatements(.top, depth: 0)
  }

  // MARK: Tokens

  private func text(_ index: Int) -> String {
    index < tokens.count ? String(decoding: tokens[index], as: UTF8.self) : ""
  }

  private func isByte(_ index: Int, _ byte: Unicode.Scalar) -> Bool {
    index < tokens.count && tokens[index].count == 1
      && tokens[index].first == UInt8(ascii: byte)
  }

  private func isAssignment(_ index: Int) -> Bool {
    guard index < tokens.count, tokens[index].last == UInt8(ascii: "=") else { return false }
    return ["=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^="].contains(text(index))
  }

  private func isName(_ index: Int) -> Bool {
    guard index < tokens.count, let first = tokens[index].first else { return false }
    return (first | 0x20) &- 0x61 < 26 || first == UInt8(ascii: "_")
  }

  /// Whether a name looks like a macro's and means nothing to the linker or the script.
  private func isMacroLike(_ index: Int) -> Bool {
    guard isName(index), tokens[index].count > 1 else { return false }
    let isCapital = tokens[index].allSatisfy {
      $0 &- 0x41 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_")
    }
    let name = text(index)
    return isCapital && !Self.keywords.contains(name) && !assigned.contains(name)
  }

  /// Whether no blank is between a token and the one behind it.
  private func isJoined(_ index: Int) -> Bool {
    index + 1 < tokens.count && tokens[index].endIndex == tokens[index + 1].startIndex
  }

  /// The index behind the group that the bracket at `index` opens.
  private func end(ofGroupAt index: Int) -> Int {
    let isBrace = isByte(index, "{")
    var depth = 0
    var next = index
    while next < tokens.count {
      if isByte(next, isBrace ? "{" : "(") { depth += 1 }
      if isByte(next, isBrace ? "}" : ")") { depth -= 1 }
      next += 1
      if depth == 0 { break }
    }
    return next
  }

  // MARK: Statements

  private mutating func readStatements(_ context: Context, depth: Int) {
    while position < tokens.count, !isByte(position, "}") {
      let start = position
      readStatement(context, depth: depth)
      if position == start { position += 1 }
    }
  }

  private mutating func readStatement(_ context: Context, depth: Int) {
    if isByte(position, ";") {
      position += 1
      return
    }
    if isMacroLike(position), readLeftover(context, depth: depth) { return }
    let start = position
    let word = text(position)
    let name = endOfWord(position)
    if word == "INSERT" {
      // `INSERT AFTER .data`
      position = endOfWord(name + 1)
    } else if isAssignment(name) {
      position = name + 1
      readExpression { $0.isByte($0.position, ";") || $0.isByte($0.position, "}") }
    } else if Self.expressions.contains(word), isByte(name, "(") {
      readGroup(name)
    } else if context == .body {
      position = name
      if isByte(name, "(") { readPattern() }
    } else {
      // What another script includes between its braces begins with an output section.
      readCommand(word, name, isByte(start, ".") ? .sections : context, depth: depth)
    }
  }

  /// A command, or an output section.
  private mutating func readCommand(
    _ word: String, _ name: Int, _ context: Context, depth: Int
  ) {
    if isByte(name, "{") {
      position = name + 1
      if word == "MEMORY" { return readRegions(upTo: end(ofGroupAt: name)) }
      guard word == "SECTIONS", depth < Limit.nesting else {
        position = end(ofGroupAt: name)
        return
      }
      readStatements(.sections, depth: depth + 1)
      position += 1
    } else if Self.keywords.contains(word), word != "OVERLAY" {
      position = isByte(name, "(") ? end(ofGroupAt: name) : name
    } else if context == .sections {
      position = name
      readSection(depth: depth)
    } else {
      position = isByte(name, "(") ? end(ofGroupAt: name) : name
    }
  }

  /// `LINKER_DT_REGIONS()` among memory regions stands for some of them: what has no colon behind its parentheses is no
  /// region with attributes.
  private mutating func readRegions(upTo end: Int) {
    while position < end {
      let name = position
      position += 1
      guard isMacroLike(name), isByte(position, "("),
        case let next = self.end(ofGroupAt: position), !isByte(next, ":")
      else { continue }
      calls.append(Call(name: text(name), role: .region, token: name))
      edits.append(Edit(tokens: name..<next, text: "", origin: name))
      position = next
    }
  }

  /// The index behind a word: tokens with no blank between them, up to a bracket or an operator.
  private func endOfWord(_ start: Int) -> Int {
    var index = start
    while index < tokens.count {
      let first = tokens[index].first ?? 0
      if "(){};:,=<>+-&|^?!~\"".utf8.contains(first), index > start { break }
      index += 1
      if !isJoined(index - 1) { break }
    }
    return index
  }

  /// What is behind an output section's name: its head, its body, its tail.
  private mutating func readSection(depth: Int) {
    readExpression {
      $0.isByte($0.position, "{") || $0.isByte($0.position, ";") || $0.isByte($0.position, "}")
    }
    guard isByte(position, "{"), depth < Limit.nesting else { return }
    position += 1
    readStatements(.body, depth: depth + 1)
    position = endOfTail(position + 1)
  }

  /// The index behind `>RAM AT>ROM :text =0x90,` at `start`.
  private func endOfTail(_ start: Int) -> Int {
    var next = start
    while true {
      if text(next) == "AT", isByte(next + 1, ">") { next += 1 }
      guard isByte(next, ">") || isByte(next, ":") || isByte(next, "=") else { break }
      next += 1
      next = isByte(next, "(") ? end(ofGroupAt: next) : endOfWord(next)
    }
    return isByte(next, ",") ? next + 1 : next
  }

  /// Input section patterns: a macro there hides some of them.
  private mutating func readPattern() {
    let end = end(ofGroupAt: position)
    for index in position..<end
    where isMacroLike(index) && !isJoined(index - 1) == !isByte(index - 1, "(")
      && !isByte(index - 1, ".") && !isByte(index + 1, ".") && !isByte(index + 1, "*")
    {
      calls.append(Call(name: text(index), role: .pattern, token: index))
    }
    position = end
  }

  // MARK: Leftovers

  /// A macro where a statement begins; false if it is something else.
  private mutating func readLeftover(_ context: Context, depth: Int) -> Bool {
    let name = position
    if isAssignment(name + 1) || isByte(name + 1, ":") { return false }
    var next = name + 1
    if isByte(next, "(") {
      next = end(ofGroupAt: next)
      // `_OF_TABLE_IS_ENABLED(CONFIG_OF)(clk)`: what the macro gives is called.
      while isByte(next, "(") { next = end(ofGroupAt: next) }
      if isByte(next, "{") || isByte(next, ":"), context != .body {
        replaceHead(name, end: next)
        position = next
        readSection(depth: depth)
        return true
      }
    } else if isJoined(name) && !isByte(next, ";") && !isByte(next, "}") || isByte(next, "{")
      || tokens[min(next, tokens.count - 1)].first.map({ $0 &- 0x30 < 10 }) == true
    {
      return false
    }
    // `DATA_SECTION >RAM`: the macro ends with an output section.
    if context == .sections { next = endOfTail(next) }
    if isByte(next, ";") { next += 1 }
    calls.append(Call(name: text(name), role: .statement, token: name))
    // In a part of SECTIONS of another script a ';' by itself would be an error.
    let text = context == .top ? "" : ". = \(text(name));"
    edits.append(Edit(tokens: name..<next, text: text, origin: name))
    position = next
    return true
  }

  /// `DECL_SECTION(.text)` becomes `.text :`.
  private mutating func replaceHead(_ name: Int, end: Int) {
    calls.append(Call(name: text(name), role: .sectionHead, token: name))
    edits.append(Edit(tokens: name..<name + 2, text: "", origin: name))
    let comma = (name + 2..<end).first { isByte($0, ",") } ?? end - 1
    edits.append(
      Edit(tokens: comma..<end, text: isByte(end, ":") ? "" : " :", origin: name))
  }

  /// Reads tokens of an expression up to `isEnd`.
  private mutating func readExpression(_ isEnd: (LeftoverMacros) -> Bool) {
    while position < tokens.count, !isEnd(self) { readOperand() }
  }

  private mutating func readGroup(_ open: Int) {
    let end = end(ofGroupAt: open)
    position = open + 1
    while position < end { readOperand() }
  }

  private mutating func readOperand() {
    let name = position
    position += 1
    guard isName(name), isByte(name + 1, "("), !Self.keywords.contains(text(name)),
      isMacroLike(name) || isJoined(name), !Self.sectionTypes.contains(text(name + 2))
    else { return }
    position = end(ofGroupAt: name + 1)
    calls.append(Call(name: text(name), role: .expression, token: name))
    edits.append(Edit(tokens: name + 1..<position, text: "", origin: name))
  }
}
