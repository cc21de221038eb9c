// Canonical script text: what `parse --format script` prints. Linking with it gives the same image as with
// the script it was made from. Included files stand where the INCLUDE stood.

/// Writes a script tree as text that GNU ld reads as the same script.
public struct ScriptWriter {
  let script: LinkerScript
  var output: [UInt8] = []
  private var depth = 0

  private init(_ script: LinkerScript) {
    self.script = script
  }

  /// The text of `script`: one statement a line, names in quotes where they must be, numbers in hexadecimal.
  ///
  /// Meaningful only for a script that is not refused.
  public static func bytes(of script: LinkerScript) -> [UInt8] {
    var writer = ScriptWriter(script)
    writer.write(script.statements, .top)
    return writer.output
  }

  /// The same text for people; names that are not UTF-8 show replacement characters.
  public static func text(of script: LinkerScript) -> String {
    String(decoding: bytes(of: script), as: UTF8.self)
  }

  // MARK: - Words

  mutating func put(_ text: String) { output += Array(text.utf8) }

  mutating func put(_ name: SpannedName) {
    NameWriter.append(script.names.bytes(name.name), to: &output)
  }

  mutating func putQuoted(_ name: SpannedName) {
    NameWriter.append(script.names.bytes(name.name), quoted: true, to: &output)
  }

  mutating func putPattern(_ name: SpannedName) {
    NameWriter.appendPattern(script.names.bytes(name.name), to: &output)
  }

  mutating func put(_ expression: ExpressionID) {
    output += ExpressionWriter.bytes(of: expression, in: script.expressions, names: script.names)
  }

  mutating func line(_ write: (inout ScriptWriter) -> Void) {
    output += Array(repeating: 0x20, count: 2 * depth)
    write(&self)
    output.append(0x0A)
  }

  /// An opening brace on a line of its own. The two braces are no function with a closure between them: statements
  /// stand in statements, and the optimizer would make a copy of all of it for each closure.
  mutating func openBrace() {
    line { $0.put("{") }
    depth += 1
  }

  /// A closing brace on a line of its own, and what `tail` writes behind it.
  mutating func closeBrace(_ tail: (inout ScriptWriter) -> Void = { _ in }) {
    depth -= 1
    line {
      $0.put("}")
      tail(&$0)
    }
  }

  private mutating func writeInBraces(_ statements: [Statement], _ level: StatementLevel) {
    openBrace()
    write(statements, level)
    closeBrace()
  }

  // MARK: - Statements

  mutating func write(_ statements: [Statement], _ level: StatementLevel) {
    for statement in statements { write(statement, level) }
  }

  private mutating func write(_ statement: Statement, _ level: StatementLevel) {
    switch statement.kind {
    case .empty: break
    case .assignment(let assignment): line { $0.write(assignment) }
    case .assertion(let assertion):
      line {
        $0.put("ASSERT(")
        $0.put(assertion.condition)
        $0.put(", ")
        $0.putQuoted(assertion.message)
        // Directly inside SECTIONS nothing may follow, inside an output section a separator must.
        $0.put(level == .outputSection ? ");" : ")")
      }
    case .entry(let symbol): line { $0.write("ENTRY", [symbol]) }
    case .include(let file, let statements):
      if statements.isEmpty {
        line {
          $0.put("INCLUDE "); $0.putQuoted(file)
        }
      }
      write(statements, level)
    case .sections(let statements):
      line { $0.put("SECTIONS") }
      writeInBraces(statements, .sections)
    case .sectionGroup(let statements): write(statements, .sections)
    case .sectionClass(let name, let statements):
      line { $0.write("CLASS", [name]) }
      writeInBraces(statements, .outputSection)
    case .overwriteSections(let statements):
      line { $0.put("OVERWRITE_SECTIONS") }
      writeInBraces(statements, .sections)
    case .outputSection(let section): write(section)
    case .overlay(let overlay): write(overlay)
    case .memory, .programHeaders, .version, .input, .names, .bare: writeCommand(statement.kind)
    default: line { $0.writeOutputStatement(statement.kind) }
    }
  }

  private mutating func write(_ assignment: Assignment) {
    if assignment.kind != .plain { put("\(assignment.kind.rawValue)(") }
    if assignment.isLocationCounter { put(".") } else { put(assignment.target) }
    put(" \(assignment.compound?.rawValue ?? "")= ")
    put(assignment.written)
    put(assignment.kind == .plain ? ";" : ");")
  }

  /// `WORD(name name)`; blanks between, because a comma would stick to a name.
  mutating func write(_ word: String, _ names: [SpannedName]) {
    put("\(word)(")
    for (index, name) in names.enumerated() {
      if index > 0 { put(" ") }
      put(name)
    }
    put(")")
  }
}
