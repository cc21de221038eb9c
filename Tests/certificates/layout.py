"""GNU ld's rules for the location counter and for expressions, as far as certificates go: ldlang.c (lang_size_sections_1,
lang_do_assignments_1) and ldexp.c (fold_binary, make_abs). Statements are walked for the sizes of sections, and then as in
the final pass, in which ASSERTs count."""
import fnmatch
import re

from domain import (M, Num, PLACES, Place, add, again, align, binary, distance, in_range, joined, know, need, position,
                    same, signed, single, subtract, unary)

THREAD = (".tbss", ".tdata", ".tcommon", ".gnu.linkonce.t")
UNLOADED = (".comment", ".debug", ".zdebug", ".stab", ".line", ".symtab", ".strtab", ".shstrtab", ".gnu.debuglto_",
            ".gnu.lto_", ".gnu.build.attributes", ".gdb_index", ".mdebug", ".ARM.attributes", ".riscv.attributes",
            ".gnu.attributes", ".SUNW", ".modinfo", ".GCC.command.line", ".gnu_debug")
LOADED = (".text", ".data", ".rodata", ".bss", ".init", ".fini", ".preinit_array", ".ctors", ".dtors", ".sdata", ".sbss",
          ".eh_frame", ".gcc_except_table", ".got", ".plt", ".ARM.exidx", ".ARM.extab", "COMMON", ".tbss", ".tdata",
          ".tcommon", ".rel", ".dyn", ".hash", ".gnu.hash", ".gnu.version", ".interp", ".igot", ".iplt", ".glue_7",
          ".vfp11_veneer", ".v4_bx", ".jcr", ".gnu.linkonce.t", ".gnu.linkonce.d", ".gnu.linkonce.r", ".gnu.linkonce.b")


def may_match(pattern, prefixes):
    literal = re.split(r"[*?\[\\]", pattern)[0]
    return any(literal.startswith(prefix) or literal != pattern and prefix.startswith(literal) for prefix in prefixes)


def keeps(value):
    """Whether `. = value` keeps an empty section: not if it may come to 0 in a form that ld lets pass."""
    if value[0] == "+" and value[1] == ("dot",):
        value = value[2] if value[2][0] in ("number", "symbol") else value
    if value[0] == "NEXTALIGN" and value[1][0] == "?":
        test, last = value[1][1], value[1][3]
        return (test, last) != (("!=", ("dot",), ("number", 0)), ("number", 1))
    return value[1] != 0 if value[0] == "number" else value[0] != "symbol"


def passes_room(value):
    """Whether `. = value` is `. = . + n`, n not 0."""
    return value[0] == "+" and value[1] == ("dot",) and value[2][0] == "number" and value[2][1] != 0


class Walk:
    """Values are (kind, offset, address, is inside): kind is "plain", "absolute", ("section", i) or ("object", name).
    What an expression comes to is a list of them; a fault of the linker is "stops", and an expression may be "invalid"."""

    def __init__(self, script, subalign_replaces):
        """`subalign_replaces`: whether SUBALIGN overrules ALIGN as well where an input section comes."""
        self.subalign_replaces = subalign_replaces
        self.script, self.sections, self.steps = script, script.sections, script.steps
        self.sane, self.final, self.symbols, self.named = False, False, {}, {}
        self.gaps, self.moves, self.filled = {}, {}, {}
        self.assigned = {step["name"] for step in self.steps if step["kind"] == "set"}
        for name, rule in script.names.items():
            if rule == "object":
                self.named[name] = position(Place("object", name)), position(Place("object", name))
            else:
                PLACES.append(Place(rule, name[1]))
                PLACES[-1].power = True
                self.named[name] = know((0, ((len(PLACES) - 1, 1),)))
        self.literal = {pattern for pattern in script.inputs if not re.search(r"[*?\[\\]", pattern)}
        self.wild = sorted(set(script.inputs) - self.literal)
        for section in self.sections:
            self.classify(section)
        # Each pass twice: how far behind a place no address wraps is known only when all statements have been seen.
        for _ in range(2):
            self.sizing = self.run()
        self.final = True
        for _ in range(2):
            self.dots = self.run()

    def takes(self, name):
        """Whether a pattern takes every input section called `name`, from every file."""
        return name in self.literal or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.wild)

    def classify(self, section):
        name, body = section["name"], section["body"]
        inputs = [step for step in body if step["kind"] == "inputs"]
        patterns = [pattern for step in inputs for pattern in step["patterns"]] + ([] if self.takes(name) else [name])
        section["discard"] = name == "/DISCARD/"
        data = any(step["kind"] == "data" for step in body)
        section["kept"] = data or any(
            step["kind"] == "set" and not step["provide"]
            or step["kind"] == "move" and keeps(step["value"])
            for step in body)
        section["extended"] = not section["discard"] and (
            not self.takes(name) or not self.takes("COMMON") and (name == ".bss" or "COMMON" in patterns))
        section["inputs"] = bool(inputs) or section["extended"]
        loaded = data and section["type"] in ("", "READONLY", "TYPE")
        section["thread"] = not loaded and any(may_match(pattern, THREAD) for pattern in patterns)
        allocated = section["type"] in ("", "READONLY", "TYPE")
        if section["address"] == ("number", 0) or any(may_match(pattern, UNLOADED) for pattern in patterns):
            allocated = allocated and data
        # A name of the author's own promises nothing; data and `. += n` make a section in memory.
        room = any(step["kind"] == "move" and passes_room(step["value"]) for step in body)
        allocated = allocated and (data or room or all(pattern.startswith(LOADED) for pattern in patterns))
        section.update(allocated=allocated, data=data, back=not allocated or name == ".comment", open=False)
        region = section["region"] and self.script.aliases.get(section["region"], section["region"])
        section["in"] = region if region in self.script.regions else None
        section["stray"] = section["in"] is None and bool(
            section["region"] or self.script.regions and section["address"] is None)

    def run(self):
        self.dot, self.pointer, self.last, self.moved, self.context = Num(0), Num(0), None, 0, None
        self.symbols = {name: (unknown(name), None) for name in self.assigned}
        if not self.final:
            for section in self.sections:
                section["open"] = False
            self.pointers = {name: Num(parts[0][1]) if parts[0][0] == "number" else lost("region", name)
                             for name, parts in self.script.regions.items()}
        self.closed, self.results, self.asserted, dots = -1, {}, {}, []
        for index, step in enumerate(self.steps):
            self.now, self.context = index, step["inside"]
            getattr(self, "do_" + step["kind"])(step)
            dots.append(self.dot)
        return dots

    def judge(self, step):
        """What the ASSERTs of a statement come to: its own, and those in its expression that no condition guards."""
        if step.get("provide"):
            return
        found = [(node[2], self.evaluate(node[1])) for node in unguarded(step["value"]) if node[0] == "ASSERT"]
        if step["kind"] == "assert":
            found.insert(0, (step["message"], self.results[self.now]))
        self.asserted[self.now] = found

    # Places
    def anywhere(self, rule, about, settled=True):
        place = Place(rule, about)
        place.settled = settled
        return position(place)

    def advanced(self, number, rule, about, mask=0, bits=0, settled=True):
        place = Place(rule, about, mask, bits, number.least)
        place.settled = settled
        if number.form:
            self.lift(place, number.form)
        return position(place)

    def lift(self, place, form):
        place.least = max(place.least, know(form).least)
        if single(form) is not None and in_range(form) and signed(form[0]) >= 0:
            place.parent, place.distance = single(form), form[0]

    def either(self, one, other, above, about):
        if same(one, other) or one.form and one.form == other.form:
            return other
        both = joined(one, other)
        place = Place("existence", about, both.mask, both.bits, min(one.least, other.least), max(one.most, other.most))
        place.settled = both.settled
        found = distance(one.form, above.form)
        if found is not None and found >= 0:
            self.lift(place, one.form)
        return position(place)

    @staticmethod
    def is_position(number):
        form = number.form
        return bool(form) and (not form[1] or single(form) is not None and not PLACES[single(form)].power)

    @staticmethod
    def extend(number):
        form = number.form
        if form and single(form) is not None and signed(form[0]) > 0:
            PLACES[single(form)].reach = max(PLACES[single(form)].reach, form[0])

    # Statements
    def orphans(self, key):
        back = self.last is None or self.sections[self.last]["back"]
        if self.final:
            before, after, forward = self.gaps[key]
            if back or not again(before, self.dot):
                self.dot = self.anywhere("orphans", self.last)
            elif after.settled:
                self.dot = after
            else:
                self.dot = self.advanced(self.dot, "orphans", self.last) if forward else self.anywhere("orphans", self.last)
            return
        together = same(self.dot, self.pointer) and not self.pointers and not back
        before = self.dot
        if together:
            self.dot = self.pointer = self.advanced(before, "orphans", self.last, settled=before.settled)
        else:
            self.dot = self.anywhere("orphans", self.last, False)
            self.pointer = self.advanced(self.pointer, "orphans", self.last, settled=self.pointer.settled)
        self.pass_regions("orphans", self.last)
        self.gaps[key] = before, self.dot, together

    def pass_regions(self, rule, about, but=None):
        for name in self.pointers:
            if name != but:
                self.pointers[name] = self.advanced(self.pointers[name], rule, about)

    def do_enter(self, step):
        index = step["section"]
        section = self.sections[index]
        self.orphans(self.now)
        address = section["address"] and self.evaluate(section["address"])
        unit = self.unit(section["align"]) if section["align"] else 1
        other = self.unit(section["subalign"]) or 1 if section["subalign"] and self.subalign_replaces else unit
        if self.final:
            section["final"] = self.dot
        else:
            section.update(before=self.dot, dropped=self.dot, open=True)
            if section["discard"]:
                section["start"] = Num(0)
            elif address is not None:
                section["start"] = self.start_at(index, address, unit)
            else:
                section["start"] = self.start_in(index, unit, other)
        self.dot = section["start"]

    def unit(self, expression):
        """The power of two to which an alignment is rounded up; None if it is not known."""
        value = self.evaluate(expression)
        exact = value[0][2].exact() if len(value) == 1 and isinstance(value[0], tuple) else None
        return None if exact is None or exact > 1 << 62 else 1 << max(exact - 1, 0).bit_length()

    def start_at(self, index, address, unit):
        section = self.sections[index]
        if len(address) > 1 or not isinstance(address[0], tuple):
            section["dropped"] = lost()
            return self.anywhere("placement", index)
        target = section["dropped"] = address[0][2]
        if unit is None:
            return self.advanced(target, "placement", index, (1 << target.zeros()) - 1)
        aligned = align(target, Num(unit))
        if aligned.settled and self.is_position(aligned):
            return aligned
        return self.advanced(target, "placement", index, aligned.mask, aligned.bits)

    def start_in(self, index, unit, other):
        section = self.sections[index]
        if section["stray"]:
            return self.anywhere("placement", index)
        current = self.pointers[section["in"]] if section["in"] else self.pointer
        if unit and not section["inputs"]:
            aligned = align(current, Num(unit))
            if aligned.settled and self.is_position(aligned):
                return aligned
        power = max(min(unit or 1, other or 1).bit_length() - 1, current.zeros())
        return self.advanced(current, "alignment", index, (1 << min(power, 63)) - 1)

    def do_leave(self, step):
        index = step["section"]
        section = self.sections[index]
        if self.final:
            unmoved = again(section["final"], section["before"]) and section["address"] is None
            if section["discard"]:
                self.dot = section["final"]
            elif unmoved or section["kept"]:
                self.dot = section["after"]
            else:
                self.dot = self.either(section["final"], section["full"], section["start"], index)
        elif section["discard"]:
            self.dot = section["after"] = section["before"]
        else:
            end = self.advanced(self.dot, "appended", index) if section["extended"] else self.dot
            full = self.advanced(section["start"], "existence", index) if section["thread"] else end
            after = full if section["kept"] else self.either(section["dropped"], full, section["start"], index)
            self.dot = after
            section.update(end=end, full=full, after=after)
            self.go_on(index, section)
        self.last, self.moved, self.closed = index, 0, index

    def go_on(self, index, section):
        """Where the region goes on behind a section."""
        if section["stray"]:
            self.pointer = self.advanced(self.pointer, "placement", index, settled=self.pointer.settled)
            return self.pass_regions("placement", index)
        old = self.pointers[section["in"]] if section["in"] else self.pointer
        plain = section["address"] is None and section["align"] is None
        sure = section["allocated"] and section["kept"] and (section["data"] or plain)
        if not sure and section["allocated"] and not section["kept"] and section["address"] is None:
            sure = same(section["before"], old) and old.settled
        new = section["after"] if sure else self.either(old, section["full"], section["start"], index)
        if any(section["load_region"] for section in self.sections):
            self.pass_regions("placement", index, section["in"])
        if section["in"]:
            self.pointers[section["in"]] = new
        else:
            self.pointer = new

    def do_inputs(self, step):
        if not self.final:
            self.filled[self.now] = self.advanced(self.dot, "inputs", self.now)
        self.dot = self.filled[self.now]

    def do_data(self, step):
        if self.final:
            self.context = None
            self.results[self.now] = self.evaluate(step["value"])
            self.judge(step)
        self.dot = add(self.dot, Num(step["count"]))
        self.extend(self.dot)

    def do_assert(self, step):
        self.read()
        if self.final:
            self.results[self.now] = self.evaluate(step["value"])
            self.judge(step)

    def read(self):
        if self.context is None and not self.final:
            self.pointer = self.dot

    def do_move(self, step):
        inside = self.context is not None
        if not inside:
            self.moved += 1
            if self.moved == (2 if self.last is None else 1):
                self.orphans(self.now)
        self.judge(step)
        ways = [self.located(way) for way in self.evaluate(step["value"])]
        self.results[self.now] = ways
        target = ways[0][2] if isinstance(ways[0], tuple) else None
        if any(not isinstance(way, tuple) or way[2].key() != target.key() for way in ways) or target is None:
            target = None
        if self.final and self.now in self.moves:
            before, aim, after = self.moves[self.now]
            if inside or aim and target and again(before, self.dot) and again(aim, target):
                self.dot = after
                return
        after = self.landing(target, inside)
        if not self.final:
            self.moves[self.now] = self.dot, target, after
            self.pointer = self.pointer if inside else after
        self.dot = after

    def landing(self, target, inside):
        if target is None:
            return self.advanced(self.dot, "move", self.now) if inside else self.anywhere("move", self.now, False)
        if target.form and target.form == self.dot.form:
            return self.dot
        if self.is_position(target) and (target.settled or not inside):
            self.extend(target)
            number = target.but(floor=None)
            if single(number.form) is not None:
                number.least = max(number.least, know(number.form).least)
            return number.tight()
        place = Place("move", self.now, target.mask, target.bits, target.least, target.most)
        place.settled = inside or target.settled
        floor = self.dot.form if inside else target.floor
        if floor:
            self.lift(place, floor)
        return position(place)

    def located(self, way):
        if isinstance(way, tuple) and way[0] == "plain" and self.context is not None:
            return self.relative(way[1], ("section", self.context))
        return way

    def constant(self, name):
        """Whether an earlier statement sets the symbol to a number."""
        at = self.symbols[name][1]
        return at is not None and self.steps[at]["value"][0] == "number"

    def do_set(self, step):
        self.read()
        name, value, before = step["name"], step["value"], []
        if not self.final and any(node == ("symbol", name) for node in nodes(value)):
            need(not any(node[0] == "?" for node in nodes(value)), "a symbol made of itself under a condition")
            # Left to the final pass, unless the symbol is an absolute one that was set in this pass (ldexp.c, etree_assign).
            old, at = self.symbols[name]
            absolute = {way[0] == "absolute" for way in old}
            if at is None or absolute == {False}:
                self.symbols[name] = unknown(name), None
                return
            before = old if len(absolute) == 2 else []
        ways = []
        for way in self.evaluate(value):
            if isinstance(way, tuple) and way[0] == "plain":
                way = self.located(way) if self.context is not None else ("absolute", way[1], way[1], False)
            ways.append(way)
        ways = merged(ways + before)
        if self.final:
            self.results[self.now] = ways
            self.judge(step)
        if step["provide"]:
            if not self.constant(name):
                self.symbols[name] = unknown(name), None
        elif ways == ["invalid"]:
            self.symbols[name] = unknown(name), None
        else:
            self.symbols[name] = ways, self.now

    # Expressions
    def base(self, kind):
        if kind[0] == "object":
            return self.named[kind[1]][1] if self.final and kind[1] in self.named else lost("symbolSection", kind[1])
        section = self.sections[kind[1]]
        return section["start"] if self.final or section["open"] else lost()

    def relative(self, offset, kind, inside=False):
        return kind, offset, add(self.base(kind), offset), inside

    def here(self, address, inside=False):
        """An address, relative to the section around it."""
        if self.context is None:
            return "absolute", address, address, False
        kind = ("section", self.context)
        return kind, subtract(address, self.base(kind)), address, inside

    def symbol(self, name):
        if name in self.assigned:
            ways = self.symbols[name][0]
        elif not self.final:
            ways = unknown(name, "symbol", "symbolSection")
        else:
            address, start = self.named[name]
            ways = [(("object", name), subtract(address, start), address, True), ("absolute", address, address, False)]
        if self.context is None:
            return ways
        return merged([("plain", way[1], way[1], False) if way[0] == "absolute" else way for way in ways])

    def number(self, value):
        return "plain" if self.context is not None else "absolute", value, value, False

    def evaluate(self, node):
        kind = node[0]
        if kind == "number":
            return [self.number(Num(node[1]))]
        if kind == "dot":
            return [self.here(self.dot, True)]
        if kind == "symbol":
            return self.symbol(node[1])
        if kind == "headers":
            return [("plain", lost("headers"), lost("headers"), False)]
        if isinstance(node[1], str):
            return self.name_call(*node)
        parts = [self.evaluate(part) for part in node[1:] if isinstance(part, tuple)]
        if kind == "?":
            return each(parts[0], lambda way: self.decided(way, parts[1], parts[2]))
        if kind == "ASSERT":
            return parts[0]
        if len(parts) == 1:
            return each(parts[0], lambda way: [self.apply(kind, way)])
        if kind in ("DATA_SEGMENT_ALIGN", "DATA_SEGMENT_RELRO_END"):
            return each(parts[0], lambda one: each(parts[1], lambda other: self.segment(kind, one, other)))
        return each(parts[0], lambda one: each(parts[1], lambda other: self.meet(kind, one, other)))

    def decided(self, way, first, second):
        zero = way[1].zero()
        causes = tuple(dict.fromkeys(("counter",) if cause[0] in ("place", "stretch") else cause for cause in way[1].causes))
        ways = merged(first + second, causes or (("counter",),)) if zero is None else second if zero else first
        if not way[1].settled:
            ways = each(ways, lambda way: [(way[0], way[1].but(settled=False), way[2].but(settled=False), way[3])])
        return ways

    def apply(self, kind, way):
        if kind == "ABSOLUTE":
            return "absolute", way[2], way[2], False
        if kind in ("REPLACEABLE", "ABOVE"):
            return self.here(lost("start") if kind == "REPLACEABLE" else way[1])
        if kind in ("DATA_SEGMENT_END", "u+"):
            return way if kind == "u+" or self.context is None else "invalid"
        if kind == "NEXTALIGN":
            return self.here(align(self.dot, way[1]), True)
        if kind == "NEXT":
            value = align(self.dot, way[2])
            return "absolute", value, value, False
        value = unary(kind, way[1])
        if kind == "LOG2CEIL":
            return "plain", value, value, False
        return self.of_kind(value, way[0])

    def segment(self, kind, one, other):
        """DATA_SEGMENT_ALIGN: the next page and, unless -z relro is in force, the offset in it that the counter has."""
        if self.context is not None:
            return ["invalid"]
        parts = [node[0] for step in self.steps if "value" in step for node in nodes(step["value"])]
        size = one[2].exact()
        sure = parts.count("DATA_SEGMENT_ALIGN") == 1 and "DATA_SEGMENT_END" not in parts
        if kind == "DATA_SEGMENT_ALIGN" and sure and "DATA_SEGMENT_RELRO_END" not in parts and size:
            page = align(self.dot, Num(size))
            moved = add(page, binary("&", self.dot, Num(size - 1)))
            return merged([("absolute", page, page, False), ("absolute", moved, moved, False)])
        relative = "plain" if kind != "DATA_SEGMENT_ALIGN" and other[0] == "plain" else "absolute"
        return [(relative, lost("segment"), lost("segment"), False)]

    def of_kind(self, value, kind):
        return (kind, value, value, False) if isinstance(kind, str) else self.relative(value, kind)

    def meet(self, kind, one, other):
        """An operator between two values: which numbers meet, and what the result is relative to."""
        sections = [isinstance(way[0], tuple) for way in (one, other)]
        plain = [way[0] == "plain" for way in (one, other)]
        offsets, addresses = (one[1], other[1], one[0], False), (one[2], other[2], "absolute", False)
        if all(sections):
            use = offsets[:2]
            if one[1].exact() is None or other[1].exact() is None:
                if kind in ("-", "==", "!=") or kind in ("<", ">", "<=", ">=") and one[3] and other[3]:
                    use = addresses[:2]
            alike = use + (one[0], False)
            unclear = one[0] != other[0] and "object" in (one[0][0], other[0][0])
            pairs = [alike] if one[0] == other[0] else [alike, addresses] if unclear else [addresses]
        elif one[0] == other[0]:
            pairs = [offsets]
        elif any(plain):
            pairs = [(one[1], other[1], other[0] if plain[0] else one[0], True)]
        else:
            pairs = [addresses]
        return merged([self.result(kind, pair, one, other) for pair in pairs])

    def result(self, kind, pair, one, other):
        value = binary(kind, pair[0], pair[1])
        if value is None:
            return "stops"
        if kind in ("MAX", "MIN", "ALIGN"):
            return self.of_kind(value, pair[2])
        own = pair[2] if pair[3] else "absolute" if self.context is None else "plain"
        own = "plain" if kind in ("&&", "||", "==", "!=", "<", ">", "<=", ">=") else own
        if isinstance(own, tuple) and (kind == "+" or kind == "-" and other[0] == "plain"):
            return own, value, (add if kind == "+" else subtract)(one[2], other[2]), False
        return self.of_kind(value, own)

    def name_call(self, kind, name):
        if kind == "DEFINED":
            sure = name in self.assigned and self.symbols[name][1] is not None
            value = Num(1) if sure else lost("defined", name).but(most=1).tight()
            return [("plain", value, value, False)]
        if kind == "CONSTANT":
            need(name in ("MAXPAGESIZE", "COMMONPAGESIZE"), "no such constant: " + name)
            return [("plain", self.named[kind, name], self.named[kind, name], False)]
        if kind in ("ORIGIN", "LENGTH"):
            return self.region(kind, self.script.aliases.get(name, name))
        found = [index for index, section in enumerate(self.sections) if section["name"] == name]
        if not found or kind == "ALIGNOF":
            need(kind != "ADDR", "the address of an unknown section")
            value = lost("alignment" if found else "existence", name)
            return [("absolute" if kind == "LOADADDR" else "plain", value, value, False)]
        index = found[0]
        if kind in ("ADDR", "LOADADDR") and not self.final and index > self.closed:
            return [("absolute", lost("later", name), lost("later", name), False)]
        if kind == "ADDR":
            return [self.relative(Num(0), ("section", index))]
        section = self.sections[index]
        if kind == "LOADADDR":
            if section["load"]:
                return each(self.evaluate(section["load"]), lambda way: [("absolute", way[2], way[2], False)])
            loads = any(section["load"] or section["load_region"] for section in self.sections)
            value = lost("load", name) if loads else section["start"]
            return [("absolute", value, value, False)]
        value = lost("size", name)
        if self.final or index <= self.closed:
            value = Num(0) if section["discard"] else subtract(section["end"], section["start"])
        return [("plain", value, value, False)]

    def region(self, kind, name):
        if name not in self.script.regions:
            value = Num(0 if kind == "ORIGIN" else M)
            ways = [("plain", value, value, False)]
        else:
            kept = self.context, self.dot
            self.context, self.dot = None, Num(0)
            ways = self.evaluate(self.script.regions[name][kind == "LENGTH"])
            self.context, self.dot = kept
        if kind == "ORIGIN":
            return each(ways, lambda way: [self.here(way[2])])
        return each(ways, lambda way: [("plain", way[2], way[2], False)])


def nodes(node):
    yield node
    for part in node[1:]:
        if isinstance(part, tuple):
            yield from nodes(part)


def unguarded(node):
    """The parts of an expression, operands before operators, but for those under a condition."""
    if node[0] != "?":
        for part in node[1:]:
            if isinstance(part, tuple):
                yield from unguarded(part)
        yield node


def lost(*cause):
    """A number of which nothing is known, for want of something."""
    return Num(settled=False, causes=(cause or ("counter",),))


def unknown(name, cause="unsettled", kind="unsettled"):
    address = lost(cause, name)
    return [(("object", name), lost(kind, name), address, False), ("absolute", address, address, False)]


def key(way):
    return way if isinstance(way, str) else (way[0], way[1].key(), way[2].key(), way[3])


def merged(ways, causes=(("context",),)):
    """The ways, each once; of too many only the kinds are kept."""
    seen = {}
    for way in ways:
        seen.setdefault(key(way), way)
    ways = list(seen.values())
    if len(ways) <= 8:
        return ways
    kinds = dict.fromkeys(["plain"] + [way[0] for way in ways if isinstance(way, tuple)])
    need(len(kinds) <= 8, "too many ways")
    number = Num(settled=False, causes=causes)
    return [(kind, number, number, False) for kind in kinds] + (["invalid"] if "invalid" in ways else [])


def each(ways, transform):
    return merged([new for way in ways for new in (transform(way) if isinstance(way, tuple) else [way])])
