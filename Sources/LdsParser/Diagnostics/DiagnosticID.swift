// The kinds of faults that readers and parsers report. A kind is made where the fault is found; those that other
// code asks for have a name here, so that a slip is the compiler's to find.

/// Stable kebab-case name of a kind of fault, such as `syntax-error`.
public struct DiagnosticID: RawRepresentable, Sendable, Hashable, ExpressibleByStringInterpolation {
  /// The name.
  public let rawValue: String

  /// The kind called so.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// The kind called so.
  public init(stringLiteral name: String) {
    rawValue = name
  }

  /// A file that an INCLUDE names is not there.
  public static let includeNotFound: DiagnosticID = "include-not-found"
  /// A file that an `#include` names is not there.
  public static let missingInclude: DiagnosticID = "missing-include"
  /// A macro that no file defines.
  public static let unknownMacro: DiagnosticID = "unknown-macro"
  /// A file that the command line or a script names is not there.
  public static let missingFile: DiagnosticID = "missing-file"
  /// A part of SECTIONS without the command around it.
  public static let scriptFragment: DiagnosticID = "script-fragment"
  /// A map that ends before its end.
  public static let truncatedMap: DiagnosticID = "truncated-map"
  /// A map with lines that cannot be what a linker wrote.
  public static let damagedMap: DiagnosticID = "damaged-map"
  /// A line of a map that is of no known form.
  public static let unknownLine: DiagnosticID = "unknown-line"
}

extension DiagnosticID: CustomStringConvertible {
  /// The name.
  public var description: String { rawValue }
}
