// The rows of the option table, in the order of help texts.

extension OptionSpec {
  static let script = OptionSpec(
    id: .script, long: "--script", value: .required("FILE"), isRepeatable: true,
    help: "read FILE as a linker script, whatever it looks like")
  static let symbols = OptionSpec(
    id: .symbols, long: "--symbols", value: .required("FILE"), isRepeatable: true,
    help: "read FILE as a map, symbol listing or image, never as a script")
  static let includeDirectory = OptionSpec(
    id: .includeDirectory, short: "I", value: .required("DIR"), isRepeatable: true,
    help: "look for included files in DIR")
  static let define = OptionSpec(
    id: .define, short: "D", value: .required("NAME[=VALUE]"), isRepeatable: true,
    help: "define a macro, 1 without a value")
  static let undefine = OptionSpec(
    id: .undefine, short: "U", value: .required("NAME"), isRepeatable: true,
    help: "forget a macro")
  static let includeFile = OptionSpec(
    id: .includeFile, word: "-include", value: .required("FILE"), isRepeatable: true,
    help: "read FILE before the script, as if it were included")
  static let systemDirectory = OptionSpec(
    id: .systemDirectory, word: "-isystem", value: .required("DIR"), isRepeatable: true,
    help: "look for included files in DIR after every -I folder")
  static let noStandardIncludes = OptionSpec(
    id: .noStandardIncludes, word: "-nostdinc",
    help: "do not look in the folders of the compiler that --cc names")
  static let cppCommand = OptionSpec(
    id: .cppCommand, long: "--cpp-command", value: .required("FILE"),
    help: "take the flags from a kbuild .cmd file, or a file with the compiler's command")
  static let compiler = OptionSpec(
    id: .compiler, long: "--cc", value: .required("PROGRAM"),
    help: "run this compiler to learn its predefined macros and include folders")
  static let target = OptionSpec(
    id: .target, long: "--target", value: .required("TRIPLE"),
    help: "predefine the macros of gcc for this target, such as aarch64-linux-gnu")
  static let variant = OptionSpec(
    id: .variant, long: "--variant", value: .required("NAME=FLAGS"), isRepeatable: true,
    help: "read scripts with macros another time, with these flags or .cmd file besides")
  static let linker = OptionSpec(
    id: .linker, long: "--linker", value: .required("LINKER"), isRepeatable: true,
    defaultValue: "what the files tell, else bfd",
    help:
      "the linker whose rules decide: bfd, lld, mold, a release such as bfd@2.40, or bfd@2.35..2.47"
  )
  static let linkerVersion = OptionSpec(
    id: .linkerVersion, long: "--ld-version", value: .required("VERSION"),
    help: "the oldest GNU ld that has to read the script, such as 2.35")
  static let linkCommand = OptionSpec(
    id: .linkCommand, long: "--link-command", value: .required("FILE"),
    help: "take script, map, image and options from a link: a kbuild .cmd file, a response file, "
      + "or a file with the command")
  static let linkKeyword = OptionSpec(
    id: .linkKeyword, short: "z", value: .required("KEYWORD"), isRepeatable: true,
    help: "the linker's -z max-page-size=N or -z common-page-size=N")
  static let defineSymbol = OptionSpec(
    id: .defineSymbol, long: "--defsym", value: .required("SYMBOL=EXPRESSION"), isRepeatable: true,
    help: "the linker's --defsym, behind the script")
  static let sectionStart = OptionSpec(
    id: .sectionStart, long: "--section-start", value: .required("SECTION=ADDRESS"),
    isRepeatable: true, help: "the linker's --section-start")
  static let textSegmentStart = start(.textSegmentStart, "text-segment")
  static let rodataSegmentStart = start(.rodataSegmentStart, "rodata-segment")
  static let ldataSegmentStart = start(.ldataSegmentStart, "ldata-segment")
  static let textStart = start(.textStart, "text")
  static let dataStart = start(.dataStart, "data")
  static let bssStart = start(.bssStart, "bss")

  private static func start(_ id: OptionID, _ segment: String) -> OptionSpec {
    OptionSpec(
      id: id, word: "-T" + segment, value: .required("ADDRESS"),
      help: "the linker's -T\(segment), a hexadecimal address")
  }

  static let fix = OptionSpec(
    id: .fix, long: "--fix",
    help: "make the edits that are certain in the scripts, then report what is left")
  static let diff = OptionSpec(
    id: .diff, long: "--diff", help: "show the edits that --fix would make, and make none")
  /// ``diff`` of a command that compares with an image.
  static let compareImage = OptionSpec(
    id: .diff, long: "--diff", value: .required("IMAGE"),
    help: "compare with the image of the real link")
  static let grow = OptionSpec(
    id: .grow, long: "--grow", value: .required("WHAT=BYTES"), isRepeatable: true,
    help: "add bytes to an output section or an object, such as .text=64K or net/lwip.o=2K")
  static let setAlign = OptionSpec(
    id: .setAlign, long: "--set-align", value: .required("SECTION=BYTES"), isRepeatable: true,
    help: "align an output section, such as .rodata=2M")
  static let otherDefine = OptionSpec(
    id: .otherDefine, long: "--with-define", value: .required("NAME[=VALUE]"), isRepeatable: true,
    help: "read the script again with this macro")
  static let otherScript = OptionSpec(
    id: .otherScript, long: "--with", value: .required("SCRIPT"),
    help: "lay out by this script instead")
  static let check = OptionSpec(
    id: .check, long: "--check",
    help: "name the scripts that are not formatted, and exit with 1 if there are any")
  static let inPlace = OptionSpec(
    id: .inPlace, long: "--in-place", help: "write the formatted text into the files")
  static let stdinFilename = OptionSpec(
    id: .stdinFilename, long: "--stdin-filename", value: .required("FILE"),
    help: "read standard input ('-') as the text of FILE, which need not be saved yet")
  static let proofs = OptionSpec(
    id: .proofs, long: "--proofs",
    help: "list what the script alone decides of every ASSERT, with the reasons")
  static let counterexample = OptionSpec(
    id: .counterexample, long: "--counterexample", value: .required("DIR"),
    help: "write inputs to DIR for which ASSERTs fail that the script does not decide")
  static let certificates = OptionSpec(
    id: .certificates, long: "--certificates", value: .required("FILE"),
    help: "write the proofs to FILE, step by step, for a program that checks them")
  static let smt = OptionSpec(
    id: .smt, long: "--smt", value: .required("FILE"),
    help: "write the proofs to FILE as questions to a solver, in SMT-LIB 2")
  static let select = OptionSpec(
    id: .select, long: "--select", value: .required("RULE[,RULE]"), isRepeatable: true,
    help: "report findings of these rules only; 'boundary-*' names several")
  static let ignore = OptionSpec(
    id: .ignore, long: "--ignore", value: .required("RULE[,RULE]"), isRepeatable: true,
    help: "report no findings of these rules")
  static let config = OptionSpec(
    id: .config, long: "--config", value: .required("FILE"),
    help: "use this configuration, not the .lds-check.json found above the script")
  static let profile = OptionSpec(
    id: .profile, long: "--profile", value: .required("NAME"),
    help: "the boundaries and page tables to assume")
  static let loadAddress = OptionSpec(
    id: .loadAddress, long: "--load-address", value: .required("ADDR"),
    help: "where the image is put in physical memory")
  static let assert = OptionSpec(
    id: .assert, long: "--assert", value: .required("TEXT"), isRepeatable: true,
    help: "only ASSERTs whose message or expression holds TEXT")
  static let against = OptionSpec(
    id: .against, long: "--against", value: .required("FILE"),
    help: "an older map or image to compare with")
  static let log = OptionSpec(
    id: .log, long: "--log", value: .required("FILE"),
    help: "messages that the linker printed")
  static let headroom = OptionSpec(
    id: .headroom, long: "--headroom",
    help: "show how much every bound has left")
  static let minHeadroom = OptionSpec(
    id: .minHeadroom, long: "--min-headroom", value: .required("PERCENT"),
    help: "fail when a bound has less left than this")
  static let history = OptionSpec(
    id: .history, long: "--history", value: .required("FILE"),
    help: "append one JSON line about this build to FILE")
  static let label = OptionSpec(
    id: .label, long: "--label", value: .required("TEXT"),
    help: "what the history calls this build; the commit if not given")
  static let allRows = OptionSpec(
    id: .allRows, long: "--all", help: "show every row, none gathered into runs")
  static let sort = OptionSpec(
    id: .sort, long: "--sort", value: .required("ORDER"),
    allowedValues: ["size", "name", "address"], defaultValue: "size", help: "order of the rows")
  static let grouping = OptionSpec(
    id: .grouping, long: "--by", value: .required("WHAT"),
    allowedValues: ["section", "object", "archive", "symbol"], defaultValue: "object",
    help: "tell the contents of regions apart by this")
  static let expand = OptionSpec(
    id: .expand, long: "--expand",
    help: "print the script with its macros expanded, as cc -E -P does")
  static let whereFrom = OptionSpec(
    id: .whereFrom, long: "--where", value: .required("FILE:LINE[:COLUMN]"), isRepeatable: true,
    help: "print where this place of the preprocessed FILE was written")
  static let manual = OptionSpec(
    id: .manual, long: "--man", help: "print the manual page in troff")
  static let format = OptionSpec(
    id: .format, long: "--format", value: .required("FORMAT"),
    allowedValues: ["text", "json", "sarif", "gitlab", "github", "junit"], defaultValue: "text",
    help: "how to print the result")
  static let output = OptionSpec(
    id: .output, long: "--output", short: "o", value: .required("FILE"),
    help: "write the result to FILE, whole or not at all")
  /// ``output`` of a command that writes reports.
  static let reportOutput = OptionSpec(
    id: .output, long: "--output", short: "o", value: .required("[FORMAT=]FILE"),
    isRepeatable: true,
    help: "write the result to FILE, whole or not at all, in another FORMAT besides")
  static let failOn = OptionSpec(
    id: .failOn, long: "--fail-on", value: .required("LEVEL"),
    allowedValues: ["error", "warning", "note", "never"], defaultValue: "error",
    help: "exit with 1 from this level on")
  static let strict = OptionSpec(
    id: .strict, long: "--strict", help: "an undecided ASSERT counts as an error")
  static let baseline = OptionSpec(
    id: .baseline, long: "--baseline", value: .required("FILE"),
    help: "leave out the findings that FILE lists")
  static let writeBaseline = OptionSpec(
    id: .writeBaseline, long: "--write-baseline", value: .required("FILE"),
    help: "list the findings of this run in FILE, for --baseline")
  static let color = OptionSpec(
    id: .color, long: "--color", value: .optional("WHEN", implied: "always"),
    allowedValues: ["auto", "always", "never"], defaultValue: "auto",
    help: "when to use colour")
  static let quiet = OptionSpec(
    id: .quiet, long: "--quiet", short: "q", help: "print findings only, no summary, no notes")
  static let help = OptionSpec(
    id: .help, long: "--help", short: "h", help: "show this text")
  static let version = OptionSpec(
    id: .version, long: "--version", help: "show the version")

  /// Options of the program and of each of its commands.
  static let common: [OptionSpec] = [output, color, quiet, help, version]

  /// ``common`` for a command that writes reports.
  static let commonOfReports: [OptionSpec] = [reportOutput, color, quiet, help, version]

  /// Options that may stand before the command.
  static let beforeCommand: [OptionSpec] = [color, quiet, help, version, manual]

  /// Options with which a command finds out what to read.
  static let inputs: [OptionSpec] = [script, symbols, stdinFilename]

  /// Options with which a script is preprocessed, spelled as for cc.
  static let preprocessing: [OptionSpec] = [
    includeDirectory, define, undefine, includeFile, systemDirectory, noStandardIncludes,
    cppCommand, compiler, target,
  ]

  /// What is known of the link's command line, spelled as for ld. The longer words come first.
  static let link: [OptionSpec] = [
    linkCommand, linkKeyword, defineSymbol, sectionStart, textSegmentStart, rodataSegmentStart,
    ldataSegmentStart, textStart, dataStart, bssStart,
  ]

  /// Options of a command that reads scripts.
  static let scripts: [OptionSpec] = preprocessing + [variant]

  /// Options of a command that reports findings.
  static let reporting: [OptionSpec] = [
    format, config, profile, failOn, strict, baseline, writeBaseline,
  ]

  /// The whole table.
  static let all: [OptionSpec] =
    inputs + scripts + link + [
      linker, linkerVersion, fix, check, diff, inPlace, proofs, counterexample, certificates, smt,
      select, ignore,
      config, profile,
      loadAddress, assert, against, log, headroom, minHeadroom, history, label, allRows, sort,
      grouping, expand,
      whereFrom, manual, format, failOn, strict, baseline,
      writeBaseline, grow, setAlign, otherScript, otherDefine,
    ] + common
}
