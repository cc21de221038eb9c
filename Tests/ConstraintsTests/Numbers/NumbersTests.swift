// Abstract arithmetic must never lose the number that the linker gets: random numbers, abstracted in random
// ways, go through every operator, and the exact result is looked for in the abstract one.

import Constraints
import LdsParser
import TestSupport
import Testing

@Suite struct AbstractDomainTests {
  /// A layout of which the addresses are known to the test and not to the numbers.
  struct Layout {
    var numbers = Numbers()
    var addresses: [UInt64] = []

    init(_ random: inout SeededGenerator) {
      for _ in 0..<4 { addPlace(&random, parent: nil) }
      for _ in 0..<8 {
        let parent = random.below(addresses.count)
        addPlace(&random, parent: parent)
      }
    }

    private mutating func addPlace(_ random: inout SeededGenerator, parent: Int?) {
      let reach = UInt64(random.below(0x100))
      let distance = UInt64(random.below(0x40))
      let gap = random.once(in: 3) ? 0 : UInt64(random.below(0x3000))
      var address = UInt64(random.below(0x4000_0000)) &* (random.once(in: 2) ? 1 : 0x1_0001)
      if let parent { address = addresses[parent] + distance + gap }
      let zeros = random.below(min(address.trailingZeroBitCount, 20) + 1)
      var least = random.once(in: 3) ? 0 : address - address / UInt64(1 + random.below(9))
      if let parent { least = max(least, numbers.places[Int32(parent)].least) }
      numbers.addPlace(
        least: min(least, address), bits: .zeros(zeros), parent: parent.map { Int32($0) },
        distance: distance, reach: reach)
      addresses.append(address)
    }

    func value(_ form: LinearForm) -> UInt64 {
      form.terms.reduce(form.constant) { sum, term in
        sum &+ addresses[Int(term.place)] &* UInt64(bitPattern: Int64(term.factor))
      }
    }

    /// Whether what is known of `number` is true of `value`.
    func allows(_ number: Number, _ value: UInt64) -> Bool {
      if let form = number.form, self.value(form) != value { return false }
      return value & number.bits.mask == number.bits.value && number.least <= value
        && value <= number.most
    }

    func operand(_ random: inout SeededGenerator) -> (Number, UInt64) {
      switch random.below(6) {
      case 0:
        let value = Self.number(&random)
        return (numbers.constant(value), value)
      case 1, 2:
        let place = Int32(random.below(addresses.count))
        let offset = random.once(in: 3) ? Self.number(&random) : UInt64(random.below(0x80))
        let form = LinearForm(place, offset: offset)
        return (numbers.number(form), value(form))
      case 3:
        let first = LinearForm(
          Int32(random.below(addresses.count)), offset: UInt64(random.below(9)))
        let second = LinearForm(Int32(random.below(addresses.count)))
        guard let form = first.adding(second, isNegative: true) else { break }
        return (numbers.number(form), value(form))
      default: break
      }
      let value = Self.number(&random)
      return (numbers.abstraction(of: value, &random), value)
    }

    static func number(_ random: inout SeededGenerator) -> UInt64 {
      switch random.below(5) {
      case 0: UInt64(random.below(5))
      case 1: 1 << UInt64(random.below(64))
      case 2: random.next()
      case 3: 0 &- UInt64(random.below(70))
      default: UInt64(random.below(0x10000)) << UInt64(random.below(48))
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func resultsAllowWhatTheLinkerGets(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var decided = 0
    for _ in 0..<400 {
      let layout = Layout(&random)
      for _ in 0..<12 {
        let (left, leftValue) = layout.operand(&random)
        let (right, rightValue) = layout.operand(&random)
        #expect(layout.allows(left, leftValue), "\(left) is not \(leftValue)")
        decided += checkOperators(layout, left, leftValue, right, rightValue, &random)
      }
    }
    #expect(decided > 1500, "abstract numbers that never decide anything test nothing")
  }

  private func checkOperators(
    _ layout: Layout, _ left: Number, _ leftValue: UInt64, _ right: Number,
    _ rightValue: UInt64, _ random: inout SeededGenerator
  ) -> Int {
    var decided = 0
    let numbers = layout.numbers
    for operation in BinaryOperator.allCases {
      guard
        case .value(let exact) = LinkerArithmetic.apply(operation, leftValue, rightValue),
        case .number(let result) = numbers.apply(operation, left, right, dialect: .bfd)
      else { continue }
      #expect(
        layout.allows(result, exact),
        "\(left) \(operation.rawValue) \(right) = \(result), not \(exact)")
      if result.exact != nil, left.exact == nil { decided += 1 }
    }
    for function in [BinaryFunction.max, .min, .align] {
      guard let exact = LinkerArithmetic.apply(function, leftValue, rightValue) else { continue }
      let result = numbers.apply(function, left, right)
      #expect(
        layout.allows(result, exact), "\(function)(\(left), \(right)) = \(result), not \(exact)")
    }
    for operation in UnaryOperator.allCases {
      let exact = LinkerArithmetic.apply(operation, leftValue)
      #expect(
        layout.allows(numbers.apply(operation, left), exact), "\(operation.rawValue) \(left)")
    }
    #expect(
      layout.allows(numbers.log2Ceiling(left), LinkerArithmetic.log2Ceiling(leftValue)), "\(left)")
    return decided
  }

  @Test func differencesInOneStretchCancel() throws {
    var numbers = Numbers()
    let start = numbers.addPlace(least: 0x1000, bits: .zeros(12))
    let end = numbers.addPlace(least: 0x1000, parent: start, distance: 8)
    let first = numbers.number(LinearForm(start))
    let last = numbers.number(LinearForm(end))
    #expect(numbers.isOrdered(first, last, orEqual: false) == true)
    #expect(numbers.subtract(last, first).least == 8)
    #expect(numbers.subtract(numbers.add(last, Number(4)), last).exact == 4)
    #expect(!isEqual(first, last, numbers))
    // Behind the end of the stretch the address space may end.
    #expect(numbers.isOrdered(last, numbers.add(last, Number(4)), orEqual: false) == nil)
  }
}

private func isEqual(_ left: Number, _ right: Number, _ numbers: Numbers) -> Bool {
  guard case .number(let result) = numbers.apply(.equal, left, right, dialect: .bfd) else {
    return false
  }
  return result.exact != 0
}

extension Numbers {
  /// Adds a place as the layout would.
  @discardableResult
  mutating func addPlace(
    least: UInt64, bits: KnownBits = .none, parent: PlaceID? = nil, distance: UInt64 = 0,
    reach: UInt64 = 0
  ) -> PlaceID {
    places.add(
      Place(
        cause: .orphans(after: nil), bits: bits, least: least, parent: parent, distance: distance,
        reach: reach))
  }

  /// Something that is true of `value`.
  func abstraction(of value: UInt64, _ random: inout SeededGenerator) -> Number {
    let bits = KnownBits(mask: random.next() | (random.once(in: 2) ? 0xfff : 0), value: value)
    let slack = UInt64(random.below(0x2000))
    let least = random.once(in: 2) ? 0 : value - Swift.min(value, slack)
    let most = random.once(in: 2) ? .max : value + Swift.min(.max - value, slack)
    return Number(Knowledge(bits: bits, least: least, most: most))
  }
}
