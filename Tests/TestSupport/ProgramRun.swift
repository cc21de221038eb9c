// Runs the built program as a user does, in a fixed environment.

import Foundation

/// One run of `lds-check` or a shell line, and what came of it.
public struct ProgramRun: Sendable {
  /// Exit status; a signal shows as its negative number.
  public let status: Int
  /// Standard output.
  public let output: String
  /// Standard error.
  public let errors: String

  /// The built program: it lies beside the test bundle.
  public static let program: String = {
    let bundle =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent()
      .appendingPathComponent("lds-check").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return Checkout.path(".build/debug/lds-check")
  }()

  /// Runs the program with `arguments` in `folder`, by default the checkout.
  public static func run(
    _ arguments: [String], input: String = "", folder: String? = nil,
    environment: [String: String] = [:]
  ) throws -> ProgramRun {
    try launch(program, arguments, input, folder, environment)
  }

  /// Runs another program, such as the linker that a test compares with: a path, or a name of ``ExternalTool``.
  public static func tool(
    _ path: String, _ arguments: [String], folder: String? = nil
  ) throws -> ProgramRun {
    try launch(
      path.contains("/") ? path : ExternalTool.path(path) ?? path, arguments, "", folder, [:])
  }

  /// Runs a line of shell in which `$LDS_CHECK` is the program.
  public static func shell(
    _ line: String, folder: String? = nil, environment: [String: String] = [:]
  ) throws -> ProgramRun {
    try launch("/bin/sh", ["-c", line], "", folder, environment)
  }

  /// Where a build with coverage counters leaves them; without this each run would write where it stands.
  private static let counters = ProcessInfo.processInfo.environment
    .filter { $0.key == "LLVM_PROFILE_FILE" }

  /// Tests run on threads that block all signals, and programs inherit that: no SIGTERM would end them, and no
  /// SIGPIPE show what a user sees.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  private static func launch(
    _ path: String, _ arguments: [String], _ input: String, _ folder: String?,
    _ environment: [String: String]
  ) throws -> ProgramRun {
    // Files and not pipes: nothing blocks however much is written.
    let scratch = try TemporaryFolder.inMemory()
    let inputFile = input.isEmpty ? "/dev/null" : try scratch.write("in", input)
    let outputFile = try scratch.write("out", "")
    let errorFile = try scratch.write("err", "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder.map { URL(fileURLWithPath: $0) } ?? Checkout.root
    process.environment = [
      "PATH": InstalledLinkers.searchPath, "LC_ALL": "C", "COLUMNS": "80", "LDS_CHECK": program,
    ].merging(counters) { $1 }.merging(environment) { $1 }
    process.standardInput = FileHandle(forReadingAtPath: inputFile)
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    try withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    let code = Int(process.terminationStatus)
    return ProgramRun(
      status: process.terminationReason == .uncaughtSignal ? -code : code,
      output: try String(
        decoding: Data(contentsOf: URL(fileURLWithPath: outputFile)), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: URL(fileURLWithPath: errorFile)), as: UTF8.self)
    )
  }
}
