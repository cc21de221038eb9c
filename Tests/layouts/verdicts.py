#!/usr/bin/env python3
"""Compares the verdicts of `lds-check eval` on random links with what the linker makes of them.

  verdicts.py --tool PATH --linker PROGRAM --as bfd@2.40 [--machine x86_64]... [--links N] [--seed N] [--folder DIR]
              [--evidence NAME]...
  verdicts.py --tool PATH --again DIR

The first form makes random links as campaign.py does (PROGRAM, machines and seeds are the same), asks the linker for the
value of every symbol of the script and for SIZEOF, ADDR, LOADADDR and ALIGNOF of its output sections, and links again with
an ASSERT for each. eval then judges them from each kind of evidence in EVIDENCE: none of them fails, none of their
contraries holds, and nothing was made by another script. A wrong judgement is kept as DIR/wrongN-EVIDENCE: the inputs, the
link (cmd), the arguments of eval and what it said (said). The second form judges kept cases again and names the wrong.
Exit status 1 if anything is wrong.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

import campaign
import links

# What eval is given beside its options. SCRIPT has the ASSERTs; a command of "objects" names an image that is not there.
EVIDENCE = {
    "image": ["SCRIPT", "image"],
    "command": ["--link-command", "command"],
    "image+map": ["SCRIPT", "image", "map"],
    "map": ["SCRIPT", "map"],
    "mapalone": ["map"],
    "stripped": ["SCRIPT", "stripped"],
    "stripped+map": ["SCRIPT", "stripped", "map"],
    "listing": ["SCRIPT", "listing"],
    "objects": ["--link-command", "objects"],
}
TRUE, CONTRARY = "true.ld", "contrary.ld"
QUERIES = ["SIZEOF", "ADDR", "LOADADDR", "ALIGNOF"]
STATUS = {0, 1, 2}


def judge(tool, arguments, folder):
    """What eval said of the arguments: its process, and its JSON if there is any."""
    try:
        said = subprocess.run([tool] + arguments, capture_output=True, text=True, timeout=120, cwd=folder, errors="replace")
    except subprocess.TimeoutExpired as late:
        said = subprocess.CompletedProcess(late.cmd, 124, "", "no answer within two minutes")
    return said, json.loads(said.stdout) if said.stdout.startswith("{") else None


def faults(said, report, bad):
    """The messages of judgements that the link contradicts; `bad` is the verdict that no ASSERT has."""
    words = [] if said.returncode in STATUS else [f"exit status {said.returncode}"]
    if report:
        words += [a["message"] or a["source"] for a in report["assertions"] if a["verdict"] == bad and a["message"] != "m"]
        words += ["stale-layout"] if bad == "fails" and "stale-layout" in said.stdout else []
    return words


class Verdicts(campaign.Campaign):
    """Random links whose every value is asserted, judged from each kind of evidence."""

    def judge(self, machine, command):
        if "s.ld" not in command:
            return
        folder = self.pools[machine].folder
        for name in ("image", "map", "stripped", "listing"):
            if os.path.exists(f"{folder}/{name}"):
                os.remove(f"{folder}/{name}")
        with open(f"{folder}/s.ld") as file:
            text = file.read()
        values = self.values(machine, command, text)
        if values is None:
            return
        for name, relation in ((TRUE, "=="), (CONTRARY, "!=")):
            with open(f"{folder}/{name}", "w") as file:
                file.write(text + "".join(f'ASSERT(ABSOLUTE({e}) {relation} 0x{v:x}, "{e}")\n' for e, v in values))
        words = self.replaced(command, TRUE)
        if not self.link(machine, words + ["-Map=map"]):
            self.counts["asserted and stopped"] += 1
        elif os.path.getsize(f"{folder}/image") > 256 << 20:
            self.counts["too large"] += 1
        else:
            self.counts["linked"] += 1
            self.derive(machine, words)
            for name in self.given.evidence:
                self.compare(machine, name, words)

    @staticmethod
    def replaced(command, script, output="image"):
        return [script if word == "s.ld" else output if word == "out" else word for word in command]

    def link(self, machine, words):
        try:
            link = subprocess.run([self.linker(machine)] + words, capture_output=True, timeout=60, cwd=self.pools[machine].folder)
        except subprocess.TimeoutExpired:
            return False
        return link.returncode == 0

    def values(self, machine, command, text):
        """Each name and query of the script with its value, or nothing where the linker refuses the link."""
        folder = self.pools[machine].folder
        queries = [f"{query}({name})" for name in self.script.outputs() for query in QUERIES]
        probe = [word for word in self.replaced(command, "probe.ld") if word not in ("-s", "-x", "-S", "-X")]
        for asked in (queries, []):
            with open(f"{folder}/probe.ld", "w") as file:
                file.write(text + "".join(f"zz{n} = ABSOLUTE({query});\n" for n, query in enumerate(asked)))
            if self.link(machine, probe):
                break
        else:
            self.counts["stopped"] += 1
            return None
        symbols = subprocess.run(["readelf", "-sW", "image"], capture_output=True, text=True, cwd=folder, errors="replace").stdout
        found = re.findall(r"(?m)^ *\d+: ([0-9a-f]+) +\w+ (?!TLS)\w+ .* (v\d+|zz\d+|fin|late|top|_end|prov_\d)$", symbols)
        named = sorted({name: int(value, 16) for value, name in found}.items())
        return [(asked[int(name[2:])] if name.startswith("zz") else name, value) for name, value in named]

    def derive(self, machine, words):
        """The evidence that is made of the image, and the commands."""
        folder, program = self.pools[machine].folder, "ld" if self.family == "bfd" else "ld.lld"
        prefix = links.PREFIX[machine]
        run = lambda tool, *more: subprocess.run([prefix + tool, *more], capture_output=True, text=True, cwd=folder)
        run("strip", "-o", "stripped", "image")
        with open(f"{folder}/listing", "w") as file:
            file.write(run("nm", "image").stdout)
        for name, output in (("command", "image"), ("objects", "absent")):
            for script in (TRUE, CONTRARY):
                line = [script if word == TRUE else output if word == "image" else word for word in words]
                with open(f"{folder}/{name}.{script}", "w") as file:
                    file.write(" ".join([program] + line) + "\n")

    def compare(self, machine, name, words):
        files, folder = EVIDENCE[name], self.pools[machine].folder
        made = [file for file in files if file in ("map", "stripped", "listing")]
        if self.family == "lld" and files == ["map"] or not all(self.full(folder, file) for file in made):
            return
        asks = self.asked(words) if "SCRIPT" in files else []
        for script, bad in ((TRUE, "fails"), (CONTRARY, "holds")) if len(files) > 1 else ((TRUE, "fails"),):
            named = {"SCRIPT": script, "command": f"command.{script}", "objects": f"objects.{script}"}
            given = [named.get(file, file) for file in files]
            arguments = ["eval", "--linker", self.given.dialect, "--format", "json"] + asks + given
            said, report = judge(self.given.tool, arguments, folder)
            if script == TRUE:
                self.count(name, said, report)
            wrong = faults(said, report, bad)
            if wrong:
                self.keep_judgement(machine, name, words, arguments, said, wrong)

    @staticmethod
    def full(folder, name):
        return os.path.exists(f"{folder}/{name}") and os.path.getsize(f"{folder}/{name}") > 0

    @staticmethod
    def asked(words):
        """The options of the link that eval takes beside a script."""
        pages = [w for a, b in zip(words, words[1:]) if a == "-z" and "page-size" in b for w in (a, b)]
        return pages + [w for w in words if re.match(r"-T(text|data|bss)=|--section-start|--defsym", w)]

    def count(self, name, said, report):
        if report is None:
            self.counts[f"{name} refused"] += 1
            self.words[f"{name}: {said.stderr.strip().splitlines()[0][-110:] if said.stderr.strip() else 'nothing said'}"] += 1
        for assertion in report["assertions"] if report else []:
            self.counts[f"{name} {assertion['verdict']}"] += 1

    def keep_judgement(self, machine, name, words, arguments, said, wrong):
        self.counts["wrong"] += 1
        self.counts[f"{name} wrong"] += 1
        self.words[f"WRONG {self.counts['wrong']} {machine} {name}: {' '.join(wrong)[:200]}"] += 1
        if self.counts["wrong"] > self.given.keep:
            return
        pool, place = self.pools[machine], f"{self.folder}/wrong{self.counts['wrong']}-{name}"
        inputs = {word for word in words if word.endswith((".o", ".a"))} | set(self.script.inputs())
        members = {f"o{n}.o" for archive, held in pool.archives if archive in inputs for n in held}
        given = {a for a in arguments if os.path.exists(f"{pool.folder}/{a}")}
        for file in inputs | members | given | {"insert.ld", TRUE, CONTRARY}:
            if os.path.exists(f"{pool.folder}/{file}"):
                os.makedirs(os.path.dirname(f"{place}/{file}"), exist_ok=True)
                shutil.copy(f"{pool.folder}/{file}", f"{place}/{file}")
        with open(f"{place}/cmd", "w") as file:
            file.write(" ".join([self.linker(machine)] + words + ["-Map=map"]) + "\n")
        with open(f"{place}/said", "w") as file:
            file.write(" ".join(arguments) + "\n" + said.stdout + said.stderr)


def again(tool, folder):
    """Judges the kept cases of a folder; 1 if one of them is wrong."""
    status = 0
    number = lambda place: int(re.sub(r"\D", "", os.path.basename(place).split("-")[0]))
    for place in sorted(glob.glob(f"{folder}/wrong*-*"), key=number):
        with open(f"{place}/said") as file:
            arguments = file.readline().split()
        contrary = any(CONTRARY in argument for argument in arguments)
        said, report = judge(tool, arguments, place)
        wrong = faults(said, report, "holds" if contrary else "fails")
        if wrong or report is None:
            print(os.path.basename(place), " ".join(wrong)[:200] if report else f"refused: {said.stderr.strip()[-160:]}")
        status = 1 if wrong else status
    return status


def main():
    parser = campaign.parser(__doc__, needed=False)
    parser.add_argument("--evidence", action="append", choices=list(EVIDENCE), help="default: every kind")
    parser.add_argument("--again", metavar="DIR", help="judge the kept cases of DIR")
    arguments = parser.parse_args()
    arguments.tool = os.path.abspath(arguments.tool)
    if arguments.again:
        return again(arguments.tool, arguments.again)
    if not (arguments.linker and arguments.dialect):
        parser.error("--linker and --as, or --again")
    arguments.machine, arguments.evidence = arguments.machine or ["x86_64"], arguments.evidence or list(EVIDENCE)
    return campaign.finish(Verdicts(arguments))


if __name__ == "__main__":
    sys.exit(main())
