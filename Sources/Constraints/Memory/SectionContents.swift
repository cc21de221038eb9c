// What an output section is made of, byte by byte: input sections, data and padding, as the rows of a map tell it.

internal import LdsParser

/// A stretch of an output section that one thing takes.
public struct MemoryPiece: Sendable, Hashable {
  /// What takes it.
  public enum Owner: Sendable, Hashable {
    /// The input section of this row of ``Image/inputSections``.
    case input(Int)
    /// `BYTE`, `LONG` and the like.
    case data
    /// The script moved the location counter by a number of bytes: a stack, a heap.
    case reserved
    /// Alignment, or another move of the location counter.
    case padding
    /// The file does not tell.
    case unknown
  }

  /// What takes the bytes.
  public var owner: Owner
  /// Offset in the output section.
  public var offset: UInt64
  /// Bytes; never 0.
  public var size: UInt64
}

/// The pieces of all output sections of one file.
struct SectionContents: Sendable {
  /// By index of the output section, in order of their offsets; they sum to the section's size.
  private let pieces: [[MemoryPiece]]
  /// Rows of input sections whose bytes the linker counts in an earlier row: merged strings and constants.
  let sharers: [Int: [Int]]
  /// Output sections in which the script assigns to a symbol.
  let assigned: Set<Int>
  /// Rows of the input sections of an output section, empty ones included.
  let inputs: [Int: [Int]]
  /// Output sections with data of the script.
  let hasData: Set<Int>

  /// The contents of `image`; sections of a file without rows are one piece that is not known.
  init(_ image: Image) {
    var builder = Builder(image: image)
    builder.read()
    pieces = builder.pieces
    sharers = builder.sharers
    assigned = builder.assigned
    inputs = builder.inputs
    hasData = builder.hasData
  }

  /// The pieces of an output section.
  func pieces(of section: Int) -> [MemoryPiece] {
    pieces.indices.contains(section) ? pieces[section] : []
  }

  private struct Row {
    var owner: MemoryPiece.Owner
    var address: UInt64
    var size: UInt64
  }

  private struct Builder {
    let image: Image
    var pieces: [[MemoryPiece]] = []
    var sharers: [Int: [Int]] = [:]
    var assigned: Set<Int> = []
    var inputs: [Int: [Int]] = [:]
    var hasData: Set<Int> = []
    private var rows: [[Row]] = []

    init(image: Image) {
      self.image = image
      rows = Array(repeating: [], count: image.outputSections.count)
    }

    mutating func read() {
      readStatements()
      pieces = image.outputSections.indices.map { index in
        inputs[index] != nil || hasData.contains(index) || !rows[index].isEmpty
          ? fill(index) : whole(index)
      }
    }

    private mutating func readStatements() {
      var section: Int?
      var moved = MemoryPiece.Owner.padding
      for statement in image.statements {
        if case .outputSection(let index) = statement.kind {
          section = index
          moved = .padding
          continue
        }
        guard let section, rows.indices.contains(section) else { continue }
        switch statement.kind {
        case .inputSection(let row):
          guard image.inputSections.indices.contains(row) else { continue }
          let record = image.inputSections[row]
          inputs[section, default: []].append(row)
          rows[section].append(
            Row(owner: .input(row), address: record.address, size: record.size))
          moved = .padding
        case .data(let width, let address, _, _):
          hasData.insert(section)
          rows[section].append(Row(owner: .data, address: address, size: width.byteCount))
          moved = .padding
        case .fill(let address, let size):
          rows[section].append(Row(owner: moved, address: address, size: size))
          moved = .padding
        case .assignment(let assignment, let value):
          moved = take(assignment, value, statement, section)
        case .outputSection, .contents, .assertion, .pattern, .unnamedAssertion: break
        }
      }
    }

    /// What the padding behind an assignment is.
    private mutating func take(
      _ assignment: Assignment, _ value: PrintedValue, _ statement: MapStatement, _ section: Int
    ) -> MemoryPiece.Owner {
      guard assignment.isLocationCounter else {
        if value != .notProvided { assigned.insert(section) }
        return .padding
      }
      switch image.expressions[assignment.value] {
      case .call1(.align, _), .call2(.align, _, _): return .padding
      default: break
      }
      // lld has no row for what a move makes: it reaches to the next one.
      if let counter = statement.locationCounter {
        rows[section].append(Row(owner: .reserved, address: counter, size: .max))
      }
      return .reserved
    }

    private func whole(_ index: Int) -> [MemoryPiece] {
      let size = image.outputSections[index].size
      return size == 0 ? [] : [MemoryPiece(owner: .unknown, offset: 0, size: size)]
    }

    /// The rows from the section's start to its end without overlap; what no row takes is padding.
    private mutating func fill(_ index: Int) -> [MemoryPiece] {
      let section = image.outputSections[index]
      guard let start = section.vma else { return [] }
      var result: [MemoryPiece] = []
      var cursor: UInt64 = 0
      func add(_ owner: MemoryPiece.Owner, _ end: UInt64) {
        guard end > cursor else { return }
        if let last = result.last, last.owner == owner, owner == .padding {
          result[result.count - 1].size &+= end &- cursor
        } else {
          result.append(MemoryPiece(owner: owner, offset: cursor, size: end &- cursor))
        }
        cursor = end
      }
      let rows = rows[index].filter { $0.address &- start <= section.size }
      for (position, row) in rows.enumerated() {
        let offset = row.address &- start
        add(.padding, min(offset, section.size))
        var end = min(offset &+ min(row.size, section.size), section.size)
        // The next row begins where this one's bytes end, whatever size is printed.
        if position + 1 < rows.count {
          end = min(end, max(offset, rows[position + 1].address &- start))
        }
        let before = cursor
        add(row.owner, end)
        if case .input(let input) = row.owner { share(input, took: cursor &- before) }
      }
      add(.padding, section.size)
      return result
    }

    private var lastMerged: Int?

    /// From binutils 2.41 on the first input section of merged strings has the bytes of all, and prints more bytes
    /// than it had before.
    private mutating func share(_ input: Int, took: UInt64) {
      guard let before = image.sizesBeforeRelaxing[input] ?? listedSize(input, took) else {
        lastMerged = nil
        return
      }
      if took > before {
        lastMerged = input
      } else if took == 0, before > 0, let lastMerged, isSameName(lastMerged, input) {
        sharers[lastMerged, default: []].append(input)
      } else {
        lastMerged = nil
      }
    }

    /// The size of a row that took nothing: what it had before merging.
    private func listedSize(_ input: Int, _ took: UInt64) -> UInt64? {
      took == 0 && image.inputSections[input].size > 0 ? image.inputSections[input].size : nil
    }

    private func isSameName(_ left: Int, _ right: Int) -> Bool {
      image.inputSections[left].name(in: image) == image.inputSections[right].name(in: image)
    }
  }
}
