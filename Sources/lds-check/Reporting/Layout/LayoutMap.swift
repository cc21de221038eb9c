// A layout in the form of a map of GNU ld (ldlang.c, print_output_section_statement): what reads those can read it.

import Constraints
import LdsParser

struct LayoutMap {
  let output: Output

  func write(_ result: LayoutResultOfRun) {
    let prediction = result.prediction
    line("\nMemory Configuration\n")
    line("Name             Origin             Length             Attributes")
    for region in prediction.regions {
      line(
        pad(String(decoding: region.name, as: UTF8.self), 16) + " "
          + address(region.origin) + " " + address(region.length))
    }
    line(pad("*default*", 16) + " " + address(0) + " " + address(.max))
    line("\nLinker script and memory map\n")
    var symbols: [Int: [PredictedSymbol]] = [:]
    for symbol in prediction.symbols where symbol.isGlobal {
      if let section = symbol.section { symbols[section, default: []].append(symbol) }
    }
    for (index, section) in prediction.sections.enumerated() {
      write(section, symbols[index] ?? [])
    }
    line("OUTPUT(\(result.inputs.command.output.display) \(format(prediction)))")
  }

  /// BFD's name of the output format.
  private func format(_ prediction: LayoutPrediction) -> String {
    switch prediction.machine {
    case ELF.machine386: "elf32-i386"
    case ELF.machineARM: "elf32-littlearm"
    case ELF.machineAArch64: "elf64-littleaarch64"
    default: "elf64-x86-64"
    }
  }

  private func write(_ section: PredictedSection, _ symbols: [PredictedSymbol]) {
    var head = row(String(decoding: section.name, as: UTF8.self), section.vma, section.size ?? 0)
    if let lma = section.lma, lma != section.vma { head += " load address " + address(lma) }
    line(head)
    var symbols = symbols.sorted { $0.value < $1.value }[...]
    for input in section.inputs {
      let name = " " + String(decoding: input.section, as: UTF8.self)
      line(
        row(name, input.address, input.size) + " " + String(decoding: input.file, as: UTF8.self))
      while let symbol = symbols.first, symbol.value < input.address &+ input.size {
        line(
          String(repeating: " ", count: 16) + address(symbol.value)
            + String(repeating: " ", count: 16) + String(decoding: symbol.name, as: UTF8.self))
        symbols = symbols.dropFirst()
      }
    }
    for symbol in symbols {
      line(
        String(repeating: " ", count: 16) + address(symbol.value)
          + String(repeating: " ", count: 16) + String(decoding: symbol.name, as: UTF8.self))
    }
    line("")
  }

  /// Name, address, size; a long name stands on a line of its own.
  private func row(_ name: String, _ start: UInt64, _ size: UInt64) -> String {
    let sizeText = "0x" + String(size, radix: 16)
    let padding = String(repeating: " ", count: max(1, 11 - sizeText.count))
    let numbers = address(start) + padding + sizeText
    if name.count > 15 { return name + "\n" + String(repeating: " ", count: 16) + numbers }
    return pad(name, 16) + numbers
  }

  private func address(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func line(_ text: String) { output.write(text + "\n") }
}
