// JSON: configurations, baselines, tag databases.

import Constraints
import LdsParser

/// Readers of JSON.
enum ConfigurationReading {
  /// The same text as each of the three files that are JSON.
  static func read(_ bytes: [UInt8]) -> Int {
    let buffer = file(bytes)
    let names = ConfigurationReader.Names(
      rules: RuleRegistry.all.map { $0.description.id }, profiles: MappingProfiles.names)
    let configuration = ConfigurationReader.read(buffer, names: names)
    var sum = ScriptReading.touch(configuration.diagnostics, configuration.script.sources)
    sum &+= evaluate(configuration)
    let (baseline, sources, faults) = Baseline.read(buffer)
    sum &+= baseline.entries.count &+ ScriptReading.touch(faults, sources)
    let tags = TagDatabase(buffer)
    return sum &+ tags.tags.count &+ tags.diagnostics.count
  }

  private static func evaluate(_ configuration: Configuration) -> Int {
    guard !configuration.isRefused else { return 0 }
    let judged = Session(configuration: configuration).judgeConstraints()
    return judged.reduce(configuration.constraints.count) {
      $0 &+ $1.report.assertions.count &+ $1.findings(isStrict: true).count
    }
  }
}
