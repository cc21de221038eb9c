// The version, in its one place.

enum Version {
  static let name = "lds-check"
  static let number = "2.0.0"
}
