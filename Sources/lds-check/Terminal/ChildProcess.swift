// Runs a program that the user named, without a shell, and takes what it prints. It gets no input, limited
// time and a limited voice.

import Glibc
import LdsParser

/// What a program that ran to its end has to say.
struct ChildOutput {
  let output: [UInt8]
  let errors: [UInt8]
  /// What waitpid(2) said.
  let status: Int32

  /// How it ended, nil if well: `exit status 1`, `killed by signal 9`.
  var fault: String? {
    let signal = status & 0x7f
    if signal != 0 { return "killed by signal \(signal)" }
    let code = (status >> 8) & 0xff
    return code == 0 ? nil : "exit status \(code)"
  }
}

/// Why there is no ``ChildOutput``.
enum ChildFault: Error {
  case notRun(SystemError)
  case tooSlow(seconds: Int)
  case tooLong(bytes: Int)
}

/// A program that was started.
struct ChildProcess {
  private let id: pid_t
  /// The ends of its pipes that are read: output, errors.
  private let pipes: [Int32]

  /// Runs `words`, a program found by `PATH` and its arguments.
  static func run(
    _ words: [[UInt8]], outputLimit: Int, seconds: Int
  ) throws(ChildFault) -> ChildOutput {
    let child: ChildProcess
    do {
      child = try start(words)
    } catch {
      throw .notRun(error)
    }
    return try child.finish(outputLimit: outputLimit, seconds: seconds)
  }

  // MARK: Starting

  private static func start(_ words: [[UInt8]]) throws(SystemError) -> ChildProcess {
    let output = try pipe()
    let errors: [Int32]
    do {
      errors = try pipe()
    } catch {
      output.forEach(SystemCalls.close)
      throw error
    }
    defer {
      SystemCalls.close(output[1])
      SystemCalls.close(errors[1])
    }
    do {
      let id = try spawn(words, output: output[1], errors: errors[1])
      return ChildProcess(id: id, pipes: [output[0], errors[0]])
    } catch {
      SystemCalls.close(output[0])
      SystemCalls.close(errors[0])
      throw error
    }
  }

  private static func pipe() throws(SystemError) -> [Int32] {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw .last }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
  }

  private static func spawn(
    _ words: [[UInt8]], output: Int32, errors: Int32
  ) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    // A group of its own: a driver's children must end with it.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var id: pid_t = 0
    let program = try SystemCalls.cPath(FilePath(bytes: words.first ?? []))
    let code = unsafe CWords.pass(words) { arguments in
      unsafe CWords.pass(environment) { variables in
        unsafe posix_spawnp(&id, program, &actions, &attributes, arguments, variables)
      }
    }
    if code != 0 { throw SystemError(code: code) }
    return id
  }

  /// Our environment; what is printed is to be read, so it speaks the language of the C library.
  private static var environment: [[UInt8]] { CWords.environment(setting: "LC_ALL", to: "C") }

  // MARK: Reading

  private func finish(outputLimit: Int, seconds: Int) throws(ChildFault) -> ChildOutput {
    let deadline = Self.now + Int64(seconds) * 1000
    var texts: [[UInt8]] = [[], []]
    var open = pipes
    defer { pipes.forEach(SystemCalls.close) }
    while open.contains(where: { $0 >= 0 }) {
      guard let ready = Self.ready(open, until: deadline) else {
        stop()
        throw .tooSlow(seconds: seconds)
      }
      for index in ready {
        let chunk = Self.read(open[index])
        if chunk.isEmpty { open[index] = -1 }
        texts[index] += chunk
      }
      if texts.contains(where: { $0.count > outputLimit }) {
        stop()
        throw .tooLong(bytes: outputLimit)
      }
    }
    guard let status = wait(until: deadline) else {
      stop()
      throw .tooSlow(seconds: seconds)
    }
    return ChildOutput(output: texts[0], errors: texts[1], status: status)
  }

  /// Milliseconds of a clock that nobody sets.
  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Indices of the descriptors that can be read or have ended; nil when time is up.
  private static func ready(_ descriptors: [Int32], until deadline: Int64) -> [Int]? {
    var events = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let left = deadline - now
      if left <= 0 { return nil }
      let count = unsafe poll(&events, nfds_t(events.count), Int32(left))
      if count > 0 { return events.indices.filter { events[$0].revents != 0 } }
      if count < 0, errno != EINTR { return nil }
    }
  }

  /// What a pipe holds; nothing at its end.
  private static func read(_ descriptor: Int32) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = try? SystemCalls.retrying {
      unsafe chunk.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
    }
    return Array(chunk.prefix(count ?? 0))
  }

  /// The status it ended with; nil when time is up.
  private func wait(until deadline: Int64) -> Int32? {
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(id, &status, WNOHANG)
      if ended == id { return status }
      if ended < 0, errno != EINTR { return nil }
      if Self.now >= deadline { return nil }
      usleep(500)
    }
  }

  /// Ends it and all that it started.
  private func stop() {
    kill(-id, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
  }
}
