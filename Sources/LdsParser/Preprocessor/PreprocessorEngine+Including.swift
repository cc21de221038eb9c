// `#include`: the name, the search for it in gcc's order, and files that need not be read again.

extension PreprocessorEngine {
  /// What is known of a file name.
  struct FileRecord {
    /// The name as the search made it, which is also what `__FILE__` gives.
    var path: FilePath
    /// The source, or nil if there is no such file.
    var source: UInt16?
    /// Name of the `#ifndef` around everything, or -1.
    var guardName = -1
    /// `#pragma once` or `#import`.
    var isOnce = false
    var wasEntered = false
  }

  /// A name in quotes or angle brackets.
  struct HeaderName {
    var name: [UInt8]
    var isAngled: Bool
  }

  /// `#include`, `#include_next`, `#import`.
  mutating func include(_ directive: Directive, _ hash: MacroToken) -> AfterDirective {
    wantsHeaderName = true
    let first = nextSolidToken()
    wantsHeaderName = false
    guard let header = readHeaderName(first: first), !header.name.isEmpty else {
      error(
        "bad-include", "#\(directive.spelling) needs a file name in quotes or angle brackets",
        at: first.kind == .end ? hash.span : first.span)
      return .nothing
    }
    let line = hash.span.extended(to: span(input.lastEnd, input.lastEnd))
    let isNext = directive == .includeNext && inputStack.count > 1
    guard let found = find(header, isNext: isNext) else {
      reportMissing(header, line)
      return .nothing
    }
    if directive == .importFile { readOnlyOnce(found.file) }
    return entry(found, at: line)
  }

  /// Decides whether the file found has to be read.
  private mutating func entry(_ found: (file: Int, nextFolder: Int), at line: SourceSpan)
    -> AfterDirective
  {
    let record = files[found.file]
    guard let source = record.source else { return .nothing }
    if record.guardName >= 0, isDefined(record.guardName) { return .nothing }
    if isReadOnce(found.file) { return .nothing }
    if inputStack.count > Limit.includeDepth {
      stop("#include nested deeper than \(Limit.includeDepth)", at: line)
      return .nothing
    }
    noteOpened(found.file)
    return .enter(source: source, file: found.file, nextFolder: found.nextFolder)
  }

  private mutating func noteOpened(_ file: Int) {
    guard let source = files[file].source, !files[file].wasEntered else { return }
    files[file].wasEntered = true
    openedFiles.append(SourceID(index: UInt32(source)))
  }

  /// Notes `#pragma once` or `#import`.
  mutating func readOnlyOnce(_ file: Int) {
    if files[file].isOnce { return }
    files[file].isOnce = true
    onceFiles.append(file)
  }

  /// Whether the file, or one with the same contents, was read and said `#pragma once`.
  private func isReadOnce(_ file: Int) -> Bool {
    if files[file].isOnce { return files[file].wasEntered }
    guard let source = files[file].source, let mine = readers[Int(source)] else { return false }
    return onceFiles.contains { index in
      let other = files[index]
      guard other.wasEntered, let theirs = other.source,
        let reader = readers[Int(theirs)], reader.count == mine.count
      else { return false }
      return reader.equal(0, mine, 0, length: mine.count)
    }
  }

  /// Whether files are missing and the run goes on without them.
  var lacksFiles: Bool {
    options.missingIncludes == .tolerate && !missingIncludes.isEmpty
  }

  private mutating func reportMissing(_ header: HeaderName, _ line: SourceSpan?) {
    let path = FilePath(bytes: header.name)
    missingIncludes.append(MissingInclude(path: path, span: line))
    let message = "include file '\(path.display)' is not found"
    switch options.missingIncludes {
    case .error: error(.missingInclude, message, at: line)
    case .tolerate: warning(.missingInclude, message, at: line)
    }
  }

  /// The file name that `first` and, if it came from a macro, the tokens after it spell.
  mutating func readHeaderName(first: MacroToken) -> HeaderName? {
    let spelling = text(first)
    switch first.kind {
    case .string where spelling.first == UInt8(ascii: "\""):
      return HeaderName(name: Array(spelling.dropFirst().dropLast()), isAngled: false)
    case .headerName:
      return HeaderName(name: Array(spelling.dropFirst().dropLast()), isAngled: true)
    case .less:
      var name: [UInt8] = []
      while true {
        let token = nextSolidToken()
        if token.kind == .end { return nil }
        if token.kind == .greater { return HeaderName(name: name, isAngled: true) }
        if token.flags.contains(.prevWhite) { name.append(0x20) }
        appendText(of: token, to: &name)
      }
    default:
      return nil
    }
  }

  /// The file a name stands for and where `#include_next` in it goes on.
  mutating func find(_ header: HeaderName, isNext: Bool) -> (file: Int, nextFolder: Int)? {
    let name = FilePath(bytes: header.name)
    if name.isAbsolute { return open(name).map { ($0, 0) } }
    var first = header.isAngled ? bracketStart : 0
    if isNext {
      first = input.nextFolder
    } else if !header.isAngled {
      let folder =
        input.file >= 0 ? files[input.file].path.directory : FilePath(bytes: [])
      if let file = open(folder.appending(name)) { return (file, 0) }
    }
    var index = first
    while index < searchChain.count {
      if let file = open(searchChain[index].appending(name)) { return (file, index + 1) }
      index += 1
    }
    return nil
  }

  /// The record of an existing file.
  private mutating func open(_ path: FilePath) -> Int? {
    if let known = fileIndex[path.bytes] { return files[known].source == nil ? nil : known }
    var record = FileRecord(path: path)
    do {
      // `./include/x.h` reads better in messages without its first part.
      let isDotted = path.bytes.starts(with: Array("./".utf8))
      let plain = isDotted ? FilePath(bytes: Array(path.bytes.dropFirst(2))) : path
      if let buffer = try provider.open(options.workingDirectory.appending(plain)) {
        record.source = UInt16(exactly: addSource(buffer).index)
      }
    } catch {
      self.error(
        "unreadable-include", "'\(path.display)' cannot be read: \(error.message)",
        at: placeOfInput)
    }
    files.append(record)
    fileIndex[path.bytes] = files.count - 1
    return record.source == nil ? nil : files.count - 1
  }

  /// Reads a file that `-include` or `-imacros` names.
  mutating func runNamedFile(_ path: FilePath, isPrinted: Bool) {
    let header = HeaderName(name: path.bytes, isAngled: false)
    guard let found = find(header, isNext: false) else {
      reportMissing(header, nil)
      return
    }
    guard case .enter(let source, let file, let nextFolder) = entry(found, at: placeOfInput) else {
      return
    }
    let saved = printer
    enter(source: source, file: file, nextFolder: nextFolder)
    print()
    if !isPrinted { printer = saved }
  }
}
