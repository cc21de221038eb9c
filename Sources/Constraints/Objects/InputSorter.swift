// How one statement sorts what it takes: it keeps one binary tree, into which sorted and unsorted patterns put their
// sections in the order in which they are met (ldlang.c, wild_sort, wild_sort_fast, compare_section).

internal import LdsParser

/// A section with how the pattern that takes it sorts.
struct SortedInput {
  let section: InputSection
  let order: SectionPattern.Order
}

extension InputSection {
  fileprivate var placeInMap: Int {
    record.flatMap { file.placesInMap[$0.index] } ?? .max
  }
}

/// Sorts the sections of one statement.
struct InputSorter {
  let names: NameTable
  /// `SORT(*)(.data)`
  let sortsFiles: Bool

  /// Whether the link is made of a map, which has them sorted; alignments are not what they were.
  var isReplayed = false

  func sorted(_ matches: [SortedInput]) -> [InputSection] {
    if isReplayed, matches.contains(where: { $0.order != .none }) {
      return matches.map(\.section).sorted { $0.placeInMap < $1.placeInMap }
    }
    if !sortsFiles, matches.allSatisfy({ $0.order == matches[0].order }) {
      guard let order = matches.first?.order, order != .none else {
        return matches.map(\.section)
      }
      // All of one kind: the tree is a stable sort.
      return matches.enumerated().sorted { left, right in
        let result = compare(left.element.section, right.element.section, order)
        return result == 0 ? left.offset < right.offset : result < 0
      }.map(\.element.section)
    }
    return tree(matches)
  }

  // MARK: The tree

  private struct Node {
    let input: SortedInput
    var left = -1
    var right = -1
  }

  private func tree(_ matches: [SortedInput]) -> [InputSection] {
    var nodes: [Node] = []
    nodes.reserveCapacity(matches.count)
    var rightmost = 0
    for input in matches {
      let new = nodes.count
      nodes.append(Node(input: input))
      guard new > 0 else { continue }
      if !sortsFiles, input.order == .none {
        // What is not sorted goes to the right end.
        nodes[rightmost].right = new
        rightmost = new
        continue
      }
      insert(new, &nodes, &rightmost)
    }
    return inOrder(nodes)
  }

  private func insert(_ new: Int, _ nodes: inout [Node], _ rightmost: inout Int) {
    let input = nodes[new].input
    var current = 0
    while true {
      let other = nodes[current].input.section
      var result = sortsFiles ? compareFiles(input.section.file, other.file) : 0
      if result == 0, input.order != .none {
        result = compare(input.section, other, input.order)
      }
      let next = result < 0 ? nodes[current].left : nodes[current].right
      if next >= 0 {
        current = next
        continue
      }
      if result < 0 {
        nodes[current].left = new
      } else {
        nodes[current].right = new
        if current == rightmost { rightmost = new }
      }
      return
    }
  }

  private func inOrder(_ nodes: [Node]) -> [InputSection] {
    var result: [InputSection] = []
    var pending: [Int] = []
    var current = nodes.isEmpty ? -1 : 0
    while current >= 0 || !pending.isEmpty {
      while current >= 0 {
        pending.append(current)
        current = nodes[current].left
      }
      guard let node = pending.popLast() else { break }
      result.append(nodes[node].input.section)
      current = nodes[node].right
    }
    return result
  }

  // MARK: Comparisons

  private func compareFiles(_ left: LinkFile, _ right: LinkFile) -> Int {
    let first = Self.compare(left.archive ?? left.name, right.archive ?? right.name)
    if first != 0 { return first }
    return Self.compare(
      left.archive == nil ? [] : left.name, right.archive == nil ? [] : right.name)
  }

  private static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left == right { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }

  private func compare(
    _ left: InputSection, _ right: InputSection, _ order: SectionPattern.Order
  ) -> Int {
    switch order {
    case .none: return 0
    case .alignment: return right.alignmentPower - left.alignmentPower
    case .name: return compareNames(left, right)
    case .nameThenAlignment:
      let names = compareNames(left, right)
      return names == 0 ? right.alignmentPower - left.alignmentPower : names
    case .alignmentThenName:
      let powers = right.alignmentPower - left.alignmentPower
      return powers == 0 ? compareNames(left, right) : powers
    case .priority:
      if let one = priority(left), let other = priority(right), one != other {
        return one < other ? -1 : 1
      }
      return compareNames(left, right)
    }
  }

  private func compareNames(_ left: InputSection, _ right: InputSection) -> Int {
    left.name == right.name ? 0 : Self.compare(names.bytes(left.name), names.bytes(right.name))
  }

  /// The number behind the last dot; of `.ctors.N` counted down (ldlang.c, get_init_priority).
  private func priority(_ section: InputSection) -> Int? {
    let name = names.bytes(section.name)
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let digits = name[(dot + 1)...]
    guard !digits.isEmpty, digits.count < 10, digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    let isReversed = name.starts(with: ".ctors.".utf8) || name.starts(with: ".dtors.".utf8)
    return isReversed ? 65535 - number : number
  }
}
