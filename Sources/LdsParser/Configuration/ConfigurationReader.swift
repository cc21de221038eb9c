// From JSON to a configuration: every key known, every value of its type, every expression readable by the
// linker. All faults of a file are found in one run.

/// Reader of `.lds-check.json`.
public struct ConfigurationReader {
  /// The names that may stand where a name is wanted.
  public struct Names: Sendable {
    /// Ids of rules.
    public var rules: [String]
    /// Names of profiles.
    public var profiles: [String]
    /// Names of page-table formats.
    public var pageTables: [String]

    /// Names; an empty list accepts everything.
    public init(rules: [String] = [], profiles: [String] = [], pageTables: [String] = []) {
      self.rules = rules
      self.profiles = profiles
      self.pageTables = pageTables
    }
  }

  let document: JSONDocument
  let names: Names
  var result: Configuration

  /// Reads a configuration file.
  public static func read(_ buffer: SourceBuffer, names: Names = Names()) -> Configuration {
    var sources = SourceSet()
    let source = sources.add(buffer)
    let (document, diagnostics) = JSONParser.parse(source, in: sources)
    var result = Configuration(script: LinkerScript(sources: sources, main: source))
    result.diagnostics = diagnostics
    guard let document else { return result }
    var reader = ConfigurationReader(document: document, names: names, result: result)
    reader.readTop()
    return reader.result
  }

  // MARK: The file

  private mutating func readTop() {
    forEachMember(document.root, ConfigurationTopKey.self) { reader, key, value in
      switch key {
      case .schema: _ = reader.string(value)
      case .profile: reader.result.profile = reader.name(value, "profile", reader.names.profiles)
      case .rules: reader.result.rules = reader.rules(value)
      case .mapping: reader.readMapping(value)
      case .image: reader.readImage(value)
      case .constraints: reader.readConstraints(value)
      case .copy: reader.readCopies(value)
      case .clear: reader.readClears(value)
      case .reserve: reader.readReserves(value)
      case .protect: reader.readProtections(value)
      case .budgets: reader.readBudgets(value)
      case .linker: reader.result.linkers = reader.linkers(value)
      case .linkerVersion: reader.result.linkerVersion = reader.version(value)
      case .loadAddress: reader.result.loadAddress = reader.byteCount(value)
      case .failOn: reader.result.failOn = reader.choice(value, FailureThreshold.self)
      case .strict: reader.result.isStrict = reader.boolean(value)
      case .baseline: reader.result.baseline = reader.path(value)
      case .tags: reader.readTags(value)
      case .tagDatabases:
        reader.result.tagDatabases = reader.strings(value).map { FilePath($0) }
      case .files: reader.result.files = reader.patterns(value)
      case .exclude: reader.result.exclude = reader.patterns(value)
      case .images: reader.result.images = reader.patterns(value)
      case .objects: reader.result.objects = reader.patterns(value)
      case .include: reader.result.preprocessing.folders = reader.paths(value)
      case .includeFiles: reader.result.preprocessing.files = reader.paths(value)
      case .define: reader.result.preprocessing.definitions = reader.strings(value)
      case .target: reader.result.preprocessing.target = reader.string(value)
      case .overrides: reader.readOverrides(value)
      }
    }
  }

  /// `{"superpage-alignment": "error", "assert-always-true": "off"}`
  private mutating func rules(_ id: JSONNodeID) -> [ConfiguredRule] {
    var rules: [ConfiguredRule] = []
    for (key, value) in object(id) {
      guard let rule = name(key, "rule", names.rules), let level = string(value) else { continue }
      let severity = Severity(rawValue: level)
      guard severity != nil || level == "off" else {
        let allowed = Severity.allCases.map(\.rawValue).reversed() + ["off"]
        notAllowed(value, level, allowed)
        continue
      }
      rules.append(ConfiguredRule(rule: rule, severity: severity, span: document.span(key)))
    }
    return rules
  }

  /// `[{"files": ["boards/**"], "define": ["SMP"], "rules": {…}}]`
  private mutating func readOverrides(_ id: JSONNodeID) {
    for element in array(id) {
      var override = ConfiguredOverride()
      forEachMember(element, ConfigurationOverrideKey.self) { reader, key, value in
        switch key {
        case .files: override.files = reader.patterns(value)
        case .include: override.preprocessing.folders = reader.paths(value)
        case .includeFiles: override.preprocessing.files = reader.paths(value)
        case .define: override.preprocessing.definitions = reader.strings(value)
        case .target: override.preprocessing.target = reader.string(value)
        case .rules: override.rules = reader.rules(value)
        }
      }
      if require(element, ConfigurationOverrideKey.self, [.files]) {
        result.overrides.append(override)
      }
    }
  }

  /// `{"form": "binary", "end": "_image_binary_end"}`
  private mutating func readImage(_ id: JSONNodeID) {
    var form: ImageForm?
    var end: String?
    forEachMember(id, ConfigurationImageKey.self) { reader, key, value in
      switch key {
      case .form: form = reader.choice(value, ImageForm.self)
      case .end: end = reader.string(value)
      }
    }
    require(id, ConfigurationImageKey.self, [.form])
    if let form { result.image = ConfiguredImage(form: form, end: end) }
  }

  /// `[{"name": …, "expression": …, "why": …}]`
  private mutating func readConstraints(_ id: JSONNodeID) {
    for element in array(id) {
      var name: String?
      var expression: ConfiguredExpression?
      var why: String?
      forEachMember(element, ConfigurationConstraintKey.self) { reader, key, value in
        switch key {
        case .name: name = reader.string(value)
        case .expression: expression = reader.expression(value)
        case .why: why = reader.string(value)
        }
      }
      require(element, ConfigurationConstraintKey.self, [.name, .expression])
      guard let name, let expression else { continue }
      add(ConfiguredConstraint(name: name, expression: expression, why: why))
    }
  }

  /// Adds a constraint, and an ASSERT that judges it.
  mutating func add(_ constraint: ConfiguredConstraint) {
    result.constraints.append(constraint)
    let span = constraint.expression.span
    let message = SpannedName(result.script.names.intern(constraint.name), span: span)
    let assertion = Assertion(condition: constraint.expression.expression, message: message)
    result.script.statements.append(Statement(.assertion(assertion), span: span))
  }

  /// `{"SAF-12-safe": ["load-address"]}`; one rule may stand without brackets.
  private mutating func readTags(_ id: JSONNodeID) {
    for (key, value) in object(id) {
      let tag = document.string(key)
      guard SuppressionTag(Array(tag.utf8)) != nil else {
        error(key, "bad-tag", "'\(tag)' is no tag, expected one such as SAF-12-safe")
        continue
      }
      let rules = stringNodes(value).compactMap { name($0, "rule", names.rules) }
      result.tags.append(ConfiguredTag(tag: tag, rules: rules))
    }
  }
}
