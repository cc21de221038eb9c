// A mapping in a configuration is as good as a built-in profile.

import LdsParser
import TestSupport
import Testing

@testable import Constraints

struct ConfiguredMappingTests {
  private func mapping(_ bytes: [UInt8]) throws -> ConfiguredMapping {
    let configuration = ConfigurationReader.read(
      SourceBuffer(path: FilePath("c.json"), bytes: bytes))
    #expect(configuration.diagnostics.map(\.message) == [])
    return try #require(configuration.mapping)
  }

  @Test func xenAsAFileIsTheBuiltInProfile() throws {
    var described = MappingDescription(
      try mapping(Checkout.bytes("samples/profiles/xen-x86.json")))
    described.name = "xen-x86"
    // What boot code takes for granted of single tables is for lint and has no words in a configuration.
    described.tables = MappingDescription.xenX86.tables
    let configuration = ConfigurationReader.read(
      SourceBuffer(
        path: FilePath("c.json"), bytes: try Checkout.bytes("samples/profiles/xen-x86.json")))
    described.image = ShippedDescription(configuration.image)
    #expect(described == .xenX86)
  }

  @Test func whatIsLeftOutComesFromTheProfile() throws {
    let text = #"{"mapping": {"window": "512M"}}"#
    var described = MappingDescription(try mapping(Array(text.utf8)), over: .xenX86)
    #expect(described.windowBytes == 512 << 20)
    described.windowBytes = MappingDescription.xenX86.windowBytes
    described.name = "xen-x86"
    #expect(described == .xenX86)
  }

  @Test func boundsComeFromTheRegions() throws {
    let text = #"""
      {"mapping": {"regions": [
        {"name": "a", "start": "x", "end": "y", "permissions": "r-x"},
        {"name": "b", "start": "y", "end": ["z", "_end"], "permissions": "rw-"}]}}
      """#
    let described = MappingDescription(try mapping(Array(text.utf8)))
    #expect(described.start == ["x"])
    #expect(described.end == ["z", "_end"])
    #expect(described.regions.map(\.permissions) == [[.read, .execute], [.read, .write]])
  }

  @Test func everyProfileAndPageTableHasAName() {
    #expect(Set(PageTableModel.names).count == PageTableModel.all.count)
    #expect(PageTableModel.names.allSatisfy { PageTableModel.named($0) != nil })
  }
}
