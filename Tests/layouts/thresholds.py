#!/usr/bin/env python3
"""Confirms by real links what is told of sections that grow, and what an edit changes.

  thresholds.py --tool PATH --linker PROGRAM --as bfd@2.40 [--edits N] [--folder DIR] -- WORD...
  thresholds.py --tool PATH --linker "ld-2.40{}" --as bfd@2.40 --random N [--machine M]... [--seed N]

WORDs are the arguments of a link in the folder, with `-T SCRIPT`, without `-o`. Of each threshold that `eval --headroom`,
`superpages --headroom` and `what-if` tell, two links are made, with N and with N + 1 bytes more: at N all has to be as told
before, at N + 1 as told behind; where it is told exact, at some smaller growths nothing may have changed either. Of each
edit (`what-if` with --grow SECTION=N, --grow OBJECT:SECTION=N or --set-align SECTION=N) every section, global symbol and
ASSERT of a real link is compared, those that change and those that do not.

The bytes are added where the tool says that it adds them: the last input section of the output section is made larger in
a copy of its object; where that cannot be (merged, COMMON, made by the linker), an object of `.skip N` is linked behind
the others, if the linker's map puts it there. With --random the links are those of links.py, with ASSERTs added that have
some room. Exit status 1 if anything differs.
"""

import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import campaign
import elf
import links

LARGE = 16 << 20


def run(words, folder):
    return subprocess.run(words, capture_output=True, text=True, errors="replace", cwd=folder, timeout=1200)


class Link:
    """One link, and the same with more bytes or another script."""

    def __init__(self, given, counts, folder, linker, words, assembler):
        self.given, self.counts, self.folder, self.linker, self.words = given, counts, folder, linker, words
        self.family, self.assembler = given.dialect.partition("@")[0], assembler
        self.script = words[words.index("-T") + 1]
        self.shadow = tempfile.mkdtemp(prefix="grown-", dir=folder)
        self.is_edit = False
        program = "ld" if self.family == "bfd" else "ld.lld"
        self.said, file = "", f"{folder}/not-linked.cmd"
        with open(file, "w") as command:
            command.write(" ".join([program] + words + ["-o", "not-linked-yet"]) + "\n")
        self.command = ["--link-command", "not-linked.cmd"]

    def close(self):
        shutil.rmtree(self.shadow)

    def ask(self, *words):
        told = run([self.given.tool, words[0], "--format", "json", "--linker", self.given.dialect, *words[1:]] + self.command, self.folder)
        if told.returncode not in (0, 1) or not told.stdout:
            self.said = told.stderr.strip()
            self.counts["  " + re.sub(r"[^ ]*[\d/][^ ]*", "#", self.said.split("\n")[0])[:100]] += 1
            return None
        return json.loads(told.stdout)

    def begin(self):
        """Whether the link can be made and the tool tells its layout."""
        layout = self.ask("layout")
        if layout is None or layout["refused"]:
            self.counts["refused"] += 1
            return False
        with open(os.path.join(self.folder, self.script)) as file:
            self.realigns = "SUBALIGN" in file.read()
        counts = collections.Counter(s["name"] for s in layout["sections"])
        self.sections = {s["name"]: s for s in layout["sections"] if counts[s["name"]] == 1}
        self.messages = collections.Counter(a["message"] for a in layout["assertions"])
        self.before = self.make(self.words)
        self.counts["links"] += 1
        return True

    def make(self, words):
        """The real link: (status, what it says, image or nil)."""
        image = f"{self.shadow}/image"
        if os.path.exists(image):
            os.remove(image)
        done = run(self.linker.split() + words + ["-o", image], self.folder)
        if done.returncode and self.is_edit and self.family == "bfd":
            run(self.linker.split() + words + ["--noinhibit-exec", "-o", image], self.folder)
        self.counts["real links"] += 1
        made = None
        if os.path.exists(image) and os.path.getsize(image) < 4 * LARGE:
            with open(image, "rb") as file:
                made = file.read()
        return done.returncode, done.stderr, made

    # Growing.

    def object_file(self, label):
        """(path, member or nil) of what a layout calls an input file; members of thin archives are files of their own."""
        match = re.fullmatch(r"(.*)\((.*)\)", label) or re.fullmatch(r"(.*\.a):(.*)", label)
        if not match:
            return label, None
        with open(os.path.join(self.folder, match[1]), "rb") as file:
            if file.read(7) == b"!<thin>":
                near = os.path.join(os.path.dirname(match[1]), match[2])
                return (near if os.path.exists(os.path.join(self.folder, near)) else match[2]), None
        return match[1], match[2]

    def read_object(self, label):
        path, member = self.object_file(label)
        full = os.path.join(self.folder, path)
        if not os.path.exists(full):
            return None
        if member is None:
            with open(full, "rb") as file:
                return file.read()
        return subprocess.run(["ar", "p", full, member], capture_output=True).stdout

    def substitute(self, label, data):
        """Puts another content of an input file in its place: (the file, the file that was there)."""
        path, member = self.object_file(label)
        full = os.path.join(self.folder, path)
        keep = f"{full}.kept"
        if member is None:
            os.rename(full, keep)
            with open(full, "wb") as file:
                file.write(data)
        else:
            shutil.copy(full, keep)
            with open(f"{self.shadow}/{member}", "wb") as file:
                file.write(data)
            subprocess.run(["ar", "r", full, f"{self.shadow}/{member}"], capture_output=True)
        return full, keep

    def grown_link(self, section, size):
        """The link with so many bytes more behind the last input of an output section; nil if it cannot be made."""
        output = self.sections.get(section)
        if output is None or not output["inputs"]:
            return None
        last = output["inputs"][-1]
        if self.realigns:
            # There one more input section is not what a larger one is.
            return self.padded_link(output, last, size)
        patched = self.enlarged(last["file"], last["section"], int(last["size"], 16), size)
        if patched == "large":
            return None
        return patched or self.padded_link(output, last, size)

    def enlarged(self, label, name, old, size, linkable=True):
        data = self.read_object(label)
        try:
            file = elf.File(data) if data else None
        except ValueError:
            file = None
        if file is None:
            return None
        found = [s for s in file.sections if s.name == name and s.size == old]
        if old is None:
            found = [s for s in file.sections if s.name == name]
        if len(found) != 1 or found[0].flags & (elf.MERGE | elf.GROUP | elf.LINK_ORDER) or name.startswith((".eh_frame", ".note.gnu.")):
            return None
        if size > (LARGE if found[0].type != elf.NOBITS else 2**31):
            self.counts["too large to link"] += 1
            return "large"
        full, keep = self.substitute(label, file.grown(found[0].index, size))
        try:
            return self.make(self.words)
        finally:
            os.replace(keep, full)

    def padded_link(self, output, last, size):
        """The link with an object of `.skip` behind the others, if the map shows it where it should be."""
        if size > LARGE and output["type"] != "nobits":
            self.counts["too large to link"] += 1
            return None
        name = ".bss" if last["section"] == "COMMON" else last["section"]
        flags = self.flags(last, output)
        pad = self.pad(name, flags, 1, output["type"])
        if pad is None:
            return None
        words = self.words + [pad]
        status, _, _ = self.make(words + ["-Map", f"{self.shadow}/map"])
        end = int(last["address"], 16) + int(last["size"], 16)
        if status or not self.is_placed(pad, end):
            self.counts["no object to grow"] += 1
            return None
        self.pad(name, flags, size, output["type"])
        return self.make(words)

    def flags(self, last, output):
        data = self.read_object(last["file"])
        found = []
        if data:
            found = [s for s in elf.File(data).sections if s.name == last["section"]]
        flags = found[0].flags if found else 3
        return "a" * (flags >> 1 & 1) + "w" * (flags & 1) + "x" * (flags >> 2 & 1) + "T" * (flags >> 10 & 1)

    def pad(self, name, flags, size, kind):
        mark = "%" if "arm" in self.assembler[0] else "@"
        kind = kind if kind in ("nobits", "note") else "progbits"
        with open(f"{self.shadow}/pad.s", "w") as file:
            file.write(f'.section {name},"{flags}",{mark}{kind}\n.skip {size}\n.section .note.GNU-stack,"",{mark}progbits\n')
        path = f"{self.shadow}/pad.o"
        made = run(self.assembler + [f"{self.shadow}/pad.s", "-o", path], self.folder)
        if made.returncode:
            return None
        remove = [w for s in (".text", ".data", ".bss") if s != name for w in ("-R", s)]
        objcopy = self.assembler[0].replace("as", "objcopy") if self.assembler[0].endswith("as") else "objcopy"
        run([objcopy] + remove + [path], self.folder)
        return path

    def is_placed(self, pad, end):
        with open(f"{self.shadow}/map") as file:
            text = file.read()
        if self.family == "bfd":
            places = re.findall(r"0x([0-9a-f]+) +0x1 " + re.escape(pad), text)
        else:
            places = re.findall(r"^ *([0-9a-f]+) +[0-9a-f]+ +1 +\d+ +" + re.escape(pad), text, re.M)
        return [int(p, 16) for p in places] == [end]

    # What a real link says.

    def state(self, made, subject, message):
        status, said, image = made
        if subject == "ASSERT":
            return "fails" if re.search(rf"(?m)(^|[ :]){re.escape(message)}$", said) else "holds"
        if subject.startswith("region "):
            region = re.escape(subject[7:])
            return "overflows" if re.search(rf"(region [`']{region}'(: | )overflowed|not within region `{region}'|will not fit in region [`']{region}')", said) else "fits"
        if subject == "verdicts":
            return "fails" if status else "holds"
        if subject == "link":
            return "stops" if status and self.complaints(said) else "goes through"
        if status or image is None:
            return "?"
        with open(f"{self.shadow}/shown", "wb") as file:
            file.write(image)
        plan = json.loads(run([self.given.tool, "superpages", "--format", "json", "--fail-on", "never", *self.given.profile, f"{self.shadow}/shown"], self.folder).stdout)
        return str(plan["slots"]["count"]) if "mixed" not in subject else str(sum(1 for f in plan["frames"] if f["mixed"]))

    def complaints(self, said):
        """Errors that are no ASSERT and no region."""
        known = [re.escape(m) + "$" for m in self.messages] + ["overflowed", "not within region", "will not fit in region", "warning:", "removing unused", "NOTE:", " adjusted to "]
        return [line for line in said.split("\n") if line and not any(re.search(k, line) for k in known)]


class Checker:
    def __init__(self, given):
        self.given, self.counts, self.words = given, collections.Counter(), []
        self.random = random.Random(given.seed)

    def wrong(self, link, text, exact=True):
        self.counts["wrong"] += 1
        self.counts["wrong where exact was told"] += exact
        if len(self.words) < 200:
            self.words.append(text)
            print("wrong:", text, flush=True)
        if self.counts["wrong"] <= 20 and self.given.keep:
            place = f"{self.given.keep}/wrong{self.counts['wrong']}"
            os.makedirs(place, exist_ok=True)
            with open(f"{link.folder}/{link.script}") as file:
                named = re.findall(r"[\w/]+\.[oa]\b", file.read())
            for word in link.words + named:
                if os.path.isfile(f"{link.folder}/{word}"):
                    os.makedirs(os.path.dirname(f"{place}/{word}"), exist_ok=True)
                    shutil.copy(f"{link.folder}/{word}", f"{place}/{word}")
            with open(f"{place}/cmd", "w") as file:
                file.write(" ".join([link.linker] + link.words + ["-o", "out"]) + "\n# " + text + "\n")

    # Thresholds.

    def told(self, link):
        """(subject, message, section, bytes, exact, from, to) of all that is told."""
        found = []
        report = link.ask("eval", "--headroom", "--fail-on", "never")
        if report is None:
            self.counts["no headroom"] += 1
            return found
        for assertion in report["assertions"]:
            for g in assertion.get("growth") or []:
                if link.messages[assertion["message"]] == 1:
                    found.append(("ASSERT", assertion["message"], g["section"], g["bytes"], g["exact"], "holds", "fails"))
        pages = link.ask("superpages", "--headroom", "--fail-on", "never") or {}
        for g in report.get("growth", []) + pages.get("growth", []):
            found.append((g["subject"], "", g["section"], g["bytes"], g["exact"], g["from"], g["to"]))
        rooms = link.ask("what-if") or {}
        for g in rooms.get("growth", []):
            if g["bytes"] is not None:
                found.append(("verdicts", "", g["section"], g["bytes"], False, "holds", "fails"))
        return list(dict.fromkeys(found))

    def check_thresholds(self, link, limit):
        told = [t for t in self.told(link) if t[2] != ".eh_frame"]
        if len(told) > limit:
            told = self.random.sample(told, limit)
        made = {}
        for subject, message, section, size, exact, before, after in told:
            growths = [(size, before), (size + 1, after)]
            if exact and size > 1:
                growths += [(self.random.randrange(size), before) for _ in range(self.given.between)]
            confirmed = 0
            for growth, wanted in growths:
                if (section, growth) not in made:
                    made[section, growth] = link.grown_link(section, growth)
                real = made[section, growth]
                if real is None:
                    break
                state = link.state(real, subject, message)
                if state == "?":
                    break
                if subject == "link" and wanted != "goes through":
                    wanted = "stops"
                if state != wanted:
                    self.wrong(link, f"{section} + {growth}: {subject} {message}: told {wanted}, the linker {state}; threshold {size} exact {exact}; {' | '.join(link.complaints(real[1]))[:200]}", exact)
                    break
                confirmed += 1
            kind = subject.split(" ")[0]
            if subject != "verdicts":
                self.counts["thresholds told"] += 1
                self.counts["thresholds told exact"] += exact
                self.counts[f"  {subject if 'mixed' in subject else kind} told"] += 1
                self.counts[f"  {subject if 'mixed' in subject else kind} told exact"] += exact
            if confirmed == len(growths):
                self.counts["thresholds confirmed"] += 1
                self.counts[f"  {kind} confirmed"] += 1

    # Edits.

    def check_edits(self, link, count):
        if link.before[0] or link.before[2] is None:
            return
        names = [n for n, s in link.sections.items() if s["inputs"] and s["type"] != "note" and int(s["vma"], 16)
                 and not n.startswith((".eh_frame", ".debug", ".comment"))]
        link.is_edit = True
        for _ in range(count):
            if names:
                self.check_edit(link, self.random.choice(names), self.random.random())

    def check_edit(self, link, name, r):
        size = self.random.choice([1, 2, 8, 100, 4096, 65536]) * self.random.randint(1, 20)
        if r < .5:
            edit, made = ("--grow", f"{name}={size}"), lambda: link.grown_link(name, size)
        elif r < .8:
            some = self.random.choice(link.sections[name]["inputs"])
            edit = ("--grow", f"{some['file']}:{some['section']}={size}")
            made = lambda: self.none_if_large(link.enlarged(some["file"], some["section"], int(some["size"], 16), size))
        else:
            size = 1 << self.random.randint(0, 14)
            edit, made = ("--set-align", f"{name}={size}"), lambda: self.aligned(link, name, size)
        told = link.ask("what-if", *edit)
        if told is None:
            self.counts["edits refused"] += 1
            return
        real = made()
        if real is None:
            self.counts["edits not linked"] += 1
            return
        self.counts["edits"] += 1
        self.counts["edits exact"] += bool(told["exact"])
        faults = self.faults(link, told, real)
        if faults:
            self.wrong(link, f"{' '.join(edit)}: {'; '.join(faults[:3])}", told["exact"])

    @staticmethod
    def none_if_large(made):
        return None if made == "large" else made

    def aligned(self, link, name, size):
        """The link by a script that has another ALIGN at a section."""
        with open(f"{link.folder}/{link.script}") as file:
            text = file.read()
        found = list(re.finditer(rf"(?m)^[ \t]*{re.escape(name)}(?=[\s:])[^{{}};]*?:(?!=)", text))
        if len(found) != 1:
            return None
        start = found[0].end()
        brace = text.index("{", start)
        head = re.sub(r"\bALIGN\s*\([^()]*\)|ALIGN_WITH_INPUT", "", text[start:brace])
        match = re.match(r"\s*AT\s*\(", head)
        at = match.end() if match else 0
        depth = 1 if match else 0
        while depth:
            depth += {"(": 1, ")": -1}.get(head[at], 0)
            at += 1
        changed = text[:start] + head[:at] + f" ALIGN({size}) " + head[at:] + text[brace:]
        with open(f"{link.shadow}/aligned.ld", "w") as file:
            file.write(changed)
        words = list(link.words)
        words[words.index("-T") + 1] = f"{link.shadow}/aligned.ld"
        return link.make(words)

    def faults(self, link, told, real):
        status, said, image = real
        faults, changes = [], collections.defaultdict(dict)
        for change in told["changes"]:
            changes[change["kind"]][change["name"], change["aspect"]] = change["to"]
        if told["stops"]:
            return [] if status else [f"told that it stops: {told['stops']}"]
        for message, times in link.messages.items():
            if times == 1 and message:
                was = link.state(link.before, "ASSERT", message)
                now, wanted = link.state(real, "ASSERT", message), changes["verdict"].get((message, "verdict"), was)
                if now != wanted:
                    faults.append(f"ASSERT {message}: told {wanted}, the linker {now}")
        failing = any(v == "fails" for v in changes["verdict"].values())
        if status and not failing:
            faults.append(f"told that it goes through, the linker {said.strip()[-200:]}")
        if image is None:
            return faults
        old, new = self.numbers(link.before[2]), self.numbers(image)
        for key in old.keys() | new.keys():
            kind, name, aspect = key
            was, now = old.get(key), new.get(key)
            wanted = was
            if (name, aspect) in changes[kind]:
                to = changes[kind][name, aspect]
                wanted = None if to is None else int(to, 16)
            elif kind == "section" and (name, "address") in changes[kind] and was is None:
                continue
            if aspect == "load address" and (None in (was, now) or link.sections.get(name, {}).get("lma") is None):
                continue
            if wanted != now:
                faults.append(f"{kind} {name} {aspect}: {show(was)} -> {show(now)}, told {show(wanted)}")
        return faults

    @staticmethod
    def numbers(image):
        """(kind, name, aspect): number, of what has a name of its own."""
        file = elf.File(image)
        found, loads = {}, file.load_addresses()
        counts = collections.Counter(s.name for s in file.sections)
        for s in file.sections:
            if s.flags & 2 and counts[s.name] == 1:
                found["section", s.name, "address"] = s.address
                found["section", s.name, "size"] = s.size
                if s.index in loads:
                    found["section", s.name, "load address"] = loads[s.index]
        symbols = [s for s in file.symbols() if s.binding and s.section and s.kind != elf.TLS]
        counts = collections.Counter(s.name for s in symbols)
        for s in symbols:
            if counts[s.name] == 1:
                found["symbol", s.name, "value"] = s.value
        return found

    # Links.

    def report(self):
        print(", ".join(f"{k.strip()} {v}" for k, v in sorted(self.counts.items()) if not k.startswith("  lds-check")), flush=True)
        for word, count in self.counts.most_common():
            if word.startswith("  lds-check"):
                print(f"{count:6}{word}")
        return 1 if self.counts["wrong"] else 0

    def given_link(self):
        folder = os.path.abspath(self.given.folder or ".")
        link = Link(self.given, self.counts, folder, self.given.linker, self.given.words, self.given.assembler.split())
        if link.begin():
            self.check_thresholds(link, self.given.limit)
            self.check_edits(link, self.given.edits)
        else:
            print("refused:", link.said)
        link.close()
        return self.report()

    def random_links(self):
        given = self.given
        given.pool, given.folder = given.pool or given.seed, given.folder or tempfile.mkdtemp(prefix="thresholds-")
        links_of = campaign.Campaign(given)
        R, index = random.Random(given.seed), 0
        while self.counts["links"] < given.random:
            index += 1
            machine = given.machine[index % len(given.machine)]
            command = links_of.command(R, machine)[:-2]
            self.random_link(links_of, machine, command)
        return self.report()

    def random_link(self, links_of, machine, command):
        folder = links_of.pools[machine].folder
        assembler = [links.PREFIX[machine] + "as"] + links.ASSEMBLER[machine]
        if "-T" not in command or "-s" in command or "s.ld" not in command:
            return
        link = Link(self.given, self.counts, folder, links_of.linker(machine), command, assembler)
        if link.make(command)[0] == 0 and self.assert_something(link):
            if link.begin() and link.before[0] == 0:
                self.check_thresholds(link, self.given.limit)
                self.check_edits(link, self.given.edits)
        link.close()

    def assert_something(self, link):
        """Adds ASSERTs to the script that hold with some room, of what the layout says."""
        layout = link.ask("layout")
        if layout is None or layout["refused"]:
            self.counts["refused"] += 1
            return False
        R = self.random
        symbols = [(s["name"], int(s["value"], 16)) for s in layout["symbols"] if s["value"] and re.fullmatch(r"v\d+|_end|ref_\d+", s["name"])]
        sections = [s for s in layout["sections"] if re.fullmatch(r"\.?[a-z]+", s["name"]) and s["lma"] and int(s["vma"], 16)]
        lines, mask = [], 2**64 - 1
        for number in range(R.randint(1, 5)):
            slack = R.choice([0, 1, 3, 8, 40, 100, 1000, 5000, 70000])
            condition = self.condition(R, symbols, sections, slack)
            if condition:
                lines.append(f'ASSERT({condition}, "t{number}")')
        with open(f"{link.folder}/s.ld", "a") as file:
            file.write("\n".join(lines) + "\n")
        return True

    @staticmethod
    def condition(R, symbols, sections, slack):
        kind = R.randint(0, 11)
        if kind < 4 and sections:
            s = R.choice(sections)
            vma, lma, size = (int(s[k], 16) for k in ("vma", "lma", "size"))
            if kind == 0:
                return f"SIZEOF({s['name']}) <= {size + slack}"
            if kind == 1:
                return f"ADDR({s['name']}) + SIZEOF({s['name']}) <= 0x{vma + size + slack:x}"
            if kind == 2:
                return f"LOADADDR({s['name']}) + SIZEOF({s['name']}) <= 0x{lma + size + slack:x}"
            return f"ADDR({s['name']}) % {R.choice([4, 16, 256])} == {vma % R.choice([4, 16, 256])}"
        if not symbols:
            return None
        name, value = R.choice(symbols)
        other, second = R.choice(symbols)
        if kind < 7:
            return f"{name} <= 0x{(value + slack) & (2**64 - 1):x}"
        if kind == 7:
            return f"{name} - {other} + 0x100000000 <= {value - second + slack + 0x100000000}"
        if kind == 8:
            unit = R.choice([2, 8, 64, 4096])
            return f"({name} & {unit - 1}) == {value & unit - 1}"
        if kind == 9:
            return f"ALIGN({name}, 4096) <= 0x{(value + slack + 4095) & ~4095:x}"
        if kind == 10:
            return f"{name} <= 0x{value + slack:x} && {other} <= 0x{second + slack:x}"
        return f"MAX({name}, {other}) < 0x{max(value, second) + slack + 1:x}"


def show(number):
    return "none" if number is None else hex(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--linker", required=True)
    parser.add_argument("--as", dest="dialect", required=True)
    parser.add_argument("--assembler", default="as --64")
    parser.add_argument("--folder")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--between", type=int, default=2, help="smaller growths that are linked of an exact threshold")
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=0, help="how many links of links.py")
    parser.add_argument("--machine", action="append", choices=sorted(campaign.EMULATION))
    parser.add_argument("--pool", type=int)
    parser.add_argument("--keep", help="folder for links with something wrong")
    parser.add_argument("--profile", help="of superpages; default: that which the tool finds for objects")
    parser.add_argument("words", nargs="*")
    given = parser.parse_args()
    given.machine = given.machine or ["x86_64"]
    given.profile = ["--profile", given.profile] if given.profile else ["--profile", "sections"] if given.random else []
    checker = Checker(given)
    return checker.random_links() if given.random else checker.given_link()


if __name__ == "__main__":
    sys.exit(main())
