// One try: sizes, alignments and symbols for the input sections of a script, and what the layout makes of them.

internal import LdsParser

/// Sizes, alignments and symbols.
struct CounterexampleTrial: Hashable {
  /// What a symbol of an object is.
  enum Place: Hashable {
    case number(UInt64)
    /// The start of the first section with code, 0 if there is none.
    case code
  }

  var sizes: [UInt64]
  var powers: [Int]
  var symbols: [Place]

  init(sections: Int, symbols: Int, size: UInt64 = 0, power: Int = 0) {
    sizes = Array(repeating: size, count: sections)
    powers = Array(repeating: power, count: sections)
    self.symbols = Array(repeating: .code, count: symbols)
  }
}

/// A script, ready to be tried.
struct CounterexampleBench {
  let script: LinkerScript
  let machine: SyntheticMachine
  /// Words of the linker's command before the objects.
  let words: [[UInt8]]
  var witnesses: [SectionWitness]
  /// Files that have to be there.
  let namedFiles: [[UInt8]]
  /// Symbols that the script takes from objects.
  let symbols: [[UInt8]]

  /// What a try comes to.
  enum Outcome {
    /// Conditions that fail, of those that are judged.
    case laidOut(failing: Set<ExpressionID>, LayoutPrediction)
    /// The linker makes no image for another reason.
    case stops
    /// It is not modelled; what.
    case refused(String)
  }

  /// The objects of a try in the order of the command.
  func objects(_ trial: CounterexampleTrial) -> [(name: [UInt8], object: SyntheticObject)] {
    var files = [SectionWitness.plainFile]
    for name in namedFiles + witnesses.map(\.file) where !files.contains(name) {
      files.append(name)
    }
    var objects = files.map { ($0, SyntheticObject(machine)) }
    var code: (file: Int, section: Int)?
    for (index, witness) in witnesses.enumerated() {
      let (size, power) = (trial.sizes[index], trial.powers[index])
      guard size > 0 || power > 0, let file = files.firstIndex(of: witness.file) else { continue }
      guard var section = witness.section else {
        objects[file].1.symbols.append(
          SyntheticSymbol(
            name: Array("lds_check_common_\(index)".utf8), place: .common(size, power: power)))
        continue
      }
      (section.size, section.power) = (size, power)
      let number = objects[file].1.add(section)
      if code == nil, section.isCode, size > 0 { code = (file, number) }
    }
    for (name, place) in zip(symbols, trial.symbols) {
      switch place {
      case .number(let number):
        objects[0].1.symbols.append(SyntheticSymbol(name: name, place: .number(number)))
      case .code:
        objects[code?.file ?? 0].1.symbols.append(
          SyntheticSymbol(name: name, place: code.map { .section($0.section) } ?? .number(0)))
      }
    }
    return objects
  }

  /// Lays a try out.
  func judge(_ trial: CounterexampleTrial, by dialect: LinkerDialect) -> Outcome {
    let objects = objects(trial)
    let provider = SyntheticFiles(
      files: objects.map {
        ($0.name, SourceBuffer(path: FilePath(bytes: $0.name), bytes: $0.object.bytes))
      })
    guard let command = LinkCommand([Array("ld".utf8)] + words + objects.map(\.name)) else {
      return .refused("the options are none of a link")
    }
    do throws(LayoutStop) {
      let layout = try LayoutModel(script, command, by: dialect, provider: provider)
        .layoutWithComplaints()
      if !layout.complaints.isEmpty { return .stops }
      return .laidOut(
        failing: Set(layout.assertions.filter { !$0.holds }.map(\.condition)), layout)
    } catch {
      switch error {
      case .linkerStops: return .stops
      default: return .refused(error.message)
      }
    }
  }
}

/// Objects in memory.
private struct SyntheticFiles: SourceProvider {
  let files: [(name: [UInt8], buffer: SourceBuffer)]

  func open(_ path: FilePath) throws(ReadError) -> SourceBuffer? {
    files.first { $0.name == path.bytes }?.buffer
  }
}
