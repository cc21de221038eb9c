// Statements as JSON, but for those that describe output sections.

import LdsParser

extension ScriptJSON {
  /// Writes a statement at any level.
  func write(_ statement: Statement) {
    let span = statement.span
    switch statement.kind {
    case .assignment(let assignment): write(assignment, span)
    case .assertion(let assertion):
      node("assertion", span) {
        member("message", assertion.message)
        member("condition", assertion.condition)
      }
    case .entry(let symbol): node("entry", span) { member("symbol", symbol) }
    case .sections(let body): node("sections", span) { list("statements", body) }
    case .memory(let regions):
      node("memory", span) { json.array("regions", regions) { write($0) } }
    case .programHeaders(let headers):
      node("program-headers", span) { json.array("headers", headers) { write($0) } }
    case .version(let nodes):
      node("version", span) { json.array("nodes", nodes) { write($0) } }
    case .outputSection(let section): write(section, span)
    case .overlay(let overlay): write(overlay, span)
    case .sectionGroup(let body): node("section-group", span) { list("statements", body) }
    case .inputSections(let description): write(description, span)
    default: writeSimple(statement)
    }
  }

  /// Statements of one word or a list of names.
  private func writeSimple(_ statement: Statement) {
    let span = statement.span
    switch statement.kind {
    case .data(let width, let value):
      node("data", span) {
        json.member("width", width.rawValue)
        member("value", value)
      }
    case .fill(let value): node("fill", span) { member("value", value) }
    case .ascii(let text): node("asciz", span) { member("text", text) }
    case .linkerVersion: node("linker-version", span)
    case .constructors(let sorted):
      node("constructors", span) { json.member("sorted", sorted) }
    case .createObjectSymbols: node("create-object-symbols", span)
    case .sectionClass(let name, let body):
      node("section-class", span) {
        member("name", name)
        list("statements", body)
      }
    case .classReference(let name): node("class", span) { member("name", name) }
    case .overwriteSections(let body):
      node("overwrite-sections", span) { list("statements", body) }
    case .input(let files, let isGroup): write(files, isGroup: isGroup, span)
    case .include(let file, let body):
      node("include", span) {
        member("file", file)
        list("statements", body)
      }
    case .names(let command, let names):
      node("command", span) {
        json.member("command", command.rawValue)
        member("names", names: names)
      }
    case .bare(let command): node("command", span) { json.member("command", command.rawValue) }
    default: node("empty", span)
    }
  }

  func list(_ key: String, _ statements: [Statement]) {
    json.array(key, statements) { write($0) }
  }

  private func write(_ assignment: Assignment, _ span: SourceSpan) {
    node("assignment", span) {
      member("symbol", assignment.target)
      json.member("operator", (assignment.compound?.rawValue ?? "") + "=")
      json.member("provide", assignment.kind == .plain ? nil : assignment.kind.rawValue)
      member("value", assignment.written)
    }
  }

  private func write(_ files: [InputFile], isGroup: Bool, _ span: SourceSpan) {
    node(isGroup ? "group" : "input", span) {
      json.array("files", files) { file in
        json.row {
          member("name", file.name)
          json.member("asNeeded", file.isAsNeeded)
        }
      }
    }
  }

  private func write(_ region: MemoryRegion) {
    node("region", region.span) {
      member("name", region.name)
      json.array("attributes", region.attributes) { flag($0) }
      member("origin", region.origin)
      member("length", region.length)
    }
  }

  private func write(_ header: ProgramHeaderDescription) {
    node("program-header", header.span) {
      member("name", header.name)
      member("type", header.type)
      json.member("fileHeader", header.hasFileHeader)
      json.member("programHeaders", header.hasProgramHeaders)
      member("loadAddress", header.loadAddress)
      member("flags", header.flags)
    }
  }

  private func write(_ node: VersionNode) {
    json.object {
      member("name", node.name)
      json.array("patterns", node.patterns) { pattern in
        json.row {
          member("pattern", pattern.pattern)
          member("language", pattern.language)
          json.member("local", pattern.isLocal)
        }
      }
      member("dependencies", names: node.dependencies)
    }
  }

  /// A flag with the `!` it was written with.
  func flag(_ term: SectionFlagTerm) {
    let name = script.names.bytes(term.name.name)
    json.string(term.isNegated ? [UInt8(ascii: "!")] + name : name)
  }
}
