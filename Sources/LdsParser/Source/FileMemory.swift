// Memory behind a buffer: allocated, or mapped from a file. With ByteReader, the only file that frees or
// maps memory by hand.

import Glibc

/// Owns the bytes of one ``SourceBuffer`` and gives them back when the buffer goes.
@safe package final class FileMemory: @unchecked Sendable {
  // Unchecked because of the pointer; sound because the bytes are never written after `init`.
  private let base: UnsafeMutableRawPointer
  private let count: Int
  private let mappedLength: Int
  /// The file that is kept open because a lease on it protects the mapping; -1 for none.
  private let descriptor: CInt

  package init(copying bytes: [UInt8]) {
    count = bytes.count
    mappedLength = 0
    descriptor = -1
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
    unsafe bytes.withUnsafeBytes { source in
      if let start = source.baseAddress, source.count > 0 {
        unsafe base.copyMemory(from: start, byteCount: source.count)
      }
    }
  }

  /// Takes over `count` bytes of a mapping of `mappedLength` bytes made with mmap(2), and the open file
  /// `descriptor` whose lease protects it, if there is one.
  package init(
    mapping base: UnsafeMutableRawPointer, count: Int, mappedLength: Int, descriptor: CInt = -1
  ) {
    precondition(count >= 0 && count <= mappedLength && mappedLength > 0)
    unsafe self.base = base
    self.count = count
    self.mappedLength = mappedLength
    self.descriptor = descriptor
  }

  package var reader: ByteReader {
    unsafe ByteReader(base: UnsafeRawPointer(base), count: count)
  }

  deinit {
    if mappedLength > 0 {
      unsafe _ = munmap(base, mappedLength)
    } else {
      unsafe base.deallocate()
    }
    if descriptor >= 0 { _ = close(descriptor) }
  }
}
