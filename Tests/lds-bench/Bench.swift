import LdsParser

@main
struct Bench {
  static func main() {
    let path = CommandLine.arguments[1]
    let clock = ContinuousClock()
    for _ in 0..<5 {
      do {
        var buffer: SourceBuffer?
        let t0 = try clock.measure { buffer = try FileInput.read(FilePath(path), mayMap: true) }
        guard let buffer else { return }
        var image: Image?
        let t1 = try clock.measure {
          image = try ImageReader.read(buffer, parts: [.symbols, .sections, .statements])
        }
        let t2 = try clock.measure { _ = try ImageReader.read(buffer, parts: .all) }
        print(
          t0, t1, t2, image?.symbols.records.count ?? 0, image?.unknownLineCount ?? 0,
          image?.statements.count ?? 0, image?.outputSections.count ?? 0)
      } catch { print(error) }
    }
  }
}
