// Inputs to begin with: the examples of the rules, which between them hold every kind of statement.

import Constraints
import LdsParser

/// Seeds beside the files of the checkout.
public enum FuzzSeeds {
  /// The seeds of the harness `name`.
  public static func of(_ name: String) -> [[UInt8]] {
    let examples = RuleRegistry.all.flatMap { $0.description.good + $0.description.bad }
    switch name {
    case "script", "preprocessor", "format", "editor":
      return examples.compactMap { $0.script.map(text) }
    case "chain":
      return examples.map { example in
        let script = example.script.map(text) ?? []
        guard let image = example.image else { return script }
        return script + Array("\n====\n".utf8) + listing(image)
      }
    case "nm":
      return examples.compactMap { $0.image.map { [0] + listing($0) } }
    case "link":
      return [
        "cmd_a := cd x && gcc @l -Wl,--defsym=a=end+1,-z,max-page-size=4K -T s a.o -Ttext=1f -Xlinker -n; true\n",
        "savedcmd_v := sh link-vmlinux.sh \"ld\" \"-m elf_x86_64\" \"--section-start=.text=9\" v\n",
        "-T 's' --wrap=end @\\q -( a.o -lc -) --defsym=rom=0 -Tda=0x7",
        "rustc -C link-arg=-Ts --target thumbv7m-none-eabi a.rs",
      ].map { Array($0.utf8) }
    case "lsp":
      return [session]
    default:
      return []
    }
  }

  /// The beginning and the end of an editor's session.
  private static var session: [UInt8] {
    let messages = [
      #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#,
      #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.lds","text":"a = 1;"}}}"#,
      #"{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///a.lds"},"position":{"line":0,"character":0}}}"#,
      #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":2}}"#,
      #"{"jsonrpc":"2.0","id":3,"method":"shutdown"}"#, #"{"jsonrpc":"2.0","method":"exit"}"#,
    ]
    return Array(
      messages.map { "Content-Length: \($0.utf8.count)\r\n\r\n\($0)" }.joined().utf8)
  }

  /// A script without the marks of its findings.
  private static func text(_ marked: String) -> [UInt8] {
    Array(marked.filter { $0 != "↓" }.utf8)
  }

  /// What nm would print of an image.
  private static func listing(_ facts: ImageFacts) -> [UInt8] {
    var lines = ""
    for (name, value) in facts.symbols {
      let digits = String(value, radix: 16)
      lines += String(repeating: "0", count: 16 - digits.count) + digits + " T " + name + "\n"
    }
    return Array(lines.utf8)
  }
}
