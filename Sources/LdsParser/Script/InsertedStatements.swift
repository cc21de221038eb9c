// INSERT moves what stands before it: `-T extra.ld -T base.ld`, where extra.ld ends with INSERT AFTER .text (binutils
// ld/ldlang.c, process_insert_statements, insert_os_after).

extension LinkerScript {
  /// The script with its statements where INSERT puts them for GNU ld, and without INSERT. Nil if there is none, if an
  /// output section that it names is not further down, where ld stops, or is the first one, or if where they go hangs on
  /// what is in a section.
  public var withStatementsInserted: LinkerScript? {
    var list = StatementList(self)
    guard list.hasInsert else { return nil }
    while let index = list.firstInsert {
      guard list.moveBlock(upTo: index) else { return nil }
    }
    var moved = self
    moved.statements = list.statements
    return moved
  }
}

/// The statements of a script as ld lists them: those in SECTIONS and those between, files that are included opened up.
private struct StatementList {
  private struct Item {
    var statement: Statement
    var isInSections: Bool
  }

  private let names: NameTable
  private var items: [Item] = []
  /// MEMORY, PHDRS, ENTRY and the like: they are in no list, and stay.
  private var commands: [Statement] = []
  private(set) var hasInsert = false

  init(_ script: LinkerScript) {
    names = script.names
    add(script.statements, isInSections: false)
  }

  private mutating func add(_ statements: [Statement], isInSections: Bool) {
    for statement in statements.openingIncludes {
      switch statement.kind {
      case .sections(let body): add(body, isInSections: true)
      case .names(.insertAfter, _), .names(.insertBefore, _):
        hasInsert = true
        items.append(Item(statement: statement, isInSections: false))
      case .assignment, .assertion, .outputSection, .overlay, .sectionGroup:
        items.append(Item(statement: statement, isInSections: isInSections))
      default:
        if isInSections {
          items.append(Item(statement: statement, isInSections: true))
        } else {
          commands.append(statement)
        }
      }
    }
  }

  var firstInsert: Int? {
    items.firstIndex { item in
      switch item.statement.kind {
      case .names(.insertAfter, _), .names(.insertBefore, _): true
      default: false
      }
    }
  }

  /// Moves all that stands before the INSERT at `index` to where it says; false if that cannot be told.
  mutating func moveBlock(upTo index: Int) -> Bool {
    guard case .names(let command, let operands) = items[index].statement.kind,
      let anchor = operands.first?.name,
      !items.contains(where: { if case .overlay = $0.statement.kind { true } else { false } })
    else { return false }
    let rest = (index + 1)..<items.count
    guard var section = rest.first(where: { name(ofSection: $0) == anchor }) else { return false }
    if command == .insertBefore {
      // Behind the output section before it. Before the first one, GNU ld up to 2.40 crashes and later ones lose what
      // they were to insert.
      guard let before = (rest.lowerBound..<section).last(where: { name(ofSection: $0) != nil })
      else { return false }
      section = before
    }
    guard let place = place(behind: section) else { return false }
    let block = items[..<index]
    items = Array(items[(index + 1)..<place] + block + items[place...])
    return true
  }

  /// Where ld puts what it inserts behind an output section: behind the assignments that follow it, up to the first that
  /// moves the location counter for the next section.
  private func place(behind index: Int) -> Int? {
    var move: Int?
    for next in (index + 1)..<max(items.count, index + 1) {
      switch items[next].statement.kind {
      case .assignment(let assignment):
        if move == nil, assignment.isLocationCounter { move = next }
      case .assertion: continue
      case .outputSection(let description):
        // Before a section that takes no memory (.comment) the assignments are not its own.
        guard case .normal = description.type, !isForTools(description) else { return nil }
        return move ?? next
      default: return nil
      }
    }
    return items.count
  }

  private func isForTools(_ description: OutputSectionDescription) -> Bool {
    let name = names.bytes(description.name.name)
    return [".debug", ".comment", ".stab", ".symtab", ".strtab", ".shstrtab"].contains {
      name.starts(with: $0.utf8)
    }
  }

  private func name(ofSection index: Int) -> NameID? {
    guard case .outputSection(let description) = items[index].statement.kind else { return nil }
    return description.name.name
  }

  /// The statements as a script has them: those in SECTIONS together.
  var statements: [Statement] {
    var result = commands
    var run: [Statement] = []
    func close() {
      guard let first = run.first else { return }
      result.append(Statement(.sections(run), span: first.span))
      run = []
    }
    for item in items {
      if item.isInSections {
        run.append(item.statement)
      } else {
        close()
        result.append(item.statement)
      }
    }
    close()
    return result
  }
}
