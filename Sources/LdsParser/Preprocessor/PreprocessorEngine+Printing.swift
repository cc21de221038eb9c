// Tokens to text, with a blank exactly where gcc prints one: where the author left one, and where two
// tokens of different origin would join.

extension PreprocessorEngine {
  /// The text made so far.
  struct Printer {
    var bytes: [UInt8] = []
    var runs: [OriginTable.Run] = []
    /// Whether anything stands on the line.
    var lineHasText = false
    /// Whether padding came since the last token.
    var sawPadding = false
    /// The padding that decides about the blank: nil if it has no source.
    var padding: MacroToken?
    /// The token before on this line.
    var previous: (kind: MacroToken.Kind, isBackslash: Bool)?
  }

  /// A token starts a new line of the input.
  mutating func startLine(_ token: MacroToken) {
    if printer.lineHasText { printer.bytes.append(0x0A) }
    printer.lineHasText = true
    printer.previous = nil
    printer.padding = nil
    let column = Int(token.start) - input.lineStart + 1
    if column > 2, column < 4096 {
      printer.bytes.append(contentsOf: repeatElement(0x20, count: column - 2))
    }
  }

  /// Prints a token after expansion.
  mutating func show(_ token: MacroToken) {
    if token.kind == .padding {
      printer.sawPadding = true
      if let old = printer.padding {
        if !old.flags.contains(.prevWhite), !token.flags.contains(.hasSource) {
          printer.padding = nil
        }
      } else if token.flags.contains(.hasSource) {
        printer.padding = token
      }
      return
    }
    if needsBlank(before: token) { printer.bytes.append(0x20) }
    let isBackslash = token.kind == .other && startsWithBackslash(token)
    printer.previous = (token.kind, isBackslash)
    printer.padding = nil
    printer.sawPadding = false
    printer.lineHasText = true
    printer.runs.append(
      OriginTable.Run(
        offset: UInt32(truncatingIfNeeded: printer.bytes.count), spelled: token.span,
        call: token.callIndex))
    // Static, since a method would have to copy the engine while its printer changes.
    Self.appendText(of: token, made, readers, to: &printer.bytes)
    if printer.runs.count > options.expandedTokensLimit {
      stop(
        "more than \(options.expandedTokensLimit) tokens of expanded text", at: outermostSpan(token)
      )
    } else if printer.bytes.count > options.expandedBytesLimit {
      stop(
        "more than \(options.expandedBytesLimit >> 20) MiB of expanded text",
        at: outermostSpan(token))
    }
  }

  private func needsBlank(before token: MacroToken) -> Bool {
    guard printer.sawPadding else { return token.flags.contains(.prevWhite) }
    if (printer.padding ?? token).flags.contains(.prevWhite) { return true }
    guard let previous = printer.previous else { return token.kind == .hash }
    return wouldJoin(previous.kind, isBackslash: previous.isBackslash, token)
  }

  private func startsWithBackslash(_ token: MacroToken) -> Bool {
    firstByte(token) == UInt8(ascii: "\\")
  }

  private func firstByte(_ token: MacroToken) -> UInt8 {
    if token.made != 0 { return text(token).first ?? 0 }
    guard token.start < token.end else { return 0 }
    return readers[Int(token.source)]?[Int(token.start)] ?? 0
  }

  /// A string or character constant without a prefix such as `L`.
  private func isPlainQuoted(_ token: MacroToken) -> Bool {
    guard token.kind == .string || token.kind == .character else { return false }
    return firstByte(token) == UInt8(ascii: "\"") || firstByte(token) == UInt8(ascii: "'")
  }

  /// Whether two tokens side by side might be read as other tokens (gcc's cpp_avoid_paste, which errs on
  /// the side of a blank).
  private func wouldJoin(_ left: MacroToken.Kind, isBackslash: Bool, _ right: MacroToken) -> Bool {
    let first: UInt8 = right.kind.isPunctuation ? firstByte(right) : 0
    if left.joinsAssign, first == UInt8(ascii: "=") { return true }
    switch left {
    case .greater: return first == UInt8(ascii: ">")
    case .less:
      return first == UInt8(ascii: "<") || first == UInt8(ascii: "%") || first == UInt8(ascii: ":")
    case .plus: return first == UInt8(ascii: "+")
    case .minus: return first == UInt8(ascii: "-") || first == UInt8(ascii: ">")
    case .slash: return first == UInt8(ascii: "/") || first == UInt8(ascii: "*")
    case .percent: return first == UInt8(ascii: ":") || first == UInt8(ascii: ">")
    case .and: return first == UInt8(ascii: "&")
    case .or: return first == UInt8(ascii: "|")
    case .colon: return first == UInt8(ascii: ":") || first == UInt8(ascii: ">")
    case .arrow: return first == UInt8(ascii: "*")
    case .lessEqual: return first == UInt8(ascii: ">")
    case .dot:
      return first == UInt8(ascii: ".") || first == UInt8(ascii: "%") || right.kind == .number
    case .hash: return first == UInt8(ascii: "#") || first == UInt8(ascii: "%")
    case .identifier:
      return right.kind == .identifier || isPlainQuoted(right)
        || right.kind == .number && text(right).allSatisfy { isNameByte($0) }
    case .number:
      return right.kind == .number || right.kind == .identifier
        || right.kind == .character && isPlainQuoted(right)
        || first == UInt8(ascii: ".") || first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
    case .other: return isBackslash && right.kind == .identifier
    default: return false
    }
  }
}
