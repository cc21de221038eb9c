// What "copy", "clear", "reserve" and "protect" of a configuration say, and the conditions that follow.

import LdsParser
import TestSupport
import Testing

struct ConfiguredContractTests {
  private func read(_ text: String) -> Configuration {
    ConfigurationReader.read(SourceBuffer(name: "c.json", text: text))
  }

  private func conditions(_ text: String) -> [String] {
    let configuration = read(text)
    #expect(configuration.diagnostics.map(\.message) == [])
    #expect(configuration.script.statements.count == configuration.constraints.count)
    return configuration.constraints.map { "\($0.name): \($0.expression.text)" }
  }

  @Test func aCopyHasAlignedEndsAndEqualParts() {
    #expect(
      conditions(
        #"{"copy": [{"name": "data", "load": "LOADADDR(.data)", "loadEnd": "e", "start": "_sdata", "end": "_edata", "word": 4}]}"#
      ) == [
        "copy 'data': the end is not before the start: _edata >= _sdata",
        "copy 'data': '_sdata' is a multiple of 4: _sdata % 4 == 0",
        "copy 'data': '_edata' is a multiple of 4: _edata % 4 == 0",
        "copy 'data': 'LOADADDR(.data)' is a multiple of 4: (LOADADDR(.data)) % 4 == 0",
        "copy 'data': what is loaded is as long as what runs: e - (LOADADDR(.data)) == _edata - _sdata",
      ])
  }

  @Test func aLoopOverBytesAsksForNoAlignment() {
    #expect(
      conditions(#"{"clear": [{"start": "a", "end": "b"}]}"#) == [
        "clear from 'a' to 'b': the end is not before the start: b >= a"
      ])
  }

  @Test func aReserveLiesInItsRegion() {
    #expect(
      conditions(
        #"{"reserve": [{"name": "stack", "start": "e", "end": "t", "atLeast": "1K", "memory": "RAM", "word": 8}]}"#
      ) == [
        "stack: at least 1024 bytes: t >= e && t - e >= 1024",
        "stack: inside 'RAM': e >= ORIGIN(RAM) && t <= ORIGIN(RAM) + LENGTH(RAM)",
        "stack: 't' is a multiple of 8: t % 8 == 0",
      ])
  }

  @Test func aProtectedRangeIsOneRegion() throws {
    let configuration = read(
      #"{"protect": [{"unit": "pmp-tor", "granule": "4K", "start": "a", "end": "b"}, {"unit": "mpu-v7m", "memory": "RAM"}]}"#
    )
    #expect(configuration.diagnostics.map(\.message) == [])
    let first = try #require(configuration.constraints.first)
    #expect(first.expression.text == "b > a && a % 4096 == 0 && b % 4096 == 0")
    #expect(first.protection == ConfiguredProtection(unit: .pmpTOR, granule: 4096))
    #expect(
      configuration.constraints.last?.name == "protect 'RAM': a power of two, aligned to itself")
  }

  /// A mistake stands where it was made, and what follows from it is not said.
  @Test(arguments: [
    #"{"clear": [{"start": "a +", "end": "b"}]}"#,
    #"{"copy": [{"load": "a", "start": "b", "end": 1}]}"#,
    #"{"clear": [{"start": "a", "end": "b", "word": 3}]}"#,
    #"{"protect": [{"unit": "pmp-tor", "memory": "RAM", "start": "a", "end": "b"}]}"#,
    #"{"protect": [{"unit": "pmp-tor", "memory": "RAM; X", "granule": 8}]}"#,
  ]) func aMistakeIsShown(_ text: String) {
    let configuration = read(text)
    #expect(configuration.isRefused)
    #expect(configuration.constraints.allSatisfy { $0.expression.text != "" })
  }
}
