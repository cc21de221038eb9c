// Runs under `ulimit -v`: large files that are legal get their answer in a quarter of a gigabyte, and a run that is left
// too little says so.

import Foundation
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: !Sanitizer.isActive, "sanitizers reserve terabytes"))
struct MemoryLimitTests {
  /// 2 MB of map, 2.5 MB of symbols and a script of 1000 sections.
  private func largeFiles() throws -> FaultFolder {
    let folder = try FaultFolder()
    let made = try folder.shell(
      """
      awk '{ print } /^\\.text / { for (i = 0; i < 20000; i++) { a = 4096 + 16 * i
        printf " .text.f%d 0x%016x 0x10 f%d.o\\n                0x%016x                f%d\\n", i, a, i, a, i }
        }' boot.map >big.map
      awk 'BEGIN { for (i = 0; i < 75000; i++) printf "%016x T function_%d\\n", 16 * i, i }' >big.nm
      awk 'BEGIN { print "SECTIONS {"
        for (i = 0; i < 1000; i++) printf ".s%d : { a%d = .; *(.s%d) }\\n", i, i, i
        print "}"
        for (i = 0; i < 1000; i++) printf "ASSERT(a%d %% 16 == 0, \\"a%d\\")\\n", i, i }' >big.lds
      ls -l big.map big.nm big.lds | awk '{ print $5 > "/dev/stderr"; if ($5 < 60000) print "small" }'
      """)
    #expect(made.status == 0 && made.output == "", "\(made.errors)")
    return folder
  }

  private static let commands = [
    "symbols big.map", "eval big.map", "eval big.nm --script boot.lds", "lint big.lds",
    "lint big.lds big.map", "explain big.lds big.map", "diff big.map big.nm", "superpages big.map",
  ]

  private func run(_ words: String, kilobytes: Int, in folder: FaultFolder) throws -> ProgramRun {
    try folder.shell("ulimit -v \(kilobytes); exec \"$LDS_CHECK\" \(words)")
  }

  @Test func largeFilesAreReadInAQuarterOfAGigabyte() throws {
    let folder = try largeFiles()
    for command in Self.commands {
      let run = try run(command, kilobytes: 256 << 10, in: folder)
      #expect((0...1).contains(run.status), "\(command): \(run.status) \(run.errors)")
    }
  }

  @Test func tooLittleMemoryIsSaid() throws {
    let folder = try largeFiles()
    // The program itself takes as much.
    let least = try #require(
      try stride(from: 32 << 10, through: 128 << 10, by: 2 << 10).first {
        try run("--version", kilobytes: $0, in: folder).status == 0
      })
    var refusals = 0
    for command in ["symbols big.map", "eval big.nm --script boot.lds", "lint big.lds"] {
      for kilobytes in [0, 6 << 10, 12 << 10, 30 << 10].map({ least + $0 }) {
        let run = try run(command, kilobytes: kilobytes, in: folder)
        #expect((0...2).contains(run.status), "\(command) in \(kilobytes): \(run.status)")
        guard run.status == 2 else { continue }
        refusals += 1
        #expect(
          run.errors.contains("no memory for") || run.errors.contains("limit on memory"),
          "\(command) in \(kilobytes): \(run.errors)")
      }
    }
    #expect(refusals > 0)
  }

  @Test func endlessInputEnds() throws {
    let folder = try FaultFolder()
    let run = try folder.shell(
      "yes | (ulimit -v 300000; \"$LDS_CHECK\" eval -); exit ${PIPESTATUS[1]}")
    #expect(run.status == 2 && run.errors.contains("no memory for"), "\(run.errors)")
  }

  /// The file has holes only; nothing of it is read.
  @Test func aFileAboveTheLimitIsRefusedBySize() throws {
    let folder = try FaultFolder()
    for command in ["eval", "lint", "symbols", "parse"] {
      let run = try folder.shell(
        "truncate -s 4294967281 f; ulimit -v 300000; exec timeout 20 \"$LDS_CHECK\" \(command) f")
      #expect(run.status == 2)
      #expect(
        run.errors
          == "f: error: is larger than 4294967280 bytes, the limit for one input [file-too-large]\n"
      )
    }
  }
}
