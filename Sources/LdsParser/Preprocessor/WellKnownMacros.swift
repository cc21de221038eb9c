extension PreprocessorEngine {
  mutating func adoptWellKnown(_ name: Int, _ token: MacroToken) -> Bool { false }
}
