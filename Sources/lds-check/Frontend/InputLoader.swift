// Opens what the command line names and finds out what each file is: by content, unless an option says it.

import Constraints
import LdsParser

/// Everything that one run was given to read, in the order given.
struct LoadedInputs {
  var scripts: [LoadedScript] = []
  var images: [Image] = []
}

/// Reads the inputs of one run.
struct InputLoader {
  private let arguments: ParsedArguments
  private let operands: [InputArgument]
  private let scripts: ScriptLoader

  /// - Parameter inputs: the operands to read; nil for all.
  init(_ arguments: ParsedArguments, inputs: [InputArgument]? = nil) throws(UsageError) {
    self.arguments = arguments
    operands = inputs ?? arguments.inputs
    scripts = try ScriptLoader(arguments)
  }

  /// Reads every input as what it is.
  ///
  /// - Parameter parts: what is wanted of images.
  func load(_ parts: ImageParts = .all) throws -> LoadedInputs {
    var loaded = LoadedInputs()
    for input in try inputs() {
      let buffer = try open(input)
      let format = input.role == .script ? .script : FormatRecognizer.recognize(buffer)
      if format == .script, input.role != .symbols {
        loaded.scripts += try scripts.loadVariants(buffer)
      } else {
        loaded.images.append(try image(buffer, as: format, parts))
      }
    }
    return loaded
  }

  /// Reads every input as a script.
  func loadScripts() throws -> [LoadedScript] {
    try inputs().flatMap { try scripts.loadVariants(try open($0)) }
  }

  /// Reads every input as evidence of an image, one at a time, and hands it on.
  func eachImage(_ parts: ImageParts = .all, _ body: (Image) throws -> Void) throws {
    for input in try inputs() {
      let buffer = try open(input)
      try body(try image(buffer, as: FormatRecognizer.recognize(buffer), parts))
    }
  }

  private func inputs() throws(UsageError) -> [InputArgument] {
    if operands.filter(\.isStandardInput).count > 1 {
      throw .unexpectedOperand("-, standard input can be read once")
    }
    return operands
  }

  private func image(
    _ buffer: SourceBuffer, as format: FileFormat, _ parts: ImageParts
  ) throws(InputError) -> Image {
    do throws(ReadError) {
      let image = try ImageReader.read(buffer, as: format, parts: parts)
      if let damage = image.damage { throw damage }
      return image
    } catch {
      throw InputError(path: buffer.path, reason: error)
    }
  }

  /// The text of one input.
  func open(_ input: InputArgument) throws(InputError) -> SourceBuffer {
    do {
      guard input.isStandardInput else { return try FileInput.read(input.path, mayMap: true) }
      let text = try FileInput.readStandardInput()
      guard let name = arguments.path(.stdinFilename) else { return text }
      return SourceBuffer(path: name, bytes: text.bytes(in: 0..<text.count))
    } catch {
      throw InputError(
        path: input.isStandardInput ? FilePath("<stdin>") : input.path, reason: error)
    }
  }
}

extension Image {
  /// Why a map that was read is no evidence: what it does not show any more might have been a failing ASSERT.
  var damage: ReadError? {
    let damage = diagnostics.first { $0.id == "truncated-map" || $0.id == "damaged-map" }
    return damage.map { damage in
      ReadError(id: damage.id, message: damage.message, offset: damage.span.map { Int($0.start) })
    }
  }
}
