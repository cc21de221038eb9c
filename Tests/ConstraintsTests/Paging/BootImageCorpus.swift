// Small boot images linked for real, sound ones and ones with one fault each.

import Foundation
import LdsParser
import TestSupport

/// How one image of the corpus is made.
struct BootImage: Sendable {
  /// What is wrong with it.
  enum Fault: String, CaseIterable, Sendable {
    case none, smallPages, writableExecutableOrphan, boundaryOff, offsetDropped, pastWindow
    case pastTable, loadAddressOff
  }

  var fault: Fault
  /// Sizes of text, rodata, init, data and bss in bytes.
  var sizes: [Int]

  static let base: UInt64 = 0xffff_82d0_4000_0000

  /// The rule that has to report the fault; nil for sound images.
  var rule: String? {
    switch fault {
    case .none, .smallPages: nil
    case .writableExecutableOrphan: "writable-executable"
    case .boundaryOff: "superpage-boundary"
    case .offsetDropped: "image-slot"
    case .pastWindow: "table-window"
    case .pastTable: "table-capacity"
    case .loadAddressOff: "load-address-congruence"
    }
  }

  /// Assembler source of its one object.
  var source: String {
    let flags = [
      (".text", "\"ax\",@progbits"), (".rodata", "\"a\",@progbits"),
      (".init.text", "\"aw\",@progbits"), (".data", "\"aw\",@progbits"),
      (".bss", "\"aw\",@nobits"),
    ]
    var text = zip(flags, sizes).map { section, size in
      ".section \(section.0),\(section.1)\n.zero \(size)\n"
    }.joined()
    if fault == .writableExecutableOrphan { text += ".section .wx,\"awx\",@progbits\n.zero 64\n" }
    return text
  }

  /// Its script; in a PE image there is no `AT()`, and the linker defines the image base.
  func script(isPE: Bool = false) -> String {
    let page = fault == .smallPages ? "0x1000" : "0x200000"
    let offset = fault == .offsetDropped ? "0" : "0x200000"
    let boundary = fault == .boundaryOff ? "  . = . + 0x1000;\n" : ""
    let off = fault == .loadAddressOff ? " + 0x1000" : ""
    let more =
      switch fault {
      case .pastWindow: "  . = __image_base__ + 0x40080000;\n"
      case .pastTable: "  . = __image_base__ + 0x46000000;\n"
      default: ""
      }
    func section(_ name: String, _ patterns: String) -> String {
      let place = isPE ? "" : " AT(ADDR(\(name)) - __image_base__\(off))"
      return "  \(name) :\(place) {\n    \(patterns)\n  }\n"
    }
    return """
      SECTIONS {
        \(isPE ? "" : "__image_base__ = 0xffff82d040000000;")
        . = __image_base__ + \(offset);
        _start = .;
      \(section(".text", "*(.text)"))  . = ALIGN(\(page));
        __2M_text_end = .;
        __2M_rodata_start = .;
      \(section(".rodata", "*(.rodata)"))  . = ALIGN(\(page));
      \(boundary)  __2M_rodata_end = .;
        __2M_init_start = .;
      \(section(".init", "*(.init.text)"))  . = ALIGN(\(page));
        __2M_init_end = .;
        __2M_rwdata_start = .;
      \(section(".data", "*(.data)"))\(more)\(section(".bss", "*(.bss)"))  _end = .;
        __2M_rwdata_end = ALIGN(\(page));
        /DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
      }
      """
  }

  /// The corpus: every fault with sizes drawn from a fixed sequence.
  static let corpus: [BootImage] = {
    var state: UInt64 = 20_200_119
    func next(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    return Fault.allCases.flatMap { fault in
      (0..<6).map { _ in
        let large = UInt64(fault == .smallPages ? 0x8000 : 0x18_0000)
        return BootImage(fault: fault, sizes: (0..<5).map { _ in 1 + next(large) })
      }
    }
  }()

  /// Links it and returns what the given linker made, as the files `evidence` tell it.
  func link(
    _ linker: String, evidence: [String], in folder: TemporaryFolder
  ) throws -> [Image] {
    let assembler = ExternalTool.path("as") ?? "as"
    try folder.write("image.s", source)
    try folder.write("image.lds", script())
    let here = URL(fileURLWithPath: folder.path)
    _ = try ExternalTool.run(assembler, ["--64", "-o", "image.o", "image.s"], in: here)
    let run = try ExternalTool.run(
      linker, ["-T", "image.lds", "-Map", "image.map", "-o", "image", "image.o"], in: here)
    guard run.status == 0 else { throw LinkFailure() }
    return try evidence.map { name in
      try ImageReader.read(
        SourceBuffer(path: FilePath(folder.path(name)), bytes: Self.bytes(folder.path(name))))
    }
  }

  /// Links it as a PE image, as Xen links xen.efi, and returns the image.
  func linkPE(sectionAlignment: Int, in folder: TemporaryFolder) throws -> Image {
    try folder.write("image.s", source)
    try folder.write("image.lds", script(isPE: true))
    let here = URL(fileURLWithPath: folder.path)
    let assembler = ExternalTool.path("as") ?? "as"
    _ = try ExternalTool.run(assembler, ["--64", "-o", "image.o", "image.s"], in: here)
    let run = try ExternalTool.run(
      ExternalTool.path("ld") ?? "ld",
      [
        "-m", "i386pep", "-T", "image.lds", "--image-base=0xffff82d040000000",
        "--section-alignment=\(sectionAlignment)", "--file-alignment=0x20", "--subsystem=10", "-o",
        "image.efi", "image.o",
      ], in: here)
    guard run.status == 0 else { throw LinkFailure() }
    return try ImageReader.read(
      SourceBuffer(
        path: FilePath(folder.path("image.efi")), bytes: Self.bytes(folder.path("image.efi"))))
  }

  /// Whether this GNU ld makes PE images.
  static let linksPE: Bool = {
    guard let linker = ExternalTool.path("ld"), ExternalTool.path("as") != nil,
      let run = try? ExternalTool.run(linker, ["-V"])
    else { return false }
    return run.text.contains("i386pep")
  }()

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// A linker that refused one of our scripts.
  struct LinkFailure: Error {}
}
