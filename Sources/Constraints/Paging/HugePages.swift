// Huge pages for the code of a program: which whole pages lie inside its mappings, and what keeps the kernel from them.

internal import LdsParser

/// What transparent huge pages, or a loader that copies code to huge pages, can do for a program.
///
/// A huge page is used for a whole, aligned range inside one mapping; what lies before the first and behind the last
/// stays on base pages. A mapping of a file needs an offset that agrees with its address modulo the page
/// (Linux, `khugepaged`, `CONFIG_READ_ONLY_THP_FOR_FS`); a position-independent program is put at a multiple of its
/// largest p_align only (`load_elf_binary`).
public struct HugePages: Sendable {
  /// One region of the program.
  public struct Mapping: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its bytes.
    public var range: AddressRange
    /// Whether code runs in it.
    public var isExecutable: Bool
    /// Bytes of whole pages inside.
    public var whole: UInt64
    /// Bytes before the first whole page; all of them if there is none.
    public var head: UInt64
    /// Bytes behind the last whole page.
    public var tail: UInt64
    /// Whether offset in the file and address agree modulo the page; nil where the file does not tell.
    public var isCongruent: Bool?
    /// `p_align`; nil where the file does not tell.
    public var alignment: UInt64?
  }

  /// Size of the page.
  public let page: PageSize
  /// The regions in address order.
  public let mappings: [Mapping]
  /// Whether the loader chooses the address: the first segment begins at 0.
  public let isPositionIndependent: Bool

  /// Bytes of whole pages in all regions.
  public var whole: UInt64 { mappings.reduce(0) { $0 &+ $1.whole } }
  /// The regions with code.
  public var code: [Mapping] { mappings.filter(\.isExecutable) }

  /// The pages inside the regions of `plan`.
  public init(_ plan: SuperpagePlan) {
    let page = plan.pageSize
    self.page = page
    isPositionIndependent = plan.regions.first?.range.start == 0
    mappings = plan.regions.map { region in
      let segment = plan.segments.first {
        $0.isLoaded && $0.virtualAddress == region.range.start
      }
      let first = page.ceiling(region.range.start)
      let last = page.floor(region.range.last &+ 1)
      let isInside = first >= region.range.start && first < last && last != 0
      return Mapping(
        name: region.name, range: region.range,
        isExecutable: region.permissions?.contains(.execute) ?? false,
        whole: isInside ? last &- first : 0,
        head: isInside ? first &- region.range.start : region.range.byteCount,
        tail: isInside ? region.range.last &+ 1 &- last : 0,
        isCongruent: segment.map { ($0.fileOffset &- $0.virtualAddress) & page.mask == 0 },
        alignment: segment?.alignment)
    }
  }

  /// What to say of the code, one line a mapping, then what mends it.
  public var words: [String] {
    if code.isEmpty { return ["no mapping holds code"] }
    var lines = code.map(line)
    // Less than a page of code no alignment makes a page of.
    if code.contains(where: {
      $0.range.byteCount >= page.bytes
        && ($0.isCongruent == false || ($0.alignment ?? .max) < page.bytes)
    }) {
      let size = hexadecimal(page.bytes)
      lines.append("link with -z max-page-size=\(size) -z common-page-size=\(size)")
    }
    if code.allSatisfy({ $0.whole == 0 }) { return lines }
    if code.contains(where: { $0.head > 0 }) {
      lines.append(
        "what is hot before the first whole page stays on base pages: '. = ALIGN(\(page));'"
          + " in front of .text, or order cold code there")
    }
    return lines
  }

  private func line(_ mapping: Mapping) -> String {
    let bytes = ByteCountText.readable(mapping.range.byteCount)
    guard mapping.whole > 0 else {
      let why =
        mapping.range.byteCount < page.bytes
        ? "\(bytes) is smaller than one" : "\(bytes) hold no aligned one"
      return "no: no whole \(page) page lies inside \(mapping.name), \(why)"
    }
    let percent = mapping.whole / max(1, mapping.range.byteCount / 100)
    var text =
      "\(mapping.name): \(ByteCountText.readable(mapping.whole)) of \(bytes) (\(min(percent, 100)) %) are "
      + "whole \(page) pages, head \(ByteCountText.readable(mapping.head)), "
      + "tail \(ByteCountText.readable(mapping.tail))"
    if mapping.isCongruent == false {
      text = "no: " + text + "; but offset and address do not agree modulo \(page)"
    } else if isPositionIndependent, (mapping.alignment ?? .max) < page.bytes {
      text =
        "by luck: " + text
        + "; but p_align is \(hexadecimal(mapping.alignment ?? 0)), so the loader may put it anywhere"
    } else {
      text = (mapping.head &+ mapping.tail == 0 ? "yes: " : "partly: ") + text
    }
    return text
  }
}
