// The words for what is missing and for where the linker stops. Nowhere else are these things spelled out.

internal import LdsParser

extension EvaluationReport {
  /// Why a verdict is undecided: each missing thing, and what file would supply it.
  public func text(_ lack: Lack) -> String {
    lack.items.map { text($0) }.joined(separator: "; ")
  }

  /// What the linker says where it stops, and what that means.
  public func text(_ fault: Fault) -> String {
    let cause =
      switch fault {
      case .undefinedSymbol(let name):
        "undefined symbol '\(program.names.string(name))' referenced in expression"
      case .unresolvableSymbol(let name):
        "unresolvable symbol '\(program.names.string(name))' referenced in expression"
      case .undefinedSection(let name):
        "undefined section '\(program.names.string(name))' referenced in expression"
      case .undefinedRegion(let name):
        "undefined MEMORY region '\(program.names.string(name))' referenced in expression"
      case .divisionByZero: "division by zero"
      case .remainderByZero: "remainder of a division by zero"
      case .divisionOverflow: "0x8000000000000000 / -1, of which GNU ld dies"
      case .unknownConstant(let name):
        "unknown constant '\(program.names.string(name))' referenced in expression"
      case .alignmentNotPowerOfTwo: "alignment must be a power of 2"
      case .bothRelative: "at least one side of the expression must be absolute"
      }
    return "the linker stops here: \(cause)"
  }

  private func text(_ item: Missing) -> String {
    if let section = item.section, let words = missingChoice(section) { return words }
    switch item {
    case .symbol(let name): return missingSymbol(program.names.string(name))
    case .symbolSection(let name):
      return
        "the section of '\(program.names.string(name))' is not in \(fileList); "
        + "\(supply("the ELF image")) would supply it"
    case .objectDefinition(let name)
    where evidence.symbols[program.names.bytes(name)]?.mayBeLocal == true:
      return
        "\(fileList) lists '\(program.names.string(name))' and does not tell whether it is global: an lld map has symbols "
        + "that are local to an object among the others, and the linker stops at those; "
        + "nm of the image, the image itself, or the objects would tell"
    case .objectDefinition(let name):
      return
        "whether an object defines '\(program.names.string(name))' is not in \(fileList), where "
        + "symbols of discarded sections and symbols that the script sets anew do not show, and local "
        + "ones may be an object's own; "
        + "the objects would tell"
    case .mergedSymbol(let name):
      return
        "GNU ld evaluates the script with the place of '\(program.names.string(name))' before equal strings and constants "
        + "of its section are merged, and \(fileList) has the one behind that"
    case .unsettled(let name):
      return
        "'\(program.names.string(name))' is made from symbols that are assigned later, through more "
        + "passes than the linker surely makes"
    case .earlyPass:
      return
        "the linker evaluates this in early passes too, in which symbols and sizes are still 0, and stops if the "
        + "divisor is"
    case .firstPass:
      return
        "this lld judges in every pass, and in the first one nothing further down has its address or size yet"
    case .relaxation:
      return
        "this lld judges in every pass, and in the first ones code is longer than in the end: for this machine, or one "
        + "that no file names, it is relaxed"
    case .placeBeforeSection:
      return
        "lld takes the place one byte before an output section for the end of the section where it counts from "
        + "the section's start"
    case .laterSection(let name):
      return
        "the address of section '\(program.names.string(name))' is not known to the linker's earlier "
        + "passes, since the section comes later in the script"
    case .sectionAddress(let name): return missingFact("address", name)
    case .movedSection(let name):
      return
        "section '\(program.names.string(name))' is not where the script puts it in \(fileList): an option of the "
        + "linker (-Tdata=, --section-start=) moved it, or a tool behind the link; the linker's map or its command "
        + "line would tell"
    case .sectionSize(let name): return missingFact("size", name)
    case .sectionLoadAddress(let name):
      guard let loads = evidence.contraryLoads[program.names.bytes(name)] else {
        return missingFact("load address", name)
      }
      let files = loads.files.map { Self.list([evidence.files[$0]]) }.joined(separator: " and ")
      return
        "\(files) contradict each other: section '\(program.names.string(name))' is loaded at "
        + "\(hexadecimal(loads.first)) in the one and \(hexadecimal(loads.second)) in the other; "
        + "give the files of one link"
    case .sectionAlignment(let name):
      if isImageGiven { return missingFact("alignment", name) }
      return
        "the alignment of section '\(program.names.string(name))' is not in \(fileList); "
        + "the ELF image would supply it"
    case .sectionExistence(let name):
      return
        "whether there is a section '\(program.names.string(name))' is not in \(fileList); "
        + "the script that was linked with would tell"
    case .locationCounter: return missingLocationCounter
    case .insertedStatement:
      return "INSERT moves statements, and where this one stands then is not worked out"
    case .insertedSymbol(let name):
      return
        "INSERT moves statements, and whether '\(program.names.string(name))' is set before or behind "
        + "where it is read is not worked out"
    case .region(let name):
      let region = program.names.string(name)
      if !program.isMap {
        return
          "the script has no MEMORY, and another one of the link declares the region '\(region)': give that one, too, or "
          + "the link's command"
      }
      return "the memory region '\(region)' is not in \(fileList); the script would supply it"
    case .headers:
      return "the size of the file headers is not in \(fileList); the ELF image would supply it"
    case .pageSize(let name):
      return
        "\(program.names.string(name)) depends on the target and on -z options of the link, "
        + "which no file records"
    case .segmentStart(let name):
      return
        "the start of segment '\(program.names.string(name))' may be set on the linker's command line, "
        + "which no file records"
    case .dataSegment: return "how the linker sized the data segment is recorded in no file"
    case .feature:
      return
        "a map does not tell whether LD_FEATURE(\"SANE_EXPR\") was in force, which decides here; "
        + "the script would, given beside the map or with --script"
    case .parentheses:
      return
        "a map prints nested '?:' without their parentheses; the script would tell how they nest"
    case .upperHalf:
      return
        "a 32-bit image has the lower half of addresses that the linker calculates with 64 bits, sign-extended "
        + "for MIPS and beyond 0xffffffff at the end of the address space, which decides here"
    case .context where !program.isMap:
      return "what the linker made of this statement does not follow from \(fileList)"
    case .context:
      return
        "a map does not tell whether this line stands inside the output section above it; "
        + "the script would"
    case .agreement(let index): return text(disagreements[Int(index)])
    case .condition(let index):
      return
        "no file that was found defines '\(guessedNames[Int(index)])', on which the text of the ASSERT "
        + "depends; -D or -U would tell, or the flags of the build by --cpp-command"
    }
  }

  private func text(_ disagreement: Disagreement) -> String {
    let (first, second) = (
      Self.list(disagreement.files.first), Self.list(disagreement.files.second)
    )
    let files = "\(first) and \(second) contradict each other"
    guard let operand = disagreement.operand else {
      return "\(files), and not both lead to this verdict; give the files of one link"
    }
    let name = ExpressionWriter.text(
      of: operand, in: program.expressions, names: program.names, folded: true)
    return "\(files): \(name) is \(hexadecimal(disagreement.values.first)) in the one and "
      + "\(hexadecimal(disagreement.values.second)) in the other; give the files of one link"
  }

  private func missingSymbol(_ name: String) -> String {
    if let asked = ImageName(Array(name.utf8)) {
      // Any of the others would be known, too, if the form and the file were.
      if case .offset(let symbol) = asked, evidence.knowsShippedImage {
        return
          "the file that leaves the build has no bytes of '\(String(decoding: symbol, as: UTF8.self))', as far as "
          + "\(fileList) tells: it is undefined, or in memory without contents"
      }
      return
        "'\(name)' is known where \"image\" of the configuration says in which form the image leaves the build, and "
        + "the linked ELF or PE file is given"
    }
    if let number = evidence.ambiguousNumbers[Array(name.utf8)] {
      return
        "\(hexadecimal(number)) of '\(name)' in \(fileList) may be an address or an offset in a thread-local block, which "
        + "nm shows alike; the image itself or a map would tell"
    }
    let supply: String
    if evidence.kinds.contains(.xenSymbols), !evidence.kinds.contains(.elf) {
      supply =
        "a listing made by Xen's symbols tool leaves absolute symbols out; "
        + "nm of the image, or the image itself, would supply it"
    } else if evidence.kinds.contains(.elf) || evidence.kinds.contains(.pe) {
      supply = "it is undefined, or in a section that was discarded"
    } else if evidence.kinds.contains(where: { $0 != .nm }) {
      supply =
        "absolute symbols of objects stand in no map; nm of the image, or the image itself, "
        + "would supply it"
    } else {
      supply = "the image itself, or a listing of all its symbols, would supply it"
    }
    return "the value of '\(name)' is not in \(fileList); \(supply)"
  }

  private var missingLocationCounter: String {
    let missing = "the location counter at this place is not in \(fileList)"
    if program.isMap { return "\(missing); the script would supply it, given beside the map" }
    guard evidence.kinds.contains(where: { $0.tells(.statements) }) else {
      return "\(missing); \(Self.map(of: dialect)) would supply it"
    }
    return "\(missing), since sections that the script does not name may stand before it"
  }

  private func missingFact(_ what: String, _ name: NameID) -> String {
    let text = program.names.string(name)
    let isMissing = !evidence.sections.contains { $0.name == program.names.bytes(name) }
    guard isImageGiven else {
      return "the \(what) of section '\(text)' is not in \(fileList); "
        + "\(supply("the image itself")) would supply it"
    }
    let source = hasMapOfWorth ? "" : "; a GNU ld map would tell"
    return isMissing
      ? "\(fileList) has no section '\(text)', which the linker drops if it is empty, and so not the \(what) that the "
        + "script saw\(source)"
      : "the \(what) of section '\(text)' that the script saw does not follow from \(fileList)\(source)"
  }

  /// Whether an image is among the files: there is no other one to ask for.
  private var isImageGiven: Bool { evidence.kinds.contains(where: \.isBinary) }

  /// That the files have sections of a name and do not tell which of them a statement of the script made; nil if they do.
  private func missingChoice(_ name: NameID) -> String? {
    let bytes = program.names.bytes(name)
    let found = evidence.sections.indices.filter {
      evidence.sections[$0].name == bytes && evidence.sections[$0].vma != nil
    }
    let text = program.names.string(name)
    if found.count > 1 {
      return
        "\(fileList) has \(found.count) sections '\(text)', of the script and of orphans that do not fit into it, and "
        + "does not tell which is which"
    }
    guard let place = found.first, !program.isMap, !evidence.listsDroppedSections,
      let index = program.section(named: name), !program.sections[index].isConstrained,
      NamesakeBinding.isDoubtful(index, place, SectionNames(program), program, evidence, dialect)
    else { return nil }
    return
      "section '\(text)' of \(fileList) may be that of an orphan, where the script's own was empty and dropped: its "
      + "patterns leave input sections of this name over"
      + (hasMapOfWorth ? "" : "; a GNU ld map would tell")
  }

  /// Whether no other map would tell more: one of GNU ld is there, or the link is lld's.
  private var hasMapOfWorth: Bool { evidence.kinds.contains(.gnuMap) || dialect == .lld }

  /// The map that has the location counter.
  private static func map(of dialect: LinkerDialect) -> String {
    dialect == .lld ? "an lld map" : "a GNU ld map"
  }

  /// Who has what a map has: nobody asks for the map that is there.
  private func supply(_ image: String) -> String {
    guard hasMapOfWorth else { return "\(image) or a GNU ld map" }
    return program.isMap ? "\(image), or the script beside the map," : image
  }

  private var fileList: String {
    if evidence.files.isEmpty { return "any file given" }
    return Self.list(evidence.files)
  }

  private static func list(_ files: [FilePath]) -> String {
    files.map { $0.lastComponent.display }.joined(separator: " or ")
  }
}
