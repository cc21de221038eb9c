// What the program is told from outside: its arguments, the environment, the terminal it writes to.

import Glibc
import LdsParser

/// Standard streams by their descriptors.
enum StandardStream: Int32 {
  case input = 0
  case output = 1
  case error = 2
}

enum Terminal {
  /// Width of text where nothing tells how wide the terminal is.
  static let defaultWidth = 80

  /// The arguments after the program's name, byte for byte: `CommandLine.arguments` repairs invalid UTF-8
  /// and so names other files than the user did.
  static func arguments() -> [[UInt8]] {
    let count = Int(CommandLine.argc)
    guard count > 1 else { return [] }
    return (1..<count).map { index in
      guard let text = unsafe CommandLine.unsafeArgv[index] else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
  }

  /// The name that the program was called by.
  static var programName: FilePath {
    guard CommandLine.argc > 0, let text = unsafe CommandLine.unsafeArgv[0] else {
      return FilePath(bytes: [])
    }
    return unsafe FilePath(bytes: Array(UnsafeRawBufferPointer(start: text, count: strlen(text))))
  }

  /// A variable of the environment, nil if it is not set.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether a stream leads to a terminal.
  static func isTerminal(_ stream: StandardStream) -> Bool {
    isatty(stream.rawValue) == 1
  }

  /// Columns of the terminal behind a stream, else `COLUMNS`, else 80.
  static func width(_ stream: StandardStream) -> Int {
    var size = winsize()
    if unsafe ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    guard let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 else {
      return defaultWidth
    }
    return min(columns, 10_000)
  }

  /// Turns faults that would end the program by signal into failed calls, and fills closed standard streams.
  ///
  /// A closed stream would give its number to the next file that is opened, and messages would land in it;
  /// opened the wrong way round it fails every use instead.
  static func prepare() {
    var start = StartState()
    start.ignore(SIGPIPE)
    start.ignore(SIGXFSZ)
    FileInput.protectMappings()
    MemoryGuard.install()
    for stream in [StandardStream.input, .output, .error]
    where fcntl(stream.rawValue, F_GETFD) == -1 {
      start.closed.append(stream.rawValue)
      _ = unsafe open("/dev/null", stream == .input ? O_WRONLY : O_RDONLY)
    }
    unsafe StartState.current = start
  }
}
