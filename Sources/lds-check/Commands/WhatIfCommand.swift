// `lds-check what-if --grow .text=64K SCRIPT OBJECT...`: what more code or another script would change, without linking.

import Constraints
import LdsParser

/// Lays out a link twice.
enum WhatIfCommand: Command {
  static let name = "what-if"
  static let summary = "what more code or another script would change, without linking"
  static let operands = "SCRIPT OBJECT... | -- LINKER ARG..."
  static let options: [OptionSpec] =
    [.format.limited(to: Format.allCases.map(\.rawValue)), .grow, .otherScript, .config, .linker]
    + OptionSpec.scripts + OptionSpec.link
  static let discussion = """
    Lays script and objects out as 'layout' does, once as they are and once with the change, and shows the verdicts, \
    sections and symbols that differ. --grow adds bytes behind the last input section of an output section, aligned to \
    nothing; --with reads another script.
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
    let growths = try arguments.all(.grow).map(growth)
    let inputs = try LayoutInputs(arguments)
    try inputs.refuse(context)
    let writer = WhatIfReport(
      context: context,
      json: arguments.choice(.format, default: Format.text) == .json
        ? JSONWriter(context.output) : nil,
      dialect: inputs.dialect)
    do throws(LayoutStop) {
      let provider = FileSourceProvider()
      let model = try LayoutModel(
        inputs.script.script, inputs.command, by: inputs.dialect, provider: provider)
      if growths.isEmpty, !arguments.has(.otherScript) {
        return writer.write(try rooms(of: model))
      }
      let before = try model.layout()
      let after: LayoutPrediction
      do throws(LayoutStop) {
        if let path = arguments.path(.otherScript) {
          after = try layout(by: path, inputs, growths, arguments)
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

  private static func layout(
    by path: FilePath, _ inputs: LayoutInputs, _ growths: [LayoutGrowth],
    _ arguments: ParsedArguments
  ) throws(LayoutStop) -> LayoutPrediction {
    guard let other = try? LayoutInputs(inputs, by: path, arguments), !other.script.script.isRefused
    else { throw .refused("\(path.display) cannot be read as a linker script") }
    return try LayoutModel(
      other.script.script, other.command, by: inputs.dialect, provider: FileSourceProvider()
    ).layout(growing: growths)
  }

  /// `SECTION=SIZE`, with K or M.
  private static func growth(_ text: [UInt8]) throws(UsageError) -> LayoutGrowth {
    let shown = String(decoding: text, as: UTF8.self)
    func bad(_ reason: String) -> UsageError {
      .badValue(option: "--grow", value: shown, reason: reason)
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
    return LayoutGrowth(section: Array(text[..<equals]), bytes: bytes)
  }
}
