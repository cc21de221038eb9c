// The only way out: bytes are gathered and written in large pieces. Writing itself never throws; a fault
// is kept and reported once, at the end.

import Glibc
import LdsParser

/// A fault of writing, with the name of what was written to.
struct OutputError: Error, Equatable {
  let target: String
  let reason: SystemError
}

/// A stream of bytes to standard output, standard error, or a file.
final class Output {
  private enum Target {
    case stream(StandardStream)
    case file(AtomicFile)
    case memory
  }

  /// Written when this much has gathered.
  private static let chunk = 1 << 16

  private let target: Target
  private var buffer: [UInt8] = []
  private var failure: SystemError?

  /// Writes to a standard stream.
  init(_ stream: StandardStream) {
    target = .stream(stream)
  }

  /// Writes to `path`, which is changed by ``finish()`` only.
  init(file path: FilePath) throws(OutputError) {
    do {
      target = .file(try AtomicFile(path: path))
    } catch {
      throw OutputError(target: path.display, reason: error)
    }
  }

  private init(target: Target) {
    self.target = target
  }

  /// Keeps everything, for tests: see ``contents``.
  static func inMemory() -> Output { Output(target: .memory) }

  /// What is gathered and not written yet; of an output in memory, everything.
  var contents: [UInt8] { buffer }

  /// Whether nothing but blanks stands on the line so far.
  var isAtLineStart: Bool {
    let last = buffer.last { $0 != 0x20 }
    return last == nil || last == 0x0A
  }

  /// Columns there are for text.
  var width: Int {
    if case .stream(let stream) = target { return Terminal.width(stream) }
    return Terminal.defaultWidth
  }

  /// Whether a person looks at it.
  var isTerminal: Bool {
    if case .stream(let stream) = target { return Terminal.isTerminal(stream) }
    return false
  }

  func write(_ bytes: some Sequence<UInt8>) {
    if failure != nil { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.chunk { flush() }
  }

  func write(_ text: String) {
    write(text.utf8)
  }

  /// Writes text of a script: byte for byte, but harmless where a person looks at it.
  func write(sourceText bytes: [UInt8]) {
    if isTerminal { write(DisplayText.sourceText(bytes)) } else { write(bytes) }
  }

  /// Hands on what has gathered.
  func flush() {
    guard let descriptor, failure == nil, !buffer.isEmpty else { return }
    do {
      try SystemCalls.write(buffer[...], to: descriptor)
    } catch {
      failure = error
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the rest; a file takes its place only now.
  ///
  /// - Throws: the first fault of all writing. That the reader went away (`| head`) is none.
  func finish() throws(OutputError) {
    flush()
    if failure == nil, case .file(let file) = target {
      do { try file.commit() } catch { failure = error }
    }
    if let failure, !failure.isClosedPipe {
      throw OutputError(target: name, reason: failure)
    }
  }

  /// Forgets what a file would have become; what a stream has gathered is still written.
  func abandon() {
    if case .file(let file) = target { file.discard() } else { flush() }
  }

  private var descriptor: Int32? {
    switch target {
    case .stream(let stream): stream.rawValue
    case .file(let file): file.descriptor
    case .memory: nil
    }
  }

  private var name: String {
    switch target {
    case .stream(.error): "standard error"
    case .stream: "standard output"
    case .file(let file): file.path.display
    case .memory: "memory"
    }
  }
}
