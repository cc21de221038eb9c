// What some releases of linkers take in a script and others refuse, each with the rule of the table of linkers that says
// which.

import LdsParser

/// A construct that not every linker takes.
struct ReleasedConstruct {
  /// What it is called in a sentence.
  let name: String
  /// Who takes it.
  let rule: LinkerRule
  let span: SourceSpan
}

extension ScriptFacts {
  /// Every one of them, in no particular order.
  var releasedConstructs: [ReleasedConstruct] {
    releasedExpressions + releasedCommands + releasedSections + releasedAssignments
      + releasedRegions
  }

  private var releasedExpressions: [ReleasedConstruct] {
    let table = script.expressions
    return self.nodes.compactMap { id in
      let span = table.span(id)
      switch table[id] {
      case .unary(.plus, _):
        return ReleasedConstruct(name: "'+' before a value", rule: .unaryPlus, span: span)
      case .call1(.align, _) where bytes(span).starts(with: "BLOCK".utf8):
        return ReleasedConstruct(name: "BLOCK", rule: .blockFunction, span: span)
      default: return nil
      }
    }
  }

  private var releasedCommands: [ReleasedConstruct] {
    let named = outline.commands.compactMap { command, span -> ReleasedConstruct? in
      switch command {
      case .noCrossReferences, .noCrossReferencesTo:
        ReleasedConstruct(name: command.rawValue, rule: .noCrossReferences, span: span)
      case .systemLibraries:
        ReleasedConstruct(name: command.rawValue, rule: .oldCommands, span: span)
      default: nil
      }
    }
    let bare = outline.bareCommands.compactMap { command, span -> ReleasedConstruct? in
      switch command {
      case .forceGroupAllocation, .inhibitCommonAllocation:
        ReleasedConstruct(name: command.rawValue, rule: .oldCommands, span: span)
      default: nil
      }
    }
    let headers = outline.headers.compactMap { header -> ReleasedConstruct? in
      guard case .symbol(let name) = script.expressions[header.type] else { return nil }
      switch self.name(name) {
      case "PT_GNU_PROPERTY":
        return ReleasedConstruct(
          name: "PT_GNU_PROPERTY", rule: .propertyHeaderType, span: header.span)
      case "PT_GNU_RELRO":
        return ReleasedConstruct(name: "PT_GNU_RELRO", rule: .relroHeaderType, span: header.span)
      default: return nil
      }
    }
    let formats = outline.outputFormats.compactMap { format in
      LinkerRule.outputFormat(name(format.name)).map { rule in
        ReleasedConstruct(
          name: "OUTPUT_FORMAT(\(name(format.name)))", rule: rule, span: format.span)
      }
    }
    return named + bare + headers + formats
  }

  private var releasedSections: [ReleasedConstruct] {
    let own = outline.sections.compactMap { section, span -> ReleasedConstruct? in
      if section.constraint == .special {
        return ReleasedConstruct(name: "SPECIAL", rule: .specialConstraint, span: span)
      }
      if case .type = section.type {
        return ReleasedConstruct(name: "TYPE=", rule: .typeNumber, span: span)
      }
      return nil
    }
    let overlays = outline.overlays.flatMap { overlay, span -> [ReleasedConstruct] in
      var found: [ReleasedConstruct] = []
      if overlay.address == nil || overlay.loadAddress == nil {
        found.append(
          ReleasedConstruct(
            name: "OVERLAY without address or AT", rule: .floatingOverlay, span: span))
      }
      if overlay.forbidsCrossReferences {
        found.append(
          ReleasedConstruct(
            name: "NOCROSSREFS of an OVERLAY", rule: .overlayNoCrossReferences, span: span))
      }
      if overlay.tail.fill != nil {
        found.append(
          ReleasedConstruct(name: "a fill behind an OVERLAY", rule: .overlayFill, span: span))
      }
      return found
    }
    let patterns = outline.inner.compactMap { statement -> ReleasedConstruct? in
      guard case .inputSections(let input) = statement.kind, let file = input.file,
        !file.sorts.isEmpty
      else { return nil }
      return ReleasedConstruct(name: "sorted files", rule: .sortedFiles, span: statement.span)
    }
    return own + overlays + patterns
  }

  private var releasedAssignments: [ReleasedConstruct] {
    program.steps.compactMap { step in
      switch step.action {
      case .assignment(let assignment):
        if assignment.kind.isProvide, assignment.compound != nil {
          return ReleasedConstruct(name: "PROVIDE(x += y)", rule: .compoundProvide, span: step.span)
        }
      // Behind an ASSERT in an output section lld takes it for the name of a file.
      case .assertion where step.context == .top || step.context == .between: break
      default: return nil
      }
      guard byteBehind(step.span) == UInt8(ascii: ",") else { return nil }
      return ReleasedConstruct(
        name: "',' behind a statement", rule: .commaSeparator, span: step.span)
    }
  }

  private var releasedRegions: [ReleasedConstruct] {
    outline.regions.compactMap { region in
      let letters = region.attributes.flatMap { script.names.bytes($0.name.name) }
      guard letters.contains(where: { !"rwxaRWXA!".utf8.contains($0) }) else { return nil }
      return ReleasedConstruct(
        name: "memory attributes other than r, w, x, a", rule: .moreMemoryAttributes,
        span: region.span)
    }
  }

  /// The first byte behind a statement that is no blank.
  private func byteBehind(_ span: SourceSpan) -> UInt8? {
    let buffer = script.sources.buffer(span.source)
    let start = Int(span.end)
    return buffer.bytes(in: start..<min(buffer.count, start + 64)).first {
      $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D
    }
  }
}
