// From a place in the text that the linker read to the author's line, for `parse --where xen.lds:240:3`:
//
//     xen/arch/x86/xen.lds.S:77:3
//       from DECL_SECTION, defined at xen/include/xen/xen.lds.h:15:9

import Constraints
import LdsParser

/// The places of `--where`.
struct PlaceTracing {
  /// One `FILE:LINE[:COLUMN]`.
  private struct Place {
    let text: String
    let path: FilePath
    let line: Int
    let column: Int
  }

  private let places: [Place]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    var places: [Place] = []
    for value in arguments.all(.whereFrom) { places.append(try Self.place(value)) }
    self.places = places
  }

  /// Prints where each place was written.
  func write(_ scripts: [LoadedScript], _ context: ProgramContext) throws {
    for place in places {
      let buffer = try Self.open(place.path, beside: scripts)
      guard let (span, sources) = Self.trace(place, in: buffer, to: scripts) else {
        throw ProgramError(
          "\(place.text): nothing there, or the script gives another text now",
          hint: "make the file again, or pass the flags that it was made with")
      }
      context.report.line(sources.position(of: span).display)
      let calls = sources.origins(span.source)?.callChain(at: span.start) ?? []
      for call in calls {
        let definition = call.definition.map {
          ", defined at " + sources.position(of: $0).display
        }
        context.report.line("  from \(call.name)\(definition ?? "")")
      }
    }
  }

  /// The text in the expansion of the script that fits the file best.
  private static func trace(
    _ place: Place, in buffer: SourceBuffer, to scripts: [LoadedScript]
  ) -> (SourceSpan, SourceSet)? {
    var partial: (SourceSpan, SourceSet)?
    for script in scripts {
      guard let expansion = script.expansion else { continue }
      var sources = script.script.sources
      let file = sources.add(buffer)
      let range = sources.lineRange(file, line: place.line)
      let offset = range.lowerBound + min(place.column - 1, range.count)
      let alignment = TextAlignment(of: file, to: expansion.source, in: sources)
      guard !range.isEmpty, let span = alignment.expandedSpan(at: offset) else { continue }
      if alignment.isComplete { return (span, sources) }
      partial = partial ?? (span, sources)
    }
    return partial
  }

  /// The file as it is named, or by its name beside a script.
  private static func open(
    _ path: FilePath, beside scripts: [LoadedScript]
  ) throws(InputError) -> SourceBuffer {
    do throws(ReadError) {
      return try FileInput.read(path)
    } catch {
      for script in scripts {
        let beside = script.path.directory.appending(path.lastComponent)
        if let buffer = try? FileInput.read(beside) { return buffer }
      }
      throw InputError(path: path, reason: error)
    }
  }

  /// Reads `FILE:LINE` or `FILE:LINE:COLUMN`; the name may have colons.
  private static func place(_ value: [UInt8]) throws(UsageError) -> Place {
    let text = String(decoding: value, as: UTF8.self)
    var parts = value.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var numbers: [Int] = []
    while numbers.count < 2, parts.count > 1, let last = parts.last,
      let number = Int(String(decoding: last, as: UTF8.self)), number > 0
    {
      numbers.insert(number, at: 0)
      parts.removeLast()
    }
    let name = Array(parts.joined(separator: [UInt8(ascii: ":")]))
    guard let line = numbers.first, !name.isEmpty else {
      throw .badValue(
        option: "--where", value: text, reason: "expected FILE:LINE or FILE:LINE:COLUMN")
    }
    return Place(
      text: text, path: FilePath(bytes: name), line: line,
      column: numbers.count > 1 ? numbers[1] : 1)
  }
}
