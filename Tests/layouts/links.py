"""Random links: objects, archives, a script and options, wider than any real link is.

Everything comes of one seed. What the objects hold is told by SECTIONS, what a script says by Script, and what the
command adds by options(). A link may be one that the linker refuses: the campaign counts it and goes on.
"""

import os
import random
import re
import subprocess

PREFIX = {"x86_64": "", "i386": "", "arm": "arm-none-eabi-", "aarch64": "aarch64-linux-gnu-", "riscv64": "riscv64-linux-gnu-"}
ASSEMBLER = {"x86_64": ["--64"], "i386": ["--32"], "arm": ["-mcpu=cortex-m4"], "aarch64": [], "riscv64": ["-mno-relax"]}
WIDE = {"x86_64", "aarch64", "riscv64"}
POOL = 120

# Name, letters: flags of the section, N nobits, O note, I/F/P arrays, S strings and M constants with their alignment,
# R retained, L ordered by .text, E excluded.
SECTIONS = [
    (".text", "ax"), (".text.a", "ax"), (".text.b", "ax"), (".text.unlikely", "ax"), (".text.hot.x", "ax"),
    (".init.text", "ax"), (".init", "ax"), (".rodata", "a"), (".rodata.x", "a"), (".rodata.y", "a"), (".data", "aw"),
    (".data.x", "aw"), (".data.y", "aw"), (".data.page", "aw"), (".data.rel.ro", "aw"), (".data.rel.ro.local", "aw"),
    (".sdata", "aw"), (".bss", "awN"), (".bss.x", "awN"), (".bss.y", "awN"), (".sbss", "awN"), (".noinit", "awN"),
    ("mysec", "aw"), ("rosec", "a"), ("codesec", "ax"), ("rwxsec", "awx"), ("zeroes", "awN"), (".robss", "aN"),
    (".tab.1", "a"), (".tab.10", "a"), (".tab.2", "a"), (".init_array.5", "awI"), (".init_array.00100", "awI"),
    (".init_array", "awI"), (".fini_array", "awF"), (".fini_array.7", "awF"), (".preinit_array", "awP"), (".ctors", "aw"),
    (".ctors.65000", "aw"), (".dtors", "aw"), (".note.x", "aO"), (".note.y", "aO"), (".note.un", "O"), (".info", ""),
    (".debug_info", ""), (".debug_str", "S1"), (".comment", "S1"), (".rodata.str1.1", "aS1"), (".rodata.str1.8", "aS8"),
    ("strings", "aS1"), (".rodata.cst4", "aM4"), (".rodata.cst8", "aM8"), (".rodata.cst16", "aM16"),
    (".rodata.cst32", "aM32"), (".rodata.str4.4", "aS4"), (".rodata.str2.2", "aS2"), (".data.str", "awS1"),
    (".tdata", "awT"), (".tdata.q", "awT"), (".tbss", "awTN"), (".tbss.q", "awTN"), (".kept", "awR"), (".dropped", "aE"),
    (".interp", "a"), (".text.startup", "ax"), (".gnu.attr", ""), (".rodata1", "a"), (".gnu.warning", "a"),
    (".gnu.warning.sym", "a"), (".gnu.warning.un", ""),
]
WORDS = ["a", "ab", "cab", "hello", "lo", "world", "xworld", "panic: %s", "%s", "", "tail", "ail",
         "long enough string to matter", "to matter", "er", "matter", "zz", "z", "xyz", "12345678", "5678"]
PATTERNS = [
    "*(.text)", "*(.text .text.*)", "*(.text.*)", "*(.text.a) *(.text)", "*(.rodata .rodata.*)", "*(.rodata)",
    "*(.rodata.*)", "*(.data .data.*)", "*(.data)", "*(.data.*)", "*(.bss .bss.* COMMON)", "*(.bss)", "*(COMMON)",
    "*(SORT(.tab.*))", "*(SORT_BY_INIT_PRIORITY(.init_array.*) .init_array)", "KEEP(*(.init.text))", "*(mysec)",
    "*(rosec)", "*(SORT_BY_ALIGNMENT(.data.*))", "*(SORT_BY_NAME(SORT_BY_ALIGNMENT(.data*)))",
    "*(EXCLUDE_FILE(*1.o) .text)", "*(.noinit)", "*(.tdata .tdata.*)", "*(.tbss .tbss.*)", "*(.note.*)", "*(.nothere)",
    "*.a:*(.text .data)", "*(.info)", "SORT(*)(.data)", "*(.rodata.str1.*)", "*(.rodata.cst*)", "*(codesec)",
    "*o3*.o(.text)", "*(SORT_BY_ALIGNMENT(.bss*))", "*(.got .got.plt)", "*(.iplt)", "*(.text.a SORT(.text.*))",
    "KEEP(*(SORT(.ctors.*)))", "KEEP(*(.ctors))", "*(.dtors)", "KEEP(*(.fini_array))", "KEEP(*(.preinit_array))",
    "*(EXCLUDE_FILE(*o1*.o *o2*.o) .rodata .rodata.x)", "*(.sdata .sbss)", "*(.data.rel.ro .data.rel.ro.*)",
    "*(SORT_BY_ALIGNMENT(SORT_BY_NAME(.text*)))", "*(SORT_NONE(.text) .text.b)", "o1.o(.data) *(.data)",
    "*lib*.a:(.text)", "*(SORT(.gnu.linkonce.*))", "*(rwxsec)", "KEEP(*(strings))", "*(.rodata.str*)",
    "*(EXCLUDE_FILE(*.a:*) .bss.*)", "EXCLUDE_FILE(*o4*.o) *(.data.*)", "*(.text.grp .data.grp)", "*(.t*)", "*(.[bd]*)",
    "*(.r?data)", "*(.init)", "*(.eh_frame)", "KEEP(*(.eh_frame))", "*(.kept)", "*(.fini_array .fini_array.*)",
    "KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*)))", "INPUT_SECTION_FLAGS(SHF_EXECINSTR & !SHF_WRITE) *(*)",
    "INPUT_SECTION_FLAGS(SHF_WRITE) *(.data* .bss*)", "INPUT_SECTION_FLAGS(SHF_MERGE & SHF_STRINGS) *(.rodata*)",
    "*(SORT_BY_NAME(.rodata*) .rodata)", "SORT_BY_NAME(*)(SORT_BY_ALIGNMENT(.text*))", "*(zeroes .robss)",
    "*o[1-5]?.o(.rodata*)", "*lib0.a:*o[0-6]*.o(.data*)", "[!o]*(.text*)", "*(.data.str .data)", "*(EXCLUDE_FILE(*lib0.a:*) .text*)",
    "*(SORT(.data.*) SORT(.bss.*))", "*(.text.*) *(.text)", "*(.data) *(.bss) *(COMMON)", "*(.interp)", "*(.rodata1)",
    "*(.comment)", "*(.debug_info)", "lib0.a:o7.o(.text)", "*(.dropped)", "*(.note.gnu.build-id)", "*(.rela.*)",
    "*(.gnu.warning)", "*(.gnu.warning.*)",
]
OUTPUTS = [".text", ".init", ".rodata", ".tables", ".notes", ".tdata", ".tbss", ".init_array", ".ctors", ".data", "mysec",
           ".extra", ".more", ".bss", ".noinit"]
WRITABLE = {".data", ".bss", ".noinit", "mysec", ".extra", ".tdata", ".tbss", ".init_array", ".ctors", ".more"}


class Pool:
    """The objects and archives of one machine, made once in a folder."""

    def __init__(self, folder, machine, seed, reuse=False):
        self.machine, self.folder = machine, folder
        self.random = random.Random(seed * 7 + len(machine))
        os.makedirs(folder, exist_ok=True)
        self.archives = []
        for number in range(POOL):
            source = self.source(number)
            path = f"{folder}/o{number}"
            if reuse and os.path.exists(path + ".o"):
                continue
            with open(path + ".s", "w") as file:
                file.write(source)
            subprocess.run([PREFIX[machine] + "as"] + ASSEMBLER[machine] + [path + ".s", "-o", path + ".o"],
                           check=True, stderr=subprocess.DEVNULL)
        for number in range(8):
            members = sorted(self.random.sample(range(POOL), 30))
            name, thin = f"v{number}/lib{number % 2}.a", number >= 6
            os.makedirs(f"{folder}/v{number}", exist_ok=True)
            if os.path.exists(f"{folder}/{name}"):
                os.remove(f"{folder}/{name}")
            subprocess.run([PREFIX[machine] + "ar", "rcsT" if thin else "rcs", name] + [f"o{m}.o" for m in members],
                           check=True, cwd=folder)
            self.archives.append((name, set(members)))

    def source(self, number):
        """One object as assembler text."""
        R, machine, lines = self.random, self.machine, []
        mark = "%" if machine == "arm" else "@"
        word = ".quad" if machine in WIDE else ".long"
        picks = R.sample(SECTIONS, R.randint(2, 8))
        if R.random() < .8:
            usual = R.sample([".text", ".data", ".bss", ".rodata"], 2)
            picks = [p for p in SECTIONS if p[0] in usual] + picks
        seen = set()
        for index, (name, letters) in enumerate(picks):
            if name not in seen:
                seen.add(name)
                lines += self.section(number, index, name, letters, mark, word)
        if R.random() < .4:
            for q in range(R.randint(1, 3)):
                name = R.choice([f"com_{number}_{q}", "shared_com", "shared2"])
                lines.append(f".comm {name},{R.choice([1, 4, 8, 24, 100])},{R.choice([1, 4, 8, 32])}")
        if R.random() < .1:
            lines.append(f".local lc_{number}\n.comm lc_{number},{R.choice([3, 8, 40])},{R.choice([1, 8, 64])}")
        if R.random() < .3:
            lines.append(f'.weak wk\n.section .text.b,"ax",{mark}progbits\nwk: .skip 3')
        if R.random() < .3:
            group = R.randint(0, 2)
            lines.append(f'.section .text.grp,"axG",{mark}progbits,grp{group},comdat\n.weak grpf{group}\ngrpf{group}: .skip {R.choice([7, 8])}')
            if R.random() < .5:
                lines.append(f'.section .data.grp,"awG",{mark}progbits,grp{group},comdat\n.balign 4\ngd: .skip 12')
        if R.random() < .06:
            lines.append(f'.section .data.own,"awG",{mark}progbits,own{number}\n.balign 8\n.skip 12\n.section .text.own,"axG",{mark}progbits,own{number}\n.skip 3')
        if R.random() < .1:
            lines.append(f'.section .gnu.linkonce.t.foo,"ax",{mark}progbits\n.skip {R.choice([4, 9])}')
        if R.random() < .06 and machine != "arm":
            lines.append(f'.section .text.fr{number},"ax",{mark}progbits\nfr{number}:\n.cfi_startproc\n.skip 8\n.cfi_def_cfa_offset {R.choice([16, 32])}\n.skip 8\n.cfi_endproc')
        if R.random() < .3:
            lines.append(f".data\n{word} ref_{R.randrange(POOL)}")
        if R.random() < .2:
            lines.append(f".data\n{word} prov_{R.randint(0, 3)}")
        if R.random() < .05:
            lines.append(f".data\n{word} {R.choice(['__start_mysec', '__stop_mysec', '__start_rosec', '_GLOBAL_OFFSET_TABLE_' if R.random() < .1 else '_edata', '__bss_start', '_end', '__stop_strings'])}")
        if R.random() < .1:
            lines.append(f".weak nodef\n.data\n{word} nodef")
        if R.random() < .2:
            lines.append(f".globl abs_{number}\nabs_{number} = 0x{R.randint(0, 0xffff):x}")
        lines.append(f".text\n.globl ref_{number}\nref_{number}: .skip {R.choice([1, 4, 9]) if machine not in ('riscv64', 'aarch64') else 4}")
        if R.random() < .9:
            lines.append(f'.section .note.GNU-stack,"",{mark}progbits')
        return "\n".join(lines) + "\n"

    def section(self, number, index, name, letters, mark, word):
        R, lines, body, entry = self.random, [], [], ""
        flags = "".join(c for c in letters if c in "awxTR").replace("E", "")
        kind = next((t for c, t in (("N", "nobits"), ("O", "note"), ("I", "init_array"), ("F", "fini_array"),
                                    ("P", "preinit_array")) if c in letters), "progbits")
        alignment = R.choice([1, 1, 2, 4, 4, 8, 8, 16, 32, 64, 256, 4096 if R.random() < .3 else 16])
        size = R.choice([0, 1, 3, 4, 5, 8, 12, 17, 31, 64, 100, 300])
        if R.random() < .03:
            size = R.choice([5000, 40000])
        if "S" in letters:
            alignment = int(letters[letters.index("S") + 1:])
            width = {1: 1, 8: 1, 4: 4, 2: 2}[alignment]
            flags, entry, size = flags + "MS", f",{width}", 0
            for q in range(R.randint(1, 6)):
                if R.random() < .3:
                    body.append(f".globl s_{number}_{index}_{q}\ns_{number}_{index}_{q}:" if R.random() < .3 else f"ls_{number}_{index}_{q}:")
                body.append(f".balign {alignment}")
                body.append(f'.asciz "{R.choice(WORDS)}"' if width == 1 else f'.string{width * 8} "{R.choice(WORDS)}"')
            if R.random() < .5:
                body.append(f".balign {alignment}")
        elif "M" in letters:
            unit = int(letters[letters.index("M") + 1:])
            flags, entry, size = flags + "M", f",{unit}", 0
            alignment = R.choice([unit, 8]) if unit >= 16 else min(unit, 8)
            for _ in range(R.randint(1, 5)):
                body.append(f".long {R.randint(0, 4)}" + ",0" * (unit // 4 - 1))
        elif "O" in letters:
            alignment, size = R.choice([4, 4, 4, 8]), 0
            body.append(f'.long 4,4,1\n.asciz "XYZ"\n.long {number}')
        elif kind.endswith("_array"):
            alignment, size = 8, 8 * R.randint(0, 3)
        if "E" in letters:
            flags += "e"
        zero = "N" in letters
        lines += [f'.section {name},"{flags}",{mark}{kind}{entry}', f".balign {alignment}"]
        if not entry or R.random() < .4:
            lines.append(f".globl g_{number}_{index}" + (f"\n.hidden g_{number}_{index}" if R.random() < .1 else ""))
        if not entry or R.random() < .5:
            lines.append(f"g_{number}_{index}:\nl_{number}_{index}:")
        lines += body
        if size:
            lines.append(f".skip {size}" if zero or R.random() < .5 else f".fill {size},1,{number & 255}")
        if R.random() < .3 and not entry and not kind.endswith("_array"):
            lines.append(f".globl e_{number}_{index}\ne_{number}_{index}:\n.skip {R.choice([1, 2, 8])}")
        if not zero and not entry and "O" not in letters and R.random() < .15:
            lines.append(f"{word} ref_{R.randrange(POOL)}")
        return lines


class Script:
    """One random script of a machine and a linker's family."""

    def __init__(self, R, machine, family, version):
        self.R, self.family, self.version = R, family, version
        self.wide, self.lld = machine in WIDE, family == "lld"
        self.count, self.lines, self.inside_text = 0, [], False
        self.sections = R.sample(OUTPUTS, R.randint(3, 9))
        if R.random() < .8:
            self.sections.sort(key=OUTPUTS.index)
        self.regions = R.random() < .3
        self.headers = R.random() < .18 and not self.regions
        self.write()

    def __str__(self):
        return "\n".join(self.lines) + "\n"

    def outputs(self):
        """The names of the output sections that the script has statements of."""
        overlaid = [".ov1", ".ov2"] if any(line.startswith("OVERLAY") for line in self.lines) else []
        return self.sections + overlaid

    def inputs(self):
        """The files that the script itself asks for: a pattern without wildcards opens what it names."""
        asked = [word for line in self.lines if line.startswith(("INPUT(", "GROUP(")) for word in line[6:-1].split()]
        return asked + re.findall(r"(?<![\w*:])o\d+\.o(?=\()", str(self))

    def symbol(self):
        self.count += 1
        return f"v{self.count}"

    def expression(self):
        return self.R.choice([f". + {self.R.choice([0, 1, 4, 7, 16, 100])}", f"ALIGN({self.R.choice([1, 4, 8, 16, 64, 256, 4096])})",
                              "ALIGN(. != 0 ? 16 : 1)", ".", "ALIGN(., 32)", ". + (v0 & 7)", ". + SIZEOF(.text) % 16" if not self.inside_text else ". + 2"])

    def assignment(self, inner):
        R, some = self.R, self.R.choice(self.sections)
        r = R.random()
        if r < .45:
            return f"{self.symbol()} = .;"
        if r < .5:
            return f"{R.choice(['PROVIDE_HIDDEN', 'PROVIDE'])}(prov_{R.randint(0, 3)} = .);"
        if r < .53:
            return f"HIDDEN({self.symbol()} = . + 1);"
        if r < .56:
            return f"{self.symbol()} = MAX(., {R.randint(0, 99999)}) - MIN(4, 7);"
        if r < .59 and self.count:
            old = R.randint(0, self.count - 1)
            return f"{self.symbol()} = v{old} {R.choice(['+', '-', '&', '|', '*', '>>'])} {R.randint(1, 9)};"
        if r < .6:
            return f"{self.symbol()} = {R.choice(['DEFINED(shared_com)', 'DEFINED(prov_1)', '1', '. > 0x1000'])} ? ABSOLUTE(.) : 0;"
        if r < .7:
            return f"{self.symbol()} = SIZEOF({some});"
        if r < .8 and not inner:
            return f"{self.symbol()} = ADDR({some}) + {R.randint(0, 9)};"
        if r < .87 and not inner:
            return f"{self.symbol()} = LOADADDR({some});"
        if r < .9:
            return f"{self.symbol()} = ALIGN({R.choice([8, 64, 4096])});"
        if r < .94:
            return f"ASSERT({R.choice(['.', f'SIZEOF({some})'])} >= 0, \"m\")" + (";" if inner or not self.lld else "")
        if r < .97:
            return f"{self.symbol()} = ALIGNOF({some});"
        if r < .985 and self.count:
            return f"v{R.randint(1, self.count)} {R.choice(['+=', '-=', '|='])} {R.randint(1, 64)};"
        return f"{self.symbol()} = DEFINED(wk) ? 3 : 4;"

    def write(self):
        R, out = self.R, self.lines
        if self.regions:
            self.write_memory()
        out.append(f"v0 = {R.randint(0, 99)};")
        if R.random() < .2:
            out.append(f"top = {R.randint(0, 99)};")
        if R.random() < .5:
            out.append(f"ENTRY(ref_{R.randrange(POOL)})")
        if R.random() < .1:
            out.append(f"EXTERN(ref_{R.randrange(POOL)} g_{R.randrange(POOL)}_0)")
        if R.random() < .04:
            out.append(f"INPUT(o{R.randrange(POOL)}.o)")
        if R.random() < .02:
            out.append("GROUP(v0/lib0.a v1/lib1.a)")
        if R.random() < .02 and not self.lld:
            out.append("FORCE_COMMON_ALLOCATION")
        if R.random() < .03 and not self.lld:
            out.append("NOCROSSREFS(.nothing .at_all)")
        listed = False
        if self.headers:
            listed = R.random() < .3
            first = "ph PT_PHDR PHDRS; " if listed and R.random() < .5 else ""
            data = R.choice(["", "AT(0x9000000)", "FLAGS(6)"])
            out.append(f"PHDRS {{ {first}text PT_LOAD {'FILEHDR PHDRS' if listed else ''}; data PT_LOAD {data}; note PT_NOTE; tls PT_TLS; stack PT_GNU_STACK; }}")
        out.append("SECTIONS {")
        if listed:
            out.append(f". = 0x{R.choice([0x400000, 0x10000, 0x200000]):x} + SIZEOF_HEADERS;")
        elif not self.regions or R.random() < .3:
            high = "0xffffffff80000000" if self.wide else "0xc0100000"
            out.append(f". = {R.choice(['0x100000', '0x400000 + SIZEOF_HEADERS', high, '0x1000', '0x10010'])};")
        self.write_sections()
        for _ in range(R.randint(0, 3)):
            out.append(self.assignment(False))
        if R.random() < .5:
            out.append("_end = .;")
        if R.random() < .4:
            out.append("/DISCARD/ : { " + R.choice(["*(.note.*)", "*(.comment)", "*(.info .tab.*)", "*(.bss.x)", "*(.eh_frame)", "*(.debug_*) *(.note.GNU-stack)", "*o1*.o(.data)"]) + " }")
        out.append("}")
        if R.random() < .2:
            out.append("fin = v1 + 1;" if self.count else "fin = 1;")
        if R.random() < .1:
            out.append(f"late = SIZEOF({R.choice(self.sections)}) + ADDR({R.choice(self.sections)});")

    def write_memory(self):
        R = self.R
        origin = R.choice([0, 0x1000, 0x8000000])
        length = R.choice(["1M", "1M", "0x100000 - 16", "LENGTH(RAM)" if not self.lld else "1M"])
        self.lines.append(f"MEMORY {{ RAM ({R.choice(['rw!x', 'w', 'rwx', '!r'])}) : ORIGIN = 0x20000000, LENGTH = 1M"
                          f" ROM (rx) : ORIGIN = 0x{origin:x}, LENGTH = {length} TCM : ORIGIN = 0x10000000, LENGTH = 256K }}")
        self.lines.append(f"REGION_ALIAS(\"FAST\", {R.choice(['RAM', 'TCM', 'ROM']) if R.random() < .3 else 'RAM'})")

    def write_sections(self):
        R, out = self.R, self.lines
        self.shifted = R.random() < .3
        relro = not self.regions and not self.headers and R.random() < .2
        stage, overlay = 0, R.random() < .1 and not self.headers
        for n, name in enumerate(self.sections):
            if R.random() < .4:
                out.append(self.assignment(False))
            if R.random() < .3:
                out.append(f". = ALIGN({R.choice([4, 16, 4096, 65536])});")
            elif R.random() < .03:
                out.append(f". += {R.choice([0, 1, 0x800])};")
            late = name in (".data", ".tdata", ".init_array", "mysec", ".bss") or n > len(self.sections) // 2
            if relro and stage == 0 and late:
                stage = 1
                out.append(". = DATA_SEGMENT_ALIGN(CONSTANT(MAXPAGESIZE), CONSTANT(COMMONPAGESIZE));")
            elif relro and stage == 1 and R.random() < .4:
                stage = 2
                out.append(f". = DATA_SEGMENT_RELRO_END({R.choice([0, 0, 24])}, .);")
            if overlay and n == 1:
                self.write_overlay()
            out.append(self.section(n, name))
        if stage:
            out.append(". = DATA_SEGMENT_END(.);")

    def write_overlay(self):
        R = self.R
        address = "" if self.regions else R.choice(["0x700000", "0x5000000", "0x680000", "."])
        extra = "AT(0x600000)" if self.lld else R.choice(["", "AT(0x600000)", "NOCROSSREFS"])
        self.lines.append(f"OVERLAY {address} : {extra} {{ .ov1 {{ *(.text.a) }} .ov2 {{ *(.tab.1 .tab.2) }} }}" + (" >TCM" if self.regions else ""))

    def section(self, n, name):
        R = self.R
        head, loads = name, False
        if R.random() < .08 and not self.regions:
            head += " " + R.choice([f". + 0x{R.choice([0, 5, 0x1000]):x}", f"ALIGN(0x{R.choice([0x10, 0x1000]):x})", f"0x{0x800000 + n * 0x100000:x}"])
        if not self.headers and (R.random() < .06 or name == ".noinit" and R.random() < .5):
            head += " (NOLOAD)"
        elif R.random() < .04:
            head += f" ({R.choice(['INFO', 'COPY', 'DSECT', 'READONLY' if not self.lld else 'INFO', 'TYPE = SHT_PROGBITS' if R.random() < .1 else 'COPY'])})"
        head += " :"
        if self.shifted and not self.regions:
            head, loads = f"{head} AT(ADDR({name}) - 0x1000)", True
        elif R.random() < .07 and not self.regions:
            head, loads = f"{head} AT(0x{0x7000000 + n * 0x100000:x})", True
        if R.random() < .2:
            head += f" ALIGN({R.choice([1, 8, 32, 4096])})"
        elif R.random() < .08 and not self.lld:
            head += " ALIGN_WITH_INPUT"
        if R.random() < .1:
            head += f" SUBALIGN({R.choice([1, 4, 16, 64])})"
        if R.random() < .04:
            head += R.choice([" ONLY_IF_RO", " ONLY_IF_RW"])
        return f"{head} {{ {' '.join(self.body(name))} }}{self.tail(n, name, loads)}"

    def body(self, name):
        R, body = self.R, []
        self.inside_text = name == ".text"
        for _ in range(R.randint(0, 5)):
            r = R.random()
            if r < .6:
                usual = {".text": 0, ".rodata": 4, ".data": 7, ".bss": 10}.get(name)
                body.append(R.choice(PATTERNS) if usual is None or R.random() < .4 else PATTERNS[usual + R.randint(0, 2)])
            elif r < .75:
                body.append(self.assignment(True))
            elif r < .85:
                body.append(f". = {self.expression()};")
            elif r < .91:
                body.append(f"{R.choice(['BYTE', 'SHORT', 'LONG', 'QUAD', 'SQUAD' if not self.lld else 'QUAD'])}({R.choice(['1', '0x55', 'v0', '.', 'SIZEOF(.text)'])})")
            elif r < .93:
                body.append("FILL(0x90)")
            elif r < .94 and not self.lld:
                body.append(R.choice(["CONSTRUCTORS", "CREATE_OBJECT_SYMBOLS"]))
            elif r < .96:
                body.append(f". += {R.randint(0, 20)};")
            elif r < .965 and not self.lld and self.version >= "2.41":
                body.append('ASCIZ "text"')
        return body

    def tail(self, n, name, loads):
        R, tail = self.R, ""
        if self.regions:
            writable = name in WRITABLE
            if R.random() < .85:
                tail += R.choice([" >RAM", " >RAM", " >FAST", " >TCM"]) if writable else " >ROM"
            if writable and R.random() < .6 and name != ".bss" and not loads:
                tail += " AT>ROM"
        if self.headers and name in (".tdata", ".tbss"):
            tail += " :data :tls"
        elif self.headers and name == ".notes" and R.random() < .5:
            tail += " :text :note"
        elif self.headers and R.random() < .5:
            tail += " :" + R.choice(["text", "data", "text", "data", "NONE" if R.random() < .2 else "text"])
        elif self.headers and n == 0:
            tail += " :text"
        return tail + (" =0x9090" if R.random() < .06 else "")


def options(R, family, numbers):
    """What the command says beside its inputs."""
    lld, words = family == "lld", []
    chance = lambda share: R.random() < share
    if chance(.2):
        words.append(R.choice(["--build-id", "--build-id", "--build-id=md5", "--build-id=0x123456", "--build-id=none"]))
    if chance(.07):
        words.append("--orphan-handling=" + (R.choice(["discard", "place", "warn"]) if not lld else R.choice(["place", "warn"])))
    if chance(.1):
        words += ["-z", "max-page-size=" + R.choice(["0x200000", "0x1000", "0x10000"])]
    if chance(.03):
        words += ["-z", "common-page-size=" + R.choice(["0x1000", "0x10000"])]
    if chance(.08):
        words.append(f"--defsym=ds=0x{R.randint(1, 999):x}")
    if chance(.05):
        words.append("-N")
    if chance(.05):
        words.append("-n")
    if chance(.25):
        words += ["--gc-sections", "-u", f"g_{numbers[0]}_0", "-e", f"ref_{numbers[-1]}"]
        if chance(.1) and not lld:
            words += ["-z", R.choice(["start-stop-gc", "nostart-stop-gc"])]
        if chance(.1):
            words.append("--print-gc-sections")
    if chance(.05) and not lld:
        words.append("--sort-section=" + R.choice(["name", "alignment"]))
    if chance(.1):
        words += ["-z", R.choice(["norelro", "noexecstack", "relro", "separate-code", "noseparate-code"])]
    if chance(.06):
        words.append(R.choice(["-O2", "--no-gc-sections", "-s", "-S", "-x", "--sort-common", "-q", "-X", "--no-relax", "-d" if chance(.1) else "-x"]) if not lld
                     else R.choice(["-O1", "-O0", "-s", "-S", "-x", "-q"]))
    if chance(.05):
        words.append(R.choice(["-Ttext=0x650000", "-Tdata=0x660000", "-Tbss=0x670000", "--section-start=.rodata=0x640000", "--section-start=mysec=0x640000"]))
    if chance(.03) and not lld:
        words.append(f"--wrap=ref_{numbers[0]}")
    if chance(.02):
        words.append("--eh-frame-hdr")
    if chance(.005):
        words.append(R.choice(["-r", "-pie", "-shared", "--relax", "-Ur", "--no-dynamic-linker"]))
    if chance(.02) and not lld:
        words.append(R.choice(["--unique", "--unique=.text*"] if chance(.1) else ["--traditional-format", "--no-check-sections"]))
    return words
