// Which formats of the output lld takes: each release that is there is asked for every name.

import Foundation
import LdsParser
import TestSupport
import Testing

struct OutputFormatTests {
  private static let names = [
    "elf32-i386", "elf32-iamcu", "elf32-x86-64", "elf64-x86-64", "elf32-littlearm", "elf32-bigarm",
    "elf64-aarch64", "elf64-littleaarch64", "elf64-bigaarch64", "elf32-littleaarch64",
    "elf32-powerpc", "elf32-powerpcle", "elf64-powerpc", "elf64-powerpcle", "elf32-tradbigmips",
    "elf32-tradlittlemips", "elf32-littlemips", "elf32-bigmips", "elf64-littlemips",
    "elf64-bigmips", "elf64-tradbigmips", "elf64-tradlittlemips", "elf32-ntradbigmips",
    "elf32-ntradlittlemips", "elf32-littleriscv", "elf64-littleriscv", "elf32-bigriscv",
    "elf32-avr", "elf32-msp430", "elf32-sparc", "elf64-sparc", "elf32-loongarch",
    "elf64-loongarch", "elf64-s390", "elf32-s390", "elf32-hexagon", "elf32-littlehexagon",
    "elf64-hexagon", "elf32-m68k", "elf32-xtensa-le", "elf32-littlearc", "binary", "srec", "ihex",
    "pei-x86-64", "elf32-i386-freebsd", "elf64-x86-64-freebsd", "elf32-m68k-freebsd",
  ]

  /// The oldest and the newest; `LDS_CHECK_LINKS` asks all.
  private static var releases: [KnownRelease] {
    let all = KnownRelease.lld.filter { $0.path != nil }
    let asksAll = ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] != nil
    return all.count > 2 && !asksAll ? [all[0], all[all.count - 1]] : all
  }

  @Test(.enabled(if: !releases.isEmpty, "needs a release of lld"), arguments: releases)
  func lldTakesWhatItTakes(_ release: KnownRelease) throws {
    let folder = try TemporaryFolder()
    for (index, name) in Self.names.enumerated() {
      try folder.write("f\(index).ld", "OUTPUT_FORMAT(\(name))\n")
    }
    let scripts = Self.names.indices.map { "f\($0).ld" }
    let lint = try ProgramRun.run(
      ["lint", "-q", "--linker", release.dialect.description] + scripts, folder: folder.path)
    for (index, name) in Self.names.enumerated() {
      let link = try ProgramRun.tool(
        try #require(release.path), ["f\(index).ld", "-o", "/dev/null"], folder: folder.path)
      let isRefused = link.errors.contains("unknown output format name")
      let line = lint.output.split(separator: "\n").first { $0.hasPrefix("f\(index).ld:1:") }
      #expect(isRefused == (line != nil), "\(name): \(link.errors) \(line ?? "")")
      #expect(line?.contains("[linker-refusal]") != false, "\(line ?? "")")
    }
  }
}
