// Whether a link may have made code shorter, pass after pass: what a linker finds in its first passes is longer then than
// what it writes.

internal import LdsParser

extension Evidence {
  /// Whether the files are of a machine for which lld relaxes code, or a listing does not tell of which.
  static func mayRelax(_ images: [Image], _ program: Program) -> Bool {
    let machines = Set(images.compactMap(\.machine))
    if !machines.isEmpty { return !machines.isDisjoint(with: relaxingMachines) }
    if images.contains(where: { $0.outputSections.contains { $0.name == attributes } }) {
      return true
    }
    let names = (program.outputFormats + program.architectures).map { program.names.string($0) }
    if names.contains(where: { $0.includes("riscv") || $0.includes("loongarch") }) { return true }
    return names.isEmpty && images.allSatisfy { $0.kind == .nm || $0.kind == .xenSymbols }
  }

  private static let relaxingMachines: Set<UInt16> = [ELF.machineRISCV, ELF.machineLoongArch]

  /// What a map of a link for RISC-V lists, and no other.
  private static let attributes = Array(".riscv.attributes".utf8)
}
