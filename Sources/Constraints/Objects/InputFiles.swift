// Where the inputs of a command lie: beside it, in the folders of -L, and how they are opened.

internal import LdsParser

/// Finds and opens the inputs of one link.
struct InputFiles {
  let command: LinkCommand
  let provider: any SourceProvider

  func open(_ path: FilePath) throws(LayoutStop) -> SourceBuffer {
    do throws(ReadError) {
      if let buffer = try provider.open(path) { return buffer }
    } catch {
      throw .unreadable(path, error)
    }
    throw .missing(path)
  }

  private func exists(_ path: FilePath) -> Bool {
    ((try? provider.open(path)) ?? nil) != nil
  }

  /// A file that a script names: for lld the one beside the script, if there is one.
  func besideScript(_ path: FilePath, _ script: FilePath) -> FilePath {
    let beside = script.directory.appending(path)
    return !path.isAbsolute && exists(command.workingDirectory.appending(beside)) ? beside : path
  }

  /// The name of an input as patterns see it, and its file.
  func place(_ input: LinkInput) throws(LayoutStop) -> ([UInt8], FilePath) {
    let folder = command.workingDirectory
    switch input.name {
    case .file(let path):
      if path.isAbsolute || exists(folder.appending(path)) {
        return (path.bytes, folder.appending(path))
      }
      // A file that a script names is looked for in the folders of -L.
      for search in command.searchPaths where exists(folder.appending(search.appending(path))) {
        let found = search.appending(path)
        return (found.bytes, folder.appending(found))
      }
      return (path.bytes, folder.appending(path))
    case .libraryFile(let name):
      for search in command.searchPaths {
        let path = search.appending(FilePath(bytes: name))
        if exists(folder.appending(path)) { return (path.bytes, folder.appending(path)) }
      }
      throw .refused("-l:\(String(decoding: name, as: UTF8.self)) is not in the folders of -L")
    case .library(let name):
      let stem = Array("lib".utf8) + name
      for search in command.searchPaths {
        let shared = search.appending(FilePath(bytes: stem + Array(".so".utf8)))
        if !input.treatment.contains(.archivesOnly), exists(folder.appending(shared)) {
          throw .refused("\(shared.display): shared libraries are not modelled")
        }
        let path = search.appending(FilePath(bytes: stem + Array(".a".utf8)))
        if exists(folder.appending(path)) { return (path.bytes, folder.appending(path)) }
      }
      throw .refused("-l\(String(decoding: name, as: UTF8.self)) is not in the folders of -L")
    }
  }

  /// A member of an archive as an object; in a thin archive it is a file beside it.
  func member(
    _ member: ObjectArchive.Member, of archive: ObjectArchive, at path: FilePath,
    names: inout NameTable
  ) throws(LayoutStop) -> ObjectFile {
    guard archive.isThin else {
      do throws(ReadError) {
        return try archive.object(member, names: &names)
      } catch {
        throw .unreadable(path, error)
      }
    }
    return try object(path.directory.appending(FilePath(bytes: member.name)), names: &names)
  }

  private func object(
    _ path: FilePath, names: inout NameTable
  ) throws(LayoutStop) -> ObjectFile {
    let buffer = try open(path)
    do throws(ReadError) {
      return try ObjectFile(buffer, names: &names)
    } catch {
      throw .unreadable(path, error)
    }
  }

  /// A file as an object.
  func object(
    _ buffer: SourceBuffer, at path: FilePath, names: inout NameTable
  ) throws(LayoutStop) -> ObjectFile {
    guard buffer.count >= 4, buffer.bytes(in: 0..<4) == [0x7F, 0x45, 0x4C, 0x46] else {
      throw .refused("\(path.display): neither an ELF object nor an archive")
    }
    do throws(ReadError) {
      return try ObjectFile(buffer, names: &names)
    } catch {
      throw error.id == .notAnObject
        ? .refused("\(path.display): \(error.message)") : .unreadable(path, error)
    }
  }

  /// A file as an archive; nil if it is none.
  func archive(
    _ buffer: SourceBuffer, at path: FilePath, names: inout NameTable
  ) throws(LayoutStop) -> ObjectArchive? {
    guard ObjectArchive.isOne(buffer) else { return nil }
    do throws(ReadError) {
      return try ObjectArchive(buffer, names: &names)
    } catch {
      throw .unreadable(path, error)
    }
  }
}
