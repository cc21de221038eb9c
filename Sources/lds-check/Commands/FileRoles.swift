// No file is read and written by one run, and none is written twice:
//
//     lds-check eval boot.map --output ./boot.map       refused before anything is opened

import LdsParser

/// What the command line wants of files.
struct FileRoles {
  private struct Named {
    let option: String
    let path: FilePath
  }

  /// Options that name a file to read.
  private static let readOptions: [OptionSpec] = [
    .config, .cppCommand, .linkCommand, .against, .log, .includeFile, .baseline,
  ]

  private let read: [Named]
  private let written: [Named]

  init(_ arguments: ParsedArguments, writesReports: Bool) throws(UsageError) {
    let inputs = arguments.inputs.map { input in
      Named(option: "", path: input.isStandardInput ? FilePath("/dev/stdin") : input.path)
    }
    read = inputs + Self.named(Self.readOptions, arguments)
    let outputs: [FilePath] =
      writesReports
      ? try OutputPlan(arguments).targets.compactMap(\.path)
      : arguments.path(.output).map { [$0] } ?? []
    let output = OptionSpec.output.displayName
    written =
      outputs.filter { $0 != FilePath("-") }.map { Named(option: output, path: $0) }
      + Self.named([.writeBaseline, .history, .certificates, .smt], arguments)
  }

  /// - Throws: an error for the first file with two roles. A baseline may be read and written anew.
  func check() throws(UsageError) {
    for (index, target) in written.enumerated() {
      if (try? SystemCalls.kind(of: target.path)) == .device { continue }
      for source in read where Self.isSame(target.path, source.path) {
        let isRenewed =
          target.option == OptionSpec.writeBaseline.displayName
          && source.option == OptionSpec.baseline.displayName
        if isRenewed { continue }
        throw Self.clash(target, "is an input of this run, and inputs are never changed")
      }
      for other in written[..<index] where Self.isSame(target.path, other.path) {
        throw Self.clash(target, "is already taken by '\(other.option)'")
      }
    }
  }

  private static func named(_ options: [OptionSpec], _ arguments: ParsedArguments) -> [Named] {
    options.flatMap { option in
      arguments.all(option.id).map {
        Named(option: option.displayName, path: FilePath(bytes: $0))
      }
    }
  }

  /// Whether two names lead to one file, or will when it is made.
  private static func isSame(_ one: FilePath, _ other: FilePath) -> Bool {
    if let identity = SystemCalls.identity(of: one) {
      return SystemCalls.identity(of: other) == identity
    }
    guard one.lastComponent == other.lastComponent else { return false }
    return SystemCalls.realPath(folder(of: one)) == SystemCalls.realPath(folder(of: other))
  }

  private static func folder(of path: FilePath) -> FilePath {
    path.directory.bytes.isEmpty ? FilePath(".") : path.directory
  }

  private static func clash(_ target: Named, _ reason: String) -> UsageError {
    .badValue(option: target.option, value: target.path.display, reason: reason)
  }
}
