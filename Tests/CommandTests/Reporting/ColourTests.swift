// When text is coloured: the option first, then the environment, then the terminal.

import Testing

@testable import lds_check

struct ColourTests {
  private func isOn(
    _ choice: ColourChoice, terminal: Bool, _ environment: [String: String] = [:]
  ) -> Bool {
    let decorator = choice.decorator(isTerminal: terminal, environment: { environment[$0] })
    return decorator.decorate("x", .error) != "x"
  }

  @Test func theOptionDecides() {
    #expect(isOn(.always, terminal: false, ["NO_COLOR": "1", "TERM": "dumb"]))
    #expect(!isOn(.never, terminal: true, ["CLICOLOR_FORCE": "1"]))
  }

  @Test func theEnvironmentDecides() {
    #expect(!isOn(.auto, terminal: true, ["NO_COLOR": "1"]))
    #expect(isOn(.auto, terminal: true, ["NO_COLOR": ""]))
    #expect(!isOn(.auto, terminal: true, ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"]))
    #expect(isOn(.auto, terminal: false, ["CLICOLOR_FORCE": "1", "TERM": "dumb"]))
    #expect(!isOn(.auto, terminal: false, ["CLICOLOR_FORCE": "0"]))
    #expect(!isOn(.auto, terminal: true, ["TERM": "dumb"]))
  }

  @Test func theTerminalDecides() {
    #expect(isOn(.auto, terminal: true, ["TERM": "xterm"]))
    #expect(!isOn(.auto, terminal: false, ["TERM": "xterm"]))
  }

  @Test func plainAndEmptyTextHaveNoCodes() {
    #expect(ANSIDecorator().decorate("x", .plain) == "x")
    #expect(ANSIDecorator().decorate("", .error) == "")
  }
}
