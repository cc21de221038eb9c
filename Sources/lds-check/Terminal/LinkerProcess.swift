// Runs a linker in the user's place: it gets our streams, our environment and our signals, and what it writes to
// standard error goes on byte for byte as it comes, with a copy for us.

import Glibc
import LdsParser

/// How a linker ended.
struct LinkerEnd {
  /// What waitpid(2) said.
  let status: Int32
  /// What it wrote to standard error, cut after ``Limit/linkerLogBytes``; with what it wrote to standard output where
  /// both are one file.
  let log: [UInt8]

  /// The exit status; nil if a signal ended it.
  var exitStatus: Int32? { status & 0x7f == 0 ? (status >> 8) & 0xff : nil }
}

/// A linker that runs.
struct LinkerProcess {
  /// The variable of the environment that turns `wrap` off: `off` in it, and a linker is handed over to at once.
  static let switchOff = "LDS_CHECK_WRAP"

  /// Puts the program in our place: nothing of ours is left, and it ends as it would have without us.
  ///
  /// - Throws: the program cannot be run.
  static func replace(with words: [[UInt8]]) throws(SystemError) {
    let program = try SystemCalls.cPath(FilePath(bytes: words.first ?? []))
    unsafe StartState.current.restore()
    _ = unsafe CWords.pass(words) { arguments in unsafe execvp(program, arguments) }
    throw .last
  }

  /// Runs `words` to its end.
  ///
  /// - Throws: it cannot be run, or its output cannot be copied; then it did not run.
  static func run(_ words: [[UInt8]]) throws(SystemError) -> LinkerEnd {
    let channel = try ErrorChannel()
    let signals = try SignalRelay()
    defer { signals.end() }
    let id: pid_t
    do {
      id = try spawn(words, channel)
    } catch {
      channel.close()
      throw error
    }
    channel.closeWriter()
    signals.target = id
    var log: [UInt8] = []
    var status: Int32?
    while status == nil {
      signals.wait(besides: channel.reader)
      channel.relay(into: &log)
      var ended: Int32 = 0
      if unsafe waitpid(id, &ended, WNOHANG) == id { status = ended }
    }
    // What it wrote last. Others that it started may keep the channel open, so its end is not waited for.
    channel.relay(into: &log)
    channel.closeReader()
    return LinkerEnd(status: status ?? 0, log: log)
  }

  /// Ends as the linker did, by the signal that ended it.
  static func die(of status: Int32) -> Never {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // Its core is worth more than ours.
    unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    let number = status & 0x7f
    _ = signal(number, SIG_DFL)
    kill(getpid(), number)
    exit(128 + number)
  }

  private static func spawn(
    _ words: [[UInt8]], _ channel: ErrorChannel
  ) throws(SystemError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    let start = unsafe StartState.current
    for descriptor in start.closed {
      unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    for stream in channel.streams {
      unsafe posix_spawn_file_actions_adddup2(&actions, channel.writer, stream.rawValue)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    for number in start.signals { unsafe sigaddset(&defaults, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var id: pid_t = 0
    let program = try SystemCalls.cPath(FilePath(bytes: words.first ?? []))
    // A driver may run a linker that is us again: once is enough.
    let environment = CWords.environment(setting: switchOff, to: "off")
    let code = unsafe CWords.pass(words) { arguments in
      unsafe CWords.pass(environment) { variables in
        unsafe posix_spawnp(&id, program, &actions, &attributes, arguments, variables)
      }
    }
    if code != 0 { throw SystemError(code: code) }
    return id
  }
}
