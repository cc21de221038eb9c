// Opens what the command line names and finds out what each file is: by content, unless an option says it.

import Constraints
import LdsParser

/// Everything that one run was given to read, in the order given.
struct LoadedInputs {
  var scripts: [LoadedScript] = []
  var images: [Image] = []
  /// Archives, which bring objects to a link that is laid out.
  var archives: [InputArgument] = []
  /// The configuration that the first script lies below.
  var configuration: LoadedConfiguration?
  /// What is known of the link's command line.
  var link = KnownLink()
  /// What the linker would make no image of the layout for; see ``InputLoader/RefusedLayout/isShown``.
  var complaints: [LayoutComplaint] = []
  /// The link that the image was laid out of, to be laid out again; nil where the image is a file.
  var model: LayoutModel?
  /// What the layout that the image is of says of the ASSERTs; nil where the image is a file.
  var foretold: ForetoldVerdicts?
  /// Whose rules decide; nil before everything is read.
  var linkers: ChosenLinkers?
  /// The linker whose word counts.
  var dialect: LinkerDialect { linkers?.first ?? .bfd }
}

extension LoadedInputs {
  /// Takes the image of a layout of the only script for that of its link.
  mutating func adopt(_ layout: (model: LayoutModel, prediction: LayoutPrediction), path: FilePath)
  {
    complaints = layout.prediction.complaints
    model = layout.model
    images = [layout.prediction.image(path: path)]
    foretold = scripts.first.map {
      ForetoldVerdicts(layout.prediction, of: $0.script, path: $0.path)
    }
  }

  /// Leaves out scripts that others include: what is found in them is found there, with what the others set.
  mutating func leaveOutIncluded() {
    var included: Set<FilePath> = []
    for script in scripts {
      let sources = script.script.sources
      for index in 0..<sources.count {
        let path = sources.buffer(SourceID(index: UInt32(truncatingIfNeeded: index))).path
        if path.normalized != script.path.normalized { included.insert(path.normalized) }
      }
    }
    let main = scripts.filter { !included.contains($0.path.normalized) }
    // Two that include each other are left.
    if !main.isEmpty { scripts = main }
  }
}

extension Statement {
  /// Whether it names inputs of the link: INPUT, GROUP, STARTUP, in the place of a statement.
  fileprivate var namesInputs: Bool {
    switch kind {
    case .input: true
    case .names(let command, _): command == .startup
    default: false
    }
  }
}

extension InputArgument {
  /// Whether it is a folder.
  var isFolder: Bool {
    !isStandardInput && (try? SystemCalls.kind(of: path)) == .directory
  }
}

/// Reads the inputs of one run.
struct InputLoader {
  private let arguments: ParsedArguments
  private let operands: [InputArgument]
  private let link: KnownLink
  private let dialect: LinkerDialect?

  /// - Parameters:
  ///   - inputs: the operands to read; nil for all.
  ///   - dialect: the linker that reads scripts; nil for the one that is found.
  init(
    _ arguments: ParsedArguments, inputs: [InputArgument]? = nil, dialect: LinkerDialect? = nil
  ) throws {
    self.arguments = arguments
    self.dialect = dialect
    operands = inputs ?? arguments.inputs
    // What is wrong with the options is said before any file is opened.
    link = try KnownLink(arguments)
    _ = try ScriptLoader(arguments, link: link)
  }

  /// Reads every input as what it is.
  ///
  /// - Parameters:
  ///   - parts: what is wanted of images.
  ///   - refuse: takes a file that cannot be read; it throws where the others are not wanted then.
  func load(
    _ parts: ImageParts = .all, refuse: (InputError) throws -> Void = { throw $0 }
  ) throws -> LoadedInputs {
    let loaded = try loadWithArchives(parts, refuse: refuse)
    try self.refuse(loaded.archives, refuse)
    return loaded
  }

  /// Says of archives that they are no images.
  private func refuse(
    _ archives: [InputArgument], _ refuse: (InputError) throws -> Void = { throw $0 }
  ) throws {
    for archive in archives {
      do throws(InputError) {
        _ = try image(open(archive), as: .archive, [])
      } catch {
        try refuse(error)
      }
    }
  }

  private func loadWithArchives(
    _ parts: ImageParts, refuse: (InputError) throws -> Void = { throw $0 }
  ) throws -> LoadedInputs {
    var loaded = LoadedInputs()
    loaded.link = link
    // The files of the link tell which linker reads the scripts.
    var scripts: [SourceBuffer] = []
    // Scripts that are named one by one may be of different links.
    var isOneLink = false
    func read(_ input: InputArgument) throws {
      do {
        try load(input, parts, &scripts, into: &loaded)
      } catch let error as InputError {
        try refuse(error)
      }
    }
    for input in try inputs() { try read(input) }
    // What is named one by one counts more than what the link's command names.
    if scripts.isEmpty {
      for path in link.scripts { try read(InputArgument(path: path, role: .script)) }
      isOneLink = true
    }
    if loaded.images.isEmpty {
      for path in link.images { try read(InputArgument(path: path, role: .symbols)) }
      // They are of one link; a map without the script's symbols has nothing about it that the image lacks.
      if loaded.images.contains(where: { $0.kind == .elf }) {
        loaded.images.removeAll { $0.kind.isMap && !$0.kind.tells(.scriptSymbols) }
      }
    }
    if let first = scripts.first {
      loaded.configuration = try ConfigurationLoader.load(
        explicit: arguments.path(.config), script: first.path)
    }
    let chosen = try ChosenLinkers(
      arguments, loaded.configuration?.configuration, link, loaded.images)
    loaded.linkers = chosen
    let loader = try ScriptLoader(
      arguments, loaded.configuration, link: link, dialect: dialect ?? chosen.first)
    if isOneLink, let script = try loader.loadTogether(scripts) {
      loaded.scripts.append(script)
      scripts = []
    }
    for script in scripts {
      do {
        loaded.scripts += try loader.loadVariants(script)
      } catch let error as InputError {
        try refuse(error)
      }
    }
    try join(scripts, loader, in: &loaded)
    if !loaded.scripts.contains(where: {
      $0.script.statements.openingIncludes.contains(where: \.namesInputs)
    }) {
      loaded.link.note(
        objects: loaded.images.filter(\.isRelocatable).map(\.path) + loaded.archives.map(\.path))
    }
    return loaded
  }

  /// Scripts of one link, named one by one, are judged as the linker reads them.
  private func join(
    _ buffers: [SourceBuffer], _ loader: ScriptLoader, in loaded: inout LoadedInputs
  ) throws {
    guard buffers.count > 1, buffers.count == loaded.scripts.count else { return }
    let indices = ScriptsOfOneLink.together(loaded.scripts)
    guard indices.count > 1, let script = try loader.loadTogether(indices.map { buffers[$0] })
    else { return }
    let places = indices.sorted()
    for index in places.dropFirst().reversed() { loaded.scripts.remove(at: index) }
    loaded.scripts[places[0]] = script
  }

  /// Reads every input; where there are a script and objects and no image, the image is the one that the linker would make
  /// of them.
  ///
  /// - Throws: what is not modelled of the link, if objects are named one by one.
  func loadLaidOut(
    _ parts: ImageParts = .all, refused: RefusedLayout = .isAnError
  ) throws -> LoadedInputs {
    var loaded = try loadWithArchives(parts)
    let isOfObjects = loaded.images.allSatisfy { $0.kind == .elf && $0.isRelocatable }
    guard isOfObjects, loaded.scripts.count == 1, let script = loaded.scripts.first,
      !script.script.isRefused
    else {
      try refuse(loaded.archives)
      return loaded
    }
    let dialect = try self.dialect ?? LayoutInputs.dialect(arguments, link)
    let objects = try self.objects()
    if let first = objects.first {
      let command = try LayoutInputs.command(linking: objects, as: link, arguments)
      let layout = try Self.layout(script, command, by: dialect, refused)
      loaded.adopt(layout, path: objects.count == 1 ? first : command.output)
    } else if let command = link.command {
      do {
        let layout = try Self.layout(script, command, by: dialect, refused)
        loaded.adopt(layout, path: command.output)
      } catch {
        // The script alone is judged; of memory it tells nothing.
        if refused == .isShown { throw error }
      }
    }
    return loaded
  }

  private static func layout(
    _ script: LoadedScript, _ command: LinkCommand, by dialect: LinkerDialect,
    _ refused: RefusedLayout
  ) throws(ProgramError) -> (model: LayoutModel, prediction: LayoutPrediction) {
    let model: LayoutModel
    let layout: LayoutPrediction
    do throws(LayoutStop) {
      model = try LayoutModel(
        script.script, command, by: dialect, provider: FileSourceProvider(mayMap: true))
      layout = try model.layoutWithComplaints()
    } catch {
      throw ProgramError(
        "the objects cannot be laid out: \(error.message)",
        hint: "give the image or the map of the link")
    }
    if let complaint = layout.complaints.first, refused == .isAnError {
      throw ProgramError(
        "the linker would make no image: \(complaint.text)",
        hint: complaint.kind == .overflow
          ? "'\(Version.name) memory' with the same files tells what fills it" : nil)
    }
    return (model, layout)
  }

  /// What becomes of a layout of which the linker would make no image: a region overflows, sections overlap.
  enum RefusedLayout {
    /// There is nothing to judge.
    case isAnError
    /// What was laid out is what is asked for.
    case isShown
  }

  /// The operands that are objects or archives.
  private func objects() throws -> [FilePath] {
    try inputs().compactMap { input in
      guard !input.isStandardInput, input.role != .script else { return nil }
      switch FormatRecognizer.recognize(try open(input)) {
      case .elf, .archive: return input.path
      default: return nil
      }
    }
  }

  private func load(
    _ input: InputArgument, _ parts: ImageParts, _ scripts: inout [SourceBuffer],
    into loaded: inout LoadedInputs
  ) throws {
    let buffer = try open(input)
    let format = input.role == .script ? .script : FormatRecognizer.recognize(buffer)
    if format == .archive, input.role != .symbols {
      loaded.archives.append(input)
      return
    }
    guard input.role != .symbols, Self.isScript(format, buffer.path) else {
      loaded.images.append(try image(buffer, as: format, parts))
      return
    }
    scripts.append(buffer)
  }

  /// A file that is called a script is read as one, even if it is empty or a part of one.
  private static func isScript(_ format: FileFormat, _ path: FilePath) -> Bool {
    switch format {
    case .script: true
    case .unknown: ScriptFolder.isScriptName(path)
    default: false
    }
  }

  /// Reads every input as a script.
  func loadScripts() throws -> [LoadedScript] {
    var scripts: ScriptLoader?
    return try inputs().flatMap { input -> [LoadedScript] in
      let buffer = try open(input)
      let loader =
        try scripts
        ?? ScriptLoader(
          arguments,
          ConfigurationLoader.load(explicit: arguments.path(.config), script: buffer.path),
          link: link, dialect: dialect)
      scripts = loader
      return try loader.loadVariants(buffer)
    }
  }

  /// Reads every input as evidence of an image, one at a time, and hands it on.
  func eachImage(_ parts: ImageParts = .all, _ body: (Image) throws -> Void) throws {
    for input in try inputs() {
      let buffer = try open(input)
      try body(try image(buffer, as: FormatRecognizer.recognize(buffer), parts))
    }
  }

  /// The operands, with the scripts below a folder in its place.
  private func inputs() throws -> [InputArgument] {
    if operands.filter(\.isStandardInput).count > 1 {
      throw UsageError.unexpectedOperand("-, standard input can be read once")
    }
    return try operands.flatMap { operand -> [InputArgument] in
      guard operand.role != .symbols, operand.isFolder else { return [operand] }
      let scripts = try ScriptFolder.scripts(
        below: operand.path,
        ConfigurationLoader.load(
          explicit: arguments.path(.config), script: operand.path.appending(FilePath("x"))))
      if scripts.isEmpty {
        throw ProgramError("\(operand.path.display): no linker script below this folder")
      }
      return scripts.map { InputArgument(path: $0, role: .any) }
    }
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
    let damage = diagnostics.first { $0.id == .truncatedMap || $0.id == .damagedMap }
    return damage.map { damage in
      ReadError(id: damage.id, message: damage.message, offset: damage.span.map { Int($0.start) })
    }
  }
}
