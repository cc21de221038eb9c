// The objects that random scripts are linked with, assembled once and used again link after link.

/// Objects in a folder: some that define what the scripts name, and some that only fill sections.
public struct ObjectPool: Sendable {
  /// How many objects define the symbols; a link takes one of them.
  public static let bases = 6
  /// How many objects fill sections; a link takes any of them.
  public static let fillers = 6

  /// The folder they lie in.
  public let folder: String

  /// Assembles the objects into `folder`.
  public init(in folder: TemporaryFolder, for target: LinkTarget = .x86_64) throws {
    self.folder = folder.path
    var random = SeededGenerator(seed: 20)
    for index in 0..<Self.bases {
      try Self.assemble("base\(index)", Self.base(index, target, &random), target, folder)
    }
    for index in 0..<Self.fillers {
      try Self.assemble("fill\(index)", Self.filler(index, &random), target, folder)
    }
  }

  /// Assembles those of these objects that are of one section each and are not there yet.
  static func provide(
    _ objects: [String], in folder: TemporaryFolder, for target: LinkTarget
  ) throws {
    for object in objects where folder.text(object) == nil {
      guard let source = LayoutObjects.source(object) else { continue }
      try assemble(String(object.dropLast(2)), source, target, folder)
    }
  }

  /// A choice of objects for one link.
  public static func choose(_ random: inout SeededGenerator) -> [String] {
    var names = ["base\(random.below(bases)).o"]
    for _ in 0..<random.below(3) {
      let name = "fill\(random.below(fillers)).o"
      if !names.contains(name) { names.append(name) }
    }
    if random.once(in: 2) { names.reverse() }
    return names
  }

  private static func assemble(
    _ name: String, _ text: String, _ target: LinkTarget, _ folder: TemporaryFolder
  ) throws {
    try folder.write("\(name).s", text.replacing(",@", with: ",\(target.typeMark)"))
    let run = try ProgramRun.tool(
      target.toolPrefix + "as", target.assemblerOptions + ["\(name).s", "-o", "\(name).o"],
      folder: folder.path)
    if run.status != 0 { throw AssemblyError(text: run.errors) }
  }

  /// What `as` said.
  public struct AssemblyError: Error {
    /// Its words.
    public var text: String
  }

  /// The first object has round sizes; others have any.
  private static func base(
    _ index: Int, _ target: LinkTarget, _ random: inout SeededGenerator
  ) -> String {
    let word = target.addressWidth == 8 ? ".quad" : ".long"
    let high = target.addressWidth == 8 ? "0xffffffff80000000" : "0xfffff000"
    let pad = (0..<4).map { _ in index == 0 ? 0 : random.below(100) }
    let alignment = (0..<4).map { _ in index == 0 ? 4 : random.below(7) }
    return """
      .section .text,"ax",@progbits
      .p2align \(alignment[0])
      .globl _start,f1,f2
      _start: .fill \(0x40 + pad[0]),1,0x90
      f1: .fill 8,1,0x90
      f2: .fill 8,1,0x90
      .section .rodata,"a",@progbits
      .p2align \(alignment[1])
      .globl r0
      r0: .fill \(0x33 + pad[1]),1,1
      .section .data,"aw",@progbits
      .p2align \(max(alignment[2], 3))
      .globl d0,d1
      d0: \(word) 1
      .fill \(pad[2] / 8 * 8),1,2
      d1: \(word) pq0
      \(word) pq1
      .section .bss,"aw",@nobits
      .p2align \(alignment[3] + 1)
      .skip \(pad[3])
      .globl b0
      b0: .skip 0x100
      .globl absym,absbig,abszero
      absym = 0x1234
      absbig = \(high)
      abszero = 0
      .comm com,0x20,16
      .section .note.GNU-stack,"",@progbits

      """
  }

  private static let fillings = [
    ".orphan_ro,\"a\",@progbits", ".orphan_rw,\"aw\",@progbits", ".orphan_x,\"ax\",@progbits",
    ".orphan_bss,\"aw\",@nobits", ".orphan_info,\"\",@progbits", ".tdata,\"awT\",@progbits",
    ".tbss,\"awT\",@nobits", ".gone,\"a\",@progbits", ".ov1,\"a\",@progbits",
    ".ov2,\"a\",@progbits", ".info0,\"\",@progbits", ".info2,\"\",@progbits",
    ".text.more,\"ax\",@progbits", ".rodata.more,\"a\",@progbits", ".data.more,\"aw\",@progbits",
    ".bss.more,\"aw\",@nobits", "c_name,\"aw\",@progbits",
  ]

  private static func filler(_ index: Int, _ random: inout SeededGenerator) -> String {
    var text = ""
    for (place, filling) in fillings.enumerated() where (place + index) % 3 == 0 {
      text += ".section \(filling)\n.p2align \(random.below(7))\n"
      text += ".globl fill\(index)_\(place)\nfill\(index)_\(place):\n"
      text += filling.hasSuffix("nobits") ? ".skip " : ".fill "
      text += "\(1 + random.below(200))\n"
    }
    return text + ".section .note.GNU-stack,\"\",@progbits\n"
  }
}
