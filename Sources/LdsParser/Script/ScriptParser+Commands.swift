// Commands at the top of a script: OUTPUT_FORMAT, ENTRY, EXTERN, INSERT and the others (ld-semantics 2.1).

extension ScriptParser {
  mutating func readTopStatement() throws(SyntaxError) -> Statement.Kind {
    switch peek(.script) {
    case .semicolon:
      take()
      return .empty
    case .name: return try readTopAssignment()
    case .hidden: return try readProvide(.hidden, in: .script)
    case .provide: return try readProvide(.provide, in: .script)
    case .provideHidden: return try readProvide(.provideHidden, in: .script)
    case .assert: return try readAssertion()
    case .entry: return try readEntry()
    case .sections:
      take()
      return .sections(try readBraced(.sections, "after SECTIONS", state: .script))
    case .overwriteSections:
      take()
      return .overwriteSections(
        try readBraced(.sections, "after OVERWRITE_SECTIONS", state: .script))
    case .memory: return try readMemory()
    case .phdrs: return try readProgramHeaders()
    case .version: return try readVersion()
    case .include: return try readInclude(.top)
    default:
      if let assignment = try readFunctionAssignment() { return assignment }
      return try readCommand()
    }
  }

  private mutating func readTopAssignment() throws(SyntaxError) -> Statement.Kind {
    let token = take()
    guard peek(.script).isAssignment else {
      throw unexpected(
        "'=' after the name; blanks are needed around '=', and section descriptions belong into "
          + "SECTIONS { ... }")
    }
    return try readAssignment(token)
  }

  private mutating func readCommand() throws(SyntaxError) -> Statement.Kind {
    switch peek(.script) {
    case .input, .group, .lib: return try readInput()
    case .extern: return .names(.extern, try readExtern())
    case .insert: return try readInsert()
    case .outputFormat: return .names(.outputFormat, try readOutputFormat())
    case .regionAlias: return .names(.regionAlias, try readRegionAlias())
    case .nocrossrefs: return .names(.noCrossReferences, try readNames("sections"))
    case .nocrossrefsTo: return .names(.noCrossReferencesTo, try readNames("sections"))
    case .hll: return .names(.highLevelLibraries, try readLibraries(isHighLevel: true))
    case .syslib: return .names(.systemLibraries, try readLibraries(isHighLevel: false))
    case .map: return try readMap()
    case .forceCommonAllocation: return readBare(.forceCommonAllocation)
    case .forceGroupAllocation: return readBare(.forceGroupAllocation)
    case .inhibitCommonAllocation: return readBare(.inhibitCommonAllocation)
    case .float: return readBare(.float)
    case .nofloat: return readBare(.noFloat)
    default: return try readSimpleCommand()
    }
  }

  /// `TARGET(name)` and the like: one name in parentheses.
  private mutating func readSimpleCommand() throws(SyntaxError) -> Statement.Kind {
    switch peek(.script) {
    case .target: return .names(.target, [try readParenthesised("a target")])
    case .searchDir: return .names(.searchDirectory, [try readParenthesised("a folder")])
    case .output: return .names(.output, [try readParenthesised("a file name")])
    case .outputArch: return .names(.outputArchitecture, [try readParenthesised("a machine")])
    case .startup:
      let file = try readParenthesised("a file name")
      if registry.hasStartup {
        error("duplicate-startup", "a script can have one STARTUP only", at: file.span)
      }
      registry.hasStartup = true
      return .names(.startup, [file])
    case .ldFeature:
      let feature = try readParenthesised("a feature such as \"SANE_EXPR\"")
      checkFeature(feature)
      return .names(.feature, [feature])
    case .rightBrace:
      throw unexpected("a command; this '}' closes nothing")
    default:
      throw unexpected("a command such as SECTIONS, an assignment, or ASSERT(...)")
    }
  }

  private mutating func readBare(_ command: BareCommand) -> Statement.Kind {
    take()
    return .bare(command)
  }

  private mutating func readParenthesised(_ what: String) throws(SyntaxError) -> SpannedName {
    take()
    try expect(.leftParen, "'(' and \(what)", in: .script)
    let name = try expectName(what, in: .script)
    try expect(.rightParen, "')' after \(what)", in: .script)
    return name
  }

  private mutating func checkFeature(_ feature: SpannedName) {
    let name = script.names.string(feature.name)
    if name.uppercased() != "SANE_EXPR" {
      error(
        "unknown-feature", "unknown feature '\(name)'; the only one is \"SANE_EXPR\"",
        at: feature.span)
    }
  }

  /// MAP, which newer releases do not know.
  private mutating func readMap() throws(SyntaxError) -> Statement.Kind {
    take()
    try expect(.leftParen, "'(' and a file name", in: .script)
    let name = try expectName("a file name", in: .script)
    try expect(.rightParen, "')' after the file name", in: .script)
    return .names(.map, [name])
  }

  // MARK: - Lists of names

  private mutating func readExtern() throws(SyntaxError) -> [SpannedName] {
    take()
    try expect(.leftParen, "'(' after EXTERN", in: .script)
    var names = [try expectName("a symbol", in: .expression)]
    while !takeIf(.rightParen, in: .expression) {
      _ = takeIf(.comma, in: .expression)
      names.append(
        try expectName(
          "a symbol or ')'; a word of hexadecimal digits that ends in b, d, h, o or x is a number here",
          in: .expression))
    }
    return names
  }

  private mutating func readInsert() throws(SyntaxError) -> Statement.Kind {
    take()
    let isAfter = peek(.script) == .after
    guard isAfter || peek(.script) == .before else { throw unexpected("AFTER or BEFORE") }
    take()
    let section = try expectName("the name of an output section", in: .script)
    return .names(isAfter ? .insertAfter : .insertBefore, [section])
  }

  private mutating func readOutputFormat() throws(SyntaxError) -> [SpannedName] {
    take()
    try expect(.leftParen, "'(' after OUTPUT_FORMAT", in: .script)
    var names = [try expectName("a target", in: .script)]
    if takeIf(.comma, in: .script) {
      names.append(try expectName("the big-endian target", in: .script))
      try expect(.comma, "',' and the little-endian target", in: .script)
      names.append(try expectName("the little-endian target", in: .script))
    }
    try expect(.rightParen, "')' after one target or three", in: .script)
    return names
  }

  /// NOCROSSREFS: any number of names, a comma allowed after each.
  private mutating func readNames(_ what: String) throws(SyntaxError) -> [SpannedName] {
    take()
    try expect(.leftParen, "'(' and names of \(what)", in: .script)
    var names: [SpannedName] = []
    while !takeIf(.rightParen, in: .script) {
      names.append(try expectName("a name or ')'", in: .script))
      _ = takeIf(.comma, in: .script)
    }
    return names
  }

  private mutating func readLibraries(isHighLevel: Bool) throws(SyntaxError) -> [SpannedName] {
    take()
    try expect(.leftParen, "'(' and file names", in: .script)
    var names: [SpannedName] = []
    if isHighLevel, peek(.script) != .rightParen {
      names.append(try expectName("a file name or ')'", in: .script))
    }
    while !takeIf(.rightParen, in: .script) {
      _ = takeIf(.comma, in: .script)
      names.append(try expectName("a file name or ')'", in: .script))
    }
    return names
  }

  private mutating func readRegionAlias() throws(SyntaxError) -> [SpannedName] {
    take()
    try expect(.leftParen, "'(' after REGION_ALIAS", in: .script)
    let alias = try expectName("the new name", in: .script)
    try expect(
      .comma, "',' and the region (put the name in quotes, or a blank before the comma)",
      in: .script)
    let region = try expectName("the region", in: .script)
    try expect(.rightParen, "')' after the region", in: .script)
    if registry.regions.contains(alias.name) {
      error("duplicate-region", "region or alias \(quoted(alias)) exists already", at: alias.span)
    } else if !registry.regions.contains(region.name) {
      error(
        .unknownRegion,
        "memory region \(quoted(region)) does not exist; declare it in MEMORY first",
        at: region.span)
    }
    registry.regions.insert(alias.name)
    return [alias, region]
  }

  // MARK: - Input files

  /// `INPUT(files)`, `GROUP(files)`, `LIB(files)`
  private mutating func readInput() throws(SyntaxError) -> Statement.Kind {
    let isGroup = take().kind == .group
    try expect(.leftParen, "'(' and file names", in: .script)
    var files: [InputFile] = []
    try readFiles(into: &files, isAsNeeded: false, depth: 0)
    return .input(files, isGroup: isGroup)
  }

  /// Files up to the closing parenthesis, which is taken.
  private mutating func readFiles(
    into files: inout [InputFile], isAsNeeded: Bool, depth: Int
  ) throws(SyntaxError) {
    var isFirst = true
    while true {
      let kind = peek(.inputList)
      if kind == .rightParen, !isFirst || options.dialect.follows(.emptyFileLists) {
        take()
        return
      }
      if kind == .comma, !isFirst { take() }
      switch peek(.inputList) {
      case .name, .libraryName:
        files.append(InputFile(name: spannedName(take()), isAsNeeded: isAsNeeded))
      case .asNeeded:
        try checkDepth(depth + 1, "AS_NEEDED", take())
        try expect(.leftParen, "'(' after AS_NEEDED", in: .inputList)
        try readFiles(into: &files, isAsNeeded: true, depth: depth + 1)
      default:
        throw unexpected("a file name, -lNAME" + (isFirst ? "" : " or ')'"))
      }
      isFirst = false
    }
  }
}
