#!/usr/bin/env python3
"""Links the counterexamples that `lds-check lint --counterexample` writes for random scripts: each ASSERT has to fail.

  counterexamples.py --tool PATH [--count N] [--seed N] [--folder DIR] [--linker PROGRAM]

Scripts are those of links.py for x86-64, with ASSERTs on sizes, alignments, addresses and distances. Where it is told that an
ASSERT holds with so many bytes of a section, a second link has as many. Exit status 1 if a linker says otherwise.
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

import links


def assertion(R, script, number):
    """An ASSERT that the inputs decide."""
    some, other = R.choice(script.sections), R.choice(script.sections)
    symbol = f"v{R.randint(1, script.count)}" if script.count else "v0"
    size = R.choice([1, 16, 100, 0x1000, 0x2345, 0x10000])
    unit = R.choice([4, 16, 64, 256, 4096])
    conditions = [
        f"SIZEOF({some}) {R.choice(['<', '<=', '!='])} {size}", f"SIZEOF({some}) % {unit} == 0", f"ADDR({some}) % {unit} == 0",
        f"({symbol} & {unit - 1}) == 0", f"{symbol} <= 0x{R.choice([0x110000, 0x500000, 0x20001000]):x}", f"ALIGNOF({some}) <= {unit}",
        f"SIZEOF({some}) <= SIZEOF({other}) + {size}", f"ADDR({some}) + SIZEOF({some}) <= ADDR({other}) + {size}",
        f"LOADADDR({some}) == ADDR({some})", f"ALIGNOF({some}) >= {unit}", f"SIZEOF({some}) > 0", f"_end - v0 < 0x{R.choice([0x101000, 0x8000]):x}",
        f"SIZEOF({some}) < {size} && ADDR({other}) % 8 == 0", f"!(SIZEOF({some}) & {unit - 1}) || {symbol} < 0x1000",
        f"ALIGN({symbol}, {unit}) - {symbol} < {max(1, unit // 2)}",
    ]
    return f'ASSERT({R.choice(conditions)}, "counter {number}")'


class Campaign:
    def __init__(self, given):
        self.given, self.counts = given, collections.Counter()
        self.folder = os.path.abspath(given.folder or tempfile.mkdtemp(prefix="counterexamples-"))
        os.makedirs(self.folder, exist_ok=True)

    def run(self):
        R = random.Random(self.given.seed)
        while self.counts["told"] < self.given.count:
            script = links.Script(R, "x86_64", "bfd", "2.40")
            lines = str(script) + "\n".join(assertion(R, script, n) for n in range(R.randint(1, 4))) + "\n"
            self.judge(lines)
            if self.counts["scripts"] % 100 == 0:
                self.report()
        self.report()
        return 1 if self.counts["wrong"] else 0

    def report(self):
        print(", ".join(f"{k} {v}" for k, v in sorted(self.counts.items())), flush=True)

    def judge(self, text):
        place = f"{self.folder}/examples"
        shutil.rmtree(place, ignore_errors=True)
        with open(f"{self.folder}/s.ld", "w") as file:
            file.write(text)
        self.counts["scripts"] += 1
        words = [self.given.tool, "lint", "--linker", "bfd@2.40", "--counterexample", place, "s.ld"]
        try:
            told = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, errors="replace", timeout=self.given.timeout)
        except subprocess.TimeoutExpired:
            self.counts["too slow"] += 1
            return
        self.counts["ASSERTs"] += text.count('"counter ')
        self.counts["depends"] += len(re.findall(r"(?m)^depends .*counter ", told.stdout))
        if told.returncode not in (0, 1):
            self.counts["stopped"] += 1
            return
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
            self.check(f"{place}/{name}", text)

    def check(self, folder, text):
        with open(f"{folder}/link.sh") as file:
            command = file.read()
        message = re.search(r"has to print: (.*)", command)[1]
        sentence = re.search(r"# It (.*)\.", command)[1]
        self.counts["told"] += 1
        if self.given.linker:
            command = re.sub(r"(?m)^ld ", self.given.linker + " ", command)
        if not self.fails(folder, command, message):
            self.wrong(f"{message}: {sentence}: the linker does not print it: {self.said}", text)
            return
        self.counts["fail in the linker"] += 1
        for fewer in re.finditer(r"(\S+) of (\d+) bytes?(?: aligned to \d+)?, holds with (\d+)", sentence):
            self.check_fewer(folder, command, message, sentence, fewer, text)

    def check_fewer(self, folder, command, message, sentence, fewer, text):
        """One byte less of a section, of which it is told that the ASSERT holds with it."""
        with open(f"{folder}/inputs.s") as file:
            source = file.read()
        if source.count(f".zero\t{fewer[2]}\n") != 1:
            return
        with open(f"{folder}/inputs.s", "w") as file:
            file.write(source.replace(f".zero\t{fewer[2]}\n", f".zero\t{fewer[3]}\n"))
        if self.fails(folder, command, message):
            self.wrong(f"{message}: {sentence}: it fails with {fewer[3]}, too", text)
        else:
            self.counts["hold with less"] += 1
        with open(f"{folder}/inputs.s", "w") as file:
            file.write(source)

    def fails(self, folder, command, message):
        done = subprocess.run(["sh"], input=command.replace('cd "$(dirname "$0")"', f'cd "{folder}"'), capture_output=True, text=True, errors="replace")
        self.said = done.stderr.strip()[-200:]
        return any(line.endswith(f": {message}") for line in done.stderr.split("\n"))

    def wrong(self, text, script):
        self.counts["wrong"] += 1
        print("wrong:", text, flush=True)
        with open(f"{self.folder}/wrong{self.counts['wrong']}.ld", "w") as file:
            file.write(script)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--linker", help="in place of ld")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder")
    parser.add_argument("--timeout", type=int, default=120, help="seconds that a script may take")
    return Campaign(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
