// How far a sizing pass has come with an output section: what expressions may ask of it (ldlang.h, processed_vma and
// processed_lma).

/// A stage of an output section in a sizing pass.
enum SectionProgress: Sendable, Comparable {
  /// The pass has not come to it.
  case ahead
  /// Its address is settled, its contents are being placed.
  case entered
  /// Its contents are placed: ADDR and SIZEOF count.
  case placed
  /// The pass is done with it: LOADADDR counts, too.
  case loaded
}
