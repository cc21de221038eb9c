// `lds-check symbols`: what a map, symbol list or image says, without judgement.

import Constraints
import LdsParser

/// Prints symbols, output sections, segments and memory regions of each file.
enum SymbolsCommand: Command {
  static let name = "symbols"
  static let summary = "what a map or image says: symbols, sections, segments, regions"
  static let operands = "FILE..."
  static let options: [OptionSpec] =
    [.format.limited(to: Format.allCases.map(\.rawValue))] + OptionSpec.inputs
  static let discussion = """
    FILE is a map of GNU ld, lld, gold or mold, a listing of nm, a System.map, a xen-syms.map, or an ELF \
    or PE file; it is recognised by its content.
    With json, one file gives one object, and several give an array of such objects.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    if arguments.inputs.isEmpty { throw UsageError.missingOperand("FILE") }
    let loader = try InputLoader(arguments)
    // Of one file there is nothing to compare; a large one need not stay.
    var images: [Image] = []
    let keep = { (image: Image) in if arguments.inputs.count > 1 { images.append(image) } }
    switch arguments.choice(.format, default: Format.text) {
    case .text:
      var isFirst = true
      try loader.eachImage([.symbols, .sections]) { image in
        if !isFirst { context.report.line() }
        isFirst = false
        ImageText(writer: context.report).write(image)
        remark(image, context)
        keep(image)
      }
    case .json:
      let json = JSONWriter(context.output)
      let write: (Image) throws -> Void = { image in
        json.object { ImageJSON(json: json, image: image).writeMembers() }
        remark(image, context)
        keep(image)
      }
      if arguments.inputs.count == 1 {
        try loader.eachImage([.symbols, .sections], write)
      } else {
        try json.array { try loader.eachImage([.symbols, .sections], write) }
      }
      json.end()
    }
    context.warn(of: ImageGroup.all(images))
    return .success
  }

  /// Says on standard error what was odd about the file.
  private static func remark(_ image: Image, _ context: ProgramContext) {
    if context.isQuiet { return }
    DiagnosticPrinter(writer: context.remarks)
      .write(image.diagnostics, in: image.sources, of: image.path)
  }
}
