// Load addresses that no AT gives: GNU ld keeps a section as far from where it is loaded as the one that its region
// was given to before (ldlang.c, lang_size_sections_1; ld manual 3.6.8.2, Output Section LMA). Layouts of links that
// happened and layouts from objects follow the same rules.

internal import LdsParser

/// An output section, as far as the load address of the next one hangs on it.
struct LeadingSection: Sendable, Hashable {
  /// Its address.
  var vma: UInt64
  /// Its load address.
  var lma: UInt64
  /// Its size in bytes; that of thread-local zeros too.
  var size: UInt64
}

/// An output section that is to be loaded somewhere.
struct SectionToLoad: Sendable {
  /// Its address.
  var vma: UInt64
  /// Its size in bytes.
  var size: UInt64
  /// The location counter where it begins: its address, unless it is passed over.
  var dot: UInt64
  /// Whether it is a member of an overlay, other than the first.
  var sharesAddress = false

  /// Its load address behind `last`, the section that its region was given to before; nil if there was none.
  ///
  /// - Parameters:
  ///   - isAllocated: Whether it is part of the image in memory.
  ///   - power: The power of two to which its address was aligned.
  func loadAddress(behind last: LeadingSection?, isAllocated: Bool, power: Int) -> UInt64 {
    guard let last, isAllocated else { return vma }
    // Behind a step back nothing is followed, unless the two overlap.
    if dot < last.vma, size != 0, dot &+ size <= last.vma { return vma }
    let address = sharesAddress ? last.lma &+ last.size : vma &+ last.lma &- last.vma
    return LinkerArithmetic.alignUp(address, toPower: power)
  }

  /// Its load address in a region of its own, `AT>REGION`, that goes on at `current`.
  ///
  /// - Parameter power: the power of two to which its address was aligned, if that is in the same region, else that of
  ///   its `ALIGN(n)`.
  static func loadAddress(from current: UInt64, power: Int) -> UInt64 {
    LinkerArithmetic.alignUp(current, toPower: power)
  }

  /// Whether the next section of its region follows it, it being loaded at `lma`.
  ///
  /// - Parameter takesRoom: whether it is part of the image in memory, and no thread-local zeros.
  func isFollowed(loadedAt lma: UInt64, behind last: LeadingSection?, takesRoom: Bool) -> Bool {
    guard takesRoom else { return false }
    return size != 0 || (last == nil && vma != lma) || (last.map { dot >= $0.vma } ?? false)
  }
}
