// Compares the verdicts of this project with the real linkers' over random scripts and objects.
//
//   swift run -c release lds-differential --linker lld --cases 2000 --seed 1

import Foundation
import LdsParser
import TestSupport

@main
struct Differential {
  static let help = """
    usage: lds-differential [--linker L] [--cases N] [--minutes M] [--seed S] [--style plain|wild]
                            [--topic T] [--target T] [--sane] [--show N] [--evidence E] [--as-is]
                            [--cause C] [--keep DIR]

    Links random scripts with random objects, N of them or for M minutes (default 200 links), and compares what
    the linker says of every ASSERT, and the values it gives symbols, with the verdicts from each kind of evidence:
    script and image, script and symbol listing, script and map, the map alone, the script alone. A difference is made small and
    printed as a test case. Undecided verdicts are counted by cause.

      --linker L    which linker judges: bfd (GNU ld) or lld, as the PATH has it or LDS_LD and LDS_LLD name it; both
                    (default); a release, bfd@2.47 or lld@19, found as ld-2.47, ld-2.47-arm or lld-19 in the folder
                    LDS_LINKERS, in ~/.cache/lds-check-linkers/bin, or in the PATH; or a path. May be repeated
      --cases N     links per linker
      --minutes M   stop after that long
      --seed S      start of the random scripts (default 1): the same seed, the same scripts
      --style S     plain: sections, assignments, ASSERTs; wild (default): also regions, overlays, PROVIDE of
                    anything, ASSERTs as values, and ASSERTs at which the linker stops
      --topic T     a part of the language: sections (default), memory, phdrs, insert, types, options, collection;
                    layout: orphans and sections of every kind, each value claimed; or all
      --target T    what is linked for: x86_64 (default), i386, arm, aarch64, riscv64, mips, pe, or all; those
                    without binutils are named and left out
      --sane        every script for GNU ld has LD_FEATURE("SANE_EXPR"), and not one in six
      --show N      make small and print so many differences a run (default 10)
      --evidence E  show differences from this evidence only: the words before the colon of the counts, such as
                    "script alone", script+ELF, map
      --as-is       print differences as they are, without making them small
      --cause C     print ASSERTs that are undecided for this cause too, such as feature or symbol; implies --as-is
      --keep DIR    a folder for the files of every difference

    Two things of the command line no file shows, and links by lld do not have them: --defsym of a symbol that the
    script sets too (to lld an assignment like the script's own, before or behind it), and an option that places a
    section (-Tbss) in a 32-bit link that passes the end of the address space.

    Exit status: 0 no difference, 1 differences, 2 wrong usage or no such linker.
    """

  static func main() {
    var options = DifferentialOptions()
    guard options.read(CommandLine.arguments.dropFirst()) else {
      print(help)
      exit(options.wantsHelp ? 0 : 2)
    }
    var isDifferent = false
    var campaigns = 0
    for target in options.targets {
      for choice in options.linkers {
        guard let linker = JudgingLinker(choice, target) else {
          say("no linker \(choice) and assembler for \(target.rawValue): left out")
          continue
        }
        for topic in options.topics {
          do {
            var campaign = try Campaign(linker, topic, options)
            try campaign.run()
            if campaign.tally.wrong > 0 { isDifferent = true }
            campaigns += 1
          } catch {
            say("\(error)")
            exit(2)
          }
        }
      }
    }
    if campaigns == 0 { exit(2) }
    exit(isDifferent ? 1 : 0)
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data("lds-differential: \(text)\n".utf8))
  }
}

/// The command line.
struct DifferentialOptions {
  /// The linkers that were asked for; none stands for both that are installed.
  private var chosen: [LinkerChoice] = []
  var cases = 200
  var minutes: Int?
  var seed: UInt64 = 1
  var style = ScriptGenerator.Style.wild
  var topics: [ScriptTopic] = [.sections]
  var targets: [LinkTarget] = [.x86_64]
  var keep: String?
  /// More differences than this are counted and not made small: they are likely to be the same few.
  var shown = 10
  /// The kind of evidence whose differences are shown; nil stands for all.
  var evidence: DifferentialCase.Evidence?
  /// Whether differences are printed without making them small, which takes long.
  var isAsIs = false
  /// What undecided ASSERTs that are shown lack; nil shows none.
  var cause: String?
  var isSane = false
  var wantsHelp = false

  var linkers: [LinkerChoice] {
    chosen.isEmpty ? [.installed(.bfd), .installed(.lld)] : chosen
  }

  /// False if the command line is wrong or asks for help.
  mutating func read(_ arguments: ArraySlice<String>) -> Bool {
    var rest = arguments
    while let word = rest.popFirst() {
      switch word {
      case "--help", "-h":
        wantsHelp = true
        return false
      case "--linker":
        guard let word = rest.popFirst() else { return false }
        if word == "both" {
          chosen = []
        } else if let choice = LinkerChoice(word) {
          chosen.append(choice)
        } else {
          return false
        }
      case "--cases":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return false }
        cases = count
      case "--minutes":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return false }
        minutes = count
        cases = .max
      case "--seed":
        guard let start = rest.popFirst().flatMap({ UInt64($0) }) else { return false }
        seed = start
      case "--style":
        guard let name = rest.popFirst(), let chosen = ScriptGenerator.Style(rawValue: name) else {
          return false
        }
        style = chosen
      case "--sane": isSane = true
      case "--topic":
        guard let list = Self.choice(rest.popFirst(), of: ScriptTopic.self) else { return false }
        topics = list
      case "--target":
        guard let list = Self.choice(rest.popFirst(), of: LinkTarget.self) else { return false }
        targets = list
      case "--show":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count >= 0 else { return false }
        shown = count
      case "--evidence":
        guard let kind = rest.popFirst().flatMap({ DifferentialCase.Evidence(rawValue: $0) }) else {
          return false
        }
        evidence = kind
      case "--as-is": isAsIs = true
      case "--cause":
        guard let word = rest.popFirst() else { return false }
        cause = word
        isAsIs = true
      case "--keep":
        guard let folder = rest.popFirst() else { return false }
        keep = folder
      default: return false
      }
    }
    return true
  }

  /// The one of that name, or all.
  private static func choice<Kind: RawRepresentable<String> & CaseIterable>(
    _ name: String?, of kind: Kind.Type
  ) -> [Kind]? {
    if name == "all" { return Array(Kind.allCases) }
    return name.flatMap { Kind(rawValue: $0) }.map { [$0] }
  }
}
