// What `--cc` asks: one run of the compiler over nothing, which prints its macros and, with -v, its folders:
//
//     #define __x86_64__ 1                              on standard output
//
//     #include <...> search starts here:                on standard error
//      /usr/lib/gcc/x86_64-linux-gnu/12/include
//     End of search list.

import LdsParser

/// A compiler's own macros and include folders.
struct CompilerAnswer {
  let macros: [UInt8]
  let folders: [FilePath]
}

/// Asks compilers, each question once.
final class CompilerQuestion {
  /// The compiler's name as given, with flags if there are any: `ccache gcc -m32`.
  private let words: [[UInt8]]
  private let name: FilePath
  private var answers: [[[UInt8]]: CompilerAnswer] = [:]

  /// - Parameter value: what the user named: a program, or a program and flags.
  init(_ value: [UInt8]) {
    name = FilePath(bytes: value)
    let isFile = (try? SystemCalls.kind(of: name)) == .regular
    let words = isFile ? [value] : ShellWords.words(value)
    self.words = words.isEmpty ? [value] : words
  }

  /// The answer for these flags and language.
  func ask(_ flags: [[UInt8]], _ language: Preprocessor.Language) throws(InputError)
    -> CompilerAnswer
  {
    let kind = language == .c ? "c" : "assembler-with-cpp"
    let question =
      words + flags + ["-dM", "-E", "-v", "-x", kind, "/dev/null"].map { Array($0.utf8) }
    if let known = answers[question] { return known }
    let child: ChildOutput
    do {
      child = try ChildProcess.run(
        question, outputLimit: Limit.compilerAnswerBytes, seconds: Limit.compilerAnswerSeconds)
    } catch {
      throw fault(Self.text(error))
    }
    if let fault = child.fault { throw self.fault(Self.text(fault, child.errors)) }
    guard child.output.starts(with: "#define ".utf8) else {
      throw fault("it printed no '#define' for -dM -E: it is no C compiler")
    }
    let answer = CompilerAnswer(macros: child.output, folders: Self.folders(child.errors))
    answers[question] = answer
    return answer
  }

  private func fault(_ message: String) -> InputError {
    InputError(path: name, reason: ReadError(id: "compiler-question", message: message))
  }

  private static func text(_ fault: ChildFault) -> String {
    switch fault {
    case .notRun(let error): "the compiler that --cc names cannot be run: \(error.message)"
    case .tooSlow(let seconds): "the compiler gave no answer within \(seconds) seconds"
    case .tooLong(let bytes): "the compiler printed more than \(bytes >> 20) MiB for -dM -E"
    }
  }

  /// The status and the line that says most: the first about an error, else the last.
  private static func text(_ status: String, _ errors: [UInt8]) -> String {
    let lines = errors.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    let telling = lines.first { line in
      let text = String(decoding: line, as: UTF8.self)
      return text.includes("error:") || text.includes("unrecognized")
    }
    let words = (telling ?? lines.last).map { String(decoding: $0.prefix(200), as: UTF8.self) }
    return "the compiler failed (\(status))" + (words.map { ": " + $0 } ?? "")
  }

  /// The lines between the marks, without those for quotes only.
  private static func folders(_ text: [UInt8]) -> [FilePath] {
    let lines = text.split(separator: 0x0A)
    guard
      let start = lines.firstIndex(where: { $0.starts(with: "#include <...>".utf8) })
    else { return [] }
    return lines[(start + 1)...].prefix { $0.first == 0x20 }.map {
      FilePath(bytes: Array($0.dropFirst()))
    }
  }
}
