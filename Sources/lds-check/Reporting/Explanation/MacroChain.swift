// The macros behind a piece of a script: name, definition, and the condition that selected it.
//
//     SECTION_ALIGN (xen.lds.S:38, because #if defined(CONFIG_XEN_ALIGN_2M) || defined(EFI)), MB (lib.h:42)

import LdsParser

/// The macros that gave a piece of expanded text.
struct MacroChain {
  /// One entry a macro, in order of first use.
  let lines: [String]

  init(of span: SourceSpan, _ sources: SourceSet) {
    var seen: Set<String> = []
    lines = sources.macroCalls(in: span).compactMap { call in
      guard seen.insert(call.name).inserted else { return nil }
      guard let definition = call.definition else { return "\(call.name) (-D or predefined)" }
      let position = sources.position(of: definition)
      var text = "\(call.name) (\(position.path.lastComponent.display):\(position.line)"
      if let condition = call.condition {
        text += ", because \(Self.line(condition, sources))"
      }
      return text + ")"
    }
  }

  private static func line(_ span: SourceSpan, _ sources: SourceSet) -> String {
    let line = sources.position(of: span).line
    let text = sources.buffer(span.source).text(in: span.range)
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ") + ", line \(line)"
  }
}
