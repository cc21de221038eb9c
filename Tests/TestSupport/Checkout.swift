// Files of the checkout that tests look at, found from where this file stood when it was compiled.

public import Foundation

/// The checkout that the tests were built from.
public enum Checkout {
  /// Its top folder.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a file in it, such as `samples/sound/boot.map`.
  public static func path(_ name: String) -> String {
    root.appendingPathComponent(name).path
  }

  /// The bytes of a file in it.
  public static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: root.appendingPathComponent(name)))
  }

  /// The text of a file in it.
  public static func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// Every Swift file below a folder of it, as paths from the top, in order.
  public static func swiftFiles(under folder: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: path(folder))
    let names = (files?.allObjects ?? []).compactMap { $0 as? String }
    return names.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }.sorted()
  }
}
