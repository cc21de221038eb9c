// One output section as memory counts it, with what is not known of it.

internal import LdsParser

/// An output section that takes room.
struct MemorySection: Sendable {
  /// Its index in the output sections of ``MemoryImage/layout``.
  var index: Int
  var name: [UInt8]
  var vma: UInt64
  var lma: UInt64
  var size: UInt64
  /// Its alignment, where the file tells.
  var alignment: UInt64?
  /// Its flags in the image; nil where only a map is known.
  var flags: SectionFlags?
  /// What takes address space: 0 for `.tbss`, whose size has no effect (`IS_TBSS`, ldlang.c).
  var extent: UInt64
  /// Whether its bytes are loaded (`SEC_LOAD`).
  var isLoaded: Loading
  /// Whether it is empty: ld then moves the region only if the script assigns in it (`update_dot`).
  var isEmpty: Bool { size == 0 }
  /// What the script says of it; nil for an orphan.
  var placement: SectionPlacement?
  /// Of an orphan, the sections that it may stand behind in the linker's order: one where a map tells.
  var anchors: [SectionPlacement] = []

  /// What is known of a section's bytes.
  enum Loading: Sendable {
    case yes
    case no
    /// The map does not tell, and this is what its input sections look like.
    case perhaps(Bool)

    /// The answer, as good as it is.
    var likely: Bool {
      switch self {
      case .yes: true
      case .no: false
      case .perhaps(let answer): answer
      }
    }

    var isCertain: Bool {
      if case .perhaps = self { return false }
      return true
    }
  }
}

/// What the tail of an output section says of regions (ld manual, 3.6.8.6), inherited parts included.
struct SectionPlacement: Sendable {
  /// Its regions by their indices; no region where attributes or an address decide.
  var regions: SectionRegions<Int>
  /// What aligns a load address in another region: `ALIGN(n)` of the section alone; nil if it is no number.
  var loadAlignment: UInt64?
  /// `ALIGN_WITH_INPUT`: the load region moves even for a section without bytes.
  var alignsWithInput: Bool
  /// `NOLOAD`, or a type that is not allocated.
  var type: OutputSectionType
  /// Whether ld moves the region for it even if it is empty and dropped: an assignment in it beside patterns, whose
  /// empty input sections align it.
  var movesEmpty: Bool
  /// Its part in an overlay, whose members share addresses.
  var overlay: OverlayRole?
}

/// What a section is in an overlay.
enum OverlayRole: Sendable {
  /// The first member, which has the load region of all.
  case leader
  /// A member behind it, whose load address ld bases on the first.
  case follower
}
