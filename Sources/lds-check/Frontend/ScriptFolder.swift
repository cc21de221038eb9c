// The linker scripts below a folder: by the patterns of a configuration, or by what linker scripts are called.

import Constraints
import LdsParser

enum ScriptFolder {
  /// How names of linker scripts end, before and after preprocessing.
  private static let endings = [".ld", ".lds", ".ld.S", ".lds.S", ".x", ".lnk"]
    .map { Array($0.utf8) }

  /// Whether a file is called as linker scripts are.
  static func isScriptName(_ path: FilePath) -> Bool {
    let name = path.lastComponent.bytes
    return endings.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
  }

  /// The scripts below `folder`, in order of their names. Folders whose names begin with a dot, and symbolic links,
  /// are left out.
  ///
  /// - Throws: a folder that cannot be read, or more entries than ``Limit/folderEntries``.
  static func scripts(
    below folder: FilePath, _ configuration: LoadedConfiguration?
  ) throws -> [FilePath] {
    let naming = configuration?.naming ?? .asGiven
    let files = configuration?.configuration.files ?? []
    let exclude = configuration?.configuration.exclude ?? []
    var found: [FilePath] = []
    var open = [folder]
    var entries = 0
    while let next = open.popLast() {
      var inner: [FilePath] = []
      for name in try names(in: next) where name.bytes.first != UInt8(ascii: ".") {
        entries += 1
        if entries > Limit.folderEntries {
          throw ProgramError(
            "\(folder.display): more than \(Limit.folderEntries) files",
            hint: "name folders below it, or leave some out with \"exclude\" in .lds-check.json")
        }
        let path = next.bytes == [UInt8(ascii: ".")] ? name : next.appending(name)
        let kind = try? SystemCalls.kindOfEntry(path)
        guard kind == .directory || kind == .regular else { continue }
        let seen = exclude.isEmpty && files.isEmpty ? path : FilePath(naming.name(path))
        if exclude.contains(where: { $0.matches(seen) }) { continue }
        if kind == .directory {
          inner.append(path)
        } else if files.isEmpty ? isScriptName(path) : files.contains(where: { $0.matches(seen) }) {
          found.append(path)
        }
      }
      open += inner.reversed()
    }
    return found
  }

  private static func names(in folder: FilePath) throws -> [FilePath] {
    do {
      return try SystemCalls.names(in: folder)
    } catch {
      throw ProgramError("\(folder.display): cannot read the folder: \(error.message)")
    }
  }
}
