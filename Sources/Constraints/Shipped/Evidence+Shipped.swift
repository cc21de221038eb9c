// FILE_END, FILE_SIZE, MAPPED_END and FILE_OFFSET(symbol): what a constraint may ask of the file that leaves the build.

internal import LdsParser

extension Evidence {
  /// Gives the names of ``ImageName`` that `program` uses the values that they have for the one linked file among
  /// `images`; those that it does not decide stay unknown.
  mutating func adopt(
    _ description: ShippedDescription?, of images: [Image], for program: Program
  ) {
    guard let description else { return }
    let kind: ImageKind = description.form == .pe ? .pe : .elf
    guard let file = images.firstIndex(where: { $0.kind == kind && !$0.isRelocatable }) else {
      return
    }
    let image = images[file]
    let end = description.end.flatMap { image.value(ofGlobal: $0) }
    guard let shipped = ShippedImage(image, form: description.form, end: end) else { return }
    knowsShippedImage = true
    for index in 0..<program.names.count {
      let name = program.names.bytes(at: index)
      guard let asked = ImageName(name), symbols[name] == nil else { continue }
      let value: UInt64? =
        switch asked {
        case .end: shipped.end
        case .size: shipped.fileSize
        case .mappedEnd: shipped.mappedEnd
        case .offset(let symbol): image.record(of: symbol).flatMap(shipped.offset)
        }
      if let value { symbols[name] = Symbol(address: value, place: .absolute, file: file) }
    }
  }
}

extension Image {
  /// The symbol of this name, a global one before others; nil where there is none, or several local ones.
  fileprivate func record(of name: [UInt8]) -> SymbolRecord? {
    let named = symbols.records.filter {
      Int($0.nameLength) == name.count && $0.isDefinition && symbols.nameBytes($0) == name
    }
    return named.first { $0.binding != .local } ?? (named.count == 1 ? named.first : nil)
  }
}
