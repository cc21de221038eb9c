// JSON output: layout fixed to the byte, content read back by another reader.

import Foundation
import Testing

@testable import lds_check

struct JSONWriterTests {
  private func write(_ body: (JSONWriter) -> Void) -> String {
    let output = Output.inMemory()
    let json = JSONWriter(output)
    body(json)
    json.end()
    return String(decoding: output.contents, as: UTF8.self)
  }

  @Test func layout() {
    let text = write { json in
      json.object {
        json.member("name", "x")
        json.object("tool") { json.member("version", "1") }
        json.array("rows", [1, 2]) { number in
          json.row {
            json.member("value", hex: UInt64(number))
            json.array("tags", ["a", "b"]) { json.string($0) }
          }
        }
        json.array("none", [Int]()) { json.integer($0) }
        json.row("summary") {
          json.member("holds", 3)
          json.member("isGood", true)
        }
        json.object("empty") {}
        json.member("missing", hex: nil)
      }
    }
    #expect(
      text == """
        {
          "name": "x",
          "tool": {
            "version": "1"
          },
          "rows": [
            {"value": "0x1", "tags": ["a", "b"]},
            {"value": "0x2", "tags": ["a", "b"]}
          ],
          "none": [],
          "summary": {"holds": 3, "isGood": true},
          "empty": {},
          "missing": null
        }

        """)
  }

  @Test func everyByteComesBack() throws {
    for byte in UInt8.min...UInt8.max {
      let text = write { json in json.object { json.member("s", [0x61, byte, 0x62]) } }
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
      #expect(object?["s"] == String(decoding: [0x61, byte, 0x62], as: UTF8.self), "\(byte)")
    }
  }

  @Test func invalidUTF8BecomesTheReplacementCharacter() {
    let text = write { json in json.object { json.member("s", [0x62, 0xFF, 0xC3]) } }
    #expect(text.contains("\"b\u{FFFD}\u{FFFD}\""))
  }

  @Test func addressesAreStrings() {
    let text = write { json in json.object { json.member("v", hex: UInt64.max) } }
    #expect(text.contains(#""v": "0xffffffffffffffff""#))
  }
}
