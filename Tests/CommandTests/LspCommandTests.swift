// The language server as editors run it: a recording, real clients, streams that break off.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

@testable import lds_check

@Suite struct LspCommandTests {
  /// A folder as after a build: the samples, the map of the next build beside them.
  private func built() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, source) in [
      ("boot.lds.S", "samples/boot.lds.S"), ("config.h", "samples/config.h"),
      ("boot.map", "samples/sound/boot.map"), ("boot.map.next", "samples/grown/boot.map"),
    ] {
      try folder.write(name, try Checkout.bytes(source))
    }
    let unaligned = folder.path("unaligned")
    try FileManager.default.createDirectory(atPath: unaligned, withIntermediateDirectories: true)
    for name in ["boot.lds.S", "boot.map"] {
      try folder.write("unaligned/" + name, try Checkout.bytes("samples/unaligned/" + name))
    }
    return folder
  }

  // MARK: - A recording

  private func framed(_ text: String) -> String {
    "Content-Length: \(text.utf8.count)\r\n\r\n\(text)"
  }

  /// The messages of a stream, each on a line.
  private func messages(_ output: String) -> [String] {
    var framing = MessageFraming()
    framing.append(output.utf8)
    var result: [String] = []
    while let body = try? framing.next() { result.append(String(decoding: body, as: UTF8.self)) }
    return result
  }

  @Test func aRecordedSessionIsAnsweredTheSame() throws {
    let folder = try built()
    let uri = "file://\(folder.path("boot.lds.S"))"
    let text = JSONValue.string(try Checkout.text("samples/boot.lds.S"))
    let document = #""textDocument":{"uri":"\#(uri)"}"#
    func place(_ line: Int, _ character: Int) -> String {
      #""position":{"line":\#(line),"character":\#(character)}"#
    }
    let all = #""range":{"start":{"line":0,"character":0},"end":{"line":200,"character":0}}"#
    let requests = [
      #""method":"initialize","params":{"capabilities":{}}"#,
      #""method":"textDocument/hover","params":{\#(document),\#(place(18, 7))}"#,
      #""method":"textDocument/hover","params":{\#(document),\#(place(33, 14))}"#,
      #""method":"textDocument/definition","params":{\#(document),\#(place(33, 14))}"#,
      #""method":"textDocument/references","params":{\#(document),\#(place(34, 5)),"context":{"includeDeclaration":true}}"#,
      #""method":"textDocument/rename","params":{\#(document),\#(place(34, 5)),"newName":"text_is_over"}"#,
      #""method":"textDocument/codeLens","params":{\#(document)}"#,
      #""method":"textDocument/inlayHint","params":{\#(document),\#(all)}"#,
      #""method":"textDocument/documentSymbol","params":{\#(document)}"#,
      #""method":"textDocument/foldingRange","params":{\#(document)}"#,
      #""method":"textDocument/formatting","params":{\#(document),"options":{"tabSize":2,"insertSpaces":true}}"#,
      #""method":"textDocument/nothing","params":{\#(document)}"#,
      #""method":"shutdown""#,
    ]
    var input = ""
    for (index, request) in requests.enumerated() {
      input += framed(#"{"jsonrpc":"2.0","id":\#(index + 1),\#(request)}"#)
      guard index == 0 else { continue }
      let opened = String(decoding: text.bytes, as: UTF8.self)
      input += framed(
        #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"\#(uri)","version":1,"text":\#(opened)}}}"#
      )
    }
    input += framed(#"{"jsonrpc":"2.0","method":"exit"}"#)
    let run = try ProgramRun.run(["lsp", folder.path("boot.map")], input: input)
    #expect(run.status == 0 && run.errors.isEmpty)
    var recording = ""
    for (index, answer) in messages(run.output).enumerated() {
      recording += "> \(index < requests.count ? requests[index] : "")\n< \(answer)\n"
    }
    expectSnapshot(
      recording.replacingOccurrences(of: folder.path, with: "/FOLDER")
        .replacingOccurrences(of: Version.number, with: "VERSION"), named: "lsp-session.txt")
  }

  /// What the configuration says counts as for lint: macros, and files that do not lie beside the script.
  @Test func theConfigurationNamesImagesAndMacros() throws {
    let folder = try TemporaryFolder()
    for inner in ["build", "build/deep", "boards"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(inner), withIntermediateDirectories: true)
    }
    let text = "#ifdef BOARD\nSECTIONS { . = 0x20; a = .; }\nASSERT(a <= 0x30, \"high\")\n#endif\n"
    try folder.write("boards/x.lds.S", text)
    try folder.write("build/deep/image.nm", "0000000000000020 T a\n")
    try folder.write(
      ".lds-check.json", #"{"define":["BOARD"],"images":["build/**/*.nm"],"objects":["*.o"]}"#)
    let uri = "file://\(folder.path("boards/x.lds.S"))"
    let opened = String(decoding: JSONValue.string(text).bytes, as: UTF8.self)
    let input = [
      #""id":1,"method":"initialize","params":{"capabilities":{}}"#,
      #""method":"textDocument/didOpen","params":{"textDocument":{"uri":"\#(uri)","version":1,"text":\#(opened)}}"#,
      #""id":2,"method":"textDocument/codeLens","params":{"textDocument":{"uri":"\#(uri)"}}"#,
    ].map { framed(#"{"jsonrpc":"2.0",\#($0)}"#) }.joined()
    let run = try ProgramRun.run(["lsp"], input: input)
    #expect(run.output.contains("holds, 16 bytes"), "\(run.output)")
  }

  // MARK: - Streams that break off

  @Test(arguments: [
    ("", 0), ("Content-Length: 5", 0), ("Content-Length: 500\r\n\r\n{}", 0),
    ("Content-Length: 4294967296000\r\n\r\n{}", 2), ("nonsense\r\n\r\n", 2),
    ("Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}", 1),
  ])
  func brokenStreamsEndCleanly(_ input: String, _ status: Int) throws {
    let run = try ProgramRun.run(["lsp"], input: input)
    #expect(run.status == status, "\(input): \(run.errors)")
    #expect(run.errors.isEmpty == (status != 2))
  }

  @Test func aReaderThatWentAwayIsNoFault() throws {
    let request = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#
    let line =
      "i=0; while [ $i -lt 2000 ]; do printf 'Content-Length: \(request.utf8.count)\\r\\n\\r\\n"
      + request + "'; i=$((i+1)); done "
      + "| { \"$LDS_CHECK\" lsp; echo $? >&2; } | head -c 10 >/dev/null"
    let run = try ProgramRun.shell(line)
    #expect(run.errors.hasSuffix("0\n"), "\(run.errors)")
  }

  // MARK: - Real clients

  private static let hasNeovim = (try? ProgramRun.shell("command -v nvim"))?.status == 0
  private static let python: String? = {
    let named = ProcessInfo.processInfo.environment["LDS_CHECK_PYTHON"]
    return [named, "python3"].compactMap { $0 }.first {
      (try? ProgramRun.shell("\($0) -c 'import pygls.lsp.client'"))?.status == 0
    }
  }()

  @Test(.enabled(if: hasNeovim))
  func neovimDrivesIt() throws {
    let folder = try built()
    // The program under its usual name.
    let bin = folder.path("bin")
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: bin + "/lds-check", withDestinationPath: ProgramRun.program)
    let configuration = Checkout.path("samples/editors/lds-check.lua")
    let client = Checkout.path("Tests/CommandTests/Inputs/neovim_client.lua")
    let run = try ProgramRun.shell(
      "timeout 300 nvim --headless -i NONE -u '\(configuration)' boot.lds.S -c 'luafile \(client)'",
      folder: folder.path,
      environment: ["PATH": "\(bin):/usr/bin:/bin", "HOME": folder.path])
    #expect(run.status == 0 && run.output.contains("OK"), "\(run.output)\(run.errors)")
  }

  @Test(.enabled(if: python != nil))
  func pyglsDrivesIt() throws {
    let folder = try built()
    let client = Checkout.path("Tests/CommandTests/Inputs/pygls_client.py")
    let run = try ProgramRun.shell(
      "timeout 300 \(Self.python ?? "python3") '\(client)' \"$LDS_CHECK\" '\(folder.path)'",
      folder: folder.path)
    #expect(run.status == 0 && run.output.contains("OK"), "\(run.output)\(run.errors)")
  }

  // MARK: - Editors

  @Test func extensionIsPackedWithoutNetwork() throws {
    guard (try ProgramRun.shell("command -v zip && command -v unzip")).status == 0 else { return }
    let folder = try TemporaryFolder()
    let script = Checkout.path("samples/editors/vscode/package.sh")
    #expect(try ProgramRun.shell("sh '\(script)'", folder: folder.path).status == 0)
    let list = try ProgramRun.shell("unzip -l lds-check.vsix", folder: folder.path).output
    for name in ["extension/package.json", "extension/extension.js", "extension.vsixmanifest"] {
      #expect(list.contains(name))
    }
    for name in ["package.json", "language-configuration.json", "syntaxes/ld.tmLanguage.json"] {
      let bytes = try Checkout.bytes("samples/editors/vscode/" + name)
      #expect(JSONValue(bytes) != nil, "\(name)")
    }
  }
}
