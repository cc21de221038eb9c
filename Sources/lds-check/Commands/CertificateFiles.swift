// The files of `lint --certificates` and `lint --smt`.

import Constraints
import LdsParser

/// What to write beside the report, each whole or not at all.
struct CertificateFiles {
  private let certificates: FilePath?
  private let goals: FilePath?

  init(_ arguments: ParsedArguments) {
    certificates = arguments.path(.certificates)
    goals = arguments.path(.smt)
  }

  /// Writes what was asked for, of every script that the linker would read.
  func write(_ scripts: [LoadedScript], settings: LintSettings) throws {
    if certificates == nil, goals == nil { return }
    let proved = scripts.filter { !$0.script.isRefused }.map { script in
      (script: script, certificate: Certificate(script.script, dialect: settings.dialect))
    }
    if let certificates {
      let output = try Output(file: certificates)
      CertificateJSON(json: JSONWriter(output)).write(proved)
      try output.finish()
    }
    guard let goals else { return }
    let output = try Output(file: goals)
    for (script, certificate) in proved {
      let written = CertificateGoals(certificate)
      let path = script.path.display.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "'")
      output.write("(echo \"\(path), \(certificate.dialect.name)\")\n")
      output.write(written.text)
      for (proof, reason) in written.omitted {
        output.write("; statement \(proof.step) is left out: \(reason)\n")
      }
      output.write("(reset)\n")
    }
    try output.finish()
  }
}
