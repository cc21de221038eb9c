// From `xen.lds:240` of a linker's message to the author's line: the linker read the preprocessed script, in
// which lines mean nothing.

import Constraints
import LdsParser

/// Places of messages in the sources of one script.
struct LogPlaces {
  /// The script's sources with the files that messages name.
  private(set) var sources: SourceSet
  private let script: LoadedScript
  private var files: [[UInt8]: SourceID] = [:]
  private var alignments: [[UInt8]: TextAlignment] = [:]

  init(_ script: LoadedScript) {
    self.script = script
    sources = script.script.sources
  }

  /// The text that a message is about; nil if its file cannot be found or is of another state of the script.
  mutating func span(of message: LinkerMessage) -> SourceSpan? {
    guard let file = message.file, let line = message.line else { return nil }
    let path = FilePath(bytes: file)
    if script.expansion == nil {
      guard path.lastComponent.bytes == script.path.lastComponent.bytes else { return nil }
      return lineSpan(script.script.main, line)
    }
    guard let (source, alignment) = preprocessed(path) else { return nil }
    let range = sources.lineRange(source, line: line)
    return range.isEmpty ? nil : alignment.expandedSpan(at: range.lowerBound)
  }

  private func lineSpan(_ source: SourceID, _ line: Int) -> SourceSpan? {
    let range = sources.lineRange(source, line: line)
    guard !range.isEmpty else { return nil }
    let text = sources.buffer(source).bytes(in: range)
    let blanks = text.prefix { $0 == 0x20 || $0 == 0x09 }.count
    return SourceSpan(
      source: source, start: UInt32(clamping: range.lowerBound + blanks),
      end: UInt32(clamping: range.upperBound))
  }

  /// The file that the linker read: as it is named, or by its name beside the script.
  private mutating func preprocessed(_ path: FilePath) -> (SourceID, TextAlignment)? {
    if let source = files[path.bytes], let alignment = alignments[path.bytes] {
      return (source, alignment)
    }
    let beside = script.path.directory.appending(path.lastComponent)
    guard let expansion = script.expansion,
      let buffer = (try? FileInput.read(path)) ?? (try? FileInput.read(beside))
    else { return nil }
    let source = sources.add(buffer)
    let alignment = TextAlignment(of: source, to: expansion.source, in: sources)
    files[path.bytes] = source
    alignments[path.bytes] = alignment
    return (source, alignment)
  }
}
