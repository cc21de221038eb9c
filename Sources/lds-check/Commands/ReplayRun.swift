// `what-if` over a map and the image beside it.

import Constraints
import LdsParser

/// The files of a link that happened.
struct ReplayRun {
  private let inputs: LoadedInputs
  private let command: LinkCommand
  let dialect: LinkerDialect

  /// - Returns: nil if no map is among the operands.
  init?(_ arguments: ParsedArguments) throws {
    guard try arguments.operands.contains(where: Self.isMap) else { return nil }
    inputs = try InputLoader(arguments).load(.all)
    let link = try KnownLink(arguments)
    dialect = try LayoutInputs.dialect(arguments, link)
    command = try LayoutInputs.command(linking: [FilePath("image")], as: link, arguments)
  }

  private static func isMap(_ path: FilePath) throws -> Bool {
    guard path.bytes != [UInt8(ascii: "-")], let buffer = try? FileInput.read(path, mayMap: true)
    else { return false }
    return FormatRecognizer.recognize(buffer) == .map(.gnuMap)
  }

  func run(
    _ arguments: ParsedArguments, _ edit: ReplayEdit, isOtherScript: Bool, _ writer: WhatIfReport
  ) throws -> ExitCode {
    guard inputs.scripts.count == 1, let script = inputs.scripts.first, !script.script.isRefused
    else { throw UsageError.missingOperand("SCRIPT") }
    guard let map = inputs.images.first(where: { $0.kind == .gnuMap }),
      let image = inputs.images.first(where: { $0.kind == .elf })
    else {
      throw ProgramError(
        "edits over a map need the image of the same link too: a map does not tell flags",
        hint: "or give the objects")
    }
    if edit.growths.isEmpty, edit.alignments.isEmpty, !isOtherScript {
      throw UsageError.missingOperand("--grow, --set-align, --with or --with-define")
    }
    var edit = edit
    if isOtherScript {
      let other = try LayoutInputs(script, command, dialect).edited(
        by: arguments.path(.otherScript), arguments)
      if other.script.script.isRefused {
        throw ProgramError("\(other.script.path.display) cannot be read as a linker script")
      }
      edit.script = other.script.script
    }
    do throws(LayoutStop) {
      let replay = try MapReplay(script.script, map: map, image: image, command, by: dialect)
      do throws(LayoutStop) {
        return writer.write(try replay.changes(by: edit))
      } catch {
        guard case .linkerStops = error else { throw error }
        return writer.write(stop: error)
      }
    } catch {
      throw ProgramError("refused: \(error.message)")
    }
  }
}
