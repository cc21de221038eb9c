// What a run leaves behind: what it was asked to write, and nothing else. No program is started, nothing is
// sent anywhere.

import Foundation
import TestSupport
import Testing

struct FootprintTests {
  /// One system call in a trace, such as `12 openat(AT_FDCWD, "a", O_RDONLY) = 3`.
  private struct Call {
    let name: Substring
    let text: Substring

    init?(_ line: Substring) {
      guard let open = line.firstIndex(of: "(") else { return nil }
      name = line[..<open].split(separator: " ").last ?? ""
      text = line
    }

    /// The paths it names.
    var paths: [Substring] {
      text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map(\.element)
    }

    private static let changing: Set<Substring> = [
      "creat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
      "link", "linkat", "symlink", "symlinkat", "chmod", "fchmodat", "chown", "fchownat",
      "truncate",
      "mknod", "mknodat", "utimensat", "setxattr",
    ]

    /// Whether it makes or changes a file by name.
    var isChange: Bool {
      Self.changing.contains(name)
        || (name == "open" || name == "openat")
          && ["O_WRONLY", "O_RDWR", "O_CREAT"].contains { text.contains($0) }
    }
  }

  private static let strace = ExternalTool.path("strace") ?? "strace"
  /// Containers may forbid tracing.
  private static let canTrace =
    !Sanitizer.writesFiles
    && (try? ProgramRun.tool(strace, ["-qq", "-e", "trace=none", "/bin/true"]))?.status == 0

  private func trace(_ words: String, in folder: FaultFolder) throws -> [Call] {
    let run = try folder.shell(
      """
      export ASAN_OPTIONS=detect_leaks=0
      \(Self.strace) -f -qq -s 300 -o trace -e trace=%file,%process,%network "$LDS_CHECK" \(words) >/dev/null
      """)
    #expect((0...1).contains(run.status), "\(words): \(run.errors)")
    let calls = (folder.folder.text("trace") ?? "").split(separator: "\n").compactMap(Call.init)
    #expect(calls.contains { $0.name == "execve" })
    return calls
  }

  @Test(
    .enabled(if: canTrace),
    arguments: [
      "eval boot.map", "eval boot.lds boot.nm --format json", "lint boot.lds boot.map",
      "explain boot.map boot.lds",
      "superpages boot.map", "parse boot.lds", "symbols boot.map", "diff boot.map boot.nm", "rules",
      "completion bash", "--help",
    ])
  func aRunThatIsToldToWriteNothingWritesNothing(_ words: String) throws {
    let calls = try trace(words, in: try FaultFolder())
    expectNoPrograms(calls)
    for call in calls where call.isChange { #expect(!call.isChange, "\(call.text)") }
  }

  @Test(.enabled(if: canTrace)) func filesAreWrittenInTheirFoldersOnly() throws {
    let folder = try FaultFolder()
    _ = try folder.shell("mkdir a b c d")
    let calls = try trace(
      "eval boot.map -o a/out -o sarif=b/out --history c/out --write-baseline d/out", in: folder)
    expectNoPrograms(calls)
    let paths = calls.filter(\.isChange).flatMap(\.paths)
    let folders = Set(paths.map { $0.split(separator: "/").first ?? "" })
    #expect(folders == ["a", "b", "c", "d"], "\(paths)")
    #expect(try folder.newNames() == ["a", "b", "c", "d", "trace"])
  }

  private func expectNoPrograms(_ calls: [Call]) {
    #expect(calls.count { $0.name == "execve" } == 1)
    for call in calls {
      let isThread = call.text.contains("CLONE_THREAD")
      #expect(
        !["fork", "vfork", "clone", "clone3"].contains(call.name) || isThread, "\(call.text)")
      #expect(!["socket", "connect", "bind"].contains(call.name), "\(call.text)")
    }
  }

  /// One call of `contains(_: String)` brings a megabyte of regular expressions into a packaged program.
  @Test(.enabled(if: ExternalTool.has("nm"), "needs nm"))
  func programHasNoRegularExpressions() throws {
    let names = try ProgramRun.tool("nm", ["-u", ProgramRun.program]).output
      .split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(names.contains { $0.hasPrefix("U $sS") })
    #expect(names.filter { $0.contains("_StringProcessing") } == [])
  }

  /// A program may be started in two places only: where an option names it, and where wrap stands before it.
  @Test func sourcesStartNoPrograms() throws {
    let starters = /\b(posix_spawnp?|exec[lv]p?e?|fexecve|v?fork|popen|system|dlopen|Process)\(/
    var files: [String] = []
    for file in Checkout.swiftFiles(under: "Sources") {
      let code = try Checkout.text(file).split(separator: "\n").filter {
        !$0.drop(while: { $0 == " " }).hasPrefix("//")
      }
      if code.contains(where: { $0.contains(starters) && !$0.contains("\"") }) {
        files.append(file)
      }
    }
    #expect(files.allSatisfy { $0.hasPrefix("Sources/lds-check/Terminal/") }, "\(files)")
    // The compiler that --cc names, and the linker behind wrap.
    #expect(files.count <= 2, "\(files)")
  }
}
