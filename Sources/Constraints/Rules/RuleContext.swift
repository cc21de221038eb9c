// What rules see: scripts, images and plans of one analysis.

public import LdsParser

/// An image with its plan.
public struct PlannedImage: Sendable {
  /// The image.
  public var image: Image
  /// Its plan; nil where none could be made.
  public var plan: SuperpagePlan?

  /// An image with its plan.
  public init(_ image: Image, plan: SuperpagePlan?) {
    self.image = image
    self.plan = plan
  }
}

/// Everything one run of the rules looks at.
public struct RuleContext: Sendable {
  /// The script; its spans point into ``LinkerScript/sources``.
  public var script: LinkerScript?
  /// The images that were linked with it, in the order given.
  public var images: [PlannedImage]
  /// Whose semantics count.
  public var dialect: LinkerDialect
  /// The version of the linker, as far as it was said.
  public var linkerVersion: LinkerVersion

  /// A context with what is at hand.
  public init(
    script: LinkerScript? = nil, images: [PlannedImage] = [], dialect: LinkerDialect = .bfd,
    linkerVersion: LinkerVersion = .newest
  ) {
    self.script = script
    self.images = images
    self.dialect = dialect
    self.linkerVersion = linkerVersion
  }

  /// The images that have a plan, with it.
  public var plans: [(image: Image, plan: SuperpagePlan)] {
    images.compactMap { planned in planned.plan.map { (planned.image, $0) } }
  }

  /// Whether `need` is there.
  public func has(_ need: RuleNeed) -> Bool {
    switch need {
    case .script: script != nil
    case .image: !images.isEmpty
    case .plan: images.contains { $0.plan != nil }
    }
  }
}

extension Image {
  /// The image as a whole.
  var wholePlace: FindingPlace { .image(path, line: nil, offset: nil) }

  /// The line (of a map) or the byte (of an image) at which an output section is described.
  func place(ofSection index: Int) -> FindingPlace {
    guard outputSections.indices.contains(index) else { return wholePlace }
    let offset = Int(outputSections[index].place)
    switch kind {
    case .elf, .pe, .nm, .xenSymbols:
      return .image(path, line: nil, offset: offset == 0 ? nil : offset)
    case .gnuMap, .lldMap, .goldMap, .moldMap:
      guard sources.count > 0 else { return wholePlace }
      let line = sources.lineAndColumn(SourceID(index: 0), offset: offset).line
      return .image(path, line: line, offset: nil)
    }
  }
}
