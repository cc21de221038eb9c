// Which program a command runs, told by its name:
//
//     ld  aarch64-linux-gnu-ld.bfd  ld.lld-19  rust-lld  mold      linkers
//     cc  arm-none-eabi-gcc-12  clang++  rustc                     drivers, which run one

/// The program of a link command.
public enum LinkProgram: Sendable, Hashable {
  /// A linker whose options are those of GNU ld.
  public enum Linker: String, Sendable, Hashable, CaseIterable {
    /// `ld`, of which the name does not tell more.
    case unnamed = "ld"
    /// GNU ld.
    case bfd
    /// LLVM's lld.
    case lld
    /// gold.
    case gold
    /// mold, or its relative sold.
    case mold
  }

  /// A program that compiles and runs a linker.
  public enum Driver: String, Sendable, Hashable, CaseIterable {
    /// GCC, and `cc`, which has its options.
    case gcc
    /// Clang.
    case clang
    /// rustc, which runs a linker or a driver.
    case rustc
  }

  /// It links.
  case linker(Linker)
  /// It runs a linker.
  case driver(Driver)

  /// The program that a path names; nil if the name is of none that links.
  ///
  /// A prefix (`aarch64-linux-gnu-`) and a version (`-19`, `-2.44-arm`) may stand around the name.
  public init?(path: FilePath) {
    let dash = UInt8(ascii: "-")
    var parts = path.lastComponent.bytes.split(separator: dash, omittingEmptySubsequences: false)
    if let last = parts.last, last.suffix(4).elementsEqual(".exe".utf8) {
      parts[parts.count - 1] = last.dropLast(4)
    }
    // What follows the name is a version: `gcc-ar` is not gcc.
    for index in parts.indices.reversed() {
      guard let program = Self.names[String(decoding: parts[index], as: UTF8.self)] else {
        continue
      }
      if index + 1 < parts.count, !Self.isVersion(parts[index + 1]) { return nil }
      self = program
      return
    }
    return nil
  }

  /// The linker that a name says, as in `-fuse-ld=lld` and `-C linker-flavor=ld.lld`.
  init?(linkerNamed name: [UInt8]) {
    switch Self(path: FilePath(bytes: name)) {
    case .linker(let linker): self = .linker(linker)
    default:
      guard let linker = Linker(rawValue: String(decoding: name, as: UTF8.self)) else { return nil }
      self = .linker(linker)
    }
  }

  private static func isVersion(_ part: ArraySlice<UInt8>) -> Bool {
    part.first.map { (0x30...0x39).contains($0) } ?? false
  }

  private static let names: [String: LinkProgram] = [
    "ld": .linker(.unnamed), "collect2": .linker(.unnamed), "ld.bfd": .linker(.bfd),
    "ld.lld": .linker(.lld), "lld": .linker(.lld), "ld.gold": .linker(.gold),
    "gold": .linker(.gold), "ld.mold": .linker(.mold), "mold": .linker(.mold),
    "sold": .linker(.mold), "gcc": .driver(.gcc), "g++": .driver(.gcc), "cc": .driver(.gcc),
    "c++": .driver(.gcc), "gfortran": .driver(.gcc), "clang": .driver(.clang),
    "clang++": .driver(.clang), "rustc": .driver(.rustc),
  ]
}
