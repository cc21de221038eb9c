// Text within text.

import LdsParser
import Testing

struct TextSearchTests {
  @Test func aPartIsFoundWhereverItStands() {
    for part in ["", "e", "elf32", "mips", "-", "elf32-mips"] {
      #expect("elf32-mips".includes(part), "\(part)")
    }
    for part in ["elf64", "mipsel", "f3-", "elf32-mips "] {
      #expect(!"elf32-mips".includes(part), "\(part)")
    }
    #expect("aab".includes("ab"))
    #expect("".includes(""))
  }
}
