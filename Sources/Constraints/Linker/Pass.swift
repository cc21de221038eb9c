// The passes of GNU ld over the statements of a script, in its order (ldexp.h, lang_phase_type; ldlang.c, lang_process).
// Expressions mean different things in each. Layouts of links that happened, proofs, and layouts from objects walk the same
// ones.

/// A pass of the linker over all statements.
enum Pass: Sendable, Hashable {
  /// `lang_first_phase_enum`: files are opened, and only numbers have a value.
  case opening
  /// `lang_mark_phase_enum`: symbols have values, and sections are sized once without headers, to find those that are
  /// empty.
  case marking
  /// `lang_allocating_phase_enum`: sections get their addresses, one after another.
  case sizing
  /// `lang_assigning_phase_enum`: all statements once more, with the addresses of the sizing pass.
  case assigning
  /// `lang_final_phase_enum`: ASSERTs count.
  case final
}
