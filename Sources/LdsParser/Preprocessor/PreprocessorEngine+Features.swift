// `__has_attribute(packed)`, `__has_c_attribute(gnu::packed)`, `__has_builtin(__builtin_expect)`: what a
// compiler for C says of itself. gcc has none of them for assembler text.

extension PreprocessorEngine {
  /// The macros of this file.
  static let featureTests: [(StaticString, StoredMacro.Builtin)] = [
    ("__has_attribute", .hasAttribute), ("__has_cpp_attribute", .hasAttribute),
    ("__has_c_attribute", .hasStandardAttribute), ("__has_builtin", .hasBuiltin),
  ]

  /// The answer of gcc 12 to the test whose parenthesis comes next.
  mutating func testFeature(_ test: StoredMacro.Builtin) -> Int {
    let words = readFeature()
    guard var name = words.last else { return 0 }
    if test == .hasBuiltin { return Self.isBuiltin(name) ? 1 : 0 }
    if name.hasPrefix("__"), name.hasSuffix("__"), name.count > 4 {
      name = String(name.dropFirst(2).dropLast(2))
    }
    let isGNU = words.count > 1 && ["gnu", "__gnu__"].contains(words[0])
    if words.count > 1, !isGNU { return 0 }
    if !isGNU, let date = Self.standardAttributes[name] { return date }
    if test == .hasStandardAttribute, !isGNU { return 0 }
    return Self.attributes.contains(name) ? 1 : 0
  }

  /// The identifiers up to the closing parenthesis: a name, or a scope and a name.
  private mutating func readFeature() -> [String] {
    preventExpansion += 1
    defer { preventExpansion -= 1 }
    guard nextSolidToken().kind == .openParen else { return [] }
    var words: [String] = []
    var depth = 1
    while depth > 0 {
      let part = nextSolidToken()
      if part.kind == .end { break }
      if part.kind == .openParen { depth += 1 }
      if part.kind == .closeParen { depth -= 1 }
      if part.kind == .identifier, words.count < 2 { words.append(quoted(part)) }
    }
    return words
  }

  private static func isBuiltin(_ name: String) -> Bool {
    ["__builtin_", "__sync_", "__atomic_"].contains { name.hasPrefix($0) }
      || libraryFunctions.contains(name)
  }

  /// Functions of the C library that gcc knows itself.
  private static let libraryFunctions: Set<String> = [
    "abort", "abs", "alloca", "calloc", "exit", "free", "malloc", "memchr", "memcmp", "memcpy",
    "memmove", "memset", "printf", "realloc", "snprintf", "sprintf", "strcat", "strchr", "strcmp",
    "strcpy", "strlen", "strncat", "strncmp", "strncpy", "strstr",
  ]

  /// Attributes of the C standard, with the date that the test gives.
  private static let standardAttributes = [
    "deprecated": 201_904, "fallthrough": 201_904, "maybe_unused": 201_904,
    "nodiscard": 202_003,
  ]

  /// Attributes of gcc 12 that kernel headers ask for.
  private static let attributes: Set<String> = [
    "alias", "aligned", "always_inline", "assume_aligned", "cold", "const", "constructor",
    "copy", "deprecated", "designated_init", "destructor", "error", "externally_visible",
    "fallthrough", "format", "format_arg", "gnu_inline", "hot", "leaf", "malloc", "may_alias",
    "mode", "naked", "no_instrument_function", "no_reorder", "no_sanitize",
    "no_sanitize_address", "no_sanitize_coverage", "no_sanitize_thread",
    "no_sanitize_undefined", "no_stack_protector", "noclone", "noinline", "nonnull", "nonstring",
    "noreturn", "nothrow", "optimize", "packed", "patchable_function_entry", "pure",
    "returns_nonnull", "section", "sentinel", "simd", "symver", "target", "tls_model",
    "transparent_union", "unused", "used", "vector_size", "visibility", "warn_unused_result",
    "warning", "weak", "weakref", "zero_call_used_regs", "access", "alloc_size", "alloc_align",
  ]
}
