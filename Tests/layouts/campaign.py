#!/usr/bin/env python3
"""Compares the layouts that `lds-check layout` foretells of random links with what the linker makes.

  campaign.py --tool PATH --linker PROGRAM --as bfd@2.40 [--machine x86_64]... [--links N] [--seed N] [--folder DIR]

PROGRAM is the linker of x86; with {} in it, the machine's suffix goes there ("ld-2.40{}": "", "-aarch64", "-arm",
"-riscv64"). Each link ends as one of: exact, refused (by name, before a number is told), wrong, or stopped by the linker.
Every wrong link is kept in the folder with its command and what was said; the tally names refusals by their number.
Exit status 1 if anything was told that the linker does not have.
"""

import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import links

EMULATION = {"x86_64": "elf_x86_64", "i386": "elf_i386", "arm": "armelf", "aarch64": "aarch64linux", "riscv64": "elf64lriscv"}
SUFFIX = {"x86_64": "", "i386": "", "arm": "-arm", "aarch64": "-aarch64", "riscv64": "-riscv64"}


class Campaign:
    def __init__(self, arguments):
        self.given = arguments
        self.family, _, self.version = arguments.dialect.partition("@")
        self.folder = os.path.abspath(arguments.folder or tempfile.mkdtemp(prefix="layouts-"))
        self.pools = {m: links.Pool(f"{self.folder}/{m}", m, arguments.pool or arguments.seed) for m in arguments.machine}
        self.counts, self.words, self.begun = collections.Counter(), collections.Counter(), time.time()

    def linker(self, machine):
        return self.given.linker.replace("{}", SUFFIX[machine] if self.family == "bfd" else "")

    def command(self, R, machine):
        """Writes the script of a link and returns the arguments of its command."""
        pool = self.pools[machine]
        numbers = R.sample(range(links.POOL), R.randint(1, 6))
        inputs = [f"o{n}.o" for n in numbers]
        archives = R.sample(pool.archives, R.choice([0, 0, 0, 1, 1, 2]))
        if len(archives) == 2 and R.random() < .4:
            inputs += ["--start-group"] + [name for name, _ in archives] + ["--end-group"]
        else:
            for name, _ in archives:
                inputs.insert(R.randint(1, len(inputs)), name)
        if archives and R.random() < .1 and inputs[-1].endswith(".a"):
            inputs = [i for i in inputs if not i.endswith(".o") or int(i[1:-2]) not in archives[-1][1]]
            if inputs[-1].endswith(".a"):
                inputs[-1:] = ["--whole-archive", inputs[-1], "--no-whole-archive"]
        self.script = links.Script(R, machine, self.family, self.version)
        with open(f"{pool.folder}/s.ld", "w") as file:
            file.write(str(self.script))
        emulation = "armelf_linux_eabi" if machine == "arm" and self.family == "lld" else EMULATION[machine]
        quiet = ["--threads=1"] if self.family == "lld" else ["--no-warn-rwx-segments"] if self.version >= "2.39" else []
        words = ["-m", emulation] + quiet
        if R.random() < .002:
            words += ["-T", self.added(R, pool.folder)]
        elif R.random() < .998:
            words += ["-T", "s.ld"]
        if self.family == "bfd" and machine == "riscv64":
            words.append("--no-relax")
        return words + ["--unresolved-symbols=ignore-all"] + links.options(R, self.family, numbers) + inputs + ["-o", "out"]

    @staticmethod
    def added(R, folder):
        with open(f"{folder}/insert.ld", "w") as file:
            file.write(f"SECTIONS {{ .added : {{ *(.extra* mysec) }} }} INSERT {R.choice(['AFTER', 'BEFORE'])} {R.choice(['.data', '.text', '.bss'])};\n")
        return "insert.ld"

    def run(self):
        R, index = random.Random(self.given.seed), 0
        while self.counts["linked"] < self.given.links:
            index += 1
            machine = self.given.machine[index % len(self.given.machine)]
            self.judge(machine, self.command(R, machine))
            if index % 50 == 0:
                self.tally()
        self.tally()
        return 1 if self.counts["wrong"] else 0

    def judge(self, machine, command):
        folder = self.pools[machine].folder
        image = f"{folder}/out"
        if os.path.exists(image):
            os.remove(image)
        try:
            link = subprocess.run([self.linker(machine)] + command, capture_output=True, text=True, timeout=60, cwd=folder, errors="replace")
        except subprocess.TimeoutExpired:
            self.counts["too slow"] += 1
            return
        if link.returncode:
            self.counts["crashed" if link.returncode < 0 else "stopped"] += 1
            return
        if os.path.getsize(image) > 256 << 20:
            self.counts["too large"] += 1
            return
        self.counts["linked"] += 1
        told = subprocess.run([self.given.tool, "layout", "--quiet", "--linker", self.given.dialect, "--diff", "out", "--",
                               "ld" if self.family == "bfd" else "ld.lld"] + command, capture_output=True, text=True, cwd=folder, errors="replace")
        said = (told.stderr + told.stdout).strip()
        if told.returncode == 0:
            self.counts["exact"] += 1
        elif told.returncode == 2:
            self.counts["refused"] += 1
            self.words[re.split("refused: |error: ", told.stderr.strip())[-1].split("\n")[0]] += 1
        else:
            self.keep(machine, command, said)

    def keep(self, machine, command, said):
        self.counts["wrong"] += 1
        place = f"{self.folder}/wrong{self.counts['wrong']}"
        shown = " | ".join(line for line in said.split("\n") if "equal:" not in line)
        shown = shown.replace("differs: ", "")
        self.words[f"WRONG {self.counts['wrong']} {machine}: {shown[:220]}"] += 1
        if self.counts["wrong"] > self.given.keep:
            return
        os.makedirs(place, exist_ok=True)
        pool = self.pools[machine]
        inputs = {w for w in command if w.endswith((".o", ".a"))} | set(self.script.inputs())
        members = {f"o{n}.o" for name, held in pool.archives if name in inputs for n in held}
        for name in inputs | members | {"s.ld", "out", "insert.ld"}:
            if os.path.exists(f"{pool.folder}/{name}"):
                os.makedirs(os.path.dirname(f"{place}/{name}"), exist_ok=True)
                shutil.copy(f"{pool.folder}/{name}", f"{place}/{name}")
        with open(f"{place}/cmd", "w") as file:
            file.write(" ".join([self.linker(machine)] + command) + "\n")
        with open(f"{place}/said", "w") as file:
            file.write(said + "\n")

    def tally(self):
        lines = [f"{self.given.dialect} {','.join(self.given.machine)} seed {self.given.seed}: "
                 + ", ".join(f"{k} {v}" for k, v in sorted(self.counts.items())) + f"; {time.time() - self.begun:.0f} s"]
        lines += [f"{count:6} {word}" for word, count in self.words.most_common()]
        with open(f"{self.folder}/tally", "w") as file:
            file.write("\n".join(lines) + "\n")
        if sys.stdout.isatty():
            print("\r" + lines[0], end="", flush=True)


def parser(description, needed=True):
    """The options of every campaign over random links."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--linker", required=needed)
    parser.add_argument("--as", dest="dialect", required=needed)
    parser.add_argument("--machine", action="append", choices=sorted(EMULATION))
    parser.add_argument("--links", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pool", type=int, help="seed of the objects; default: --seed")
    parser.add_argument("--folder")
    parser.add_argument("--keep", type=int, default=60)
    return parser


def main():
    arguments = parser(__doc__).parse_args()
    arguments.machine = arguments.machine or ["x86_64"]
    return finish(Campaign(arguments))


def finish(campaign):
    """Runs a campaign, prints its tally and returns the exit status."""
    status = campaign.run()
    with open(f"{campaign.folder}/tally") as file:
        print(file.read(), end="")
    return status


if __name__ == "__main__":
    sys.exit(main())
