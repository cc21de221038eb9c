// The state of one preprocessing run. The work is in the extensions: lexing, contexts, calls, directives,
// printing.

/// One run of the preprocessor over one script.
struct PreprocessorEngine {
  /// A file being read.
  struct Input {
    /// How far a file is the form `#ifndef X … #endif` around everything.
    enum Guard {
      case nothingSeen, inside, closed, none
    }

    var source: UInt16
    var reader: ByteReader
    var position: Int
    /// Where the last token ended.
    var lastEnd = 0
    var lineStart: Int
    var atLineStart = true
    /// Conditionals that were open when the file was entered.
    var conditionalBase: Int
    var guardState = Guard.nothingSeen
    var guardName = 0
    /// Index of the file's record, or -1 for text that is no file.
    var file: Int
    /// Position in the search chain at which `#include_next` goes on.
    var nextFolder: Int
    /// What `#line` adds to line numbers, and the name it gave.
    var lineShift = 0
    var presumedName: [UInt8]?
  }

  /// Tokens to be read before the rest of the input.
  struct Context {
    var tokens: [MacroToken]
    var position = 0
    /// Name that becomes usable again at the end, or -1.
    var name: Int
  }

  /// Spellings that stand in no source: of pasted, stringified and computed tokens.
  struct MadeText {
    var bytes: [UInt8] = []
    var ends: [UInt32] = []
  }

  /// A conditional that is open.
  struct Conditional {
    var opening: SourceSpan
    /// Whether a branch was taken already.
    var isTaken: Bool
    var hasElse = false
    /// Record of the branch being read, or -1.
    var branch: Int
    /// Whether this is the `#ifndef` that may turn out to be the file's guard.
    var isGuard: Bool
    /// A name that decided a branch and that a missing file may define, or -1.
    var guess = -1
    /// ASSERTs that were left out for that.
    var leftOut = LeftOutAssertions()
  }

  /// A branch that was read, for the conditions of definitions.
  struct Branch {
    var directive: SourceSpan
    var opening: SourceSpan?
    /// The branch around it in the same file, or -1.
    var parent: Int
    var isGuard: Bool
    /// Range of its tests in `tests`.
    var firstTest: Int
    var testCount: Int
  }

  var sources: SourceSet
  let options: Preprocessor.Options
  /// Whether the rules of `-x assembler-with-cpp` apply.
  let isAssembler: Bool
  /// Which bytes go on with a word by them.
  let words: WordBytes
  let provider: any SourceProvider
  /// Readers of the sources, by index; the buffers are held by `sources`.
  var readers: [ByteReader?] = []
  /// Holds what ``readers`` read instead of sources with trigraphs.
  private var respelled: [SourceBuffer] = []

  var names = IdentifierTable()
  var definitions: [StoredMacro] = []
  var savedDefinitions: [Int: [Int32]] = [:]
  /// Answers of `#assert`, by predicate.
  var assertions: [Int: Set<[UInt8]>] = [:]

  var input: Input
  var inputStack: [Input] = []
  var contexts: [Context] = []
  var lookahead: [MacroToken] = []
  var conditionals: [Conditional] = []
  var branches: [Branch] = []
  var tests: [(name: Int, isDefined: Bool)] = []

  var inDirective = false
  /// Lexing the name of an `#include`: `<…>` is one token and quotes have no escapes.
  var wantsHeaderName = false
  /// 0: no call is read; 1: looking for its `(`; 2: reading its arguments.
  var parsingArguments = 0
  var preventExpansion = 0
  var argumentDepth = 0

  var made = MadeText()

  var calls: [MacroCall] = []
  /// The outermost call around each call.
  var outermostCalls: [UInt32] = []
  var usedMacros: [Int] = []
  var printer = Printer()

  var files: [FileRecord] = []
  var fileIndex: [[UInt8]: Int] = [:]
  /// Files that are read only once.
  var onceFiles: [Int] = []
  var openedFiles: [SourceID] = []
  var searchChain: [FilePath] = []
  var bracketStart = 0
  var missingIncludes: [MissingInclude] = []
  var guessedConditionals: [GuessedConditional] = []
  /// Names that the command line undefines, so that nothing about them is guessed.
  var undefinedNames: Set<Int> = []
  /// The first name that the condition being read takes for undefined, or -1.
  var guessedName = -1
  /// Stand-ins in force, with the place of their first use.
  var standIns: [(definition: Int, span: SourceSpan)] = []

  var diagnostics: [Diagnostic] = []
  var errorCount = 0
  /// Set when a limit was passed: every further token is the end.
  var isStopped = false
  var expansionCount = 0
  var copiedTokens = 0
  var readBytes = 0
  /// Steps from calls to callers.
  var callerSteps = 0
  var enteredFiles = 0
  var counter: UInt64 = 0
  var mainPath: [UInt8] = []
  /// Who defines the macros being read.
  var definitionOrigin = MacroDefinition.Origin.file
  var hasUnsignedCharacters = false
  let keyNames: KeyNames

  init(sources: SourceSet, options: Preprocessor.Options, provider: any SourceProvider) {
    self.sources = sources
    self.options = options
    isAssembler = options.language == .assembler
    words = WordBytes(isAssembler: isAssembler)
    self.provider = provider
    keyNames = KeyNames(&names)
    input = Input(
      source: 0, reader: SourceBuffer(path: FilePath(""), bytes: []).reader, position: 0,
      lineStart: 0, conditionalBase: 0, file: -1, nextFolder: 0)
    let system = Self.distinct(
      options.systemFolders + options.standardFolders + options.afterFolders)
    let isSystem = Set(system.map(\.bytes))
    searchChain = Self.distinct(options.quoteFolders)
    bracketStart = searchChain.count
    // As gcc does, a folder of both kinds is searched where the system's come.
    searchChain += Self.distinct(options.folders).filter { !isSystem.contains($0.bytes) }
    searchChain += system
    for index in 0..<sources.count { addReader(SourceID(index: UInt32(index))) }
  }

  private static func distinct(_ folders: [FilePath]) -> [FilePath] {
    var seen: Set<[UInt8]> = []
    return folders.filter { seen.insert($0.bytes).inserted }
  }

  /// Reads the command line's macros, the files it names, and the script.
  mutating func run(_ main: SourceID) {
    mainPath = sources.buffer(main).path.bytes
    definePredefined()
    for path in options.macroFiles { runNamedFile(path, isPrinted: false) }
    for path in options.includedFiles { runNamedFile(path, isPrinted: true) }
    guard let source = UInt16(exactly: main.index) else { return }
    files.append(FileRecord(path: sources.buffer(main).path, source: source))
    fileIndex[mainPath] = files.count - 1
    openedFiles.insert(main, at: 0)
    enter(source: source, file: files.count - 1, nextFolder: bracketStart)
    print()
  }

  /// Preprocesses the input entered last to its end; the text goes to the printer.
  mutating func print() {
    while true {
      let token = nextToken()
      if token.kind == .end { break }
      show(token)
    }
  }

  /// Starts to read a source.
  mutating func enter(source: UInt16, file: Int, nextFolder: Int) {
    guard let reader = readers[Int(source)] else { return }
    inputStack.append(input)
    input = Input(
      source: source, reader: reader, position: 0, lineStart: 0,
      conditionalBase: conditionals.count, file: file, nextFolder: nextFolder)
    if inputStack.count > 1 { readBytes += reader.count }
    enteredFiles += 1
    if readBytes > options.preprocessedBytesLimit {
      stop("more than \(options.preprocessedBytesLimit >> 20) MiB of included text", at: nil)
    } else if enteredFiles > options.includedFilesLimit {
      stop("more than \(options.includedFilesLimit) files included", at: nil)
    }
  }

  /// Adds a source and keeps its reader.
  mutating func addSource(_ buffer: SourceBuffer) -> SourceID {
    let id = sources.add(buffer)
    addReader(id)
    return id
  }

  private mutating func addReader(_ id: SourceID) {
    let buffer = sources.buffer(id)
    if options.hasTrigraphs, let replaced = Trigraphs.replaced(in: buffer) {
      respelled.append(replaced)
      readers.append(replaced.reader)
    } else {
      readers.append(buffer.reader)
    }
  }

  /// Reports a fault of the script.
  mutating func error(
    _ id: DiagnosticID, _ message: String, at span: SourceSpan?, notes: [Diagnostic.Note] = []
  ) {
    errorCount += 1
    if errorCount > Limit.reportedErrors { return }
    diagnostics.append(
      Diagnostic(id: id, severity: .error, message: message, span: span, notes: notes))
  }

  /// Reports something that a compiler warns of.
  mutating func warning(_ id: DiagnosticID, _ message: String, at span: SourceSpan?) {
    if diagnostics.count > 4 * Limit.reportedErrors { return }
    diagnostics.append(Diagnostic(id: id, severity: .warning, message: message, span: span))
  }

  /// Ends the run at a limit.
  mutating func stop(_ message: String, at span: SourceSpan?) {
    if isStopped { return }
    isStopped = true
    let place = span ?? placeOfInput
    diagnostics.append(
      Diagnostic(
        id: "preprocessor-limit", severity: .error, message: "preprocessing stops: \(message)",
        span: place))
  }

  /// Where the input stands.
  var placeOfInput: SourceSpan {
    SourceSpan(
      source: SourceID(index: UInt32(input.source)),
      start: UInt32(truncatingIfNeeded: input.position),
      end: UInt32(truncatingIfNeeded: input.position))
  }
}
