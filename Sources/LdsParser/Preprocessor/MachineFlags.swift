// The -m, -f, -O and -std flags that change which macros a compiler predefines:
//
//     -m32 -O2 -fno-PIE -ffreestanding -march=armv7-a -EL -ansi

/// What such flags amount to. As in the compiler, the last of those that contradict each other counts.
struct MachineFlags {
  /// The flags as they came, for the compiler itself.
  private(set) var words: [[UInt8]] = []
  private(set) var target: Target
  /// Whether `-ansi` was given: gcc then reads assembler text by the rules of C.
  private(set) var isANSI = false
  private var isStrict = false
  /// `-trigraphs`, by itself and with what a standard given after it says for C.
  private var asksForTrigraphs = false
  private var hasTrigraphsInC = false
  private var optimization: String?
  /// `-fpic`, `-fPIE` and their like, or nil.
  private var picture: String?
  /// Whether ARM code is in Thumb state, and whether the processor has Thumb-2.
  private var isThumb = false
  private var hasThumb2 = false
  /// Whether MIPS code may be called from shared objects: it is then position-independent, whatever else is asked.
  private var hasAbicalls = true
  private var isHosted = true
  private var isUndefined = false
  private var own: [Preprocessor.Definition] = []

  init(target: Target) {
    self.target = target
  }

  /// Takes one flag.
  mutating func read(_ word: [UInt8]) {
    words.append(word)
    let flag = String(decoding: word, as: UTF8.self)
    if readTarget(flag) || readStandard(flag) { return }
    switch flag {
    case "-undef": isUndefined = true
    case "-trigraphs":
      asksForTrigraphs = true
      hasTrigraphsInC = true
    case "-fno-pic", "-fno-PIC", "-fno-pie", "-fno-PIE": picture = nil
    case "-fpic", "-fPIC", "-fpie", "-fPIE": picture = flag
    case "-ffreestanding", "-fno-hosted": isHosted = false
    case "-fhosted", "-fno-freestanding": isHosted = true
    case "-funsigned-char", "-fno-signed-char": define("__CHAR_UNSIGNED__=1")
    case "-fsigned-char", "-fno-unsigned-char": undefine("__CHAR_UNSIGNED__")
    case "-fshort-wchar":
      for text in ["SIZEOF_WCHAR_T__=2", "WCHAR_MAX__=0xffff", "WCHAR_MIN__=0"] {
        replace("__" + text)
      }
      replace("__WCHAR_TYPE__=short unsigned int")
    case "-mthumb" where target == .arm:
      define("__thumb__=1")
      isThumb = true
    case "-marm" where target == .arm:
      undefine("__thumb__")
      isThumb = false
    case "-mno-abicalls", "-mplt": hasAbicalls = false
    case "-mabicalls", "-mno-plt": hasAbicalls = true
    case "-mno-thumb-interwork": undefine("__THUMB_INTERWORK__")
    default:
      if flag.hasPrefix("-O") { optimization = String(flag.dropFirst(2)) }
      if flag.hasPrefix("-march=armv"), target == .arm { readARM(String(flag.dropFirst(11))) }
    }
  }

  private mutating func readTarget(_ flag: String) -> Bool {
    switch flag {
    case "-m32", "-m16": target = target.narrowed
    case "-m64": target = target.widened
    case "-mabi=32": if target == .mips64 { target = .mips }
    case "-mabi=64": if target == .mips { target = .mips64 }
    case "-mlittle-endian", "-mlittle", "-EL":
      if target == .powerpc64 { target = .powerpc64le }
      if target == .mips || target == .mips64 {
        turn(["MIPSE*", "_MIPSE*", "__MIPSE*", "__MIPSE*__"], from: "B", to: "L")
      }
    case "-mbig-endian", "-mbig", "-EB":
      if target == .powerpc64le { target = .powerpc64 }
      if target == .arm { turn(["__ARME*__"], from: "L", to: "B") }
    default:
      if flag.hasPrefix("-march=rv32") {
        target = .riscv32
      } else if flag.hasPrefix("--target="), let named = Target(triple: String(flag.dropFirst(9))) {
        target = named
      } else {
        return false
      }
    }
    return true
  }

  private mutating func readStandard(_ flag: String) -> Bool {
    if flag == "-ansi" {
      isANSI = true
      isStrict = true
    } else if flag.hasPrefix("-std=") {
      isStrict = flag.hasPrefix("-std=c") || flag.hasPrefix("-std=iso")
    } else {
      return false
    }
    hasTrigraphsInC = isStrict
    return true
  }

  /// The version in `-march=armv7-a+simd`.
  private mutating func readARM(_ name: String) {
    let plain = name.prefix { $0 != "+" }
    guard let version = plain.first, version.isASCII, version.isNumber else { return }
    let digits = plain.prefix { $0.isNumber || $0 == "." }
    var profile = plain.dropFirst(digits.count).uppercased().filter { $0 != "-" }
    if let dot = profile.firstIndex(of: ".") {
      profile = profile[..<dot] + "_" + profile[profile.index(after: dot)...]
    }
    if profile == "VE" { profile = "A" }
    if profile == "SM" { profile = "M" }
    hasThumb2 = version >= "7" && profile != "M_BASE" || profile == "T2"
    undefine("__ARM_ARCH_5TE__")
    replace("__ARM_ARCH=\(version)")
    define("__ARM_ARCH_\(version)\(profile)__=1")
    if hasThumb2 { replace("__ARM_ARCH_ISA_THUMB=2") }
    if profile.hasPrefix("M") { undefine("__ARM_ARCH_ISA_ARM") }
  }

  /// Turns the byte order; `*` in the names stands for its letter.
  private mutating func turn(_ names: [String], from old: Character, to new: Character) {
    for name in names {
      undefine(String(name.map { $0 == "*" ? old : $0 }))
      define(String(name.map { $0 == "*" ? new : $0 }) + "=1")
    }
    let order = new == "L" ? "__ORDER_LITTLE_ENDIAN__" : "__ORDER_BIG_ENDIAN__"
    replace("__BYTE_ORDER__=\(order)")
    replace("__FLOAT_WORD_ORDER__=\(order)")
  }

  private mutating func define(_ text: String) { own.append(.define(Array(text.utf8))) }
  private mutating func undefine(_ name: String) { own.append(.undefine(Array(name.utf8))) }

  /// Defines anew what the table has otherwise.
  private mutating func replace(_ text: String) {
    undefine(String(text.prefix { $0 != "=" }))
    define(text)
  }

  /// Those of ``words`` that a compiler is given when it is asked for its macros: none that makes it load or
  /// write anything else.
  var question: [[UInt8]] {
    words.filter { word in
      Self.harmless.contains { word.starts(with: Array($0.utf8)) }
        && !Self.loading.contains { word.starts(with: Array($0.utf8)) }
    }
  }

  private static let harmless = ["-m", "-f", "-O", "-std=", "-ansi", "-undef", "-E", "--target="]
  private static let loading = [
    "-fplugin", "-fpass-plugin", "-fdump", "-fprofile", "-fopt-info", "-fsave", "-fcallgraph",
    "-fdiagnostics", "-fmodule", "-fcoverage", "-fcrash", "-fproc-stat", "-fstack-usage",
    "-ftime", "-ftest-coverage", "-fauto-profile", "-fbuild", "-fuse-ld", "-fembed", "-flto",
  ]

  /// Whether trigraphs count: in ISO C, or if they are asked for.
  func hasTrigraphs(for language: Preprocessor.Language) -> Bool {
    language == .c ? hasTrigraphsInC : asksForTrigraphs
  }

  /// Where the predefined macros come from, and the `-D` and `-U` that make the flags' difference.
  func result(for language: Preprocessor.Language) -> (
    predefined: Preprocessor.Predefined, definitions: [Preprocessor.Definition]
  ) {
    var copy = self
    copy.finish(for: language)
    return (isUndefined ? .none : .target(target), copy.own)
  }

  private mutating func finish(for language: Preprocessor.Language) {
    if isUndefined {
      own = []
      define("__STDC__=1")
      define("__STDC_HOSTED__=\(isHosted ? 1 : 0)")
      if language == .assembler { define("__ASSEMBLER__=1") }
      return
    }
    switch optimization {
    case nil, "0": define("__NO_INLINE__=1")
    case "s", "z":
      define("__OPTIMIZE__=1")
      define("__OPTIMIZE_SIZE__=1")
    default: define("__OPTIMIZE__=1")
    }
    if !isHosted { replace("__STDC_HOSTED__=0") }
    if isThumb, !hasThumb2 { undefine("__ARM_32BIT_STATE") }
    definePicture()
    // Of assembler text gcc takes no standard.
    if language == .c, isStrict {
      define("__STRICT_ANSI__=1")
      for name in TargetMacros.programNames(of: target) { own.append(.undefine(name)) }
      // Those that the other byte order has.
      for case .define(let text) in own where text.first != UInt8(ascii: "_") {
        own.append(.undefine(Array(text.prefix { $0 != UInt8(ascii: "=") })))
      }
    }
  }

  /// Position-independent code: level 1 for the small letters, 2 for the large.
  private mutating func definePicture() {
    let isShareable = hasAbicalls && (target == .mips || target == .mips64)
    guard let flag = picture ?? (isShareable ? "-fpic" : nil) else { return }
    let level = flag == flag.lowercased() ? 1 : 2
    define("__pic__=\(isShareable ? 1 : level)")
    define("__PIC__=\(isShareable ? 1 : level)")
    if flag.lowercased() == "-fpie" {
      define("__pie__=\(level)")
      define("__PIE__=\(level)")
    }
  }
}

extension Target {
  /// The target that `-m32` makes of this one.
  fileprivate var narrowed: Target {
    switch self {
    case .x86_64: .i386
    case .powerpc64, .powerpc64le: .powerpc
    case .sparc64: .sparc
    default: self
    }
  }

  /// The target that `-m64` makes of this one.
  fileprivate var widened: Target {
    switch self {
    case .i386: .x86_64
    case .powerpc: .powerpc64
    case .sparc: .sparc64
    default: self
    }
  }
}
