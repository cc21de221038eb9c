// The predefined macros that headers test, as gcc 12 prints them with -dM -E. Entries are separated by
// semicolons; a name without a value is 1. Left out: what only floating point, atomics, vector units and the
// compiler's own library need, and `__PIC__` and `__PIE__`, which distributions choose.

extension TargetMacros {
  /// Macros of every target.
  static let common: StaticString = """
    __CHAR_BIT__ 8; __ELF__; __FINITE_MATH_ONLY__ 0; __GNUC_MINOR__ 2; __GNUC_PATCHLEVEL__ 0;
    __GNUC__ 12; __INT16_C(c) c; __INT16_MAX__ 0x7fff; __INT16_TYPE__ short int;
    __INT32_C(c) c; __INT32_MAX__ 0x7fffffff; __INT32_TYPE__ int; __INT8_C(c) c;
    __INT8_MAX__ 0x7f; __INT8_TYPE__ signed char; __INT_MAX__ 0x7fffffff;
    __LONG_LONG_MAX__ 0x7fffffffffffffffLL; __ORDER_BIG_ENDIAN__ 4321;
    __ORDER_LITTLE_ENDIAN__ 1234; __ORDER_PDP_ENDIAN__ 3412; __SCHAR_MAX__ 0x7f;
    __SHRT_MAX__ 0x7fff; __SIZEOF_DOUBLE__ 8; __SIZEOF_INT__ 4; __SIZEOF_LONG_LONG__ 8;
    __SIZEOF_SHORT__ 2; __SIZEOF_WCHAR_T__ 4; __SIZEOF_WINT_T__ 4; __STDC_HOSTED__; __STDC__;
    __UINT16_C(c) c; __UINT16_MAX__ 0xffff; __UINT16_TYPE__ short unsigned int;
    __UINT32_C(c) c ## U; __UINT32_MAX__ 0xffffffffU; __UINT32_TYPE__ unsigned int;
    __UINT8_C(c) c; __UINT8_MAX__ 0xff; __UINT8_TYPE__ unsigned char; __VERSION__ "12.2.0";
    __WINT_MAX__ 0xffffffffU; __WINT_MIN__ 0U; __WINT_TYPE__ unsigned int; __gnu_linux__;
    __linux; __linux__; __unix; __unix__; linux; unix;
    """

  /// Macros of every target with 64-bit long and pointers.
  static let lp64: StaticString = """
    _LP64; __INT64_C(c) c ## L; __INT64_MAX__ 0x7fffffffffffffffL; __INT64_TYPE__ long int;
    __INTMAX_C(c) c ## L; __INTMAX_MAX__ 0x7fffffffffffffffL; __INTMAX_TYPE__ long int;
    __INTPTR_MAX__ 0x7fffffffffffffffL; __INTPTR_TYPE__ long int; __INTPTR_WIDTH__ 64;
    __LONG_MAX__ 0x7fffffffffffffffL; __LP64__; __PTRDIFF_MAX__ 0x7fffffffffffffffL;
    __PTRDIFF_TYPE__ long int; __SIZEOF_INT128__ 16; __SIZEOF_LONG_DOUBLE__ 16;
    __SIZEOF_LONG__ 8; __SIZEOF_POINTER__ 8; __SIZEOF_PTRDIFF_T__ 8; __SIZEOF_SIZE_T__ 8;
    __SIZE_MAX__ 0xffffffffffffffffUL; __SIZE_TYPE__ long unsigned int; __UINT64_C(c) c ## UL;
    __UINT64_MAX__ 0xffffffffffffffffUL; __UINT64_TYPE__ long unsigned int;
    __UINTMAX_C(c) c ## UL; __UINTMAX_MAX__ 0xffffffffffffffffUL;
    __UINTMAX_TYPE__ long unsigned int; __UINTPTR_MAX__ 0xffffffffffffffffUL;
    __UINTPTR_TYPE__ long unsigned int;
    """

  /// Macros of every target with 32-bit long and pointers.
  static let ilp32: StaticString = """
    __INT64_C(c) c ## LL; __INT64_MAX__ 0x7fffffffffffffffLL; __INT64_TYPE__ long long int;
    __INTMAX_C(c) c ## LL; __INTMAX_MAX__ 0x7fffffffffffffffLL; __INTMAX_TYPE__ long long int;
    __INTPTR_MAX__ 0x7fffffff; __INTPTR_TYPE__ int; __INTPTR_WIDTH__ 32;
    __LONG_MAX__ 0x7fffffffL; __PTRDIFF_MAX__ 0x7fffffff; __PTRDIFF_TYPE__ int;
    __SIZEOF_LONG__ 4; __SIZEOF_POINTER__ 4; __SIZEOF_PTRDIFF_T__ 4; __SIZEOF_SIZE_T__ 4;
    __SIZE_MAX__ 0xffffffffU; __SIZE_TYPE__ unsigned int; __UINT64_C(c) c ## ULL;
    __UINT64_MAX__ 0xffffffffffffffffULL; __UINT64_TYPE__ long long unsigned int;
    __UINTMAX_C(c) c ## ULL; __UINTMAX_MAX__ 0xffffffffffffffffULL;
    __UINTMAX_TYPE__ long long unsigned int; __UINTPTR_MAX__ 0xffffffffU;
    __UINTPTR_TYPE__ unsigned int;
    """

  /// Macros of one target alone.
  static func own(_ target: Target) -> StaticString {
    switch target {
    case .aarch64:
      """
      __AARCH64EL__; __AARCH64_CMODEL_SMALL__; __ARM_64BIT_STATE; __ARM_ARCH 8; __ARM_ARCH_8A;
      __ARM_ARCH_ISA_A64; __ARM_ARCH_PROFILE 65; __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__;
      __CHAR_UNSIGNED__; __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __WCHAR_MAX__ 0xffffffffU;
      __WCHAR_MIN__ 0U; __WCHAR_TYPE__ unsigned int; __aarch64__;
      """
    case .alpha:
      """
      LANGUAGE_ASSEMBLY; _IEEE_FP; _LONGLONG; __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __LANGUAGE_ASSEMBLY; __LANGUAGE_ASSEMBLY__;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __alpha;
      __alpha__; __alpha_ev4__;
      """
    case .arc:
      """
      __ARCHS__; __ARC_HARD_FLOAT__; __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __HS__; __LITTLE_ENDIAN__;
      __SIZEOF_LONG_DOUBLE__ 8; __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1);
      __WCHAR_TYPE__ int; __arc__; __arc_hard_float__;
      """
    case .arm:
      """
      __APCS_32__; __ARMEL__; __ARM_32BIT_STATE; __ARM_ARCH 5; __ARM_ARCH_5TE__;
      __ARM_ARCH_ISA_ARM; __ARM_ARCH_ISA_THUMB; __ARM_EABI__;
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __SIZEOF_LONG_DOUBLE__ 8; __SOFTFP__;
      __THUMB_INTERWORK__; __VFP_FP__; __WCHAR_MAX__ 0xffffffffU; __WCHAR_MIN__ 0U;
      __WCHAR_TYPE__ unsigned int; __arm__;
      """
    case .parisc:
      """
      _PA_RISC1_1; __BIG_ENDIAN__; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __SIZEOF_LONG_DOUBLE__ 8;
      __WCHAR_MAX__ 0x7fffffffL; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ long int;
      __hppa; __hppa__;
      """
    case .parisc64:
      """
      _PA_RISC2_0; __BIG_ENDIAN__; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __WCHAR_MAX__ 0xffffffffU; __WCHAR_MIN__ 0U;
      __WCHAR_TYPE__ unsigned int; __hppa; __hppa__;
      """
    case .i386:
      """
      _ILP32; __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __ILP32__; __LAHF_SAHF__;
      __SIZEOF_LONG_DOUBLE__ 12; __WCHAR_MAX__ 0x7fffffffL; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1);
      __WCHAR_TYPE__ long int; __code_model_32__; __i386; __i386__; __i686; __i686__;
      __pentiumpro; __pentiumpro__; i386;
      """
    case .m68k:
      """
      __BYTE_ORDER__ __ORDER_BIG_ENDIAN__; __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__;
      __HAVE_68881__; __SIZEOF_LONG_DOUBLE__ 12; __WCHAR_MAX__ 0x7fffffffL;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ long int; __m68k__; __mc68000;
      __mc68000__; __mc68020; __mc68020__; mc68000; mc68020;
      """
    case .mips:
      """
      LANGUAGE_ASSEMBLY; MIPSEB; R3000; _ABIO32; _LANGUAGE_ASSEMBLY; _MIPSEB;
      _MIPS_ARCH "mips32r2"; _MIPS_ARCH_MIPS32R2; _MIPS_FPSET 16; _MIPS_ISA _MIPS_ISA_MIPS32;
      _MIPS_SIM _ABIO32; _MIPS_SPFPSET 16; _MIPS_SZINT 32; _MIPS_SZLONG 32; _MIPS_SZPTR 32;
      _MIPS_TUNE "mips32r2"; _MIPS_TUNE_MIPS32R2; _R3000; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __LANGUAGE_ASSEMBLY; __LANGUAGE_ASSEMBLY__;
      __MIPSEB; __MIPSEB__; __R3000; __R3000__; __SIZEOF_LONG_DOUBLE__ 8;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int;
      __mips 32; __mips__; __mips_abicalls; __mips_fpr 0; __mips_hard_float; __mips_isa_rev 2;
      __mips_no_lxc1_sxc1; _mips; mips;
      """
    case .mips64:
      """
      LANGUAGE_ASSEMBLY; MIPSEB; R4000; _ABI64 3; _LANGUAGE_ASSEMBLY; _MIPSEB;
      _MIPS_ARCH "mips64r2"; _MIPS_ARCH_MIPS64R2; _MIPS_FPSET 32; _MIPS_ISA _MIPS_ISA_MIPS64;
      _MIPS_SIM _ABI64; _MIPS_SPFPSET 32; _MIPS_SZINT 32; _MIPS_SZLONG 64; _MIPS_SZPTR 64;
      _MIPS_TUNE "mips64r2"; _MIPS_TUNE_MIPS64R2; _R4000; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __LANGUAGE_ASSEMBLY; __LANGUAGE_ASSEMBLY__;
      __MIPSEB; __MIPSEB__; __R4000; __R4000__; __WCHAR_MAX__ 0x7fffffff;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __mips 64; __mips64; __mips__;
      __mips_abicalls; __mips_fpr 64; __mips_hard_float; __mips_isa_rev 2; _mips; mips;
      """
    case .powerpc:
      """
      PPC; _ARCH_PPC; _BIG_ENDIAN; _CALL_SYSV; __BIG_ENDIAN__;
      __BYTE_ORDER__ __ORDER_BIG_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __PPC; __PPC__; __SIZEOF_LONG_DOUBLE__ 16;
      __WCHAR_MAX__ 0x7fffffffL; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ long int;
      __powerpc; __powerpc__; powerpc;
      """
    case .powerpc64:
      """
      _ARCH_PPC; _ARCH_PPC64; _ARCH_PPCGR; _ARCH_PPCSQ; _ARCH_PWR4; _BIG_ENDIAN; _CALL_AIX;
      _CALL_AIXDESC; _CALL_ELF; _CALL_LINUX; __BIG_ENDIAN__; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__;
      __CHAR_UNSIGNED__; __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __PPC64__; __PPC__;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int;
      __powerpc64__; __powerpc__;
      """
    case .powerpc64le:
      """
      _ARCH_PPC; _ARCH_PPC64; _ARCH_PPCGR; _ARCH_PPCSQ; _ARCH_PWR4; _ARCH_PWR5; _ARCH_PWR5X;
      _ARCH_PWR6; _ARCH_PWR7; _ARCH_PWR8; _CALL_ELF 2; _CALL_LINUX; _LITTLE_ENDIAN; __ALTIVEC__;
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __LITTLE_ENDIAN__; __POWER8_VECTOR__;
      __PPC64__; __PPC__; __VEC__ 10206; __VSX__; __WCHAR_MAX__ 0x7fffffff;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __powerpc64__; __powerpc__;
      """
    case .riscv32:
      """
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __SIZEOF_LONG_DOUBLE__ 16;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __riscv;
      __riscv_atomic; __riscv_cmodel_medany; __riscv_cmodel_pic; __riscv_compressed; __riscv_div;
      __riscv_fdiv; __riscv_flen 64; __riscv_float_abi_double; __riscv_fsqrt; __riscv_mul;
      __riscv_muldiv; __riscv_xlen 32;
      """
    case .riscv64:
      """
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__; __WCHAR_MAX__ 0x7fffffff;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __riscv; __riscv_atomic;
      __riscv_cmodel_medany; __riscv_cmodel_pic; __riscv_compressed; __riscv_div; __riscv_fdiv;
      __riscv_flen 64; __riscv_float_abi_double; __riscv_fsqrt; __riscv_mul; __riscv_muldiv;
      __riscv_xlen 64;
      """
    case .s390x:
      """
      __ARCH__ 9; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__; __CHAR_UNSIGNED__;
      __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__; __WCHAR_MAX__ 0x7fffffff;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __s390__; __s390x__; __zarch__;
      """
    case .sh:
      """
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__;
      __LITTLE_ENDIAN__; __SH4__; __SH_ATOMIC_MODEL_SOFT_GUSA__; __SH_FPU_ANY__;
      __SH_FPU_DOUBLE__; __SIZEOF_LONG_DOUBLE__ 8; __WCHAR_MAX__ 0x7fffffffL;
      __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ long int; __sh__;
      """
    case .sparc:
      """
      __BYTE_ORDER__ __ORDER_BIG_ENDIAN__; __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__;
      __SIZEOF_LONG_DOUBLE__ 16; __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1);
      __WCHAR_TYPE__ int; __sparc; __sparc__; __sparc_v9__; sparc;
      """
    case .sparc64:
      """
      _LONGLONG; __BYTE_ORDER__ __ORDER_BIG_ENDIAN__; __FLOAT_WORD_ORDER__ __ORDER_BIG_ENDIAN__;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int;
      __arch64__; __sparc; __sparc__; __sparc_v9__; sparc;
      """
    case .x86_64:
      """
      __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__; __FLOAT_WORD_ORDER__ __ORDER_LITTLE_ENDIAN__;
      __WCHAR_MAX__ 0x7fffffff; __WCHAR_MIN__ (-__WCHAR_MAX__ - 1); __WCHAR_TYPE__ int; __amd64;
      __amd64__; __code_model_small__; __k8; __k8__; __x86_64; __x86_64__;
      """
    }
  }
}
