// A link to lds-check that is called as a linker stands in front of the next one of that name in PATH, as ccache does:
//
//     ln -s $(command -v lds-check) tools/ld; gcc -B tools ...

import LdsParser

/// Recognises that we are called as somebody else.
enum Masquerade {
  /// The arguments that are meant: `wrap -- LINKER ARG...` where our name is a linker's or a driver's.
  static func arguments(_ given: [[UInt8]], calledAs path: FilePath) -> [[UInt8]] {
    let name = path.lastComponent
    guard LinkProgram(path: name) != nil, let real = next(called: name) else { return given }
    return [Array(WrapCommand.name.utf8), Array("--".utf8), real.bytes] + given
  }

  /// The first program of that name in PATH that is not us.
  private static func next(called name: FilePath) -> FilePath? {
    let own = SystemCalls.identity(of: FilePath("/proc/self/exe"))
    let folders = (Terminal.environment("PATH") ?? "/usr/bin:/bin").utf8.split(
      separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for folder in folders {
      let place = folder.isEmpty ? FilePath(".") : FilePath(bytes: Array(folder))
      let candidate = place.appending(name)
      guard let identity = SystemCalls.identity(of: candidate), identity != own,
        SystemCalls.isExecutable(candidate)
      else { continue }
      return candidate
    }
    return nil
  }
}
