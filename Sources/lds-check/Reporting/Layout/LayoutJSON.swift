// A layout as JSON: `layout` of the contract, section 4.

import Constraints
import LdsParser

struct LayoutJSON {
  let json: JSONWriter

  func write(_ result: LayoutResultOfRun, _ comparison: LayoutComparison?) {
    let prediction = result.prediction
    let root = RepositoryRoot.find(from: result.inputs.script.path)
    json.object {
      head(prediction.dialect, isExact: prediction.isExact, refused: nil)
      json.array("sections", prediction.sections) { write($0) }
      json.array("symbols", prediction.symbols) { symbol in
        json.row {
          json.member("name", symbol.name)
          json.member("value", hex: symbol.value)
          json.member(
            "section",
            symbol.section.map { prediction.sections[$0].name } ?? Array("*ABS*".utf8))
          json.member("binding", symbol.isGlobal ? symbol.isWeak ? "weak" : "global" : "local")
        }
      }
      json.key("segments")
      json.null()
      json.array("assertions", result.assertions) {
        JSONReporter(json: json).write($0, root)
      }
      if let comparison { write(comparison) }
    }
    json.end()
  }

  /// A layout that there is not.
  func write(_ stop: LayoutStop, by dialect: LinkerDialect) {
    json.object { head(dialect, isExact: false, refused: stop.message) }
    json.end()
  }

  private func head(_ dialect: LinkerDialect, isExact: Bool, refused: String?) {
    json.tool()
    json.member("linker", dialect.description)
    json.member("exact", isExact)
    json.member("refused", refused)
  }

  private func write(_ section: PredictedSection) {
    json.object {
      json.member("name", section.name)
      json.member("vma", hex: section.vma)
      json.member("lma", hex: section.lma)
      json.member("size", hex: section.size)
      json.member("alignment", Int(clamping: section.alignment))
      json.member("type", section.isNoBits ? "nobits" : section.type == 7 ? "note" : "progbits")
      json.member("fileOffset", hex: nil)
      json.array("inputs", section.inputs) { input in
        json.row {
          json.member("file", input.file)
          json.member("section", input.section)
          json.member("address", hex: input.address)
          json.member("size", hex: input.size)
        }
      }
    }
  }

  private func write(_ comparison: LayoutComparison) {
    json.object("comparison") {
      json.member("equal", comparison.isEqual)
      json.row("sections") {
        json.member("equal", comparison.sections.equal)
        json.member("all", comparison.sections.all)
      }
      json.row("symbols") {
        json.member("equal", comparison.symbols.equal)
        json.member("all", comparison.symbols.all)
      }
      json.array("differences", comparison.differences) { difference in
        json.row {
          json.member("kind", difference.kind.rawValue)
          json.member("name", difference.name)
          json.member("aspect", difference.aspect)
          json.member("layout", hex: difference.predicted)
          json.member("image", hex: difference.actual)
        }
      }
    }
  }
}
