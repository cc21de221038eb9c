// A layout with what it was made of, for every format alike.

import Constraints
import LdsParser

/// The result of `layout`.
struct LayoutResultOfRun {
  let inputs: LayoutInputs
  let prediction: LayoutPrediction

  /// ASSERTs with the author's words.
  var assertions: [ReportAssertion] {
    let script = inputs.script.script
    let resolver = ReportResolver(sources: script.sources)
    return prediction.assertions.map { assertion in
      let span = script.expressions.span(assertion.condition)
      return ReportAssertion(
        message: String(decoding: assertion.message, as: UTF8.self),
        source: script.sources.authoredExpression(of: span).text,
        expression: ExpressionWriter.text(
          of: assertion.condition, in: script.expressions, names: script.names, folded: true),
        place: resolver.place(span), image: inputs.command.output.display,
        verdict: assertion.holds ? .holds : .fails, value: assertion.value)
    }
  }
}
