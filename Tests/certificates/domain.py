"""Numbers of which something is known whatever the objects: sums of places, bits, bounds. Nothing here is lds-check's."""

M = (1 << 64) - 1
LEVELS = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<", ">", "<=", ">="], ["<<", ">>"], ["+", "-"],
          ["*", "/", "%"]]


class Refused(Exception):
    pass


def need(condition, why):
    if not condition:
        raise Refused(why)


class Num:
    def __init__(self, value=None, **known):
        self.form, self.mask, self.bits, self.least, self.most, self.settled, self.floor = None, 0, 0, 0, M, True, None
        # What it depends on: two numbers of which the same is known are alike only if they depend on the same.
        self.causes = ()
        if value is not None:
            self.form, self.mask, self.bits, self.least, self.most = (value, ()), M, value, value, value
        self.__dict__.update(known)

    def exact(self):
        return self.least if self.least == self.most else None

    def zero(self):
        return True if self.most == 0 else False if self.least > 0 or self.bits else None

    def zeros(self):
        free = ~self.mask & M | self.bits
        return 64 if free == 0 else (free & -free).bit_length() - 1

    def tight(self):
        self.least, self.most = max(self.least, self.bits), min(self.most, self.bits | ~self.mask & M)
        if self.least >= self.most:
            self.most, self.mask, self.bits = self.least, M, self.least
            self.form = self.form or (self.least, ())
        return self

    def but(self, **known):
        other = Num()
        other.__dict__.update(self.__dict__, **known)
        return other

    def key(self):
        return tuple(self.__dict__.values())


def same(one, other):
    """Whether they are one number, for certain."""
    return one.form is not None and one.key() == other.key()


def again(one, other):
    """Whether a number of the final pass is that of the same statement in the pass before, for certain."""
    return one.settled and other.settled and one.key() == other.key()


class Place:
    def __init__(self, rule, about=None, mask=0, bits=0, least=0, most=M):
        self.rule, self.about, self.mask, self.bits, self.least, self.most = rule, about, mask, bits, max(least, bits), most
        self.parent, self.distance, self.reach, self.settled, self.power = None, 0, 0, True, False


PLACES = []


def position(place):
    PLACES.append(place)
    return know((0, ((len(PLACES) - 1, 1),)))


def signed(value):
    return value - (1 << 64) if value >> 63 else value


def single(form):
    return form[1][0][0] if form and len(form[1]) == 1 and form[1][0][1] == 1 else None


def ends(form):
    """(from, to) of one place less another."""
    if len(form[1]) == 2 and sorted(factor for _, factor in form[1]) == [-1, 1]:
        return sorted(form[1], key=lambda term: term[1])[0][0], sorted(form[1], key=lambda term: term[1])[1][0]
    return None


def plus(one, other, sign=1):
    if one is None or other is None:
        return None
    terms = dict(one[1])
    for place, factor in other[1]:
        terms[place] = terms.get(place, 0) + sign * factor
    kept = tuple(sorted((place, factor) for place, factor in terms.items() if factor))
    return ((one[0] + sign * other[0]) & M, kept) if len(kept) <= 6 else None


def apart(first, last):
    """How far the place `last` is behind `first` at least; None if their order is not known."""
    total = 0
    while last is not None and last >= first:
        if last == first:
            return min(total, M)
        total, last = total + PLACES[last].distance, PLACES[last].parent
    return None


def sum_bits(one, other, carry=0):
    low = (one[1] + other[1] + carry) & M
    tops = [known[1] | ~known[0] & M for known in (one, other)]
    high = (tops[0] + tops[1] + carry) & M
    known = one[0] & other[0] & ~((low ^ one[1] ^ other[1]) ^ (high ^ tops[0] ^ tops[1])) & M
    return known, low & known


def flip(known):
    return known[0], ~known[1] & known[0]


def know(form):
    """All that the places tell of a sum."""
    if not form[1]:
        return Num(form[0])
    number = Num(form=form, settled=all(PLACES[place].settled for place, _ in form[1]),
                 causes=tuple(("place", place) for place, _ in form[1]))
    offset = signed(form[0])
    if single(form) is not None:
        place = PLACES[single(form)]
        number.mask, number.bits = sum_bits((place.mask, place.bits), (M, form[0]))
        if place.power:
            number.least = max(place.least, 1) if form[0] == 0 else 0
        elif in_range(form):
            number.least = min(place.least + offset, M)
            if place.most != M and place.most + offset <= M:
                number.most = place.most + offset
    elif ends(form):
        first, last = (PLACES[place] for place in ends(form))
        difference = sum_bits((last.mask, last.bits), flip((first.mask, first.bits)), 1)
        number.mask, number.bits = sum_bits(difference, (M, form[0]))
        distance = apart(*ends(form))
        number.causes = number.causes if distance is None else (("stretch",) + ends(form),)
        if distance is not None and distance + offset >= 0 and offset <= first.least:
            number.least, number.most = min(distance + offset, M), M - first.least + offset
    return number.tight()


def in_range(form):
    """Whether the sum does not wrap, its constant taken as a signed number."""
    offset = signed(form[0])
    if not form[1]:
        return True
    if single(form) is not None:
        place = PLACES[single(form)]
        return form[0] <= place.reach if offset >= 0 else place.least >= -offset
    if not ends(form):
        return False
    distance = apart(*ends(form))
    return distance is not None and distance + offset >= 0 and offset <= PLACES[ends(form)[0]].least


def distance(first, last):
    """What `last` - `first` is at least, as whole numbers."""
    if first is None or last is None or not (in_range(first) and in_range(last)):
        return None
    form = plus(last, first, -1)
    offset = (signed(last[0]) if last[1] else last[0]) - (signed(first[0]) if first[1] else first[0])
    if form is None or not form[1]:
        return None if form is None else offset
    found = apart(*ends(form)) if ends(form) else None
    return None if found is None else found + offset


def union(one, other):
    """At most sixteen causes, the first ones first."""
    if not one or not other:
        return one or other
    return one + tuple(cause for cause in other if cause not in one)[:max(0, 16 - len(one))]


def both(one, other):
    """Something that depends on two numbers, and of which nothing is known yet."""
    return Num(settled=one.settled and other.settled, causes=union(one.causes, other.causes))


def adopt(number, form):
    if form is None:
        return number.tight()
    known = know(form)
    number.form, number.causes = form, known.causes
    if known.exact() is not None:
        number.mask, number.bits, number.least, number.most = M, known.least, known.least, known.least
        return number.tight()
    if not number.mask & known.mask & (number.bits ^ known.bits):
        number.mask, number.bits = number.mask | known.mask, number.bits | known.bits
    number.least = max(number.least, known.least)
    number.most = max(number.least, min(number.most, known.most))
    return number.tight()


def add(one, other):
    number = both(one, other)
    number.mask, number.bits = sum_bits((one.mask, one.bits), (other.mask, other.bits))
    least, most = one.least + other.least, one.most + other.most
    if (least > M) == (most > M) and least & M <= most & M:
        number.least, number.most = least & M, most & M
    return adopt(number, plus(one.form, other.form))


def subtract(one, other):
    number = both(one, other)
    number.mask, number.bits = sum_bits((one.mask, one.bits), flip((other.mask, other.bits)), 1)
    if one.least >= other.most or one.most < other.least:
        number.least, number.most = one.least - other.most & M, one.most - other.least & M
    return adopt(number, plus(one.form, other.form, -1))


def truth(value, *operands):
    number = both(operands[0], operands[-1])
    return number.but(most=1).tight() if value is None else Num(int(value), settled=number.settled)


def ordered(one, other, equal):
    """Whether one < other, or one <= other; None if that is open."""
    if one.form and other.form and one.form[1] and other.form[1]:
        if one.form == other.form:
            return equal
        found = distance(one.form, other.form)
        if found is not None and (found > 0 or equal and found >= 0):
            return True
        found = distance(other.form, one.form)
        if found is not None and (found > 0 or not equal and found >= 0):
            return False
    if one.most <= other.least if equal else one.most < other.least:
        return True
    return False if (one.least > other.most if equal else one.least >= other.most) else None


def equals(one, other):
    form = plus(one.form, other.form, -1)
    if form and not form[1] and one.form[1]:
        return form[0] == 0
    if one.exact() is not None and one.exact() == other.exact():
        return True
    if one.mask & other.mask & (one.bits ^ other.bits) or one.most < other.least or other.most < one.least:
        return False
    found = [distance(one.form, other.form), distance(other.form, one.form)]
    return False if any(value is not None and value > 0 for value in found) else None


def joined(one, other):
    if one.key() == other.key():
        return one
    known = one.mask & other.mask & ~(one.bits ^ other.bits) & M
    return Num(form=one.form if one.form == other.form else None, mask=known, bits=one.bits & known,
               least=min(one.least, other.least), most=max(one.most, other.most), settled=one.settled and other.settled,
               causes=union(one.causes, other.causes))


def align(value, unit):
    if unit.most <= 1:
        return value
    step = unit.exact()
    if step and step & step - 1 == 0 and value.zeros() >= step.bit_length() - 1:
        return value
    settled = value.settled and unit.settled
    if step and value.exact() is not None:
        return Num((value.least + step - 1 & M) // step * step & M, settled=settled)
    number = both(value, unit).but(floor=value.form or value.floor)
    if step:
        number.mask = step - 1 if step & step - 1 == 0 else 0
        if value.most + step - 1 <= M:
            number.least, number.most = -(-value.least // step) * step, -(-value.most // step) * step
    elif unit.form and single(unit.form) is not None and unit.form[0] == 0 and PLACES[single(unit.form)].power:
        number.mask = (1 << value.zeros()) - 1 & M
    return number.tight()


def unary(kind, value):
    if kind == "u-":
        return subtract(Num(0), value)
    if kind == "u~":
        return subtract(Num(M), value)
    if kind == "u!":
        return truth(value.zero(), value)
    if kind == "LOG2CEIL":
        log = [0 if bound <= 1 else (bound - 1).bit_length() for bound in (value.least, value.most)]
        return Num(least=log[0], most=log[1], settled=value.settled, causes=value.causes).tight()
    return value


def combine(kind, one, other, number):
    for left, right in ((one, other), (other, one)):
        exact = right.exact()
        if exact is not None and ((left.bits | ~left.mask) & ~exact & M == 0 if kind == "&" else exact == 0):
            return left.but(settled=number.settled)
    zeros = [known.mask & ~known.bits for known in (one, other)]
    if kind == "&":
        number.bits, number.most = one.bits & other.bits, min(one.most, other.most)
        number.mask = zeros[0] | zeros[1] | number.bits
    elif kind == "|":
        number.bits, number.least = one.bits | other.bits, max(one.least, other.least)
        number.mask = zeros[0] & zeros[1] | number.bits
    else:
        number.mask = one.mask & other.mask
        number.bits = (one.bits ^ other.bits) & number.mask
    return number.tight()


def divide(kind, one, by, number):
    """GNU ld divides signed; None where it stops."""
    if by == 0 or by == M and one.exact() == 1 << 63:
        return None
    if by is not None and one.exact() is not None:
        left, right = signed(one.least), signed(by)
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return Num((quotient if kind == "/" else left - quotient * right) & M, settled=number.settled)
    if by is None or by >> 63:
        return number
    power, positive = by & by - 1 == 0, one.most >> 63 == 0
    if kind == "/" and positive:
        number.least, number.most = one.least // by, one.most // by
        if power:
            shift = by.bit_length() - 1
            number.mask, number.bits = one.mask >> shift | ~(M >> shift) & M, one.bits >> shift
    elif kind == "%" and power and one.zeros() >= by.bit_length() - 1:
        number.mask, number.most = M, 0
    elif kind == "%" and positive:
        number.most = min(one.most, by - 1)
        if power:
            number.mask, number.bits = one.mask | ~(by - 1) & M, one.bits & by - 1
    return number.tight()


BINARY = [mark for level in LEVELS for mark in level] + ["MAX", "MIN"]


def binary(kind, one, other):
    """None where the linker stops."""
    settled = one.settled and other.settled
    number = both(one, other)
    if kind == "+":
        return add(one, other)
    if kind == "-":
        return subtract(one, other)
    if kind in ("&", "|", "^"):
        return combine(kind, one, other, number)
    if kind in ("/", "%"):
        return divide(kind, one, other.exact(), number)
    if kind in ("==", "!="):
        result = equals(one, other)
        return truth(result if kind == "==" or result is None else not result, one, other)
    if kind in ("<", "<=", ">", ">="):
        pair = (one, other) if kind[0] == "<" else (other, one)
        return truth(ordered(*pair, kind[1:] == "="), one, other)
    if kind in ("&&", "||"):
        decisive = kind == "&&"
        for operand in (one, other):
            if operand.zero() is decisive:
                return truth(not decisive, operand)
        return truth(None if None in (one.zero(), other.zero()) else decisive, one, other)
    if kind in ("MAX", "MIN"):
        less = ordered(one, other, True)
        if less is not None:
            return other if (kind == "MAX") == less else one
        number = joined(one, other).but(floor=None)
        if kind == "MAX":
            number.least, number.floor = max(one.least, other.least), one.form or other.form
        else:
            number.most = min(one.most, other.most)
        return number.tight()
    if kind == "ALIGN":
        return align(one, other)
    if one.exact() is not None and other.exact() is not None:
        count = other.least & 63
        value = {"*": one.least * other.least, "<<": one.least << count, ">>": one.least >> count}[kind]
        return Num(value & M, settled=settled)
    if kind == "*":
        for left, right in ((one, other), (other, one)):
            if left.exact() == 0:
                return Num(0, settled=left.settled)
        for left, right in ((one, other), (other, one)):
            if left.exact() == 1:
                return right
        number.mask = (1 << min(one.zeros() + other.zeros(), 64)) - 1
        if one.most * other.most <= M:
            number.least, number.most = one.least * other.least, one.most * other.most
    elif other.exact() is not None:
        count = other.least & 63
        if kind == ">>":
            number.mask, number.bits = one.mask >> count | ~(M >> count) & M, one.bits >> count
            number.least, number.most = one.least >> count, one.most >> count
        else:
            number.mask, number.bits = one.mask << count & M | (1 << count) - 1, one.bits << count & M
            if one.most <= M >> count:
                number.least, number.most = one.least << count, one.most << count
    return number.tight()
