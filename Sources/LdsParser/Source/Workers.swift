// Threads for work on large inputs, without a library: the results come back in order, so what is
// printed never depends on which thread was faster.

import Glibc

/// Runs pieces of one job side by side.
enum Workers {
  /// Threads that are of use here.
  static var available: Int {
    max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
  }

  /// `body(0) ... body(count - 1)`, each on a thread of its own but the first, which runs here. Where the
  /// system gives no thread, its piece runs here too.
  static func map<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    guard count > 0 else { return [] }
    let pieces = (0..<count).map { index in Piece { body(index) } }
    let threads = pieces.dropFirst().map { start($0) }
    pieces[0].run()
    for (piece, thread) in zip(pieces.dropFirst(), threads) {
      if let thread { pthread_join(thread, nil) } else { piece.run() }
    }
    return pieces.compactMap(\.result)
  }

  /// One piece of work and its result.
  // Unchecked: the thread that runs it is joined before the result is read.
  private final class Piece<Result: Sendable>: AnyPiece, @unchecked Sendable {
    private let body: @Sendable () -> Result
    private(set) var result: Result?

    init(_ body: @escaping @Sendable () -> Result) {
      self.body = body
    }

    override func run() {
      result = body()
    }
  }

  private class AnyPiece {
    func run() {}
  }

  private static func start(_ piece: AnyPiece) -> pthread_t? {
    var thread = pthread_t()
    let argument = unsafe Unmanaged.passRetained(piece)
    let status = unsafe pthread_create(
      &thread, nil,
      { raw in
        if let raw = unsafe raw {
          unsafe Unmanaged<AnyPiece>.fromOpaque(raw).takeRetainedValue().run()
        }
        return nil
      }, argument.toOpaque())
    if status == 0 { return thread }
    unsafe argument.release()
    return nil
  }
}
