// Small inputs of every kind. Those in Fixtures were made by real linkers from a few lines of assembly.

import TestSupport

enum ReaderSamples {
  static let gnuMap = text("gnu.map")
  static let lldMap = text("lld.map")
  static let moldMap = text("mold.map")
  static let goldMap = text("gold.map")

  static let nmBSD = """
    0000000000001234 A absym
                     U memcpy
                     w maybe
    0000000000401040 T f1
    0000000000402000 d local.0

    """
  static let nmPosix = """
    absym A 1234 
    memcpy U         
    f1 T 401040 8
    local.0 d 402000 

    """
  static let nmSysV = """


    Symbols from a.out:

    Name                  Value           Class        Type         Size             Line  Section

    absym               |0000000000001234|   A  |            NOTYPE|                |     |*ABS*
    memcpy              |                |   U  |            NOTYPE|                |     |*UND*
    f1                  |0000000000401040|   T  |              FUNC|0000000000000008|     |.text

    """
  static let xen = """
    0xffff82d040200008 t head.o#multiboot1_header
    0xffff82d040201000 T _stext

    """

  static func text(_ name: String) -> String {
    String(decoding: fixture(name), as: UTF8.self)
  }

  /// A file of the Fixtures folder; empty if it is missing, which every test of it notices.
  static func fixture(_ name: String) -> [UInt8] {
    (try? Checkout.bytes("Tests/LdsParserTests/Fixtures/" + name)) ?? []
  }
}
