// `--cc` and `--target`: whose predefined macros count.

import Foundation
import TestSupport
import Testing

struct CompilerQuestionTests {
  private func folder(_ script: String = "#ifdef __riscv\na = 1;\n#endif\nb = MADE;\n") throws
    -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    try folder.write("x.lds.S", script)
    return folder
  }

  /// A compiler of shell.
  private func compiler(_ folder: TemporaryFolder, _ lines: String) throws -> String {
    let path = try folder.write("my cc", "#!/bin/sh\n\(lines)\n")
    _ = try ProgramRun.shell("chmod +x '\(path)'")
    return path
  }

  private func expand(_ folder: TemporaryFolder, _ arguments: String...) throws -> ProgramRun {
    try ProgramRun.run(["parse", "--expand", "x.lds.S"] + arguments, folder: folder.path)
  }

  @Test func theCompilerIsAsked() throws {
    let folder = try folder("#include <own.h>\nb = MADE;\n")
    try folder.write("own.h", "#define OWN 7\nc = OWN;\n")
    _ = try ProgramRun.shell("mkdir include && mv own.h include", folder: folder.path)
    let path = try compiler(
      folder,
      """
      echo '#define MADE 5'
      echo '#include <...> search starts here:' >&2
      echo ' \(folder.path)/include' >&2
      echo 'End of search list.' >&2
      printf '%s\\n' "$@" > '\(folder.path)/arguments'
      """)
    let run = try expand(folder, "--cc", path)
    #expect(run.output == "c = 7;\nb = 5;\n" && run.status == 0, "\(run)")
    let none = try expand(folder, "--cc", path, "-nostdinc")
    #expect(none.errors.contains("'own.h' is not found"), "\(none)")
  }

  @Test func flagsOfKbuildAndOfTheUserGoToTheCompiler() throws {
    let folder = try folder()
    let path = try compiler(
      folder,
      "printf '%s\\n' \"$@\" > '\(folder.path)/arguments'\necho '#define MADE 5'")
    try folder.write(
      ".x.lds.cmd",
      "cmd_x.lds := gcc -E -P -nostdinc -m32 -mabi=ilp32 -O2 -fplugin=evil.so -DX=1 -Iinclude "
        + "-MD -MF out.d -fno-PIE -x assembler-with-cpp -o x.lds x.lds.S\n")
    let run = try expand(folder, "--cc", "'\(path)' -mine")
    #expect(run.output == "b = 5;\n", "\(run)")
    let arguments = try String(contentsOfFile: folder.path + "/arguments", encoding: .utf8)
    #expect(
      arguments.split(separator: "\n").joined(separator: " ")
        == "-mine -m32 -mabi=ilp32 -O2 -fno-PIE -nostdinc -dM -E -v -x assembler-with-cpp /dev/null"
    )
  }

  @Test(arguments: [
    ("exit 3", "exit status 3"), ("echo 'cc: error: no such flag' >&2; exit 1", "no such flag"),
    ("kill -9 $$", "killed by signal 9"), ("echo hello", "no C compiler"),
    ("echo '#define A 1'; yes '#define B 1'", "more than 4 MiB"),
  ])
  func faultsOfTheCompilerAreSaid(lines: String, words: String) throws {
    let folder = try folder()
    let run = try expand(folder, "--cc", try compiler(folder, lines))
    #expect(run.status == 2 && run.output == "" && run.errors.contains(words), "\(run)")
  }

  @Test func aMissingCompilerIsSaid() throws {
    let run = try expand(try folder(), "--cc", "/nowhere/gcc")
    #expect(run.status == 2 && run.errors.contains("No such file or directory"), "\(run)")
  }

  @Test func theTargetHasATable() throws {
    let folder = try folder()
    #expect(try expand(folder, "--target=riscv64-linux-gnu").output == "a = 1;\nb = MADE;\n")
    #expect(try expand(folder, "--target", "x86_64").output == "b = MADE;\n")
    let unknown = try expand(folder, "--target=vax-dec-vms")
    #expect(
      unknown.status == 2 && unknown.errors.contains("vax") && unknown.errors.contains("riscv64"),
      "\(unknown)")
  }
}
