// Rules of the house that a machine can check.

import Foundation
import TestSupport
import Testing

struct TidyTests {
  private static let libraries = ["Sources/LdsParser", "Sources/Constraints"]

  private func lines(of file: String) throws -> [Substring] {
    try Checkout.text(file).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func sourcesDoWithoutFoundation() throws {
    let files = Checkout.swiftFiles(under: "Sources")
    #expect(files.count > 20)
    for file in files {
      for line in try lines(of: file) where line.contains("import") {
        #expect(!line.hasSuffix("import Foundation"), "\(file)")
        #expect(!line.hasSuffix("import FoundationEssentials"), "\(file)")
      }
    }
  }

  @Test func librariesPrintNothing() throws {
    for file in Self.libraries.flatMap({ Checkout.swiftFiles(under: $0) }) {
      for line in try lines(of: file) {
        let code = line.drop { $0 == " " }
        // A method without arguments may be called that; the standard function has something to say.
        let isPrint = code.hasPrefix("print(") && !code.hasPrefix("print()")
        #expect(!isPrint && !code.contains(" Swift.print("), "\(file): \(line)")
      }
    }
  }

  @Test func systemCallsStandInFewFiles() throws {
    let raw = [
      "Sources/LdsParser/Source/", "Sources/LdsParser/Files/", "Sources/lds-check/Terminal/",
      "Sources/lds-check/LdsCheck.swift",
    ]
    for file in Checkout.swiftFiles(under: "Sources")
    where !raw.contains(where: { file.hasPrefix($0) }) {
      #expect(!(try lines(of: file).contains("import Glibc")), "\(file)")
    }
  }

  @Test func filesStartWithASentenceAndStayReadable() throws {
    for file in Checkout.swiftFiles(under: "Sources") {
      let text = try lines(of: file)
      #expect(text.first?.hasPrefix("// ") == true, "\(file) does not say what it is for")
      #expect(text.count <= 400, "\(file) has \(text.count) lines")
    }
  }

  @Test func firstCommandsOfTheReadmeAreWhatCIRuns() throws {
    let readme = try Checkout.text("README.md")
    let block = try #require(readme.split(separator: "```sh\n", maxSplits: 1).dropFirst().first)
    let commands = block.split(separator: "```").first?.split(separator: "\n") ?? []
    #expect(commands.count == 2)
    let script = try Checkout.text(".ci/run")
    for command in commands { #expect(script.contains(command), "\(command)") }
    // Whoever reads the output finds the test runner's closing line at its end.
    #expect(script.hasSuffix("\ntail -n 1 \"$logs/tests\"\nexit \"$status\"\n"))
  }

  @Test func readmeNamesWhatExists() throws {
    let readme = try Checkout.text("README.md")
    for word in readme.split(whereSeparator: { " `\n".contains($0) })
    where word.hasPrefix("samples/") {
      // A place in a message ends in its line and column, a sentence in a full stop.
      let path = String(
        word.prefix { !":;,)".contains($0) }.reversed().drop { $0 == "." }.reversed())
      #expect(FileManager.default.fileExists(atPath: Checkout.path(path)), "\(word)")
    }
  }
}
