// Opens input files and reads them whole. Every fault names the file as the user wrote it.

import Glibc
import LdsParser

enum FileReader {
  /// What standard input is called in messages and reports.
  static let standardInputName = FilePath("<stdin>")

  /// The contents of an input that must be there.
  static func read(_ input: InputArgument) throws(ProgramError) -> SourceBuffer {
    if input.isStandardInput {
      return try read(StandardStream.input.rawValue, as: standardInputName)
    }
    return try read(input.path)
  }

  /// The contents of a file that must be there.
  static func read(_ path: FilePath) throws(ProgramError) -> SourceBuffer {
    guard let buffer = try readIfPresent(path) else {
      throw ProgramError("\(path.display): no such file")
    }
    return buffer
  }

  /// The contents of a file, nil if there is none.
  static func readIfPresent(_ path: FilePath) throws(ProgramError) -> SourceBuffer? {
    let descriptor: Int32
    do {
      descriptor = try SystemCalls.open(path, O_RDONLY)
    } catch {
      if error.isNoSuchFile { return nil }
      throw ProgramError("\(path.display): cannot read: \(error.message)")
    }
    defer { SystemCalls.close(descriptor) }
    return try read(descriptor, as: path)
  }

  private static func read(_ descriptor: Int32, as path: FilePath) throws(ProgramError)
    -> SourceBuffer
  {
    let bytes: [UInt8]
    do throws(SystemError) {
      if try SystemCalls.kind(of: descriptor) == .directory { throw SystemError(code: EISDIR) }
      bytes = try SystemCalls.readAll(descriptor, limit: Limit.fileBytes)
    } catch {
      throw ProgramError("\(path.display): cannot read: \(error.message)")
    }
    if bytes.count > Limit.fileBytes {
      throw ProgramError("\(path.display): larger than the limit of \(Limit.fileBytes) bytes")
    }
    return SourceBuffer(path: path, bytes: bytes)
  }
}
