// What a random script is about, beside sections, assignments and ASSERTs.

/// A part of the script language or of the command line that a run is about.
public enum ScriptTopic: String, Sendable, CaseIterable {
  /// Nothing in particular.
  case sections
  /// MEMORY with load regions, aliases and attributes: `>RAM AT>ROM`.
  case memory
  /// PHDRS: `:text :note`, FILEHDR, AT, FLAGS.
  case phdrs
  /// INSERT AFTER and BEFORE sections of the linker's own script.
  case insert
  /// Types and alignments of output sections: NOLOAD, COPY, INFO, OVERLAY, SUBALIGN, ALIGN_WITH_INPUT.
  case types
  /// Options that set addresses and symbols, and those that move segments: -Ttext, --section-start, --defsym, -N.
  case options
  /// --gc-sections with KEEP.
  case collection
  /// Where everything is: sections of every kind, orphans, ends of every kind, each value claimed by an ASSERT.
  case layout
}
