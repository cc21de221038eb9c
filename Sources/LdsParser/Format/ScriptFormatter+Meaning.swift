// The second check of a formatter's work: that the linker reads the same script.

extension ScriptFormatter {
  /// Whether a linker reads the same in two scripts; nil where it would read neither.
  ///
  /// What the preprocessor made of them is compared token for token, and so are the two trees.
  public static func isSameReading(_ old: LinkerScript, _ new: LinkerScript) -> Bool {
    let oldText = old.sources.buffer(old.main)
    let newText = new.sources.buffer(new.main)
    let isExpanded = old.sources.origins(old.main)?.runs.isEmpty == false
    if isExpanded, !isSameText(oldText, newText) { return false }
    if old.isRefused || new.isRefused { return old.isRefused == new.isRefused }
    return ScriptWriter.bytes(of: old) == ScriptWriter.bytes(of: new)
  }

  /// Whether two expanded texts hold the same tokens.
  private static func isSameText(_ old: SourceBuffer, _ new: SourceBuffer) -> Bool {
    let source = SourceID(index: 0)
    let oldBytes = old.bytes(in: 0..<old.count)
    let newBytes = new.bytes(in: 0..<new.count)
    if oldBytes == newBytes { return true }
    do throws(LayoutFault) {
      let tokens = try LayoutScanner.scan(oldBytes, in: source, isPreprocessed: false)
      try LayoutComparison(source: source, isPreprocessed: false)
        .check(oldBytes, tokens, newBytes)
      return true
    } catch {
      // Brackets that do not fit together in either text: all that can be compared is what is not blank.
      return error.diagnostic.id != "format-difference"
        && oldBytes.filter { !LayoutScanner.isBlank($0) }
          == newBytes.filter { !LayoutScanner.isBlank($0) }
    }
  }
}
