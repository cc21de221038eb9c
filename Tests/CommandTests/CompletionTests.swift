// Completion scripts and the manual page know every command and option, and the shells accept them.

import Foundation
import TestSupport
import Testing

@testable import lds_check

struct CompletionTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func everyOptionIsCompleted(shell: String) throws {
    let run = try ProgramRun.run(["completion", shell])
    #expect(run.status == 0 && run.errors == "")
    for command in CommandTable.all {
      #expect(run.output.contains(command.name))
      for option in command.allOptions {
        for spelling in option.spellings {
          // fish writes `-l format`, `-s I`, `-o include`.
          let fish =
            spelling.hasPrefix("--")
            ? "-l \(spelling.dropFirst(2)) "
            : spelling.utf8.count == 2
              ? "-s \(spelling.dropFirst()) " : "-o \(spelling.dropFirst()) "
          #expect(run.output.contains(shell == "fish" ? fish : spelling), "\(spelling)")
        }
        for value in option.allowedValues { #expect(run.output.contains(value)) }
      }
    }
  }

  @Test func wrongShell() throws {
    let run = try ProgramRun.run(["completion", "basch"])
    #expect(run.status == 2)
    #expect(
      run.errors.contains("'SHELL' is one of bash, zsh, fish, not 'basch'; did you mean 'bash'?"))
    #expect(try ProgramRun.run(["completion"]).status == 2)
    #expect(try ProgramRun.run(["completion", "bash", "zsh"]).status == 2)
  }

  private func complete(_ words: String) throws -> String {
    try ProgramRun.shell(
      """
      exec bash --norc -c 'source <("$LDS_CHECK" completion bash)
      COMP_WORDS=(\(words)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lds_check
      echo "${COMPREPLY[*]}"'
      """
    ).output
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func bashCompletes() throws {
    #expect(try complete("lds-check comp") == "completion\n")
    #expect(try complete("lds-check completion \"\"") == "bash zsh fish\n")
    #expect(try complete("lds-check completion --qui") == "--quiet\n")
    #expect(try complete("lds-check -q comp") == "completion\n")
    #expect(try complete("lds-check completion --color = n") == "never\n")
  }

  @Test(.enabled(if: ExternalTool.has("groff"), "needs groff"))
  func manualPageIsGoodTroff() throws {
    let run = try ProgramRun.shell(
      "\"$LDS_CHECK\" --man | groff -man -Tascii -ww -P-c >/dev/null")
    #expect(run.errors == "")
    let page = try ProgramRun.run(["--man"])
    #expect(page.status == 0)
    for command in CommandTable.all {
      // A hyphen is a minus sign to troff unless it is escaped.
      let name = command.name.replacing("-", with: "\\-")
      #expect(page.output.contains(".SS \(name) "))
    }
  }
}
