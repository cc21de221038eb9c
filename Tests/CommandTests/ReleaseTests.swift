// The packages of a release, made of a stand-in for the program: what is in them, and that people get it.

import Foundation
import TestSupport
import Testing

@testable import lds_check

@Suite(.enabled(if: ExternalTool.has("python3", "tar", "gzip", "sha256sum"), "needs python3"))
struct ReleaseTests {
  /// A folder with `program`, a script that answers what the packer asks, and the packages in `kit`.
  private static func kit() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("program", "#!/bin/sh\necho \"stand-in $*\" \(Version.number)\n")
    let run = try ProgramRun.shell(
      "chmod +x program && mkdir kit again && \(pack) ./program kit && sleep 1 && \(pack) ./program again",
      folder: folder.path, environment: ["SOURCE_DATE_EPOCH": "1700000000"])
    try #require(run.status == 0, "\(run.errors)")
    return folder
  }

  private static var pack: String {
    "python3 '\(Checkout.path("Documentation/release/pack.py"))'"
  }

  @Test func packagesHaveTheSameBytesEachTime() throws {
    let folder = try Self.kit()
    let run = try ProgramRun.shell(
      "diff -r kit again && cd kit && sha256sum -c SHA256SUMS && ls", folder: folder.path)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let names = run.output.split(separator: "\n").filter { !$0.contains(": OK") }
    #expect(names.count == 5, "\(names)")
  }

  /// The program, the manual page, the completions, the schema of each output, and who may run what.
  @Test func packagesHoldWhatBelongsToTheProgram() throws {
    let folder = try Self.kit()
    let tarball = try ProgramRun.shell("tar tvf kit/*.tar.gz", folder: folder.path).output
    let wheel = try ProgramRun.shell(
      "python3 -m zipfile -l kit/*.whl && python3 -m zipfile -e kit/*.whl w && cat w/*.dist-info/RECORD",
      folder: folder.path
    ).output
    let schemas = try FileManager.default.contentsOfDirectory(
      atPath: Checkout.path("Documentation/schemas"))
    #expect(schemas.contains("eval.json"))
    let names = ["bin/lds-check", "man1/lds-check.1.gz", "completions/lds-check", "LICENSE"]
    for name in names + schemas.map({ "share/lds-check/schemas/\($0)" }) {
      #expect(tarball.contains(name + "\n"), "\(name) in\n\(tarball)")
    }
    for name in ["scripts/lds-check ", "man1/lds-check.1.gz ", "METADATA ", "LICENSE "] {
      #expect(wheel.contains(name), "\(name) in\n\(wheel)")
    }
    let program = try #require(
      tarball.split(separator: "\n").first { $0.hasSuffix("bin/lds-check") })
    #expect(program.hasPrefix("-rwxr-xr-x root/root"))
    if ExternalTool.has("dpkg-deb") {
      let listed = try ProgramRun.shell(
        "dpkg-deb -c kit/*.deb && dpkg-deb -f kit/*.deb", folder: folder.path)
      #expect(listed.status == 0, "\(listed.errors)")
      #expect(listed.output.contains("./usr/bin/lds-check\n"))
      #expect(listed.output.contains("Version: \(Version.number)\n"))
    }
  }

  @Test(.enabled(if: ExternalTool.has("curl"), "needs curl"))
  func aCheckoutAtATagTakesThePublishedProgram() throws {
    let folder = try Self.kit()
    func get(_ reference: String) throws -> ProgramRun {
      try ProgramRun.shell(
        "'\(Checkout.path("Documentation/release/get"))' lint a.lds", folder: folder.path,
        environment: [
          "LDS_CHECK_REF": reference, "LDS_CHECK_RELEASES": "file://\(folder.path)/kit",
          "XDG_CACHE_HOME": folder.path("cache"), "PATH": Self.pathWithoutSwift(folder),
        ])
    }
    let other = try get("main")
    #expect(other.status == 2 && other.errors.contains("no Swift"), "\(other)")
    for _ in 0..<2 {
      let run = try get("v" + Version.number)
      #expect(run.output == "stand-in lint a.lds \(Version.number)\n", "\(run)")
      // The second time nothing is downloaded.
      try? FileManager.default.removeItem(atPath: folder.path("kit/SHA256SUMS"))
    }
  }

  @Test(.enabled(if: ExternalTool.has("curl"), "needs curl"))
  func aDamagedReleaseIsNotRun() throws {
    let folder = try Self.kit()
    let run = try ProgramRun.shell(
      "for f in kit/*.tar.gz; do cp again/*.spdx.json $f; done; '\(Checkout.path("Documentation/release/get"))' x",
      folder: folder.path,
      environment: [
        "LDS_CHECK_REF": Version.number, "LDS_CHECK_RELEASES": "file://\(folder.path)/kit",
        "XDG_CACHE_HOME": folder.path("cache"), "PATH": Self.pathWithoutSwift(folder),
      ])
    #expect(run.status == 2 && run.output == "", "\(run)")
    #expect(run.errors.contains("not to be had"), "\(run.errors)")
  }

  /// The tools that `get` calls, and no other.
  private static func pathWithoutSwift(_ folder: TemporaryFolder) -> String {
    let bin = folder.path("bin")
    try? FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    for tool in [
      "sh", "sed", "git", "curl", "sha256sum", "tar", "gzip", "uname", "mktemp", "mkdir", "mv",
      "rm",
      "cat", "cp", "dirname", "grep",
    ] {
      guard let path = ExternalTool.path(tool) else { continue }
      try? FileManager.default.createSymbolicLink(
        atPath: "\(bin)/\(tool)", withDestinationPath: path)
    }
    return bin
  }
}
