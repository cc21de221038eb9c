// `lds-check what-if --grow .text=64K SCRIPT OBJECT...`: what more code or another script would change, without linking.

import Constraints
import LdsParser

/// Lays out a link twice.
enum WhatIfCommand: Command {
  static let name = "what-if"
  static let summary = "what more code or another script would change, without linking"
  static let operands = "SCRIPT OBJECT... | SCRIPT MAP IMAGE | -- LINKER ARG..."
  static let options: [OptionSpec] =
    [
      .format.limited(to: Format.allCases.map(\.rawValue)), .grow, .setAlign, .otherScript,
      .otherDefine, .config, .linker,
    ]
    + OptionSpec.scripts + OptionSpec.link
  static let discussion = """
    Lays script and objects out as 'layout' does, once as they are and once with the change, and shows the verdicts, \
    sections and symbols that differ. --grow adds bytes behind the last input section of an output section, aligned to \
    nothing, or to a section of an object (OBJECT:SECTION, its code if none is named); --set-align gives an output \
    section another ALIGN; --with reads another script, --with-define the same one with another macro.
    Objects may be missing: with the map of GNU ld and the ELF image of the same link, the script is laid out over \
    them first and has to give every row again; then numbers are exact, or the least and the most that they may be.
    Without a change it shows by how many bytes each section may grow until an ASSERT fails or a region overflows: so \
    many it may, and one more it may not; both are laid out.
    The exit status is 1 if an ASSERT fails or the linker would stop after the change, 2 if the layout is refused.
    """

  private enum Format: String, CaseIterable {
    case text, json
  }

  static func run(_ arguments: ParsedArguments, _ context: ProgramContext) throws -> ExitCode {
    guard !arguments.operands.isEmpty || arguments.has(.linkCommand) else {
      throw UsageError.missingOperand(operands)
    }
    let growths = try arguments.all(.grow).map { text in
      let (name, bytes) = try amount(text, "--grow")
      return LayoutGrowth(section: name, bytes: bytes)
    }
    let alignments = try arguments.all(.setAlign).map { text in
      let (name, bytes) = try amount(text, "--set-align")
      return LayoutAlignment(section: name, bytes: bytes)
    }
    let isOtherScript = arguments.has(.otherScript) || arguments.has(.otherDefine)
    let json =
      arguments.choice(.format, default: Format.text) == .json ? JSONWriter(context.output) : nil
    if let replay = try ReplayRun(arguments) {
      return try replay.run(
        arguments, ReplayEdit(growths: growths, alignments: alignments),
        isOtherScript: isOtherScript,
        WhatIfReport(context: context, json: json, dialect: replay.dialect))
    }
    let inputs = try LayoutInputs(arguments)
    try inputs.refuse(context)
    let writer = WhatIfReport(context: context, json: json, dialect: inputs.dialect)
    do throws(LayoutStop) {
      let provider = FileSourceProvider(mayMap: true)
      let model = try LayoutModel(
        inputs.script.script, inputs.command, by: inputs.dialect, provider: provider)
      if growths.isEmpty, alignments.isEmpty, !isOtherScript {
        return writer.write(try rooms(of: model))
      }
      let before = try model.layout()
      let after: LayoutPrediction
      do throws(LayoutStop) {
        if isOtherScript || !alignments.isEmpty {
          after = try layout(
            by: isOtherScript ? arguments : nil, inputs, growths, alignments)
        } else {
          after = try model.layout(growing: growths)
        }
      } catch {
        guard case .linkerStops = error else { throw error }
        return writer.write(stop: error)
      }
      return writer.write(LayoutChanges(from: before, to: after), after)
    } catch {
      throw ProgramError("refused: \(error.message)")
    }
  }

  private static func rooms(
    of model: LayoutModel
  ) throws(LayoutStop) -> [(section: [UInt8], bytes: UInt64?)] {
    var rooms: [(section: [UInt8], bytes: UInt64?)] = []
    for section in model.growing { rooms.append((section, try model.room(of: section))) }
    return rooms
  }

  /// The layout of other statements; `arguments` are nil for the same script.
  private static func layout(
    by arguments: ParsedArguments?, _ inputs: LayoutInputs, _ growths: [LayoutGrowth],
    _ alignments: [LayoutAlignment]
  ) throws(LayoutStop) -> LayoutPrediction {
    var inputs = inputs
    if let arguments {
      let path = arguments.path(.otherScript)
      guard let other = try? inputs.edited(by: path, arguments),
        !other.script.script.isRefused
      else {
        throw .refused(
          "\((path ?? inputs.script.path).display) cannot be read as a linker script")
      }
      inputs = other
    }
    return try LayoutModel(
      inputs.script.script, inputs.command, by: inputs.dialect, aligning: alignments,
      provider: FileSourceProvider(mayMap: true)
    ).layout(growing: growths)
  }

  /// `SECTION=SIZE`, with K or M.
  private static func amount(
    _ text: [UInt8], _ option: String
  ) throws(UsageError) -> (name: [UInt8], bytes: UInt64) {
    let shown = String(decoding: text, as: UTF8.self)
    func bad(_ reason: String) -> UsageError {
      .badValue(option: option, value: shown, reason: reason)
    }
    guard let equals = text.lastIndex(of: UInt8(ascii: "=")), equals > 0 else {
      throw bad("expected SECTION=BYTES")
    }
    var digits = String(decoding: text[(equals + 1)...], as: UTF8.self)
    var unit: UInt64 = 1
    if let last = digits.last,
      let scale = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30][last.uppercased()]
    {
      unit = UInt64(scale)
      digits.removeLast()
    }
    let number = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
    guard let number, case let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit),
      !isTooLarge, bytes <= LayoutModel.mostGrowth
    else { throw bad("expected a number of bytes, such as 4096 or 64K") }
    return (Array(text[..<equals]), bytes)
  }
}
