// Options without a meaning here. Their names are needed all the same: whether the next word is a value or an input,
// and what an abbreviation is short for.

/// Names of options and whether they take a value, as `--help` of GNU ld 2.47 and lld 21 have them.
enum OtherLinkOptions {
  /// Letters whose value is joined to them or the next word.
  static let letters = Set("AaFfGhIPYyc".utf8)

  /// Names with a value behind `=` or in the next word.
  static let valued: Set<String> = names(
    """
    architecture assert audit auxiliary base-file call-graph-ordering-file ctf-share-types depaudit
    dependency-file dll-search-prefix dynamic-linker dynamic-list error-handling-script exclude-libs
    exclude-modules-for-implib exclude-symbols export-dynamic-symbol export-dynamic-symbol-list
    file-alignment filter fini gpsize hash-size hash-style heap ignore-unresolved-symbol in-implib
    init just-symbols keep-unique library major-image-version major-os-version
    major-subsystem-version max-cache-size minor-image-version minor-os-version
    minor-subsystem-version mllvm mri-script out-implib output-def plugin plugin-opt remap-inputs
    remap-inputs-file reproduce retain-symbols-file rpath rpath-link section-alignment soname
    spare-dynamic-tags stack stub-group-size subsystem symbol-ordering-file sysroot target2
    task-link thumb-entry trace-symbol undefined-glob unresolved-symbols version-exports-section
    version-script
    """)

  /// Names without one, or with one behind `=` only.
  static let flags: Set<String> = names(
    """
    Bgroup Bno-symbolic Bsymbolic Bsymbolic-functions EB EL Qy accept-unknown-input-arch
    add-stdcall-alias allow-multiple-definition allow-shlib-undefined be8 check-sections
    check-uleb128 cmse-implib color-diagnostics compat-implib copy-dt-needed-entries cref
    ctf-variables dc default-imported-symver default-symver demangle disable-auto-image-base
    disable-auto-import disable-large-address-aware disable-linker-version
    disable-long-section-names disable-multiple-abs-defs disable-new-dtags disable-reloc-section
    disable-runtime-pseudo-reloc disable-stdcall-fixup discard-all discard-locals discard-none
    discard-sframe dll dp dynamic-list-cpp-new dynamic-list-cpp-typeinfo dynamic-list-data
    eh-frame-hdr embedded-relocs enable-auto-image-base enable-auto-import enable-extra-pe-debug
    enable-linker-version enable-long-section-names enable-new-dtags enable-non-contiguous-regions
    enable-non-contiguous-regions-warnings enable-reloc-section enable-runtime-pseudo-reloc
    enable-stdcall-fixup end-lib error-execstack error-rwx-segments error-unresolved-symbols
    exclude-all-symbols export-all-symbols export-dynamic fatal-warnings fix-cortex-a53-835769
    fix-cortex-a53-843419 fix-stm32l4xx-629360 fix-v4bx fix-v4bx-interworking flto flto-partition
    force-exe-suffix force-group-allocation fuse-ld gc-keep-exported gnu-tls-tag gnu2-tls-tag icf
    kill-at large-address-aware ld-generated-unwind-info link-mapless long-plt map-whole-files
    no-accept-unknown-input-arch no-add-needed no-allow-shlib-undefined no-apply-dynamic-relocs
    no-check-sections no-check-uleb128 no-copy-dt-needed-entries no-ctf-variables no-define-common
    no-demangle no-dynamic-linker no-eh-frame-hdr no-enum-size-warning no-error-execstack
    no-error-rwx-segments no-export-dynamic no-fatal-warnings no-keep-memory
    no-ld-generated-unwind-info no-map-whole-files no-merge-exidx-entries no-print-gc-sections
    no-print-map-discarded no-print-map-locals no-relax-gp no-rosegment no-stats
    no-strip-discarded no-undefined no-undefined-version no-warn-execstack no-warn-mismatch
    no-warn-rwx-segments no-warn-search-mismatch no-wchar-size-warning nostdlib package-metadata
    pic-veneer print-gc-sections print-map-discarded print-map-locals qmagic
    reduce-memory-overheads relax-gp rosegment split-by-file split-by-reloc start-lib stats
    strip-discarded support-old-code target1-abs target1-rel threads trace traditional-format
    undefined-version use-blx verbose vfp11-denorm-fix warn-alternate-em warn-common warn-constructors
    warn-execstack warn-execstack-objects warn-multiple-gp warn-once warn-rwx-segments
    warn-section-align warn-textrel warn-unresolved-symbols
    """)

  private static func names(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
  }
}
