#!/usr/bin/env python3
"""Checks what `lds-check lint --certificates` wrote: check.py CERTIFICATES SCRIPT... [--linker bfd@2.47]

SCRIPT is the text that the linker reads (`lds-check parse --expand` prints it), one for each certificate, in order. It is
parsed here; each claim is derived again, from the claims before it, by the rule of its statement, and compared. What
cannot be derived is refused: exit status 1. The linker is the one that you want to know about, whatever the file says.
The code is apart from lds-check's, but its rules were written from the same reading of ld: it finds slips in a proof, not
what both misread. ProofSoundnessTests hold proofs against the real linker for that.
Documentation/certificates.md says what an accepted certificate proves, and what not."""
import json
import re
import sys

from domain import PLACES, Refused, need
from layout import Walk
from script import Parser

PREMISES = [
    "no address wraps around because of the contents or the alignment of sections",
    "the linker's command line sets no symbol and no address, keeps orphan sections, and asks for a final link",
    "input sections have the flags that their names promise"]


def verdict(ways):
    zeros = {way[1].zero() for way in ways if isinstance(way, tuple)}
    if len(zeros) != 1 or None in zeros or "invalid" in ways:
        return "depends"
    return "never-holds" if zeros == {True} else "always-holds"


class Claims:
    """Puts what was derived into the form of a certificate, its places in the order of first mention."""

    def __init__(self):
        self.places, self.ids = [], {}

    def place(self, index):
        if index in self.ids:
            return self.ids[index]
        place = PLACES[index]
        parent = None if place.parent is None else self.place(place.parent)
        self.ids[index] = len(self.places)
        self.places.append(dict(place=len(self.places), rule=place.rule, about=place.about, parent=parent,
                                distance=hex(place.distance), mask=hex(place.mask), bits=hex(place.bits),
                                least=hex(place.least), most=hex(place.most)))
        return self.ids[index]

    def number(self, number):
        if number.exact() is not None:
            return dict(plus=hex(number.least))
        if not number.form:
            return dict(mask=hex(number.mask), bits=hex(number.bits), least=hex(number.least), most=hex(number.most))
        terms = [[self.place(place), factor] for place, factor in number.form[1]]
        return dict(plus=hex(number.form[0]), places=terms)

    def way(self, way):
        if isinstance(way, str):
            return way
        kind = {"kind": way[0]} if isinstance(way[0], str) else {way[0][0]: way[0][1]}
        return dict(kind, offset=self.number(way[1]), address=self.number(way[2]))


def rule(step, sections):
    kind = step["kind"]
    if kind == "set":
        return "set " + step["name"], "provide" if step["provide"] else "set"
    if kind not in ("enter", "leave"):
        return kind, kind
    section = sections[step["section"]]
    name = "%s %s" % (kind, section["name"])
    if section["discard"]:
        return name, "discard"
    if kind == "enter":
        return name, "at-address" if section["address"] is not None else "in-region"
    marks = ["kept" if section["kept"] else "may-be-dropped", "extended" if section["extended"] else "",
             "thread-local" if section["thread"] else "", "" if section["allocated"] else "not-allocated"]
    return name, " ".join(mark for mark in marks if mark)


def derive(text, linker="bfd@2.47"):
    """All that follows from the text of a script, in the form of a certificate."""
    del PLACES[:]
    need(re.fullmatch(r"bfd@2\.(3[6-9]|4[0-7])", linker), "no rules for " + linker)
    script = Parser(text)
    old = int(linker[6:]) < 41 and [name for name in script.names if re.fullmatch("[a-fA-F][0-9a-fA-F]*[oObBdD]", str(name))]
    need(not old, "a number with a letter: %s" % old)
    walk, claims, steps, proofs = Walk(script, int(linker[6:]) >= 44), Claims(), [], []
    for index, step in enumerate(walk.steps):
        does, why = rule(step, walk.sections)
        results = walk.results.get(index, [])
        derived = dict(step=index, does=does, rule=why, sizing=claims.number(walk.sizing[index]),
                       final=claims.number(walk.dots[index]))
        ways = [claims.way(way) for way in results]
        derived["value"] = [way for at, way in enumerate(ways) if way not in ways[:at]]
        steps.append(derived)
        for message, ways in walk.asserted.get(index, []):
            if verdict(ways) != "depends":
                proofs.append(dict(step=index, message=message, verdict=verdict(ways)))
    return dict(linker=linker, premises=PREMISES, places=claims.places, steps=steps, proofs=proofs)


def compare(certificate, derived):
    """The number of proofs of a certificate each claim of which was derived; refuses any other."""
    claims = dict(certificate)
    for name in ("script", "uncertified"):
        need(name in claims, "no " + name)
        del claims[name]
    need(set(claims) == set(derived), "other members: %s" % sorted(claims))
    for name, derived in derived.items():
        if claims[name] == derived:
            continue
        if isinstance(derived, list) and isinstance(claims[name], list):
            for pair in zip(derived, claims[name]):
                need(pair[0] == pair[1], "%s\n  derived: %s\n  claimed: %s" % ((name,) + pair))
            raise Refused("%d %s derived, %d claimed" % (len(derived), name, len(claims[name])))
        raise Refused("%s is %s, wanted is %s" % (name, claims[name], derived))
    return len(claims["proofs"])


def check(text, certificate, linker="bfd@2.47"):
    """The number of proofs that are accepted; a `Refused` says why none is."""
    try:
        if not (certificate["proofs"] or certificate["steps"] or certificate["places"]):
            return 0
        return compare(certificate, derive(text, linker))
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused("%s: %s" % (type(error).__name__, error))


def main(arguments):
    linker = "bfd@2.47"
    if "--linker" in arguments:
        at = arguments.index("--linker")
        linker = arguments[at + 1]
        del arguments[at:at + 2]
    if len(arguments) < 2:
        print(__doc__)
        return 2
    sys.setrecursionlimit(20000)
    with open(arguments[0], encoding="utf-8") as file:
        certificates = json.load(file)["certificates"]
    if len(certificates) != len(arguments) - 1:
        print("refused: %d certificates for %d scripts" % (len(certificates), len(arguments) - 1))
        return 1
    refused = 0
    for path, certificate in zip(arguments[1:], certificates):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        try:
            print("%s: %d proofs accepted" % (path, check(text, certificate, linker)))
        except Refused as error:
            print("%s: refused: %s" % (path, error))
            refused += 1
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
