// Explanations as JSON.
//
//     {"tool":…,"explanations":[{"message":"…","verdict":"fails","claim":"alignment","operands":[…],"causes":[…],
//      "distance":{"up":"0x…","down":"0x…"},"contributions":[…],"effects":[…],"sameCause":[…],"mends":[…]}]}

import Constraints
import LdsParser

/// Writes explanations.
struct ExplanationJSON {
  let json: JSONWriter

  func write(_ images: [ExplainedImage], log: LogExplaining?) {
    json.object {
      json.tool()
      json.key("explanations")
      json.array {
        for image in images {
          for explanation in image.explanations { write(explanation, image) }
        }
      }
      json.array("messages", log?.messages ?? []) { message in json.row { write(message) } }
      json.array("suspects", log?.suspects ?? []) { line in
        json.row {
          json.member("text", line.text)
          json.member("logLine", line.number)
        }
      }
    }
    json.end()
  }

  private func write(_ explanation: Explanation, _ image: ExplainedImage) {
    let assertion = image.report.assertions[explanation.assertion]
    json.object {
      json.member("message", image.message(assertion))
      json.member("source", image.report.program.isMap ? nil : image.source(assertion))
      json.member("expression", image.expression(assertion))
      place(assertion.span, image)
      json.member("image", image.subject.name)
      json.member("verdict", assertion.verdict.rawValue)
      json.member("claim", explanation.claim.name)
      json.member("meaning", explanation.claimText)
      json.array("operands", explanation.operands) { operand in
        json.row {
          json.member("text", operand.text)
          json.member("expression", operand.text)
          json.member("value", hex: operand.value)
        }
      }
      json.array("causes", explanation.causes) { note($0, image) }
      json.array("since", explanation.since) { json.string($0) }
      measures(explanation)
      json.array("effects", explanation.effects) { json.string($0) }
      json.array("sameCause", explanation.sameCause) {
        json.string(image.message(image.report.assertions[$0]))
      }
      json.array("mends", explanation.mends) { mend($0, image) }
      json.array("stillWrong", explanation.mendRemarks) { json.string($0) }
      json.array("advice", explanation.advice) { json.string($0) }
    }
  }

  private func write(_ message: ExplainedMessage) {
    let explanation = message.explanation
    json.member("text", explanation.message.text)
    json.member("severity", explanation.message.severity.rawValue)
    json.member("linker", explanation.message.linker.rawValue)
    json.member("link", message.output)
    json.member("logLine", explanation.message.logLine)
    json.member("kind", explanation.kind?.rawValue)
    json.member("meaning", explanation.meaning)
    json.member("next", explanation.next)
    json.array("details", explanation.details) { json.string($0) }
    json.member("object", explanation.message.origin.object)
    json.member("function", explanation.message.origin.function)
    json.member("section", explanation.message.origin.section)
    guard let place = message.places.first else { return }
    let position = place.sources.position(of: place.span)
    json.member("file", position.path.bytes)
    json.member("line", position.line)
    json.member("column", position.column)
  }

  private func measures(_ explanation: Explanation) {
    if let distance = explanation.distance {
      json.row("distance") {
        json.member("up", hex: distance.up)
        json.member("down", hex: distance.down)
      }
    } else {
      json.key("distance")
      json.null()
    }
    json.member("headroom", explanation.headroom.map { Int($0) })
    json.array("contributions", explanation.contributions) { row in
      json.row {
        json.member("section", row.statement == nil ? row.section : nil)
        json.member("statement", row.statement == nil ? nil : row.section)
        json.member("object", row.object.isEmpty ? nil : row.object)
        json.member("address", hex: row.address)
        json.member("size", hex: row.size)
      }
    }
  }

  private func note(_ note: ExplanationNote, _ image: ExplainedImage) {
    json.row {
      json.member("message", note.message)
      if let span = note.span { place(span, image) }
    }
  }

  private func mend(_ mend: Mend, _ image: ExplainedImage) {
    json.object {
      json.member("message", mend.message)
      json.array("edits", mend.edits) { edit in
        json.row {
          place(edit.span, image)
          json.member(
            "old", image.sources.buffer(edit.span.source).bytes(in: edit.span.range))
          json.member("new", edit.replacement)
        }
      }
      guard let cost = mend.cost else { return json.member("cost", nil as Int?) }
      json.object("cost") {
        json.member("bytes", Int(truncatingIfNeeded: cost.bytes))
        json.member("slots", cost.slots)
      }
    }
  }

  private func place(_ span: SourceSpan, _ image: ExplainedImage) {
    let place = ReportResolver(sources: image.sources).place(span)
    json.member("file", place.path.bytes)
    json.member("line", place.line)
    json.member("column", place.column)
    json.member("endLine", place.endLine)
    json.member("endColumn", place.endColumn)
  }
}
