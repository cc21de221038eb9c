// The image that leaves the build: what a tool behind the link writes, or a loader reads, of what the linker made.

public import LdsParser

/// The bytes of a linked image in the form in which they leave the build, and where each of them stands.
///
/// A linker makes sections; what a machine gets are the bytes of a file. Which sections are in it, where it begins, what
/// fills the holes and where a symbol's bytes are is decided by the tool that makes the file (`objcopy`, Xen's
/// `mkelf32`) or by the loader that reads it. The value is computed from an ELF or PE image alone.
public struct ShippedImage: Sendable {
  /// A stretch of the file whose bytes go to one place: a section, or of an ELF file a segment.
  public struct Part: Sendable, Hashable {
    /// Its section, an index of `Image.outputSections`; nil for a segment.
    public var section: Int?
    /// The address that its first byte is loaded at.
    public var load: UInt64
    /// The address that its first byte runs at.
    public var run: UInt64
    /// Bytes that the file has of it.
    public var size: UInt64
    /// Bytes that it takes in memory, zeroes behind those of the file included.
    public var memory: UInt64
    /// Where its first byte stands in the file; for Intel hex and S-records, in the memory that they describe.
    public var offset: UInt64

    /// Load address behind its last byte.
    var loadEnd: UInt64 { load &+ size }
    /// Whether it is loaded across the end of the address space.
    fileprivate var runsOver: Bool { size > 0 && loadEnd <= load }
  }

  /// Load addresses between two parts that no section has bytes for.
  public struct Gap: Sendable, Hashable {
    /// The first address.
    public var start: UInt64
    /// The address behind the last.
    public var end: UInt64
    /// Index of the part that reaches up to it.
    public var before: Int
    /// Index of the part that follows.
    public var after: Int

    /// Bytes in it.
    public var size: UInt64 { end &- start }
  }

  /// In which form it leaves the build.
  public let form: ImageForm
  /// Its parts in order of their load addresses.
  public let parts: [Part]
  /// The lowest load address of a byte: what the first byte of a raw image stands for.
  public let start: UInt64
  /// The load address behind the last byte.
  public let end: UInt64
  /// Bytes of the file up to the last that is loaded; of Intel hex and S-records, bytes that they describe.
  public let fileSize: UInt64
  /// The run-time address behind the last byte that the loader gives memory to; nil where the file itself does not
  /// say, as a raw image.
  public let mappedEnd: UInt64?

  private let sections: [OutputSectionRecord]
  private let loads: [UInt64?]
  private let placesThreadLocals: Bool

  /// What leaves the build of `image`; nil where it is no linked ELF or PE file of that form, has no bytes, or has some that
  /// are loaded across the end of the address space, where each maker cuts addresses in its own way.
  ///
  /// - Parameter end: The run-time address that the maker is told as the end of the memory that the image takes
  ///   (`mkelf32`'s last argument); used for ``ImageForm/elf32`` only, the segments' own end without it.
  public init?(_ image: Image, form: ImageForm, end memoryEnd: UInt64? = nil) {
    guard !image.isRelocatable, image.kind == (form == .pe ? .pe : .elf) else { return nil }
    let loads = LoadAddressesOfBFD(image)
    self.loads = image.outputSections.map(loads.address)
    sections = image.outputSections
    placesThreadLocals = image.threadLocalBase != nil
    let found: [Part] =
      switch form {
      case .binary, .intelHex, .sRecords: Self.contents(image, loads)
      case .elf: Self.segments(image)
      case .elf32: Self.wrapped(Self.segments(image), memoryEnd)
      case .pe: Self.sections(ofPE: image)
      }
    let sorted = found.sorted { ($0.load, $0.offset) < ($1.load, $1.offset) }
    guard let low = sorted.first?.load, let high = sorted.map(\.loadEnd).max(),
      !sorted.contains(where: \.runsOver)
    else { return nil }
    self.form = form
    start = low
    end = high
    switch form {
    case .binary, .intelHex, .sRecords:
      parts = sorted.map { part in
        var part = part
        part.offset = part.load &- low
        return part
      }
      fileSize =
        form == .binary ? high &- low : Self.merged(parts).reduce(0) { $0 &+ ($1.end &- $1.start) }
      mappedEnd = nil
    case .elf, .elf32:
      parts = sorted
      fileSize = sorted.map { $0.offset &+ $0.size }.max() ?? 0
      mappedEnd = sorted.map { $0.run &+ $0.memory }.max()
    case .pe:
      parts = sorted
      fileSize = sorted.map { $0.offset &+ $0.size }.max() ?? 0
      mappedEnd = image.promises.map { (image.imageBase ?? 0) &+ $0.sizeOfImage }
    }
  }

  // MARK: Questions

  /// The holes, in order of their addresses. A raw image has them as zeroes (`--gap-fill` says otherwise), the other
  /// forms have nothing there.
  public var gaps: [Gap] {
    var gaps: [Gap] = []
    var reach: (end: UInt64, part: Int)?
    for (index, part) in parts.enumerated() where part.size > 0 {
      if let before = reach, part.load > before.end {
        gaps.append(Gap(start: before.end, end: part.load, before: before.part, after: index))
      }
      if part.loadEnd >= reach?.end ?? 0 { reach = (part.loadEnd, index) }
    }
    return gaps
  }

  /// Bytes of contents, holes left out.
  public var contentSize: UInt64 {
    Self.merged(parts).reduce(0) { $0 &+ ($1.end &- $1.start) }
  }

  /// Where in the file the byte stands that a symbol names; the end of the file for one behind its last byte. Nil for
  /// a symbol of memory that the file has no bytes for, and for an absolute one at an address that several parts
  /// share.
  public func offset(of symbol: SymbolRecord) -> UInt64? {
    if symbol.isThreadLocal, !placesThreadLocals { return nil }
    return switch symbol.place {
    case .section(let index): offset(symbol.value, inSection: index)
    case .absolute, .unknownSection, .unknown: offset(atAddress: symbol.value)
    case .undefined, .common: nil
    }
  }

  private func offset(_ value: UInt64, inSection index: Int) -> UInt64? {
    guard sections.indices.contains(index), let vma = sections[index].vma else { return nil }
    guard usesLoadAddresses else { return offset(atAddress: value) }
    guard let load = loads[index], sections[index].flags?.contains(.allocated) == true else {
      return nil
    }
    // The zeroes in front of later contents are in the file, those behind the last are not.
    let offset = load &+ (value &- vma) &- start
    return offset <= end &- start ? offset : nil
  }

  /// Where in the file the byte stands that runs at an address; nil where several or none do.
  func offset(atAddress address: UInt64) -> UInt64? {
    let holding = parts.filter { address &- $0.run < $0.size }
    let candidates = holding.isEmpty ? parts.filter { address == $0.run &+ $0.size } : holding
    let offsets = Set(candidates.map { $0.offset &+ (address &- $0.run) })
    return offsets.count == 1 ? offsets.first : nil
  }

  private var usesLoadAddresses: Bool {
    switch form {
    case .binary, .intelHex, .sRecords: true
    case .elf, .elf32, .pe: false
    }
  }

  private static func merged(_ parts: [Part]) -> [(start: UInt64, end: UInt64)] {
    var result: [(start: UInt64, end: UInt64)] = []
    for part in parts where part.size > 0 {
      if let last = result.last, part.load <= last.end {
        result[result.count - 1].end = max(last.end, part.loadEnd)
      } else {
        result.append((part.load, part.loadEnd))
      }
    }
    return result
  }
}

// MARK: - Parts

extension ShippedImage {
  /// What objcopy copies: allocated sections with contents (`binary_set_section_contents`, bfd/binary.c; `ihex.c`,
  /// `srec.c`).
  private static func contents(_ image: Image, _ loads: LoadAddressesOfBFD) -> [Part] {
    image.outputSections.enumerated().compactMap { index, section in
      guard section.isShipped, let vma = section.vma else { return nil }
      return Part(
        section: index, load: loads.address(of: section), run: vma, size: section.size,
        memory: section.size, offset: 0)
    }
  }

  /// What a loader of ELF files reads (gABI, "Program Header").
  private static func segments(_ image: Image) -> [Part] {
    image.segments.compactMap { segment in
      guard segment.isLoaded else { return nil }
      return Part(
        section: nil, load: segment.physicalAddress, run: segment.virtualAddress,
        size: segment.fileSize, memory: segment.memorySize, offset: segment.fileOffset)
    }
  }

  /// Where mkelf32 puts the bytes (`RAW_OFFSET`, xen/arch/x86/boot/mkelf32.c).
  private static let rawOffset: UInt64 = 128

  /// What mkelf32 writes: the one segment of an ELF64 file behind a header of 128 bytes, with the memory size that
  /// it is told, since p_memsz does not cover alignment behind .bss.
  private static func wrapped(_ parts: [Part], _ memoryEnd: UInt64?) -> [Part] {
    guard parts.count == 1, var part = parts.first else { return [] }
    part.offset = rawOffset
    if let memoryEnd { part.memory = max(memoryEnd &- part.run, part.size) }
    return [part]
  }

  private static func sections(ofPE image: Image) -> [Part] {
    image.outputSections.enumerated().compactMap { index, section in
      guard let vma = section.vma, let offset = section.fileOffset, section.size > 0 else {
        return nil
      }
      return Part(
        section: index, load: vma, run: vma, size: section.size, memory: section.size,
        offset: offset)
    }
  }
}

extension OutputSectionRecord {
  /// Whether its bytes are copied into a raw image: `SEC_ALLOC`, `SEC_LOAD` and `SEC_HAS_CONTENTS`.
  var isShipped: Bool {
    guard let flags else { return false }
    return size > 0 && flags.contains(.allocated) && !flags.contains(.noBits)
  }
}

extension SegmentRecord {
  /// Whether a loader gives it memory: `PT_LOAD`.
  var isLoaded: Bool { type == 1 && memorySize > 0 }
}

/// Load addresses of sections as BFD reads them back from an ELF file (`_bfd_elf_make_section_from_shdr`, elf.c):
/// those of the tools, which for thread-local sections are not those of the linker.
struct LoadAddressesOfBFD {
  private let segments: [SegmentRecord]

  init(_ image: Image) {
    // All physical addresses 0 in an image of several segments mean that there are none.
    let hasAddresses = image.segments.contains { $0.physicalAddress != 0 }
    segments =
      hasAddresses || image.segments.count(where: \.isLoaded) <= 1
      ? image.segments.filter { $0.type == ELF.segmentLoad || $0.type == ELF.segmentThreadLocal }
      : []
  }

  func address(of section: OutputSectionRecord) -> UInt64 {
    let vma = section.vma ?? 0
    guard !segments.isEmpty, section.flags?.contains(.allocated) == true else {
      return section.lma ?? vma
    }
    var load = vma
    for segment in segments where holds(segment, section, vma) {
      load =
        section.fileOffset.map { segment.physicalAddress &+ ($0 &- segment.fileOffset) }
        ?? segment.physicalAddress &+ (vma &- segment.virtualAddress)
      // The last segment counts if each of them reaches over the end of the address space.
      if vma &+ section.size <= segment.virtualAddress &+ segment.memorySize { break }
    }
    return load
  }

  /// `ELF_SECTION_IN_SEGMENT`; a thread-local section is looked for in `PT_TLS` only.
  private func holds(
    _ segment: SegmentRecord, _ section: OutputSectionRecord, _ vma: UInt64
  ) -> Bool {
    let isThreadLocal = section.flags?.contains(.threadLocal) == true
    guard isThreadLocal == (segment.type == ELF.segmentThreadLocal) else { return false }
    if let offset = section.fileOffset {
      let distance = offset &- segment.fileOffset
      guard offset >= segment.fileOffset, distance <= segment.fileSize,
        section.size <= segment.fileSize &- distance
      else { return false }
    }
    let distance = vma &- segment.virtualAddress
    return vma >= segment.virtualAddress && distance <= segment.memorySize
      && section.size <= segment.memorySize &- distance
  }
}
