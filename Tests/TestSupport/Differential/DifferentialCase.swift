// One random link: the real linker judges every ASSERT, and so does the evaluator from each kind of
// evidence that the link leaves behind.

import Constraints
import Foundation
import LdsParser

/// A script, the objects to link it with, and the linker that judges.
public struct DifferentialCase: Sendable {
  /// What the evaluator is given.
  public enum Evidence: String, Sendable, CaseIterable {
    /// What `lint` proves before the link.
    case script = "script alone"
    case scriptAndImage = "script+ELF"
    case scriptAndListing = "script+nm"
    case scriptAndMap = "script+map"
    case scriptImageAndMap = "script+ELF+map"
    case map = "map"
    case mapAndImage = "map+ELF"
    case mapAndListing = "map+nm"
    case strippedImage = "script+ELF after strip -g"
    case strippedImageAndMap = "script+ELF after strip -g+map"
    case trimmedImage = "script+ELF after objcopy -R"
    case trimmedImageAndMap = "script+ELF after objcopy -R+map"
    case oldMap = "script+ELF+old map"

    /// Whether the files were changed after the link, or are of an earlier one.
    var isOfAlteredFiles: Bool {
      switch self {
      case .strippedImage, .strippedImageAndMap, .trimmedImage, .trimmedImageAndMap, .oldMap: true
      default: false
      }
    }
  }

  /// The evaluator's word on one ASSERT or assignment.
  public struct Finding: Sendable {
    /// What it was judged from.
    public var evidence: Evidence
    /// The ASSERT's message, or the symbol.
    public var name: String
    /// Whether it is an assignment.
    public var isAssignment: Bool
    /// Whether it stands outside output sections.
    public var isOutside: Bool
    /// Why it is undecided; nil if it is decided.
    public var cause: String?
    /// What is wrong with the verdict; nil if it is the linker's.
    public var fault: String?
  }

  /// What came of a case.
  public enum Result: Sendable {
    /// It was linked and judged.
    case judged([Finding], stopped: Bool)
    /// The linker refuses the script.
    case refused(String)
  }

  /// Whose verdicts count.
  public let linker: JudgingLinker
  /// The script.
  public var script: GeneratedScript
  /// Objects of the pool.
  public var objects: [String]
  /// Whether it is judged from altered files as well: stripped images, maps of an earlier link.
  public var isAltered = false

  /// A case.
  public init(linker: JudgingLinker, script: GeneratedScript, objects: [String]) {
    self.linker = linker
    self.script = script
    self.objects = objects
  }

  /// Links and judges in the pool's folder, where `S`, `o`, `m` and `nm` are left behind.
  public func run(in folder: TemporaryFolder) throws -> Result {
    try ObjectPool.provide(objects, in: folder, for: linker.target)
    try folder.write("S", script.text)
    var failed: Set<String> = []
    var isStopped = false
    switch try linker.link(objects, options: script.options, in: folder.path) {
    case .refused(let line): return .refused(line)
    case .linked(let messages): failed = messages
    case .stopped(let line):
      guard let neutral = script.neutral else { return .refused(line) }
      isStopped = true
      // The image is that of the script without the fault.
      try folder.write("S", neutral)
      guard
        case .linked(let messages) = try linker.link(
          objects, options: script.options, in: folder.path)
      else {
        return .refused(line)
      }
      failed = messages
      failed.insert(GeneratedScript.faultMessage)
      try folder.write("S", script.text)
    }
    let listing = try ProgramRun.tool(
      linker.target.toolPrefix + "nm", ["o"], folder: folder.path)
    if listing.output.isEmpty { return .refused("no symbols") }
    try folder.write("nm", listing.output)
    let findings =
      try judge(folder, failed, isStopped) + judgeAltered(folder, failed, isStopped)
    return .judged(findings, stopped: isStopped)
  }

  private func judge(
    _ folder: TemporaryFolder, _ failed: Set<String>, _ isStopped: Bool
  ) throws -> [Finding] {
    let parsed = ScriptParser.parse(
      SourceBuffer(name: "S", text: script.text),
      options: ScriptParser.Options(dialect: linker.dialect))
    guard !parsed.isRefused else {
      // Both refuse a division by a constant zero; nothing else in these scripts may be refused.
      if isStopped { return [] }
      return [refusal(parsed)]
    }
    let script = LoadedScript(path: FilePath("S"), script: parsed)
    let elf = try Self.image(folder, "o")
    let listing = try Self.image(folder, "nm")
    let map = try Self.image(folder, "m")
    let judged = try Session(scripts: [script], images: [elf], dialect: linker.dialect).judge()
    let isProved = judged.allSatisfy { $0.unmetPremises(of: linker.dialect).isEmpty }
    var findings = isProved ? proofs(of: Program(parsed), failed, isStopped) : []
    let runs: [(Evidence, [Image])] = [
      (.scriptAndImage, [elf]), (.scriptAndListing, [listing]),
      (.scriptAndMap, [map]), (.scriptImageAndMap, [elf, map]),
    ]
    for (kind, images) in runs {
      let session = Session(scripts: [script], images: images, dialect: linker.dialect)
      findings += try judge(session, kind, failed, isStopped)
    }
    // The map of a stopped link is that of another script; lld's maps show no ASSERTs.
    guard linker.dialect == .bfd, !isStopped else { return findings }
    let alone: [(Evidence, [Image])] = [
      (.map, [map]), (.mapAndImage, [elf, map]), (.mapAndListing, [listing, map]),
    ]
    for (kind, images) in alone {
      // A file that shares no symbol with the map is an image of its own, and has no ASSERTs.
      guard
        let group = ImageGroup.all(images).first(where: {
          $0.images.contains { $0.kind == .gnuMap }
        })
      else { continue }
      findings += try judge(Session(images: group.images), kind, failed, false)
    }
    return findings
  }

  /// What the session makes of the link, as the commands would show it.
  func judge(
    _ session: Session, _ kind: Evidence, _ failed: Set<String>, _ isStopped: Bool
  ) throws -> [Finding] {
    try session.judge().flatMap { compare($0.report, kind, failed, isStopped) }
  }

  private func refusal(_ parsed: LinkerScript) -> Finding {
    let message = parsed.diagnostics.first?.message ?? ""
    return Finding(
      evidence: .scriptAndImage, name: "S", isAssignment: false, isOutside: true, cause: nil,
      fault: "the parser refuses what the linker accepts: \(message)")
  }

  private static func image(_ folder: TemporaryFolder, _ name: String) throws -> Image {
    try ImageReader.read(try folder.buffer(name))
  }

  func compare(
    _ report: EvaluationReport, _ evidence: Evidence, _ failed: Set<String>, _ isStopped: Bool
  ) -> [Finding] {
    var findings: [Finding] = []
    for assertion in report.assertions {
      var finding = Finding(
        evidence: evidence, name: report.program.names.string(assertion.message),
        isAssignment: false, isOutside: Self.isOutside(report.program.steps[assertion.step]),
        cause: nil, fault: nil)
      switch assertion.verdict {
      case .undecided: finding.cause = Self.cause(assertion.lack)
      case .holds, .fails:
        let fails = failed.contains(finding.name)
        if (assertion.verdict == .fails) != fails {
          finding.fault =
            "\(finding.name) \(assertion.verdict), the linker says it \(fails ? "fails" : "holds")"
        } else if let fault = assertion.fault, !isStopped {
          finding.fault = "\(finding.name): \(fault), where the linker does not stop"
        }
      }
      findings.append(finding)
    }
    for assignment in report.assignments {
      let name = report.program.names.string(assignment.symbol)
      var finding = Finding(
        evidence: evidence, name: name, isAssignment: true,
        isOutside: Self.isOutside(report.program.steps[assignment.step]), cause: nil, fault: nil)
      if assignment.value == nil { finding.cause = "value" }
      if assignment.isStale {
        finding.fault =
          "\(name) = 0x\(String(assignment.value ?? 0, radix: 16)), "
          + "the image has 0x\(String(assignment.imageValue ?? 0, radix: 16))"
      }
      findings.append(finding)
    }
    return findings
  }

  static func isOutside(_ step: Step) -> Bool {
    step.context == .top || step.context == .between
  }

  /// The first thing that is missing, without the name it is about: `objectDefinition`.
  private static func cause(_ lack: Lack?) -> String {
    guard let item = lack?.items.first else { return "unnamed" }
    return "\(item)".prefix { $0 != "(" }.description
  }
}
