// DATA_SEGMENT_ALIGN, DATA_SEGMENT_RELRO_END, DATA_SEGMENT_END (ldexp.c, fold_binary; ldlang.c, lang_size_sections,
// lang_size_relro_segment): the linker lays out once, looks where the segment came, and moves its start.

internal import LdsParser

/// The data segment of a pass.
struct DataSegment {
  /// How far the segment has come (ldexp.h, lang_phase of the segment).
  enum Phase {
    case none, aligned, protected, ended
    /// The start is moved so that it costs a page less.
    case adjusting
    /// The start is moved so that the end of the protected part is at a page.
    case adjustingProtected
    case done
  }

  var phase = Phase.none
  var base: UInt64 = 0
  var offset: UInt64 = 0
  var protectedEnd: UInt64 = 0
  var end: UInt64 = 0
  var commonPage: UInt64 = 0
  var maximumPage: UInt64 = 0

  mutating func align(
    dot: UInt64, maximum: UInt64, common: UInt64, isProtected: Bool
  ) -> UInt64 {
    var address = LinkerArithmetic.alignUp(dot, to: maximum)
    switch phase {
    case .adjustingProtected: return base
    case .adjusting:
      return common < maximum
        ? address &+ ((dot &+ common &- 1) & (maximum &- common)) : address
    default:
      if !isProtected { address = address &+ (dot & (maximum &- 1)) }
      if phase == .none {
        phase = .aligned
        base = address
        commonPage = common
        maximumPage = maximum
        protectedEnd = 0
      }
      return address
    }
  }

  mutating func endProtected(offset: UInt64, at end: UInt64) -> UInt64 {
    self.offset = offset
    var address = end
    if phase == .aligned || phase == .adjustingProtected { protectedEnd = end &+ offset }
    if phase == .adjustingProtected, protectedEnd & (maximumPage &- 1) != 0 {
      protectedEnd = LinkerArithmetic.alignUp(protectedEnd, to: maximumPage)
      address = protectedEnd &- offset
    }
    if phase == .aligned { phase = .protected }
    return address
  }

  mutating func end(at address: UInt64) {
    guard phase == .aligned || phase == .protected else { return }
    phase = .ended
    end = address
  }
}

extension ObjectLink {
  /// Whether a pattern between DATA_SEGMENT_ALIGN and DATA_SEGMENT_RELRO_END matches a section that is in memory and not
  /// empty, wherever that was put: else the linker protects nothing (ldlang.c, lang_find_relro_sections).
  func findsProtected() throws(LayoutStop) -> Bool {
    var isInside = false
    for statement in script.statements {
      switch statement {
      case .assignment(let assignment):
        if isInside, asks(.dataSegmentRelroEnd, assignment.assignment.value) { return false }
        isInside = isInside || asks(.dataSegmentAlign, assignment.assignment.value)
      case .assertion(let assertion):
        isInside = isInside || asks(.dataSegmentAlign, assertion.condition)
      case .section(let section):
        for case .inputs(let inputs) in section.body where isInside {
          let matched = try InputMatcher(inputs.description, self).sections()
          let counts = matched.contains { input in
            input.output != nil && input.bits.contains(.allocated) && input.size > 0
              && !input.bits.isThreadLocalZeros
          }
          if counts { return true }
        }
      }
    }
    return false
  }

  private func asks(_ function: BinaryFunction, _ expression: ExpressionID) -> Bool {
    script.expressions.nodes(of: expression).contains { index in
      if case .call2(function, _, _) = script.expressions[ExpressionID(index: index)] {
        true
      } else {
        false
      }
    }
  }
}
