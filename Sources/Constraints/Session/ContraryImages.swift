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
        let verdict = image.report.assertions.first {
          $0.step == proof.step && $0.condition == proof.condition
        }?.verdict
        let fails: Bool
        switch (proof.verdict, verdict) {
        case (.alwaysHolds, .fails): fails = true
        case (.neverHolds, .holds): fails = false
        default: continue
        }
        sentences[index] =
          "options of the linker, such as -Tdata=, or a tool behind the link: by the script alone it would always "
          + "\(fails ? "hold" : "fail"), and in \(image.name ?? "the image") it \(fails ? "fails" : "holds")"
      }
    }
    self.sentences = sentences
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
