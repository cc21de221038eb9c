// What libFuzzer calls. Built by the script `run` beside it, not by the package: a fuzzer has a `main` of its
// own, and the package stays free of unsafe flags.

import FuzzReaders
import Glibc

/// The harness that `LDS_CHECK_FUZZ` names.
private let reader: FuzzReader = {
  guard let reader = variable("LDS_CHECK_FUZZ").flatMap(FuzzReader.named) else {
    print("LDS_CHECK_FUZZ names no harness")
    exit(2)
  }
  return reader
}()

/// The last result, so that no part of a reader is dead code.
nonisolated(unsafe) private var result = 0

private func variable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// Lists the harnesses, or writes the seeds of one, if the environment says so.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer)
  -> CInt
{
  if variable("LDS_CHECK_FUZZ_LIST") != nil {
    print(FuzzReader.all.map(\.name).joined(separator: " "))
    exit(0)
  }
  if let folder = variable("LDS_CHECK_FUZZ_SEEDS") {
    for (index, seed) in FuzzSeeds.of(reader.name).enumerated() {
      guard let file = fopen("\(folder)/example-\(index)", "w") else { exit(2) }
      fwrite(seed, 1, seed.count, file)
      fclose(file)
    }
    exit(0)
  }
  return 0
}

/// Sends one input through the reader.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  result &+= reader.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
