// The file that `eval --history` appends to, read again: one JSON object a line.
//
//     {"image":"xen-syms","label":"c447b7308b","date":"2026-11-27T08:15:00Z","holds":25,"fails":0,"undecided":0,"failing":[],"end":"0xffff82d0405f7e20","headroom":[…]}

import Constraints
import LdsParser

/// The builds that a history holds, the oldest first.
struct BuildHistory {
  let path: FilePath
  let builds: [BuildSummary]

  /// Names of the images, in order of first mention.
  var images: [String] {
    var names: [String] = []
    for build in builds where !names.contains(build.image) { names.append(build.image) }
    return names
  }

  /// Whether a file looks like a history: no map, listing, image or script starts so.
  static func isOne(_ buffer: SourceBuffer) -> Bool {
    buffer.bytes(in: 0..<2) == Array("{\"".utf8)
  }

  /// Reads a history.
  init(_ buffer: SourceBuffer) throws(InputError) {
    path = buffer.path
    builds = try HistoryLines.read(buffer, Self.build)
  }

  private static func build(_ json: JSONDocument) -> BuildSummary? {
    guard let image = json.member("image", of: json.root),
      let holds = json.member("holds", of: json.root).flatMap(json.integer),
      let fails = json.member("fails", of: json.root).flatMap(json.integer),
      let undecided = json.member("undecided", of: json.root).flatMap(json.integer)
    else { return nil }
    let end = json.member("end", of: json.root).map(json.string)
    var build = BuildSummary(
      image: json.string(image), end: end.flatMap { UInt64($0.dropFirst(2), radix: 16) },
      holds: holds, fails: fails, undecided: undecided,
      failing: json.member("failing", of: json.root).map { json.elements($0).map(json.bytes) },
      headroom: headroom(json))
    build.label = json.member("label", of: json.root).map(json.string)
    build.date = json.member("date", of: json.root).map(json.string)
    build.regions = (json.member("regions", of: json.root).map { json.elements($0) } ?? [])
      .compactMap { row in
        guard let name = json.member("name", of: row),
          let used = json.member("used", of: row).flatMap(json.integer)
        else { return nil }
        return (json.string(name), UInt64(max(0, used)))
      }
    return build
  }

  private static func headroom(_ json: JSONDocument) -> [Headroom] {
    guard let rows = json.member("headroom", of: json.root) else { return [] }
    return json.elements(rows).compactMap { row in
      guard let message = json.member("message", of: row),
        let left = json.member("left", of: row).flatMap(json.integer)
      else { return nil }
      return Headroom(
        message: json.bytes(message), bound: json.member("bound", of: row).map(json.string) ?? "",
        left: Int64(left),
        total: json.member("total", of: row).flatMap(json.integer).flatMap { UInt64(exactly: $0) })
    }
  }
}

/// The lines of a file that `--history` appends to.
enum HistoryLines {
  /// What `row` makes of each line, which is a JSON object; blank ones are passed over.
  ///
  /// - Throws: the first line of which it makes nothing.
  static func read<Row>(
    _ buffer: SourceBuffer, _ row: (JSONDocument) -> Row?
  ) throws(InputError) -> [Row] {
    var rows: [Row] = []
    var start = 0
    var number = 0
    while start < buffer.count {
      var end = start
      while let byte = buffer.byte(at: end), byte != 0x0A { end += 1 }
      number += 1
      let line = buffer.bytes(in: start..<end)
      if line.contains(where: { $0 != 0x20 && $0 != 0x0D }) {
        guard let found = object(line).flatMap(row) else {
          throw InputError(
            path: buffer.path,
            reason: ReadError(
              id: "not-a-history", message: "line \(number) is none that '--history' writes",
              offset: start))
        }
        rows.append(found)
      }
      start = end + 1
    }
    return rows
  }

  private static func object(_ line: [UInt8]) -> JSONDocument? {
    var sources = SourceSet()
    let source = sources.add(SourceBuffer(path: FilePath("history"), bytes: line))
    let (parsed, _) = JSONParser.parse(source, in: sources)
    return parsed.flatMap { $0.kind($0.root) == .object ? $0 : nil }
  }
}
