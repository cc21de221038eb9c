// The logs of CI services and build tools around what a linker printed.

/// One way in which logs come.
struct LogDress: Sendable {
  let name: String
  /// The whole log, from the lines of a linker.
  let wear: @Sendable ([String]) -> String

  private init(_ name: String, _ wear: @escaping @Sendable ([String]) -> String) {
    self.name = name
    self.wear = wear
  }

  /// A dress that puts something before each line, with lines of a build around.
  private static func prefixed(
    _ name: String, head: [String] = ["cc -c -o a.o a.c"], tail: [String] = [],
    _ prefix: @escaping @Sendable (Int) -> String
  ) -> LogDress {
    LogDress(name) { lines in
      let all = head + lines + (tail.isEmpty ? ["make: *** [Makefile:12: boot.elf] Error 1"] : tail)
      return all.enumerated().map { prefix($0) + $1 }.joined(separator: "\n") + "\n"
    }
  }

  private static func two(_ number: Int) -> String {
    (number % 60 < 10 ? "0" : "") + "\(number % 60)"
  }

  static let all: [LogDress] = [
    LogDress("none") { $0.joined(separator: "\n") + "\n" },
    prefixed(
      "GitHub", head: ["##[group]Run make", "make", "##[endgroup]", "  LD      boot.elf"],
      tail: [
        "make: *** [Makefile:12: boot.elf] Error 1", "##[error]Process completed with exit code 2.",
      ]
    ) { "2026-01-02T03:04:\(two($0)).1234567Z " },
    prefixed("gh run view") { "build\tLink the kernel\t2026-01-02T03:04:\(two($0)).1234567Z " },
    prefixed("GitLab") { "2026-01-02T03:04:\(two($0)).123456Z \($0 % 2 == 0 ? "01O " : "00E ")" },
    LogDress("GitLab with sections") { lines in
      "section_start:1767323045:build\r\u{1B}[0K\u{1B}[0KBuild\n\u{1B}[32;1m$ make\u{1B}[0;m\n"
        + lines.joined(separator: "\n") + "\nsection_end:1767323046:build\r\u{1B}[0K"
        + "\u{1B}[31;1mERROR: Job failed: exit code 2\u{1B}[0;m\n"
    },
    prefixed("Jenkins") { "[2026-01-02T03:04:\(two($0)).123Z] " },
    prefixed("Jenkins, pipeline branches") { "[12:33:\(two($0))] [x86 build] " },
    prefixed("TeamCity") { "[12:33:\(two($0))]W:\t [Step 1/2] " },
    LogDress("Buildkite") { lines in
      lines.map { "\u{1B}_bk;t=1767323045123\u{07}\($0)\r\n" }.joined()
    },
    prefixed(
      "Azure", tail: ["##[error]Bash exited with code '2'."]
    ) { "2026-01-02T03:04:\(two($0)).1234567Z " },
    LogDress("colours") { lines in
      lines.map { line in
        guard let colon = line.firstIndex(of: ":") else { return line }
        return
          "\u{1B}[1m\(line[...colon])\u{1B}[0m\u{1B}[0;31m\(line[line.index(after: colon)...])\u{1B}[0m"
      }.joined(separator: "\n") + "\n"
    },
    prefixed("docker build") { "#12 \($0).\(two($0 + 10)) " },
    prefixed("docker compose") { _ in "kernel_1  | " },
    prefixed("nix") { _ in "kernel> " },
    prefixed("ts") { "Jan  2 03:04:\(two($0)) " },
    prefixed("journal") { "Jan  2 03:04:\(two($0)) builder make[123]: " },
    prefixed("bitbake") { _ in "| " },
    prefixed("MSBuild") { _ in "3>" },
    prefixed("ctest") { _ in "12: " },
    LogDress("ninja") { lines in
      ([
        "[1/2] Building C object a.o", "[2/2] Linking C executable boot.elf", "FAILED: boot.elf ",
        ": && /usr/bin/cc -T boot.lds -o boot.elf a.o && :",
      ] + lines
        + [
          "collect2: error: ld returned 1 exit status", "ninja: build stopped: subcommand failed.",
        ])
        .joined(separator: "\n") + "\n"
    },
    LogDress("cmake") { lines in
      ([
        "[ 50%] Building C object CMakeFiles/boot.dir/a.c.o",
        "[100%] Linking C executable boot.elf",
      ]
        + lines
        + [
          "collect2: error: ld returned 1 exit status",
          "make[2]: *** [CMakeFiles/boot.dir/build.make:97: boot.elf] Error 1",
          "make[1]: *** [CMakeFiles/Makefile2:83: CMakeFiles/boot.dir/all] Error 2",
          "make: *** [Makefile:91: all] Error 2",
        ]).joined(separator: "\n") + "\n"
    },
    LogDress("kbuild") { lines in
      (["  CC      init/main.o", "  LDS     arch/x86/xen.lds", "  LD      boot.elf"] + lines
        + [
          "make[2]: *** [arch/x86/Makefile:122: boot.elf] Error 1",
          "make: *** [Makefile:181: all] Error 2",
        ])
        .joined(separator: "\n") + "\n"
    },
    LogDress("cargo") { lines in
      let quoted = lines.enumerated().map { ($0 == 0 ? "  = note: " : "          ") + $1 }
      return
        ([
          "   Compiling boot v0.1.0 (/work/boot)",
          "error: linking with `rust-lld` failed: exit status: 1",
          "  |",
          "  = note:  \"rust-lld\" \"-flavor\" \"gnu\" \"a.o\" \"-o\" \"boot.elf\" \"-Tlink.x\"",
        ] + quoted
        + [
          "          ", "",
          "error: could not compile `boot` (bin \"boot\") due to 1 previous error",
        ])
        .joined(separator: "\n") + "\n"
    },
    LogDress("gcc") { lines in
      (["gcc -nostdlib -T boot.lds -o boot.elf a.o"] + lines
        + [
          "collect2: error: ld returned 1 exit status", "make: *** [Makefile:3: boot.elf] Error 1",
        ])
        .joined(separator: "\n") + "\n"
    },
    LogDress("clang") { lines in
      (["clang -fuse-ld=lld -T boot.lds -o boot.elf a.o"] + lines
        + ["clang: error: linker command failed with exit code 1 (use -v to see invocation)"])
        .joined(separator: "\r\n") + "\r\n"
    },
  ]
}
