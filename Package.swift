// swift-tools-version: 6.2

import PackageDescription

/// Every target is held to the same bar: no existential without `any`, no leaked imports, every use of
/// unsafe memory spelled out, and no warning left standing.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "lds-check",
  products: [
    .library(name: "LdsParser", targets: ["LdsParser"]),
    .library(name: "Constraints", targets: ["Constraints"]),
    .executable(name: "lds-check", targets: ["lds-check"]),
  ],
  targets: [
    .target(name: "LdsParser", swiftSettings: strict),
    .target(name: "Constraints", dependencies: ["LdsParser"], swiftSettings: strict),
    .executableTarget(
      name: "lds-check", dependencies: ["LdsParser", "Constraints"], swiftSettings: strict),
    .executableTarget(
      name: "lds-bench", dependencies: ["LdsParser"], path: "Tests/lds-bench",
      exclude: ["README.md"], swiftSettings: strict
    ),
    .executableTarget(
      name: "lds-differential", dependencies: ["LdsParser", "TestSupport"],
      path: "Tests/lds-differential", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["LdsParser", "Constraints"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .executableTarget(
      name: "lds-bent", dependencies: ["TestSupport"], path: "Tests/fuzz/Bent",
      swiftSettings: strict),
    .target(
      name: "FuzzReaders", dependencies: ["LdsParser", "Constraints"], path: "Tests/fuzz/Readers",
      swiftSettings: strict),
    .testTarget(
      name: "LdsParserTests", dependencies: ["LdsParser", "TestSupport"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "ConstraintsTests",
      dependencies: ["LdsParser", "Constraints", "TestSupport", "FuzzReaders"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: ["lds-check", "lds-bent", "LdsParser", "Constraints", "TestSupport"],
      exclude: ["Inputs", "Reporting/Snapshots", "Snapshots"],
      swiftSettings: strict),
  ]
)
