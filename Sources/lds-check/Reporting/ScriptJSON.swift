// A script's tree as JSON: one object a node, each with its span.
//
//     {"kind": "assignment", "span": {"file": "a.lds", "line": 1, "column": 1, "endLine": 1, "endColumn": 8},
//      "symbol": "x", ..., "value": {"kind": "integer", "span": ..., "value": "0x1"}}

import LdsParser

/// Writes scripts as JSON. `endLine` and `endColumn` name the byte after the node, as in SARIF.
struct ScriptJSON {
  /// JSON readers give up on deep documents (Python's at some 1,000 levels, two a node).
  static let deepestExpression = 400

  let json: JSONWriter
  /// The file as the user named it.
  let path: FilePath
  let script: LinkerScript

  /// Writes the members of a script's object.
  func writeMembers() {
    json.member("file", path.bytes)
    json.array("statements", script.statements) { write($0) }
    json.array("diagnostics", script.diagnostics) { write($0) }
  }

  /// The first expression that nests too deep to be written, if there is one.
  static func tooDeepExpression(in script: LinkerScript) -> SourceSpan? {
    var heights: [Int] = []
    heights.reserveCapacity(script.expressions.count)
    for index in 0..<script.expressions.count {
      let id = ExpressionID(index: UInt32(truncatingIfNeeded: index))
      let height = 1 + (script.expressions[id].operands.map { heights[Int($0.index)] }.max() ?? 0)
      if height > deepestExpression { return script.expressions.span(id) }
      heights.append(height)
    }
    return nil
  }

  // MARK: Parts of every node

  /// Opens a node of `kind` at `span`.
  func node(_ kind: String, _ span: SourceSpan, _ body: () -> Void = {}) {
    json.object {
      json.member("kind", kind)
      member(span: span)
      body()
    }
  }

  /// The place of a node in the author's files.
  func member(span: SourceSpan?) {
    guard let span else {
      json.member("span", String?.none)
      return
    }
    let sources = script.sources
    let start = sources.position(of: span)
    let authored = sources.authoredSpan(of: span)
    let (first, _) = sources.lineAndColumn(authored.source, offset: Int(authored.start))
    let (last, endColumn) = sources.lineAndColumn(authored.source, offset: Int(authored.end))
    json.row("span") {
      json.member("file", start.path.bytes)
      json.member("line", start.line)
      json.member("column", start.column)
      json.member("endLine", start.line + (last - first))
      json.member("endColumn", endColumn)
    }
  }

  func member(_ key: String, _ name: SpannedName?) {
    json.member(key, name.map { script.names.bytes($0.name) })
  }

  func member(_ key: String, names: [SpannedName]) {
    json.array(key, names) { json.string(script.names.bytes($0.name)) }
  }

  func member(_ key: String, _ expression: ExpressionID?) {
    guard let expression else {
      json.member(key, String?.none)
      return
    }
    json.key(key)
    write(expression)
  }

  private func write(_ diagnostic: Diagnostic) {
    json.object {
      json.member("id", diagnostic.id.rawValue)
      json.member("severity", diagnostic.severity.rawValue)
      json.member("message", diagnostic.message)
      member(span: diagnostic.span)
      json.array("notes", diagnostic.notes) { note in
        json.object {
          json.member("message", note.message)
          member(span: note.span)
        }
      }
    }
  }
}
