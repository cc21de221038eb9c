#!/usr/bin/env python3
"""Confirms by real links what is told of sections that grow, and what an edit changes.

  thresholds.py --tool PATH --linker PROGRAM --as bfd@2.40 --assembler PROGRAM [--limit N] [--edits N] SCRIPT WORD...

WORDs are the objects and options of a link by SCRIPT. Of each threshold (`eval --headroom`, `superpages --headroom`) two
links are made, with an object of `.skip N` and of `.skip N + 1` bytes behind the other inputs: at N all has to be as told
before, at N + 1 as told behind. Of each edit (`what-if --grow SECTION=N`) every section, symbol and ASSERT that changes is
compared with a link that has N bytes more. Exit status 1 if anything differs.
"""

import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile


def run(words):
    return subprocess.run(words, capture_output=True, text=True, errors="replace")


class Link:
    def __init__(self, given):
        self.given = given
        self.folder = tempfile.mkdtemp(prefix="thresholds-")
        self.image = f"{self.folder}/image"
        with open(f"{self.folder}/command", "w") as file:
            file.write(" ".join(["ld", "-T", given.script] + given.words + ["-o", "image"]) + "\n")
        self.asked = ["--format", "json", "--linker", given.dialect, "--link-command", f"{self.folder}/command"]
        told = run([given.tool, "layout"] + self.asked)
        self.layout = json.loads(told.stdout)
        loaded = ("progbits", "nobits", "init_array", "fini_array")
        self.pads = {s["name"]: s for s in self.layout["sections"]
                     if s["inputs"] and s["type"] in loaded and int(s["vma"], 16)}

    def pad(self, section, size):
        """An object with one more input section of an output section, as its last input is; nil if it has none."""
        output = self.pads[section]
        last = output["inputs"][-1]["section"]
        flags = "a" + ("" if output["name"].startswith((".rodata", ".text", ".note", ".init.text")) else "w")
        if self.code(section):
            flags = "ax"
        kind = "nobits" if output["type"] == "nobits" else "progbits"
        source = f"{self.folder}/pad.s"
        mark = "%" if "arm" in self.given.assembler else "@"
        with open(source, "w") as file:
            file.write(f'.section {last},"{flags}",{mark}{kind}\n.skip {size}\n.section .note.GNU-stack,"",{mark}progbits\n')
        made = run(self.given.assembler.split() + [source, "-o", f"{self.folder}/pad.o"])
        return f"{self.folder}/pad.o" if made.returncode == 0 else None

    def code(self, section):
        return section.startswith((".text", ".init", ".entry", ".fini")) and "data" not in section

    def link(self, pad):
        if os.path.exists(self.image):
            os.remove(self.image)
        return run(self.given.linker.split() + ["-T", self.given.script] + self.given.words + ([pad] if pad else []) + ["-o", self.image])

    def grown(self, section, size):
        """What is told of so many bytes more."""
        grown = run([self.given.tool, "what-if"] + self.asked + ["--grow", f"{section}={size}"])
        return json.loads(grown.stdout) if grown.stdout else None

    def state(self, link, subject, message):
        """What a link says of a subject."""
        if subject == "ASSERT":
            return "fails" if message in link.stderr else "holds" if link.returncode == 0 else "?"
        if subject.startswith("region"):
            return "overflows" if re.search(f"region `{re.escape(subject[7:])}' overflowed", link.stderr) else "fits"
        if subject == "link":
            return "goes through" if link.returncode == 0 else "stops"
        if link.returncode:
            return "?"
        plan = json.loads(run([self.given.tool, "superpages", "--format", "json", "--fail-on", "never", self.image]).stdout)
        return str(plan["slots"]["count"]) if "mixed" not in subject else str(sum(1 for f in plan["frames"] if f["mixed"]))


def thresholds(link):
    """(subject, message, section, bytes, exact, from, to) of all that is told."""
    given, found = link.given, []
    told = run([given.tool, "eval", "--headroom"] + link.asked)
    report = json.loads(told.stdout)
    for assertion in report["assertions"]:
        for g in assertion.get("growth") or []:
            found.append(("ASSERT", assertion["message"], g["section"], g["bytes"], g["exact"], "holds", "fails"))
    told = run([given.tool, "superpages", "--headroom", "--fail-on", "never"] + link.asked)
    pages = json.loads(told.stdout).get("growth", []) if told.returncode in (0, 1) and told.stdout else []
    for g in report.get("growth", []) + pages:
        if g["subject"] != "link":
            found.append((g["subject"], "", g["section"], g["bytes"], g["exact"], g["from"], g["to"]))
    return list(dict.fromkeys(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--linker", required=True)
    parser.add_argument("--as", dest="dialect", required=True)
    parser.add_argument("--assembler", default="as --64")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("script")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    link, counts = Link(parser.parse_args()), collections.Counter()
    for subject, message, section, size, exact, before, after in thresholds(link)[:link.given.limit]:
        if section not in link.pads:
            continue
        counts["told"] += 1
        counts["exact"] += exact
        for bytes_more, wanted in ((size, before), (size + 1, after)):
            if bytes_more > 64 << 20:
                counts["too large to link"] += 1
                continue
            pad = link.pad(section, bytes_more)
            state = link.state(link.link(pad), subject, message) if pad else "?"
            if state == "?":
                counts["not linked"] += 1
            elif state == wanted:
                counts["confirmed"] += 1
            else:
                counts["wrong"] += 1
                print(f"wrong: {section} + {bytes_more}: {subject} {message}: told {wanted}, the linker {state}")
    R = random.Random(link.given.seed)
    for _ in range(link.given.edits):
        edit(link, R.choice(sorted(link.pads)), R.choice([1, 8, 100, 4096, 65536]) * R.randint(1, 40), counts)
    print(", ".join(f"{k} {v}" for k, v in counts.items()))
    return 1 if counts["wrong"] else 0


def edit(link, section, size, counts):
    """Compares what-if with the link that has the bytes."""
    told = link.grown(section, size)
    pad = link.pad(section, size)
    if told is None or pad is None or link.link(pad).returncode:
        counts["edits not linked"] += 1
        return
    counts["edits"] += 1
    counts["edits exact"] += bool(told["exact"])
    image = json.loads(run([link.given.tool, "symbols", "--format", "json", link.image]).stdout)
    sections = {s["name"]: s for s in image["sections"]}
    symbols = collections.defaultdict(set)
    for s in image["symbols"]:
        symbols[s["name"]].add(s["value"])
    for change in told["changes"]:
        if change["kind"] == "symbol":
            right = change["to"] in symbols[change["name"]] if change["name"] in symbols else None
        elif change["kind"] == "section" and change.get("aspect") in (None, "address", "size") and "0x" in str(change["to"]):
            known = sections.get(change["name"])
            right = known and change["to"] in (known["vma"], known["size"], known["lma"])
        else:
            continue
        counts["changes confirmed" if right else "changes not found" if right is None else "wrong"] += 1
        if right is False:
            print(f"wrong: {section} + {size}: {change}")


if __name__ == "__main__":
    sys.exit(main())
