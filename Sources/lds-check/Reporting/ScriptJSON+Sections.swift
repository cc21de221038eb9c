// Output sections, overlays and input section descriptions as JSON.

import LdsParser

extension ScriptJSON {
  func write(_ section: OutputSectionDescription, _ span: SourceSpan) {
    node("output-section", span) {
      member("name", section.name)
      member("address", section.address)
      write(section.type)
      member("loadAddress", section.loadAddress)
      member("alignment", section.alignment)
      json.member("alignWithInput", section.alignsWithInput)
      member("subalignment", section.subalignment)
      json.member("constraint", section.constraint?.rawValue)
      list("statements", section.body)
      write(section.tail)
    }
  }

  func write(_ overlay: OverlayDescription, _ span: SourceSpan) {
    node("overlay", span) {
      member("address", overlay.address)
      json.member("noCrossReferences", overlay.forbidsCrossReferences)
      member("loadAddress", overlay.loadAddress)
      member("subalignment", overlay.subalignment)
      json.array("members", overlay.members) { part in
        node("overlay-member", part.span) {
          member("name", part.name)
          list("statements", part.body)
          member("programHeaders", names: part.programHeaders)
          member("fill", part.fill)
        }
      }
      write(overlay.tail)
    }
  }

  func write(_ description: InputSectionDescription, _ span: SourceSpan) {
    node("input-sections", span) {
      json.member("keep", description.isKept)
      json.array("flags", description.flags) { flag($0) }
      if let file = description.file {
        json.key("file")
        write(file)
      } else {
        json.member("file", String?.none)
      }
      if description.hasSectionList {
        json.array("sections", description.sections) { write($0) }
      } else {
        json.member("sections", String?.none)
      }
    }
  }

  private func write(_ pattern: WildcardPattern) {
    json.row {
      member("pattern", pattern.pattern)
      json.array("sort", pattern.sorts) { json.string($0.rawValue) }
      member("excludedFiles", names: pattern.excludedFiles)
    }
  }

  private func write(_ tail: OutputSectionTail) {
    member("region", tail.region)
    member("loadRegion", tail.loadRegion)
    member("programHeaders", names: tail.programHeaders)
    member("fill", tail.fill)
  }

  /// `type` is the word in parentheses; `typeValue` the number of `TYPE = e`.
  private func write(_ type: OutputSectionType) {
    var value: ExpressionID?
    let word: String?
    switch type {
    case .normal: word = nil
    case .noload: word = "NOLOAD"
    case .dsect: word = "DSECT"
    case .copy: word = "COPY"
    case .info: word = "INFO"
    case .overlay: word = "OVERLAY"
    case .readonly: word = "READONLY"
    case .type(let number):
      word = "TYPE"
      value = number
    case .readonlyType(let number):
      word = "READONLY TYPE"
      value = number
    }
    json.member("type", word)
    if value != nil { member("typeValue", value) }
  }
}
