// EINTR: a signal with a handler interrupts read(2) and write(2); nothing may be lost or doubled.

import Foundation
import LdsParser
import Synchronization
import TestSupport
import Testing

@testable import lds_check

struct InterruptedCallTests {
  private static let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }

  /// A handler that does nothing, and restarts no call.
  private static let handler: Bool = {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    return unsafe sigaction(SIGUSR2, &action, nil) == 0
  }()

  private struct Ends {
    let read: Int32
    let write: Int32

    init() {
      var ends: [Int32] = [-1, -1]
      _ = unsafe ends.withUnsafeMutableBufferPointer { unsafe pipe($0.baseAddress) }
      read = ends[0]
      write = ends[1]
    }
  }

  /// Runs `body` on a thread that gets a signal every half millisecond, and `other` on this one.
  private func interrupting(
    _ body: @escaping @Sendable () -> Void, while other: () -> Void
  ) {
    let shared = Shared()
    let victim = Thread {
      shared.thread.withLock { $0 = pthread_self() }
      body()
      shared.isDone.withLock { $0 = true }
    }
    let sender = Thread {
      while !shared.isDone.withLock({ $0 }) {
        shared.isDone.withLock { done in
          if !done, let thread = shared.thread.withLock({ $0 }) { pthread_kill(thread, SIGUSR2) }
        }
        usleep(500)
      }
    }
    victim.start()
    sender.start()
    other()
    while !shared.isDone.withLock({ $0 }) { usleep(1000) }
  }

  private final class Shared: Sendable {
    let thread = Mutex<pthread_t?>(nil)
    let isDone = Mutex(false)
  }

  @Test func readingGoesOn() throws {
    #expect(Self.handler)
    let folder = try TemporaryFolder()
    let path = folder.path("pipe")
    let made = unsafe mkfifo(path, 0o600)
    #expect(made == 0)
    let result = Received()
    interrupting {
      result.set((try? FileInput.read(FilePath(path))).map { $0.bytes(in: 0..<$0.count) })
    } while: {
      guard let pipe = FileHandle(forWritingAtPath: path) else { return }
      for start in stride(from: 0, to: Self.bytes.count, by: 8000) {
        pipe.write(Data(Self.bytes[start..<min(start + 8000, Self.bytes.count)]))
        usleep(1000)
      }
      try? pipe.close()
    }
    #expect(result.bytes == Self.bytes)
  }

  @Test func writingGoesOn() {
    #expect(Self.handler)
    let ends = Ends()
    let isWritten = Received()
    var received: [UInt8] = []
    interrupting {
      if (try? SystemCalls.write(Self.bytes[...], to: ends.write)) != nil { isWritten.set([1]) }
      close(ends.write)
    } while: {
      let reader = FileHandle(fileDescriptor: ends.read)
      // Less than a page at a time: the writer waits, and gives a part.
      while let data = try? reader.read(upToCount: 3000), !data.isEmpty {
        received += data
        usleep(500)
      }
    }
    close(ends.read)
    #expect(isWritten.bytes == [1])
    #expect(received == Self.bytes)
  }

  private final class Received: Sendable {
    private let value = Mutex<[UInt8]?>(nil)

    var bytes: [UInt8]? { value.withLock { $0 } }

    func set(_ bytes: [UInt8]?) { value.withLock { $0 = bytes } }
  }
}
