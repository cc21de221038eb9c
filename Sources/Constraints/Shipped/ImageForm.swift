// The forms in which an image leaves a build, and what a project says of its own.

public import LdsParser

/// What a project says of the image that leaves its build: the form, and the symbol that has to be its end.
public struct ShippedDescription: Sendable, Hashable {
  /// The form.
  public var form: ImageForm
  /// The symbol that boot code, a loader or a tool takes for the end of the file; nil if none does.
  public var end: String?

  /// An image of a form with its end symbol.
  public init(form: ImageForm, end: String? = nil) {
    self.form = form
    self.end = end
  }

  /// What a configuration says; nil if it says nothing of the form.
  public init?(_ configured: ConfiguredImage?) {
    guard let configured else { return nil }
    self.init(form: configured.form, end: configured.end)
  }
}

extension ImageForm {
  /// The form for people.
  var displayName: String {
    switch self {
    case .binary: "a raw image (objcopy -O binary)"
    case .intelHex: "an Intel hex file"
    case .sRecords: "a file of S-records"
    case .elf: "an ELF image"
    case .elf32: "the ELF32 image of mkelf32"
    case .pe: "a PE image"
    }
  }
}
