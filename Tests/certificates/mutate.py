#!/usr/bin/env python3
"""Bends certificates, and counts those that the checker accepts all the same: mutate.py CERTIFICATES SCRIPT... [--count N]

Each bent certificate differs from the true one in one or two places: a number, a name, a place, a step, a proof is changed,
left out, doubled, or exchanged with another. None may be accepted: exit status 1 says that one was."""
import copy
import json
import random
import sys

import check


def paths(value, path=()):
    """The places of everything in a document."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, path + (key,))


def other(value, chance):
    """A value of the same kind, or none."""
    if chance.random() < 0.05:
        return None
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 2, 100])
    if isinstance(value, str) and value.startswith("0x"):
        number = int(value, 16)
        return hex(chance.choice([number ^ 1 << chance.randrange(64), number + 1, number >> 1, number * 2 + 1, 0, 1 << 21]))
    if isinstance(value, str):
        at = chance.randrange(len(value) + 1)
        words = ["always-holds", "never-holds", "kept", "may-be-dropped", "set", "provide", "absolute", "plain", "inputs"]
        return chance.choice([value[:at] + "x" + value[at:], value[:at] + value[at + 1:], chance.choice(words)])
    return chance.choice([[], {}, 0, "0x0"])


def bend(document, chance, places):
    """Changes one thing."""
    path = chance.choice(places)
    try:
        holder = document
        for key in path[:-1]:
            holder = holder[key]
        key, kind = path[-1], chance.randrange(5)
        if kind == 0:
            del holder[key]
        elif kind == 1 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == 2 and isinstance(holder, list):
            to = chance.randrange(len(holder))
            holder[key], holder[to] = holder[to], holder[key]
        else:
            holder[key] = other(holder[key], chance)
    except (LookupError, TypeError, ValueError):
        # The first of two changes took away what the second would change.
        pass


def main(arguments):
    count = 10000
    if "--count" in arguments:
        at = arguments.index("--count")
        count = int(arguments[at + 1])
        del arguments[at:at + 2]
    sys.setrecursionlimit(20000)
    with open(arguments[0], encoding="utf-8") as file:
        certificates = json.load(file)["certificates"]
    subjects = []
    for path, certificate in zip(arguments[1:], certificates):
        if certificate["proofs"]:
            with open(path, encoding="utf-8", errors="replace") as file:
                derived = check.derive(file.read())
            check.compare(certificate, derived)
            # What is not claimed is not bent: the name of the file, and proofs that are said to have no certificate.
            claims = [path for path in paths(certificate) if path[0] not in ("script", "uncertified")]
            subjects.append((certificate, derived, claims))
    chance, tried, accepted = random.Random(1), 0, []
    while subjects and tried < count:
        certificate, derived, places = subjects[tried % len(subjects)]
        bent = copy.deepcopy(certificate)
        for _ in range(chance.choice([1, 1, 2])):
            bend(bent, chance, places)
        if bent == certificate:
            continue
        tried += 1
        try:
            check.compare(bent, derived)
            accepted.append(bent)
        except (check.Refused, LookupError, TypeError, ValueError, AttributeError):
            pass
    print("%d certificates of %d scripts bent, %d accepted" % (tried, len(subjects), len(accepted)))
    return 1 if accepted or not tried else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
