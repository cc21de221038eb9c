// Every input section pattern of a script with where it stands, in the order in which ld tries them.

import LdsParser

/// One section pattern of one input section description.
struct PlacedPattern: Sendable {
  /// The section pattern.
  var section: Glob
  /// The pattern as written.
  var text: [UInt8]
  /// The file pattern; nil for every file.
  var file: InputFilePattern?
  /// Whether it stands in KEEP: what it matches survives --gc-sections, whichever pattern takes it.
  var isKept: Bool
  /// The patterns of both kinds of EXCLUDE_FILE.
  var excluded: Set<[UInt8]>
  /// The terms of INPUT_SECTION_FLAGS.
  var flags: [[UInt8]]
  /// The output section.
  var output: NameID
  /// Whether it stands in an output section that may be left out (`ONLY_IF_RO`).
  var isConditional: Bool
  /// Number of the description that it is part of.
  var group: Int
  /// Number of the stretch without symbols, data or moves of the location counter that it stands in.
  var stretch: Int
  /// Its place.
  var span: SourceSpan
  /// The place of its description.
  var statement: SourceSpan

  /// The patterns of `script` in order.
  static func all(of script: LinkerScript) -> [PlacedPattern] {
    var collector = Collector(names: script.names)
    for statement in script.statements { collector.visit(statement) }
    return collector.patterns
  }

  /// Whether this earlier pattern leaves out nothing of what `other` could take, but for the names of sections
  /// and files.
  func leavesOutNothing(of other: PlacedPattern) -> Bool {
    !isConditional && excluded.isSubset(of: other.excluded)
      && flags.allSatisfy(other.flags.contains)
  }

  /// Whether a later pattern does something although this one takes all it could: it keeps what this one does not.
  func leavesAnEffect(to later: PlacedPattern) -> Bool { later.isKept && !isKept }

  private struct Collector {
    let names: NameTable
    var patterns: [PlacedPattern] = []
    var group = 0
    var stretch = 0

    mutating func visit(_ statement: Statement) {
      switch statement.kind {
      case .sections(let inner), .sectionGroup(let inner), .include(_, let inner):
        for part in inner { visit(part) }
      case .outputSection(let section):
        stretch += 1
        for part in section.body.openingIncludes {
          visit(part, section.name.name, isConditional: section.constraint != nil)
        }
      case .overlay(let overlay):
        for member in overlay.members {
          stretch += 1
          for part in member.body.openingIncludes {
            visit(part, member.name.name, isConditional: false)
          }
        }
      default: break
      }
    }

    private mutating func visit(
      _ statement: Statement, _ output: NameID, isConditional: Bool
    ) {
      switch statement.kind {
      case .inputSections(let description):
        add(description, output, isConditional, statement.span)
      case .assertion, .empty: break
      default: stretch += 1
      }
    }

    private mutating func add(
      _ description: InputSectionDescription, _ output: NameID, _ isConditional: Bool,
      _ statement: SourceSpan
    ) {
      group += 1
      for pattern in description.sections {
        let text = names.bytes(pattern.pattern.name)
        let excluded = (description.file?.excludedFiles ?? []) + pattern.excludedFiles
        patterns.append(
          PlacedPattern(
            section: Glob(text), text: text,
            file: description.file.flatMap { file($0) }, isKept: description.isKept,
            excluded: Set(excluded.map { names.bytes($0.name) }),
            flags: description.flags.map {
              ($0.isNegated ? [UInt8(ascii: "!")] : []) + names.bytes($0.name.name)
            },
            output: output, isConditional: isConditional, group: group, stretch: stretch,
            span: pattern.pattern.span, statement: statement))
      }
    }

    /// The file pattern; `*` is every file.
    private func file(_ pattern: WildcardPattern) -> InputFilePattern? {
      let bytes = names.bytes(pattern.pattern.name)
      return bytes == [UInt8(ascii: "*")] ? nil : InputFilePattern(bytes)
    }
  }
}
