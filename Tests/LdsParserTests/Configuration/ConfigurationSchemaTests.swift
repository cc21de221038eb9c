// The JSON Schema that ships with the program says what the reader says.

import LdsParser
import TestSupport
import Testing

struct ConfigurationSchemaTests {
  private func schema() throws -> JSONSchema {
    try #require(JSONSchema(Checkout.bytes("samples/lds-check.schema.json")))
  }

  @Test func keysAreTheKeysOfTheReader() throws {
    let schema = try schema()
    #expect(schema.keys(of: nil) == Set(ConfigurationTopKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "mapping") == Set(ConfigurationMappingKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "image") == Set(ConfigurationImageKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "override") == Set(ConfigurationOverrideKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "region") == Set(ConfigurationRegionKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "copy") == Set(ConfigurationCopyKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "clear") == Set(ConfigurationClearKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "reserve") == Set(ConfigurationReserveKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "protect") == Set(ConfigurationProtectKey.allCases.map(\.rawValue)))
    #expect(schema.keys(of: "budget") == Set(ConfigurationBudgetKey.allCases.map(\.rawValue)))
    #expect(
      schema.keys(of: "constraint") == Set(ConfigurationConstraintKey.allCases.map(\.rawValue)))
  }

  @Test(arguments: [
    "samples/configuration/xen.json", "samples/configuration/firmware.json",
    "samples/configuration/startup.json",
    "samples/profiles/xen-x86.json", "samples/profiles/multiboot.json",
    "samples/profiles/multiboot2.json", "samples/profiles/cortex-m.json",
    "samples/profiles/opensbi.json", "samples/profiles/xen-x86-static.json",
    "samples/firmware/.lds-check.json",
  ]) func samplesAreValid(_ name: String) throws {
    let bytes = try Checkout.bytes(name)
    #expect(try schema().faults(of: bytes) == [])
    let configuration = ConfigurationReader.read(
      SourceBuffer(path: FilePath(name), bytes: bytes))
    #expect(configuration.diagnostics.map(\.message) == [])
  }

  /// What one refuses, the other refuses.
  @Test(arguments: [
    #"{"profil": 1}"#, #"{"profile": 1}"#, #"{"rules": {"x": "of"}}"#, #"{"rules": []}"#, "[]",
    #"{"mapping": {"pageSizes": "4K"}}"#, #"{"mapping": {"regions": [{"name": "x"}]}}"#,
    #"{"constraints": [{"name": "x"}]}"#, #"{"constraints": {}}"#, #"{"loadAddress": "x"}"#,
    #"{"loadAddress": -1}"#, #"{"ldVersion": "2"}"#, #"{"failOn": "errors"}"#,
    #"{"strict": 1}"#, #"{"saf": {"SAF-01-safe": []}}"#, #"{"baseline": ""}"#,
    #"{"safDatabases": [1]}"#, #"{"linker": "gold"}"#, #"{"mapping": {"window": true}}"#,
    #"{"constraints": [{"name": "x", "expression": ["a"]}]}"#, #"{"files": 1}"#,
    #"{"overrides": [{"define": ["A"]}]}"#,
    #"{"overrides": [{"files": ["a"], "rules": {"x": "of"}}]}"#,
    #"{"image": {"form": "raw"}}"#, #"{"image": {"end": "_end"}}"#, #"{"image": "binary"}"#,
    #"{"image": {"form": "elf", "ned": "_end"}}"#,
    #"{"copy": [{"start": "a", "end": "b"}]}"#, #"{"clear": [{"start": "a", "stop": "b"}]}"#,
    #"{"clear": {}}"#, #"{"reserve": [{"start": "a", "end": "b"}]}"#, #"{"copy": "a"}"#,
    #"{"reserve": [{"name": "s", "start": "a", "end": "b", "memory": "R M"}]}"#,
    #"{"protect": [{"unit": "mpu", "memory": "RAM"}]}"#, #"{"protect": [{"memory": "RAM"}]}"#,
    #"{"protect": [{"unit": "pmp-tor", "start": "a"}]}"#, #"{"protect": [{"unit": "pmp-tor"}]}"#,
    #"{"overrides": {}}"#, #"{"define": [1]}"#, #"{"target": []}"#, #"{"exclude": {}}"#,
    #"{"budgets": [{"limit": "95%"}]}"#, #"{"budgets": [{"region": "R", "limit": "95 %"}]}"#,
    #"{"budgets": [{"region": "R", "limit": "x"}]}"#,
    #"{"budgets": [{"gap": ["a", 1], "limit": 1}]}"#,
    #"{"budgets": [{"region": 1, "limit": 1}]}"#, #"{"budgets": [{"regoin": "R", "limit": 1}]}"#,
  ]) func schemaAndReaderRefuseAlike(_ text: String) throws {
    #expect(try schema().faults(of: Array(text.utf8)) != [])
    #expect(ConfigurationReader.read(SourceBuffer(name: "c", text: text)).isRefused)
  }
}
