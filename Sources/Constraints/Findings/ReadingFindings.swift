// Kinds of findings that come of reading a script: what readers and the preprocessor say that a project may want to
// see as another severity, or not at all.

internal import LdsParser

/// Kinds of findings about how a script could be read.
enum ReadingFindings {
  private static func kind(
    _ id: DiagnosticID, _ severity: Severity, _ summary: String, _ rationale: String, fix: String
  ) -> FindingKind {
    FindingKind(
      id: id.rawValue, summary: summary, rationale: rationale, fix: fix, severity: severity)
  }

  static let all = [
    kind(
      .includeNotFound, .error, "A file that INCLUDE names is not there.",
      "The linker looks for it in the working folder and in those of -L; a check without them sees half of the script.",
      fix:
        "Pass -I DIR as the build passes -L DIR, or name the folder in \"include\" of .lds-check.json."
    ),
    kind(
      .missingInclude, .warning, "A file that #include names is not there.",
      "Macros of it have no value, so what uses them is not looked at.",
      fix: "Pass -I and -D as the build does, or --cpp-command; or name the folder in \"include\"."),
    kind(
      .unknownMacro, .error,
      "A macro call was left over, since no file that was found defines it.",
      "What it stands for is not in the script that is checked.",
      fix: "Pass the -I folder of the header that defines it, or -D."),
    kind(
      "well-known-macro", .note, "A macro of Xen or Linux was given its usual meaning.",
      "The header that defines it was not found.",
      fix: "Pass the -I folder of the header, if the project defines it otherwise."),
    kind(
      "left-out-assert", .note, "An ASSERT stands where #if leaves it out.",
      "It is not checked in this configuration.",
      fix: "Pass the -D of the configuration that has it."),
    kind(
      "macro-redefined", .warning, "A macro is defined again with another value.",
      "Which one counts depends on the order of lines.", fix: "Remove one, or #undef it first."),
    kind(
      "date-macro", .note, "The script uses the date or time of the build.",
      "Two builds of one source differ.", fix: "Take the macro out."),
    kind(
      "error-directive", .warning, "An #error would stop the build in this configuration.",
      "What follows is read as if it did not stand there.",
      fix: "Pass the -D of a configuration that can be built."),
    kind(
      "warning-directive", .warning, "A #warning is part of the script.",
      "Its author wants it read.", fix: "Do what it says."),
    kind(
      .needsPreprocessor, .warning, "Only a C preprocessor reads the script as it is meant.",
      "'//' starts no comment for a linker, and a backslash at the end of a line joins nothing: as it stands the "
        + "linker refuses the script, often at a later line.",
      fix:
        "Write /* ... */; or say that the build preprocesses the script: --cpp-command, --cc, --target or -D."
    ),
    kind(
      .scriptFragment, .note, "The file is a part of SECTIONS of another script.",
      "It is read as if SECTIONS stood around it; what the other script sets is not known.",
      fix: "Check the script that includes it as well."),
    kind(
      .syntaxError, .error, "The linker would refuse to read the script here.",
      "Nothing behind it is certain.", fix: "See what was expected."),
  ]
}
