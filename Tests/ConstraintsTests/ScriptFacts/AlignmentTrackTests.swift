// What is kept of the statements that align a symbol: a bounded number, the last ones.

import LdsParser
import Testing

@testable import Constraints

struct AlignmentTrackTests {
  private func track(_ statements: Int) -> AlignmentTrack {
    let moves = (1...statements).map { ". = ALIGN(\($0));" }.joined(separator: "\n")
    let text = "SECTIONS { .t : { *(.a) \(moves) x = .; y = .; } }"
    return AlignmentTrack(
      Program(ScriptParser.parse(SourceBuffer(name: "a.lds", text: text))))
  }

  @Test func settersOfOneSymbolAreBounded() {
    let most = AlignmentTrack.mostSetters
    for count in [1, most - 1, most, most + 1, 10 * most] {
      let places = track(count).places.values.map { $0.setters.map(\.alignment) }
      #expect(places.count == 2)
      let last = (1...UInt64(count)).suffix(most)
      for setters in places { #expect(setters == Array(last)) }
    }
  }

  @Test func theNextMoveIsOfTheSameRun() {
    let track = track(3)
    let moves = track.nextMoves.enumerated().compactMap { index, move in move.map { (index, $0) } }
    #expect(moves.map { $0.1 - $0.0 } == [1, 1, 1])
  }
}
