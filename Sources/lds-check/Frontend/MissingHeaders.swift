// Where an include file lies that was not found: in a folder above the script, or in an `include` folder there.
//
//     samples/unaligned/boot.lds.S has #include "config.h": -I samples would have found samples/config.h

import Constraints
import LdsParser

/// Looks for a missing include file where build systems have such files. Nothing is opened.
struct MissingHeaders {
  /// Folders above the script that are looked at.
  private static let height = 8

  /// The script.
  let script: FilePath

  /// The folder in which `name` lies, for `-I`; nil if it is in none of those that are likely.
  func folder(of name: FilePath) -> FilePath? {
    guard !name.isAbsolute else { return nil }
    var folder = script.directory
    for _ in 0..<Self.height {
      for candidate in [folder, folder.appending(FilePath("include"))]
      where Self.isFile(candidate.appending(name)) {
        return candidate.bytes.isEmpty ? FilePath(".") : candidate
      }
      let above = folder.directory
      if above == folder { return nil }
      folder = above
    }
    return nil
  }

  /// How to have `name` found: `-I samples`; nil if it was not seen anywhere.
  func option(for name: FilePath) -> String? {
    folder(of: name).map { "-I \($0.display)" }
  }

  private static func isFile(_ path: FilePath) -> Bool {
    (try? SystemCalls.kind(of: path)) == .regular
  }
}

extension LoadedScript {
  /// Why a name has no value that neither the script nor the image gives one: the include file that may define it.
  func missingDefinition(of name: String) -> String? {
    guard let expansion, !expansion.missingIncludes.isEmpty else { return nil }
    let headers = MissingHeaders(script: path)
    var files: [String] = []
    for missing in expansion.missingIncludes.prefix(Self.named) {
      let option = headers.option(for: missing.path).map { " (\($0) would find it)" } ?? ""
      let text = "'\(missing.path.display)'\(option)"
      if !files.contains(text) { files.append(text) }
    }
    let more = expansion.missingIncludes.count > Self.named ? " and more" : ""
    return
      "'\(name)' has no value here: no file that was found defines it, and \(files.joined(separator: ", "))\(more) "
      + "\(files.count == 1 && more.isEmpty ? "is" : "are") missing; -I gives the folder, -D\(name)=VALUE the value"
  }

  /// Missing files that are named in one sentence.
  private static let named = 3
}
