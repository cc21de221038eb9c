// Which release of GNU ld wrote a map: what changed in its form.

extension LinkerEvidence {
  /// The release that the form of a GNU ld map tells. What the linker makes itself, which is something for x86-64 in any
  /// case, stands under `linker stubs` from 2.47 on; that nothing was discarded is said from 2.44 on (and not up to 2.40).
  static func gnuMap(_ header: GNUMapHeader, _ tables: borrowing GNUMapTables) -> LinkerEvidence {
    if tables.hasOwnFile {
      return LinkerEvidence(.bfd, .from2(47), words: "the form of a map of ld 2.47 or newer")
    }
    if header.deniesDiscarding {
      return tables.isForX86
        ? LinkerEvidence(
          .bfd, .between(LinkerVersion(2, 41), LinkerVersion(2, 44)),
          words: "the form of a map of ld 2.44")
        : LinkerEvidence(.bfd, .from2(41), words: "the form of a map of ld 2.44 or newer")
    }
    if !header.hasDiscarding {
      return LinkerEvidence(.bfd, .upTo2(43), words: "the form of a map of an ld before 2.44")
    }
    return tables.isForX86
      ? LinkerEvidence(.bfd, .upTo2(46), words: "the form of a map of an ld before 2.47")
      : LinkerEvidence(.bfd, words: "the form of a map of GNU ld")
  }
}
