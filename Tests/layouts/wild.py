#!/usr/bin/env python3
"""Compares the verdicts of `lds-check eval` on scripts that others wrote with what the linker makes of them.

  wild.py --tool PATH --linker PROGRAM --as bfd@2.40 [--seed N] [--links N] [--folder DIR] SCRIPT-OR-FOLDER...

Each script that needs no preprocessor is linked with objects that have the sections its patterns name, and some that none
names. Symbols and libraries that it lacks are made up. Then the linker is asked for the value of every symbol that the
script sets and for SIZEOF, ADDR and LOADADDR of its output sections, and each becomes an ASSERT: eval judges them, and
their contraries, from each kind of evidence, and `layout --diff` compares. What is wrong is kept as DIR/wrong/SCRIPT-KIND
with the link (cmd) and the arguments of eval. PROGRAM is the linker of x86; with {} in it, the machine's suffix goes there.
Exit status 1 if anything is wrong.
"""

import collections
import os
import random
import re
import shutil
import subprocess
import sys

import campaign
import links
import verdicts

SUFFIXES = (".ld", ".lds", ".x", ".ldscript", ".lcf", ".icf", ".T")
DIRECTIVE = re.compile(rb"^\s*#\s*(include|if|define|ifdef|ifndef)", re.M)
ALWAYS = [".text", ".data", ".bss", ".rodata", ".text.part", ".data.part", ".bss.part", ".rodata.str", ".init_array", ".own", ".comment"]
# What the linker or the assembler makes itself.
THEIRS = (".stab", ".rel", ".dyn", ".gnu.ver", ".hash", ".interp", ".ARM.attr", ".riscv.attr", ".gnu.attr", ".glue_7",
          ".vfp11", ".v4_bx", ".iplt", ".igot", ".symtab", ".strtab", ".shstrtab", ".group")
EVIDENCE = {"image": ["SCRIPT", "image"], "map": ["SCRIPT", "map"], "image+map": ["SCRIPT", "image", "map"],
            "listing": ["SCRIPT", "listing"], "mapalone": ["map"], "objects": ["SCRIPT", "OBJECTS"]}


def machine_of(text):
    """The machine whose objects a script is for, by the words in it."""
    if "riscv" in text:
        return "riscv64"
    if "aarch64" in text:
        return "aarch64"
    if re.search(r'elf32-i386|OUTPUT_ARCH\("?i386"?\)', text):
        return "i386"
    return "x86_64" if "x86" in text else "arm"


def flags_of(name):
    """Flags and type that a section of this name has in objects."""
    word = name.lower()
    if name.startswith((".debug", ".comment", ".gnu.warning")):
        return '""'
    if ".note" in name:
        return '"a",%note'
    if name.startswith(".tbss"):
        return '"awT",%nobits'
    if name.startswith(".tdata"):
        return '"awT",%progbits'
    for kind in ("preinit_array", "init_array", "fini_array"):
        if kind in word:
            return f'"aw",%{kind}'
    if any(part in word for part in ("bss", "noinit", "stack", "heap", "dma")):
        return '"aw",%nobits'
    if any(part in word for part in ("text", "init", "fini", "func", "vector", "isr", "code", "boot", "iram")):
        return '"ax",%progbits'
    if any(part in word for part in ("rodata", "const", "eh_frame", "extab", "exidx", "ctors", "dtors", "table")):
        return '"a",%progbits'
    return '"aw",%progbits'


class Wild:
    """The campaign over scripts of others."""

    def __init__(self, given):
        self.given = given
        self.family, _, self.version = given.dialect.partition("@")
        self.folder = os.path.abspath(given.folder or "wild-links")
        self.tool = os.path.abspath(given.tool)
        self.counts, self.words = collections.Counter(), collections.Counter()
        os.makedirs(f"{self.folder}/lib", exist_ok=True)

    def run(self):
        for path in self.scripts():
            with open(path, "rb") as file:
                script = file.read()
            if DIRECTIVE.search(script) or b"SECTIONS" not in script:
                continue
            if self.counts["linked"] >= self.given.links:
                break
            self.judge(path, script)
        print(", ".join(f"{name} {count}" for name, count in sorted(self.counts.items())))
        for word, count in self.words.most_common():
            print(f"{count:6} {word}")
        return 1 if any("WRONG" in name for name in self.counts) else 0

    def scripts(self):
        for given in self.given.scripts:
            if not os.path.isdir(given):
                yield given
            for folder, _, names in sorted(os.walk(given)):
                yield from (f"{folder}/{name}" for name in sorted(names) if name.endswith(SUFFIXES))

    def call(self, *words, text=None):
        try:
            return subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=120, cwd=self.folder, input=text)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(words, 124, "", "")

    def judge(self, path, script):
        text = script.decode("latin1")
        self.machine, plain = machine_of(text), re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        self.random = random.Random(f"{self.given.seed} {os.path.basename(path)}")
        named = sorted(set(re.findall(r"(?<![\w/])(\.[A-Za-z_][\w$]*(?:\.\w+)*)(?=[\s)*])", plain)))
        named = [name for name in named if not name.startswith(THEIRS) and len(name) < 40]
        self.objects = ["o0.o", "o1.o", "o2.o"]
        for number in range(3):
            picked = self.random.sample(ALWAYS, self.random.randint(3, len(ALWAYS)))
            picked += self.random.sample(named, min(len(named), self.random.randint(2, 12)))
            self.assemble(f"o{number}", self.source(number, dict.fromkeys(picked)))
        if not self.complete(script):
            self.counts["stopped"] += 1
            return
        outputs = [name for name in sorted(set(re.findall(r"(?m)^\s*(\.[\w.$]+)\b[^:;={}]*:[^{};]*\{", plain)))][:60]
        symbols = set(re.findall(r"(?<![\w.$])([A-Za-z_]\w*)\s*=(?!=)", plain))
        values = self.values(script, outputs, symbols)
        if values:
            self.compare(os.path.basename(path), script, values)

    def assemble(self, name, text):
        with open(f"{self.folder}/{name}.s", "w") as file:
            file.write(text)
        self.call(links.PREFIX[self.machine] + "as", *links.ASSEMBLER[self.machine], name + ".s", "-o", name + ".o")

    def source(self, number, names):
        R, lines = self.random, []
        for name in names:
            flags = flags_of(name)
            size = R.choice([0, 8] if "array" in flags else [0, 1, 3, 4, 8, 12, 20, 36, 100])
            lines += [f".section {name},{flags}", f".balign {R.choice([1, 2, 4, 4, 8, 16, 32, 32 if R.random() < .9 else 4096])}"]
            lines.append(f".skip {size}" if "nobits" in flags or size == 0 else f".fill {size},1,1")
        if R.random() < .5:
            lines.append(f".comm com{number},{R.choice([1, 4, 12])},{R.choice([1, 4, 8])}")
        if number == 0:
            lines += [".text", ".globl _start, Reset_Handler, main", "_start: Reset_Handler: main:", ".skip 8"]
        return "\n".join(lines) + "\n"

    def link(self, script):
        with open(f"{self.folder}/s.ld", "wb") as file:
            file.write(script)
        program = self.given.linker.replace("{}", campaign.SUFFIX[self.machine] if self.family == "bfd" else "")
        self.command = [program, "-T", "s.ld", *self.objects, "-L", "lib", "-o", "image", "-Map=map"]
        if self.family == "lld":
            self.command.insert(1, "--threads=1")
        return self.call(*self.command)

    def complete(self, script):
        """Links; makes up what the script asks for and nobody has."""
        missing = []
        for _ in range(12):
            said = self.link(script)
            if said.returncode == 0:
                return True
            names = re.findall(r"undefined symbol `([^']+)' referenced in expr|symbol not found: (\S+)", said.stderr)
            names = [a or b for a, b in names if (a or b) not in missing]
            libraries = re.findall(r"(?m)(?:cannot find|unable to find) (?:library )?(-l)?([\w.+-]+\.?\w*)(?:: No such.*)?$", said.stderr)
            if names:
                missing += dict.fromkeys(names)
                self.assemble("made", "".join(f".globl {s}\n{s} = {self.random.choice([0x100, 0x400, 0x1000])}\n" for s in missing))
                self.objects = [o for o in self.objects if o != "made.o"] + ["made.o"]
            elif libraries:
                for mark, name in libraries:
                    place = f"{self.folder}/lib/" + (f"lib{name}.a" if mark else name)
                    if place.endswith(".a"):
                        with open(place, "wb") as file:
                            file.write(b"!<arch>\n")
                    else:
                        self.assemble("empty", "")
                        shutil.copy(f"{self.folder}/empty.o", place)
            else:
                break
        return False

    def values(self, script, outputs, symbols):
        asked = [f"{query}({name})" for name in outputs for query in ("ADDR", "SIZEOF", "LOADADDR")]
        for queries in (asked, []):
            probe = "".join(f"zz_{n} = ABSOLUTE({query});\n" for n, query in enumerate(queries))
            if self.link(script + b"\n" + probe.encode()).returncode == 0:
                break
        found = {}
        for row in self.call("readelf", "-sW", "image").stdout.splitlines():
            columns = row.split()
            if len(columns) > 7 and columns[3] != "TLS":
                name = columns[7]
                if name.startswith("zz_"):
                    name = queries[int(name[3:])]
                elif name not in symbols:
                    continue
                found[name] = int(columns[1], 16)
        return found

    def compare(self, label, script, values):
        text = lambda sign: script + b"\n" + "".join(
            f'ASSERT(ABSOLUTE({e}) {sign} 0x{v:x}, "{e}")\n' for e, v in sorted(values.items())).encode()
        for _ in range(5):
            said = self.link(text("=="))
            failed = {line.split(": ", 1)[-1].replace("error: ", "") for line in said.stderr.splitlines()}
            if said.returncode == 0 or not failed & set(values):
                break
            values = {e: v for e, v in values.items() if e not in failed}
        if said.returncode:
            self.counts["asserted and stopped"] += 1
            return
        self.counts["linked"] += 1
        self.counts["asserted"] += len(values)
        for name, sign in ((verdicts.TRUE, "=="), (verdicts.CONTRARY, "!=")):
            with open(f"{self.folder}/{name}", "wb") as file:
                file.write(text(sign))
        with open(f"{self.folder}/listing", "w") as file:
            file.write(self.call("nm", "image").stdout)
        for kind, files in EVIDENCE.items():
            if kind != "mapalone" or self.family == "bfd":
                self.evaluate(label, kind, files, values)

    def evaluate(self, label, kind, files, values):
        for script, bad in ((verdicts.TRUE, "fails"), (verdicts.CONTRARY, "holds"))[:1 if kind == "mapalone" else 2]:
            given = [word for file in files for word in ([script] if file == "SCRIPT" else self.objects if file == "OBJECTS" else [file])]
            arguments = ["eval", "--linker", self.given.dialect, "--format", "json"] + given
            said, report = verdicts.judge(self.tool, arguments, self.folder)
            if report is None:
                self.counts[f"{kind} refused"] += 1
                continue
            if script == verdicts.TRUE:
                for assertion in report["assertions"]:
                    self.counts[f"{kind} {assertion['verdict']}"] += 1
            wrong = [word for word in verdicts.faults(said, report, bad) if word in values or word == "stale-layout"]
            if wrong:
                self.counts[f"{kind} WRONG"] += 1
                self.words[f"WRONG {label} {kind}: {' '.join(wrong)[:160]}"] += 1
                self.keep(f"{self.folder}/wrong/{label}-{kind}", arguments)

    def keep(self, place, arguments):
        os.makedirs(place, exist_ok=True)
        for name in [*self.objects, verdicts.TRUE, verdicts.CONTRARY, "image", "map", "listing"]:
            shutil.copy(f"{self.folder}/{name}", place)
        with open(f"{place}/cmd", "w") as file:
            file.write(" ".join(self.command) + "\n" + " ".join(arguments) + "\n")


def main():
    parser = campaign.parser(__doc__)
    parser.add_argument("scripts", nargs="+")
    return Wild(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
