// Proofs beside an image that shows the opposite. A proof is about every link whose options leave addresses and symbols
// to the script; an image that was linked with -Tdata=0x1000, or changed by a tool behind the link, is none of those.

internal import LdsParser

/// The images that were made by a script and contradict what was proved of it.
struct ContraryImages {
  /// The proofs that an image contradicts, by their numbers, with what is said instead.
  private let sentences: [Int: String]

  /// Compares the proofs of a script with the verdicts of the images that it made.
  init(_ judged: [JudgedImage], to proof: ProofReport?, of script: LoadedScript) {
    var sentences: [Int: String] = [:]
    for image in judged
    where image.script?.path == script.path && image.script?.variant == script.variant
      && !image.report.assignments.contains(where: \.isStale)
    {
      for (index, proof) in (proof?.assertions ?? []).enumerated() where sentences[index] == nil {
        let assertion = image.report.assertions.first {
          $0.step == proof.step && $0.condition == proof.condition
        }
        guard let contrary = Self.contrary(proof.verdict, assertion) else { continue }
        sentences[index] =
          "options of the linker, such as -Tdata=, or a tool behind the link: by the script alone it would always "
          + "\(proof.verdict == .alwaysHolds ? "hold" : "fail"), and in \(image.name ?? "the image") \(contrary)"
      }
    }
    self.sentences = sentences
  }

  /// What an image says against a proof; nil for nothing.
  private static func contrary(_ proof: ProofVerdict, _ assertion: AssertionReport?) -> String? {
    guard proof != .depends else { return nil }
    switch assertion?.verdict {
    case .fails: return proof == .alwaysHolds ? "it fails" : nil
    case .holds: return proof == .neverHolds ? "it holds" : nil
    case .undecided, nil:
      let isMoved = assertion?.lack?.items.contains { item in
        if case .movedSection = item { true } else { false }
      }
      return isMoved == true ? "a section is not where the script puts it" : nil
    }
  }

  /// Takes the proofs back, so that no rule builds on them.
  func withdraw(from facts: inout ScriptFacts?) {
    for index in sentences.keys {
      facts?.proof.assertions[index].verdict = .depends
      facts?.proof.assertions[index].because = []
    }
  }

  /// Says what the proofs that were taken back depend on.
  func explain(_ proofs: inout [StatedProof]) {
    for (index, sentence) in sentences where proofs.indices.contains(index) {
      proofs[index].because = [sentence]
    }
  }
}
