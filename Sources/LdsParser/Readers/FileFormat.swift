// The forms of input the program knows, told apart by content alone.

/// What a file is, judged by its bytes.
public enum FileFormat: Sendable, Hashable {
  /// A linker script, preprocessed or not.
  case script
  /// GNU ld `-Map`.
  case gnuMap
  /// lld `-Map`.
  case lldMap
  /// gold `-Map`.
  case goldMap
  /// mold `-Map`.
  case moldMap
  /// nm's default form; Linux's `System.map` is one.
  case nmBSD
  /// `nm -P`.
  case nmPosix
  /// `nm -f sysv`.
  case nmSysV
  /// Xen's `xen-syms.map`.
  case xenSymbols
  /// ELF image or object.
  case elf
  /// PE image: `MZ`, then `PE\0\0`.
  case peImage
  /// COFF object without a DOS header.
  case coffObject
  /// Static library, thin or not.
  case archive
  /// gzip around one of the others.
  case gzip
  /// A configuration of this program.
  case jsonConfig
  /// None of these; the reason is for people.
  case unknown(reason: String)
}
