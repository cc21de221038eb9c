// Everything that is to be judged together, from files that somebody opened to verdicts, findings, explanations.

public import LdsParser

/// Scripts, the files of images, whose linker, and what a configuration asks for.
///
/// A session opens nothing and prints nothing: its caller reads the files, and shows what comes of them. The commands
/// of lds-check, its tests against real linkers and its fuzzers all ask a session, and so can any other program:
///
/// ```swift
/// let session = Session(scripts: [LoadedScript(path: path, script: script)], images: [image])
/// for judged in try session.judge() {
///   for finding in judged.findings(isStrict: true) { print(finding.message) }
/// }
/// ```
public struct Session: Sendable {
  /// The scripts, in the order given; a script that is read in several ways stands here once for each.
  public private(set) var scripts: [LoadedScript]
  /// The files of images, in the order given.
  public let images: [Image]
  /// The same files, those of one image together.
  public let groups: [ImageGroup]
  /// The linker whose verdicts count.
  public let dialect: LinkerDialect
  /// What the project says of its images; nil if it says nothing.
  public let configuration: Configuration?
  /// What is known of the command line of the link. Scripts are expected as it runs them: `LinkerScript.linked(with:)`.
  public let settings: LinkSettings
  /// What a layout from objects says of the ASSERTs, if the only image is one that was laid out.
  public private(set) var foretold: ForetoldVerdicts?

  /// A session over what was read.
  public init(
    scripts: [LoadedScript] = [], images: [Image] = [], dialect: LinkerDialect = .bfd,
    configuration: Configuration? = nil, settings: LinkSettings = LinkSettings(),
    foretold: ForetoldVerdicts? = nil
  ) {
    self.scripts = scripts
    self.images = images
    self.dialect = dialect
    self.configuration = configuration
    self.settings = settings
    self.foretold = foretold
    groups = ImageGroup.all(images)
  }

  /// Puts another state of a script in the place of the one that has its path and its variant; adds it if there is
  /// none. Of images nothing is read again.
  public mutating func replace(_ script: LoadedScript) {
    let index = scripts.firstIndex { $0.path == script.path && $0.variant == script.variant }
    if let index { scripts[index] = script } else { scripts.append(script) }
    if foretold?.script == script.path { foretold = nil }
  }
}

/// Why there is nothing to judge.
public enum SessionError: Error, Sendable, Equatable {
  /// An image was given without a script, and no file of it lists ASSERTs.
  case noStatements(FilePath?)
  /// There is a script and no image.
  case noImage

  /// The sentence: lower case, no full stop, the file first where there is one.
  public var message: String {
    switch self {
    case .noStatements(let path):
      "\(path?.display ?? "the input"): no ASSERT to judge without a linker script"
    case .noImage:
      "nothing to judge the script against: give the map or image that was linked with it"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .noStatements:
      "give the script too, or a map of GNU ld, which lists every ASSERT; or state \"constraints\" in .lds-check.json"
    case .noImage: "'lds-check lint' says what can be known before a link"
    }
  }
}

extension Session {
  /// What is said of the image that leaves the build: by the configuration, else by the profile that it names.
  var shipped: ShippedDescription? {
    ShippedDescription(configuration?.image)
      ?? configuration?.profile.flatMap { MappingProfiles.description(named: $0)?.image }
  }
}
