// What the checker of edits says of edited scripts, compared with the real GNU ld, which links them.

import Constraints
import Foundation
import LdsParser
import TestSupport
import Testing

struct MendCheckerLinkTests {
  static let edits =
    Int(ProcessInfo.processInfo.environment["LDS_CHECK_LINKS"] ?? "") ?? 120
  /// Seeds whose differences fall below zero after the edit: such a difference wraps around to a large number.
  private static let wrapping = [487, 531, 625, 658]

  /// Sections of odd sizes and several alignments; `.odd` is an orphan.
  private static let assembly = """
    .section .one,"ax"\n.globl o1\n.balign 16\n.skip 37\no1: .skip 100\n.balign 8\n.globl o2\no2: .skip 3
    .section .two,"a"\n.balign 64\n.globl t1\nt1: .skip 5000\n.balign 4\n.globl t2\nt2: .skip 9
    .section .three,"aw"\n.balign 32\n.globl r1\nr1: .skip 300\n.balign 256\n.globl r2\nr2: .skip 1
    .section .odd,"aw"\n.balign 4\n.globl d1\nd1: .skip 21
    """

  /// What scripts are made of.
  enum Shape: CaseIterable {
    /// As boot scripts are: sections one behind the other, and an ALIGN here and there.
    case plain
    /// With addresses of sections, other moves of `.`, and conditions of every form.
    case odd
  }

  /// A script with one more ALIGN, in front of the statement with this number, or none.
  private static func script(
    _ shape: Shape, _ generator: inout SeededGenerator, insert: (at: Int, text: String)?
  ) -> String {
    var statements: [String] = [". = 0x100000;", "s0 = .;"]
    for (index, name) in [".one", ".two", ".three"].enumerated() {
      if generator.once(in: 2) {
        statements.append(". = ALIGN(\(generator.pick([16, 64, 4096, 0x10000]) ?? 16));")
      }
      if shape == .odd, generator.once(in: 3) {
        let moves = [
          ". = . + 24;", ". = ALIGN(., 128);", ". = . + 0;", "a\(index) = ALIGN(512);",
          "a\(index) = MAX(., 0x1000);",
        ]
        statements.append(generator.pick(moves) ?? "")
      }
      statements.append("b\(index) = .;")
      let addresses = ["ALIGN(32) ", "ALIGN(4096) ", "0x1\(index)4000 ", "", "", ""]
      let address = shape == .odd ? generator.pick(addresses) ?? "" : ""
      statements.append("\(name) \(address): {")
      statements.append("*(\(name))")
      if generator.once(in: 3) {
        statements.append(". = ALIGN(\(generator.pick([4, 64, 1024]) ?? 4));")
      }
      statements.append("e\(index) = .;")
      statements.append("}")
    }
    statements.append("end = .;")
    if let insert { statements.insert(insert.text, at: min(insert.at, statements.count)) }
    return "SECTIONS {\n\(statements.joined(separator: "\n"))\n}\n" + asserts(shape, &generator)
  }

  private static func asserts(_ shape: Shape, _ generator: inout SeededGenerator) -> String {
    let names = [
      "s0", "b0", "b1", "b2", "e0", "e1", "e2", "end", "o1", "o2", "t1", "t2", "r1", "r2",
    ]
    return (0..<24).map { index in
      let one = generator.pick(names) ?? "s0"
      let other = generator.pick(names) ?? "end"
      let amount = 1 << generator.below(14)
      let condition =
        switch generator.below(shape == .odd ? 12 : 6) {
        case 6: "\(one) % \(amount) == 0"
        case 7: "((\(one) > \(other) ? \(one) : \(other)) & 7) == 0"
        case 8: "MAX(\(one), \(other)) - MIN(\(one), \(other)) < 0x2000"
        case 9: "ADDR(.\(generator.pick(["one", "two", "three"]) ?? "one")) % \(amount) == 0"
        case 10: "ALIGN(\(one), \(amount)) == ABSOLUTE(\(one))"
        case 11:
          "SIZEOF(.\(generator.pick(["one", "two"]) ?? "one")) <= SIZEOF(.three) || !(\(one) & 3)"
        case 0, 1: "!(\(one) & \(amount - 1))"
        case 2: "\(one) - \(other) <= \(generator.below(0x8000))"
        case 3: "\(one) <= 0x\(String(0x100000 + generator.below(0x30000), radix: 16))"
        case 4: "\(one) < \(other)"
        default: "SIZEOF(.\(generator.pick(["one", "two", "three"]) ?? "one")) % \(amount) == 0"
        }
      return "ASSERT(\(condition), \"A\(index)\")\n"
    }.joined()
  }

  @Test(.enabled(if: InstalledLinkers.canLink, "needs GNU ld and as"), arguments: Shape.allCases)
  func whatIsSaidOfAnEditIsWhatTheLinkerSays(shape: Shape) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.s", Self.assembly)
    let assembled = try ProgramRun.shell("as --64 a.s -o a.o", folder: folder.path)
    #expect(assembled.status == 0)
    var told = 0
    var compared = 0
    for seed in Array(0..<Self.edits) + Self.wrapping.filter({ $0 >= Self.edits }) {
      var generator = SeededGenerator(seed: UInt64(seed) &* 7919 &+ 3)
      let at = 2 + generator.below(18)
      let insert = ". = ALIGN(\(generator.pick([32, 4096, 0x4000]) ?? 32));"
      var same = generator
      let before = Self.script(shape, &generator, insert: nil)
      let after = Self.script(shape, &same, insert: (at, insert))
      let hasImage = seed % 2 == 0
      guard try link(folder, before, "old") != nil, let failed = try link(folder, after, "new"),
        let effect = try effect(folder, before, after, withImage: hasImage)
      else { continue }
      compared += 1
      for (index, verdict) in effect.verdicts.enumerated() where verdict != .undecided {
        told += 1
        #expect(
          (verdict == .fails) == failed.contains("A\(index)"),
          "seed \(seed): A\(index) \(verdict), '\(insert)' before statement \(at)\n\(before)")
      }
    }
    #expect(compared * 3 > Self.edits, "\(compared)")
    #expect(told > compared * (shape == .odd ? 3 : 8), "\(told) of \(compared * 24)")
  }

  /// Messages of the ASSERTs that fail; nil if the link fails otherwise.
  private func link(
    _ folder: TemporaryFolder, _ script: String, _ name: String
  ) throws -> Set<String>? {
    try folder.write("\(name).lds", script)
    let run = try ProgramRun.shell(
      "ld --noinhibit-exec --no-warn-rwx-segments -z noexecstack -T \(name).lds a.o -o \(name) -Map=\(name).map",
      folder: folder.path)
    let lines = run.errors.split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
    return lines.allSatisfy { $0.hasPrefix("A") } ? Set(lines.map(String.init)) : nil
  }

  private func effect(
    _ folder: TemporaryFolder, _ before: String, _ after: String, withImage: Bool
  ) throws -> MendChecker.Effect? {
    let program = Program(ScriptParser.parse(SourceBuffer(name: "old.lds", text: before)))
    let edited = Program(ScriptParser.parse(SourceBuffer(name: "new.lds", text: after)))
    let images = try (withImage ? ["old", "old.map"] : ["old.map"]).map { name in
      try ImageReader.read(try folder.buffer(name))
    }
    let report = EvaluationReport(program, evidence: Evidence(images, for: program))
    return MendChecker(report).effect(of: edited)
  }
}
