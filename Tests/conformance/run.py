#!/usr/bin/env python3
"""Linker script conformance: what a linker makes of each case, beside what releases of GNU ld and lld make of it.

  run.py --linker PROGRAM --like bfd@2.40 [SUITE...]     compares; status 1 if an answer differs
  run.py --linker PROGRAM --column NAME [SUITE...]       prints the answers as one more column, to be pasted into a table
  run.py --tool LDS-CHECK --linker LD --like bfd@2.40    the verdicts of lds-check over an image that LD links

A suite is a table: place, text, one answer a linker. A case is one link. README.md says what the answers mean.
"""
import argparse, collections, json, os, re, shlex, shutil, subprocess, sys, tempfile
import objects

HERE = os.path.dirname(os.path.abspath(__file__))
SUITES = ["gnu", "lld", "syntax", "orphans"]
# What lint says of a text that it reads as a preprocessor would, and that the linker does not read.
REFUSAL = "the linker refuses:"
# What eval says of objects that the linker makes no image of.
STOPS = ["the linker would stop", "the linker would make no image", "no such file", "is a folder, not a file"]
INCLUDED = {"inc.ld": "incsym = 1;\n", "incmid.ld": ".inc : { BYTE(1) }\n", "incin.ld": "*(.inc) incsym = .;\n"}


def cases(suite):
    """The rows of a table: {"place", "text", linker: answer}."""
    keys = None
    with open(os.path.join(HERE, suite + ".tsv")) as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if line.startswith("# place"):
                keys = ["place", "text"] + fields[2:]
            elif not line.startswith("#"):
                yield dict(zip(keys, fields))


def script(suite, case):
    """The script of a case: the template of its suite with the text at its place."""
    place, text = case["place"], case["text"]
    head = ""
    if suite in ("gnu", "lld"):
        inside = place.split("-")[-1] in ("in", "first")
        if place.startswith("assert"):
            condition = text[7:-1] if text.startswith("ASSERT(") else text
            text = 'ASSERT(%s, "AFAIL")%s' % (condition, ";" if inside else "")
        elif place != "defsym":
            text = "r = %s;" % text
        if "sane" in place:
            head = 'LD_FEATURE("SANE_EXPR")'
        place = place.replace("assert-", "").replace("sane-", "")
    elif place in ("tail", "head", "after", "mid") and re.search(r"\bR\b", text):
        head = "MEMORY { R (rwx) : ORIGIN = 0x400000, LENGTH = 16M }"
    if suite == "syntax" and place in ("tail", "mid") and re.search(r":\s*t\b", text):
        head += "PHDRS { t PT_LOAD; }"
    with open(os.path.join(HERE, suite + ".lds")) as file:
        result = file.read()
    fills = {"HEAD": "0x401000" if suite == "syntax" else head, place.upper(): text}
    result = re.sub("@([A-Z0-9]+)@", lambda hit: fills.get(hit.group(1), ""), result)
    return head + "\n" + result if suite == "syntax" else result


def answer(linker, suite, case, folder):
    """What the linker makes of a case, in the words of the tables."""
    path = lambda name: os.path.join(folder, name)
    for name in ("out", "map"):
        if os.path.exists(path(name)):
            os.unlink(path(name))
    command = [linker, "-m", "elf_x86_64", "-z", "noexecstack", "-T", "S", "-o", "out"]
    if suite == "orphans":
        data = json.loads(case["text"])
        text, names = data["script"], ["%d.o" % index for index in range(len(data["objects"]))]
        for index, sections in enumerate(data["objects"]):
            objects.write(path(names[index]), sections, index == 0)
        command += ["-Map", "map", "--noinhibit-exec"] + names
    else:
        text = script(suite, case)
        command += [os.path.join(HERE_OBJECT, "setup.o")]
        if suite == "syntax":
            command += ["--defsym", "needme=0", "--defsym", "needhid=0"]
        if case["place"] == "defsym":
            command += ["--defsym", "r=" + case["text"]]
    with open(path("S"), "w") as file:
        file.write(text)
    for name, included in INCLUDED.items():
        with open(path(name), "w") as file:
            file.write(included)
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    if suite == "orphans":
        is_gnu = os.path.exists(path("map")) and open(path("map"), errors="replace").read(4096).find("Linker script and memory map") >= 0
        order = objects.map_names(path("map")) if is_gnu else objects.section_names(path("out")) if os.path.exists(path("out")) else []
        return " ".join(order) or "refused"
    if run.returncode < 0:
        return "crash"
    if suite == "syntax":
        return "accepted" if run.returncode == 0 else "refused"
    if case["place"].startswith("assert"):
        lines = [line for line in run.stderr.splitlines() if not line.endswith("AFAIL")]
        bad = [line for line in lines if "warning" not in line and "ignoring" not in line and not line.startswith(">>>")]
        if len(lines) < len(run.stderr.splitlines()) and not bad:
            return "fail"
        return "pass" if run.returncode == 0 else "refused"
    if run.returncode:
        return "refused"
    listing = subprocess.run(["nm", "out"], cwd=folder, capture_output=True, text=True).stdout
    values = [row.split()[0] for row in listing.splitlines() if row.split()[-1] == "r"]
    return hex(int(values[0], 16)) if values else "none"


def ask(tool, command, arguments, folder):
    """The status of a command of lds-check, and its findings."""
    run = subprocess.run([tool, command, "--format", "json"] + arguments, cwd=folder, capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout) if run.stdout and command != "parse" else {}


def verdict(tool, linker, suite, case, folder, like):
    """What lds-check makes of a case over the image of the bare script; None where it leaves the answer open."""
    path = lambda name: os.path.join(folder, name)
    with open(path("S.lds"), "w") as file:
        file.write(script(suite, case))
    for name, included in INCLUDED.items():
        with open(path(name), "w") as file:
            file.write(included)
    if ask(tool, "parse", ["--linker", like, "S.lds"], folder)[0] == 2:
        return "refused"
    status, result = ask(tool, "lint", ["--linker", like, "S.lds"], folder)
    if status == 2 or any(row["rule"] == "linker-refusal" or REFUSAL in str(row) for row in result["findings"]):
        return "refused"
    # The image of the case itself, without the value that is asked for; that of the bare script where there is none.
    made = answer(linker, suite, case, folder) not in ("refused", "crash") and os.path.exists(path("out"))
    if made:
        subprocess.run(["objcopy", "-N", "r", "out", "own.elf"], cwd=folder, stderr=subprocess.DEVNULL)
    else:
        shutil.copy(os.path.join(HERE_OBJECT, suite + ".elf"), path("own.elf"))
    # The command of the link, and all objects that it names.
    shutil.copy(os.path.join(HERE_OBJECT, "setup.o"), path("setup.o"))
    words = ["ld.lld" if like.startswith("lld") else "ld", "-m", "elf_x86_64", "-z", "noexecstack", "-T", "S.lds", "-o", "own.elf", "setup.o"]
    if suite == "syntax":
        words += ["--defsym", "needme=0", "--defsym", "needhid=0"]
    if case["place"] == "defsym":
        words += ["--defsym", "r=" + case["text"]]
    with open(path("link.cmd"), "w") as file:
        file.write(" ".join(shlex.quote(word) for word in words) + "\n")
    # The link that is to come: eval lays it out from the objects.
    if not made:
        words = [tool, "eval", "--linker", like, "--link-command", "link.cmd", "S.lds", "setup.o"]
        said = subprocess.run(words, cwd=folder, capture_output=True, text=True).stderr
        if any(stop in said for stop in STOPS):
            return "refused"
        if suite == "syntax" and "cannot be laid out" in said:
            return None
    status, result = ask(tool, "eval", ["--linker", like, "--link-command", "link.cmd", "S.lds", "own.elf", "setup.o"], folder)
    if status == 2:
        return "refused"
    if case["place"].startswith("assert"):
        word = [row for row in result["assertions"] if row["message"] == "AFAIL"][-1]["verdict"]
        return {"holds": "pass", "fails": "fail"}.get(word)
    rows = [row for row in result["assignments"] if row["symbol"] == "r"]
    if any(row["refused"] for row in rows) or any(row["verdict"] == "fails" for row in result["assertions"]):
        return "refused"
    if suite == "syntax":
        return "accepted"
    return rows[-1]["value"] if rows else None


def main():
    global HERE_OBJECT
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE")
    parser.add_argument("--linker", required=True)
    parser.add_argument("--tool")
    parser.add_argument("--like")
    parser.add_argument("--column")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    # Cases run in folders of their own.
    if options.tool and os.sep in options.tool: options.tool = os.path.abspath(options.tool)
    if os.sep in options.linker: options.linker = os.path.abspath(options.linker)
    if not options.like and not options.column:
        parser.error("--like or --column says what to do with the answers")
    differs = False
    with tempfile.TemporaryDirectory() as HERE_OBJECT:
        subprocess.run(["as", "--64", os.path.join(HERE, "setup.s"), "-o", os.path.join(HERE_OBJECT, "setup.o")], check=True)
        for suite in options.suites or SUITES:
            rows = [row for row in cases(suite) if not options.like or options.like in row]
            if options.tool and suite != "orphans":
                bare = {"place": "none", "text": ""} if suite == "syntax" else {"place": "top", "text": "0"}
                answer(options.linker, suite, bare, HERE_OBJECT)
                os.rename(os.path.join(HERE_OBJECT, "out"), os.path.join(HERE_OBJECT, suite + ".elf"))
            elif options.tool:
                continue
            tally = collections.Counter()
            for row in rows:
                with tempfile.TemporaryDirectory() as folder:
                    found = verdict(options.tool, options.linker, suite, row, folder, options.like) if options.tool else answer(options.linker, suite, row, folder)
                if options.column:
                    print("\t".join([row["place"], row["text"], found]))
                    continue
                wanted = row[options.like]
                same = found == wanted or options.tool and (wanted, found) in (("refused", "fail"), ("crash", "refused"), ("crash", "fail"))
                tally["undecided" if found is None else "same" if same else "other"] += 1
                if not same and (found is not None or options.verbose):
                    print("%s %s %s: %s, %s has %s" % (suite, row["place"], row["text"][:400], found, options.like, wanted))
            if options.like and rows:
                print("%s: %d cases, %d as %s has it, %d otherwise%s" % (
                    suite, len(rows), tally["same"], options.like, tally["other"],
                    ", %d undecided" % tally["undecided"] if options.tool else ""))
            differs = differs or tally["other"] > 0
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
