"""A linker script as a list of statements, each with the output section around it. Nothing here is lds-check's."""
import re

from domain import BINARY, LEVELS, M, Num, Refused, binary, need, unary

ASSIGN = ("=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^=")
FUNCTIONS = ("SIZEOF", "ADDR", "LOADADDR", "ALIGNOF", "DEFINED", "CONSTANT", "ORIGIN", "LENGTH", "ABSOLUTE", "NEXT",
             "LOG2CEIL", "DATA_SEGMENT_END", "ALIGN", "BLOCK", "MAX", "MIN", "DATA_SEGMENT_ALIGN",
             "DATA_SEGMENT_RELRO_END", "ASSERT", "SEGMENT_START")
UNITS = {"BYTE": 1, "SHORT": 2, "LONG": 4, "QUAD": 8, "SQUAD": 8}
# The segments whose start an option of GNU ld sets (lexsup.c).
SEGMENTS = ("text", "data", "bss", "text-segment", "rodata-segment", "ldata-segment")


class Parser:
    WORD = re.compile(r'"[^"\n]*"|(?:[\w./$~\\*?\[\]^!]|[-+:](?![=\s{]))+')
    TERM = re.compile(r'"[^"\n]*"|0[xX][0-9a-fA-F]+[kKmM]?|[0-9]+[kKmM]?(?![\w.$])|[A-Za-z_.$\\][\w.$\\]*')
    MARK = re.compile(r'(?!/DISCARD/)(?:<<=|>>=|[-+*/&|^]=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!?:(),<>=;{}])')

    def __init__(self, text):
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        self.text = re.sub(r"(?m)^#.*$", "", text)
        self.at, self.steps, self.sections, self.regions, self.aliases, self.inputs = 0, [], [], {}, {}, []
        self.names = {}
        while self.skip() < len(self.text):
            self.statement()

    def skip(self):
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at

    def take(self, pattern):
        found = pattern.match(self.text, self.skip())
        need(found, "cannot read " + repr(self.text[self.at:self.at + 30]))
        self.at = found.end()
        return found.group()

    def peek(self, *marks):
        found = self.MARK.match(self.text, self.skip())
        return bool(found) and found.group() in marks

    def eat(self, mark):
        if self.peek(mark):
            self.take(self.MARK)
            return True
        return False

    def want(self, mark):
        need(self.eat(mark), "%r is missing before %r" % (mark, self.text[self.at:self.at + 30]))

    def word(self):
        return self.take(self.WORD).strip('"')

    def next_word(self):
        found = self.WORD.match(self.text, self.skip())
        return found.group() if found else ""

    def group(self):
        """Passes over a group in parentheses or braces."""
        self.take(self.MARK)
        while not self.peek(")", "}"):
            if self.peek("(", "{"):
                self.group()
            else:
                self.skip()
                found = self.WORD.match(self.text, self.at) or self.MARK.match(self.text, self.at)
                self.at = found.end() if found else self.at + 1
            need(self.skip() < len(self.text), "a group has no end")
        self.take(self.MARK)

    # Expressions: (operator, operands...), or ("number", n); GNU ld folds operators over numbers while it parses.
    def node(self, kind, *parts):
        if all(isinstance(part, tuple) and part[0] == "number" for part in parts):
            values = [part[1] for part in parts]
            if len(values) == 1 and kind in ("u-", "u!", "u~", "u+", "LOG2CEIL"):
                return ("number", unary(kind, Num(values[0])).exact())
            if len(values) == 2 and kind in BINARY:
                result = binary(kind, Num(values[0]), Num(values[1]))
                need(result is not None, "a division by zero")
                return ("number", result.exact())
            if len(values) == 3 and kind == "?":
                return parts[1] if values[0] else parts[2]
        return (kind,) + parts

    def expression(self, level=-1):
        if level == -1:
            test = self.expression(0)
            if not self.eat("?"):
                return test
            first = self.expression()
            self.want(":")
            return self.node("?", test, first, self.expression())
        if level == len(LEVELS):
            return self.prefix()
        left = self.expression(level + 1)
        while self.peek(*LEVELS[level]):
            operator = self.take(self.MARK)
            left = self.node(operator, left, self.expression(level + 1))
        return left

    def prefix(self):
        for mark in ("-", "!", "~", "+"):
            if self.eat(mark):
                return self.node("u" + mark, self.prefix())
        if self.eat("("):
            inner = self.expression()
            self.want(")")
            return inner
        term = self.take(self.TERM)
        if term[0].isdigit():
            scale = {"k": 1 << 10, "m": 1 << 20}.get(term[-1].lower(), 1)
            digits = term if scale == 1 else term[:-1]
            base = 16 if digits[:2].lower() == "0x" else 8 if digits[0] == "0" else 10
            return ("number", int(digits, base) * scale & M)
        need(not re.fullmatch(r"[$a-fA-F][0-9a-fA-F]*[hHxX]?", term) or term[-1] not in "hHxX" and term[0] != "$",
             "a number with a letter: " + term)
        if term == ".":
            return ("dot",)
        name = term.strip('"')
        if name == "SIZEOF_HEADERS":
            return ("headers",)
        if term[0] == '"' or name not in FUNCTIONS:
            self.names.setdefault(name, "object")
            return ("symbol", name)
        self.want("(")
        if name in ("SIZEOF", "ADDR", "LOADADDR", "ALIGNOF", "DEFINED", "CONSTANT", "ORIGIN", "LENGTH"):
            node = (name, self.word())
            if name == "CONSTANT":
                self.names.setdefault(node, "page-size")
        elif name in ("ABSOLUTE", "NEXT", "LOG2CEIL", "DATA_SEGMENT_END"):
            node = self.node(name, self.expression())
        elif name in ("ALIGN", "BLOCK", "MAX", "MIN", "DATA_SEGMENT_ALIGN", "DATA_SEGMENT_RELRO_END"):
            node = [self.expression()]
            if self.eat(","):
                node.append(self.expression())
            name = "ALIGN" if name == "BLOCK" else name
            node = self.node(name if len(node) > 1 else "NEXTALIGN", *node)
        elif name == "SEGMENT_START":
            segment = self.word()
            self.want(",")
            node = ("REPLACEABLE" if segment in SEGMENTS else "ABOVE", self.expression())
        elif name == "ASSERT":
            node = (name, self.expression())
            self.want(",")
            node += (self.word(),)
        else:
            raise Refused("no rule for " + name)
        self.want(")")
        return node

    def add(self, kind, inside, **more):
        self.steps.append(dict(more, kind=kind, inside=inside))

    def assignment(self, name, inside, provide=False):
        operator = self.take(self.MARK)
        need(operator in ASSIGN, "no assignment: " + name)
        value = self.expression()
        if operator != "=":
            value = self.node(operator[:-1], ("dot",) if name == "." else ("symbol", name), value)
        self.add("move" if name == "." else "set", inside, name=name, value=value, provide=provide)

    def simple(self, word, inside):
        """An assignment or ASSERT; whether it was one."""
        if word in ("PROVIDE", "PROVIDE_HIDDEN", "HIDDEN") and self.eat("("):
            self.assignment(self.word(), inside, word != "HIDDEN")
            self.want(")")
        elif word == "ASSERT" and self.eat("("):
            condition = self.expression()
            self.want(",")
            self.add("assert", inside, value=condition, message=self.word())
            self.want(")")
        elif self.peek(*ASSIGN):
            self.assignment(word, inside)
        else:
            return False
        return True

    def statement(self):
        if self.eat(";") or self.eat(","):
            return
        word = self.word()
        if word == "SECTIONS" and self.eat("{"):
            while not self.eat("}"):
                if not (self.eat(";") or self.eat(",")):
                    self.between(self.word())
        elif word == "MEMORY" and self.eat("{"):
            while not self.eat("}"):
                self.region()
        elif word == "REGION_ALIAS" and self.eat("("):
            alias = self.word()
            self.want(",")
            self.aliases[alias] = self.word()
            self.want(")")
        elif word in ("PHDRS", "VERSION"):
            self.group()
        elif word in ("FORCE_COMMON_ALLOCATION", "INHIBIT_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION"):
            return
        elif word in ("OUTPUT_ARCH", "ENTRY", "EXTERN", "SEARCH_DIR", "TARGET", "NOCROSSREFS", "INPUT", "GROUP",
                      "OUTPUT", "STARTUP"):
            self.group()
        elif word == "OUTPUT_FORMAT":
            start = self.skip()
            self.group()
            need("pe" not in [name.strip('("')[:2] for name in self.text[start:self.at].split()], "a PE image")
            need(not re.search(r'[("\s,]pei?-', self.text[start:self.at]), "a PE image")
        else:
            need(self.simple(word, None), "no rule for " + word)

    def region(self):
        name = self.word()
        if self.peek("("):
            self.group()
        self.want(":")
        parts = []
        for words in (("ORIGIN", "org", "o"), ("LENGTH", "len", "l")):
            need(self.take(self.TERM) in words, "a region without origin or length")
            self.want("=")
            parts.append(self.expression())
            self.eat(",")
        self.regions.setdefault(name, parts)

    def between(self, word):
        if word in ("ENTRY",):
            return self.group()
        need(word not in ("OVERLAY", "INCLUDE", "INSERT", "GROUP", "CLASS"), "no rule for " + word)
        if self.simple(word, None):
            return
        index = len(self.sections)
        section = dict(name=word, address=None, type="", align=None, subalign=None, load=None, region=None, load_region=None)
        if not self.peek(":"):
            types = re.compile(r"\(\s*(NOLOAD|DSECT|COPY|INFO|OVERLAY|READONLY|TYPE)\b")
            if not types.match(self.text, self.skip()):
                section["address"] = self.expression()
            if self.peek("("):
                section["type"] = types.match(self.text, self.at).group(1)
                self.group()
        self.want(":")
        while not self.eat("{"):
            word = self.word()
            if word in ("AT", "ALIGN", "SUBALIGN"):
                self.want("(")
                section["load" if word == "AT" else word.lower()] = self.expression()
                self.want(")")
            else:
                need(word == "ALIGN_WITH_INPUT", "no rule for " + word)
        section["enter"], section["body"] = len(self.steps), []
        self.sections.append(section)
        self.add("enter", None, section=index)
        while not self.eat("}"):
            if not (self.eat(";") or self.eat(",")):
                self.content(self.word(), index)
        self.add("leave", None, section=index)
        while True:
            if self.eat(">"):
                section["region"] = self.word()
            elif self.next_word() == "AT" and re.match(r"AT\s*>", self.text[self.at:]):
                self.word()
                self.want(">")
                section["load_region"] = self.word()
            elif self.eat(":"):
                self.word()
            elif self.eat("="):
                self.expression()
            else:
                break

    def content(self, word, index):
        if self.simple(word, index):
            self.sections[index]["body"].append(self.steps[-1])
        elif word in UNITS and self.eat("("):
            self.add("data", index, value=self.expression(), count=UNITS[word])
            self.want(")")
        elif word == "FILL":
            self.group()
        elif word in ("CONSTRUCTORS", "CREATE_OBJECT_SYMBOLS"):
            self.add("inputs", index, patterns=[])
        elif word == "KEEP" and self.eat("("):
            self.content(self.word(), index)
            self.want(")")
        else:
            need(word not in ("INCLUDE", "ASCIZ", "CLASS", "LINKER_VERSION", "REVERSE"), "no rule for " + word)
            self.pattern(word, index)
        if self.steps[-1] not in self.sections[index]["body"][-1:]:
            self.sections[index]["body"].append(self.steps[-1])

    def pattern(self, word, index):
        plain = True
        while word in ("EXCLUDE_FILE", "INPUT_SECTION_FLAGS"):
            self.group()
            self.eat("&")
            word, plain = self.word(), False
        if word.startswith("SORT") and self.peek("("):
            self.want("(")
            word = self.word()
            self.want(")")
            if word == "CONSTRUCTORS":
                return self.add("inputs", index, patterns=[])
        patterns, depth, excluded = [], 0, False
        if self.eat("("):
            depth = 1
        while depth:
            if self.eat("("):
                depth += 1
            elif self.eat(")"):
                depth -= 1
            elif not self.eat(","):
                name = self.word()
                if name == "EXCLUDE_FILE":
                    self.group()
                    excluded = True
                elif not self.peek("("):
                    patterns.append(name)
                    if plain and word == "*" and not excluded:
                        self.inputs.append(name)
                    excluded = False
        self.add("inputs", index, patterns=patterns or ["*"])
