// Certificates as JSON, one document for all scripts of a run. `Documentation/certificates.md` says what the members mean.

import Constraints
import LdsParser

/// Writes certificates.
struct CertificateJSON {
  let json: JSONWriter

  /// The document.
  func write(_ certificates: [(script: LoadedScript, certificate: Certificate)]) {
    json.object {
      json.member("version", 1)
      json.tool()
      json.array("certificates", certificates) { script, certificate in
        json.object { write(certificate, of: script) }
      }
    }
    json.end()
  }

  private func write(_ certificate: Certificate, of script: LoadedScript) {
    json.member("script", script.path.display)
    json.member("linker", certificate.dialect.description)
    json.array("premises", certificate.premises) { json.string($0) }
    json.array("places", certificate.places.enumerated()) { index, place in
      json.row { write(place, index) }
    }
    json.array("steps", certificate.steps) { step in json.row { write(step) } }
    json.array("proofs", certificate.proofs.filter { $0.obstacle == nil }) { proof in
      json.row { write(proof) }
    }
    json.array("uncertified", certificate.proofs.filter { $0.obstacle != nil }) { proof in
      json.row {
        write(proof)
        json.member("reason", proof.obstacle)
      }
    }
  }

  private func write(_ proof: CertifiedProof) {
    json.member("step", proof.step)
    json.member("message", proof.message)
    json.member("verdict", proof.verdict.rawValue)
  }

  private func write(_ place: CertifiedPlace, _ index: Int) {
    json.member("place", index)
    json.member("rule", place.rule)
    if let name = place.name {
      json.member("about", name)
    } else {
      json.member("about", place.about)
    }
    json.member("parent", place.parent)
    json.member("distance", hex: place.distance)
    json.member("mask", hex: place.mask)
    json.member("bits", hex: place.bits)
    json.member("least", hex: place.least)
    json.member("most", hex: place.most)
  }

  private func write(_ step: CertifiedStep) {
    json.member("step", step.step)
    json.member("does", step.action)
    json.member("rule", step.rule)
    json.key("sizing")
    write(step.sizing)
    json.key("final")
    write(step.final)
    json.array("value", step.outcomes) { write($0) }
  }

  private func write(_ outcome: CertifiedOutcome) {
    switch outcome {
    case .stops: json.string("stops")
    case .invalid: json.string("invalid")
    case .value(let kind, let offset, let address):
      json.row {
        switch kind {
        case .plain: json.member("kind", "plain")
        case .absolute: json.member("kind", "absolute")
        case .section(let index): json.member("section", index)
        case .object(let name): json.member("object", name)
        }
        json.key("offset")
        write(offset)
        json.key("address")
        write(address)
      }
    }
  }

  private func write(_ number: CertifiedNumber) {
    json.row {
      switch number {
      case .sum(let terms, let constant):
        json.member("plus", hex: constant)
        if terms.isEmpty { return }
        json.array("places", terms) { term in
          json.array {
            json.integer(term.place)
            json.integer(term.factor)
          }
        }
      case .within(let mask, let bits, let least, let most):
        json.member("mask", hex: mask)
        json.member("bits", hex: bits)
        json.member("least", hex: least)
        json.member("most", hex: most)
      }
    }
  }
}
