// A macro as the preprocessor keeps it.

/// One definition; redefinition makes another, so that calls of the old one keep their facts.
struct StoredMacro {
  /// Macros that the preprocessor computes at each use.
  enum Builtin: UInt8 {
    case line, file, baseFile, includeLevel, counter, date, time, timestamp, pragma
    case hasInclude, hasIncludeNext, hasAttribute, hasStandardAttribute, hasBuiltin
  }

  /// Index of the name.
  var name: Int
  var origin: MacroDefinition.Origin
  var builtin: Builtin?
  var isFunction = false
  var isVariadic = false
  /// Names of the parameters, the variadic one last.
  var parameters: [UInt32] = []
  var body: [MacroToken] = []
  /// The name after `#define`.
  var nameSpan: SourceSpan
  /// The replacement as written.
  var bodySpan: SourceSpan
  /// The innermost branch that was being read, or -1.
  var branch = -1
  /// Index plus one in the list of macros the script used, or 0.
  var used = 0
  /// The name as a string, made at the first recorded call.
  var display: String?
  /// Whether the body holds `__VA_OPT__`.
  var hasOptional = false
}

/// Names that mean something to the preprocessor itself.
struct KeyNames {
  let defined: Int
  let variadic: Int
  let optional: Int
  let pragma: Int

  init(_ names: inout IdentifierTable) {
    defined = names.intern("defined")
    variadic = names.intern("__VA_ARGS__")
    optional = names.intern("__VA_OPT__")
    pragma = names.intern("_Pragma")
    for directive in Directive.allCases {
      names.entries[names.intern(Array(directive.spelling.utf8))].directive = directive.rawValue
    }
  }
}

/// The directives.
enum Directive: UInt8, CaseIterable {
  case define = 1
  case undef, include, includeNext, importFile, ifTrue, ifdef, ifndef, elif, elifdef, elifndef
  case elseBranch, endif, line, error, warning, pragma, ident, sccs, assert, unassert

  /// Whether it ends a branch of a conditional.
  var endsGroup: Bool {
    switch self {
    case .elif, .elifdef, .elifndef, .elseBranch, .endif: true
    default: false
    }
  }

  var spelling: String {
    switch self {
    case .define: "define"
    case .undef: "undef"
    case .include: "include"
    case .includeNext: "include_next"
    case .importFile: "import"
    case .ifTrue: "if"
    case .ifdef: "ifdef"
    case .ifndef: "ifndef"
    case .elif: "elif"
    case .elifdef: "elifdef"
    case .elifndef: "elifndef"
    case .elseBranch: "else"
    case .endif: "endif"
    case .line: "line"
    case .error: "error"
    case .warning: "warning"
    case .pragma: "pragma"
    case .ident: "ident"
    case .sccs: "sccs"
    case .assert: "assert"
    case .unassert: "unassert"
    }
  }
}
