// What an image calls thread-local, and what the linker took for it.

internal import LdsParser

extension Evidence {
  /// BFD writes the flag of thread-local storage for the name of a section as well; the linker goes by its input sections,
  /// and makes a segment for those (elf.c, special_sections; _bfd_elf_map_sections_to_segments).
  mutating func forgetNamesOfThreads(_ files: [Image], _ program: Program) {
    guard
      let image = files.first(where: {
        $0.kind == .elf && !$0.isRelocatable && !$0.segments.isEmpty
      })
    else { return }
    let segments = image.segments.filter { $0.type == ELF.segmentThreadLocal }
    for index in sections.indices where sections[index].flags?.contains(.threadLocal) == true {
      guard let start = sections[index].vma else { continue }
      let isInSegment = segments.contains {
        start >= $0.virtualAddress && start &- $0.virtualAddress < $0.memorySize
      }
      if sections[index].flags?.contains(.noBits) != true {
        sections[index].isOfThreadSegment = isInSegment
        continue
      }
      if isInSegment {
        // PHDRS put into it what the script says. What is thread-local for certain has symbols of an object that are.
        sections[index].isOfThreadSegment =
          program.loading.headers == .none
          || image.hasThreadLocals(in: sections[index], besides: program)
        continue
      }
      // One that holds others ends in front of it, or does not count what lies in another region; PHDRS may have none.
      if segments.isEmpty, program.loading.headers == .none {
        sections[index].flags?.remove(.threadLocal)
        // By its flags it is in no segment that is loaded.
        if sections[index].size != 0 { sections[index].lma = nil }
      } else {
        sections[index].isOfThreadSegment = false
      }
    }
  }
}

extension Image {
  /// Whether an object has a thread-local symbol in a section.
  fileprivate func hasThreadLocals(in section: Evidence.Section, besides program: Program) -> Bool {
    symbols.records.contains { record in
      guard record.isThreadLocal, case .section(let index) = record.place,
        outputSections.indices.contains(index), outputSections[index].name == section.name,
        outputSections[index].vma == section.vma
      else { return false }
      let name = program.names.find(symbols.nameBytes(record))
      return name.map { program.assignments[$0] == nil } ?? true
    }
  }
}
