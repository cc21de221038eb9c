"""As much of ELF as the checks of layouts need: sections and symbols read, and one input section made larger in place."""

import collections
import struct

Section = collections.namedtuple("Section", "index name type flags address offset size link")
Symbol = collections.namedtuple("Symbol", "name value kind binding section")
NOBITS, MERGE, GROUP, LINK_ORDER, TLS = 8, 0x10, 0x200, 0x80, 6


class File:
    """An object or image."""

    def __init__(self, data):
        self.data = data
        if data[:4] != b"\x7fELF":
            raise ValueError("no ELF file")
        self.wide, self.order = data[4] == 2, "<" if data[5] == 1 else ">"
        self.table, = self.get("QI", 40 if self.wide else 32)
        self.width, self.count, self.names = struct.unpack_from(self.order + "3H", data, 58 if self.wide else 46)
        rows = [self.row(i) for i in range(self.count)]
        names = rows[self.names][4] if rows else 0
        self.sections = [Section(i, self.text(names + r[0]), r[1], *r[2:7]) for i, r in enumerate(rows)]

    def get(self, form, offset):
        return struct.unpack_from(self.order + form[0 if self.wide else 1], self.data, offset)

    def row(self, index):
        """Name, type, flags, address, offset, size, link of a section header."""
        form = "2I4QI" if self.wide else "2I4II"
        return struct.unpack_from(self.order + form, self.data, self.table + index * self.width)

    def text(self, offset):
        return self.data[offset:self.data.index(b"\0", offset)].decode(errors="replace")

    def symbols(self):
        """The named symbols of .symtab."""
        for table in self.sections:
            if table.type != 2:
                continue
            names, width = self.sections[table.link].offset, 24 if self.wide else 16
            for at in range(table.offset + width, table.offset + table.size, width):
                if self.wide:
                    name, info, _, section, value = struct.unpack_from(self.order + "I2BHQ", self.data, at)
                else:
                    name, value, _, info, _, section = struct.unpack_from(self.order + "3I2BH", self.data, at)
                if name and info & 15 not in (3, 4):
                    yield Symbol(self.text(names + name), value, info & 15, info >> 4, section)

    def load_addresses(self):
        """The load address of each section that a PT_LOAD has bytes of, by its index."""
        start, = self.get("QI", 32 if self.wide else 28)
        width, count = struct.unpack_from(self.order + "2H", self.data, 54 if self.wide else 42)
        loads = []
        for at in range(start, start + width * count, width):
            kind, = struct.unpack_from(self.order + "I", self.data, at)
            if self.wide:
                offset, virtual, physical, size = struct.unpack_from(self.order + "4Q", self.data, at + 8)
            else:
                offset, virtual, physical, size = struct.unpack_from(self.order + "4I", self.data, at + 4)
            if kind == 1:
                loads.append((offset, virtual, physical, size))
        found = {}
        for s in self.sections:
            if s.flags & 2 and s.type != NOBITS and s.size:
                places = {physical + s.offset - offset for offset, virtual, physical, size in loads
                          if offset <= s.offset and s.offset + s.size <= offset + size and s.offset - offset == s.address - virtual}
                if len(places) == 1:
                    found[s.index] = places.pop() & (2**64 - 1 if self.wide else 2**32 - 1)
        return found

    def grown(self, index, size):
        """The file with so many bytes more in a section."""
        old = self.sections[index]
        data, offset = bytearray(self.data), old.offset
        if old.type != NOBITS:
            data += b"\0" * (-len(data) % 16)
            offset = len(data)
            data += self.data[old.offset:old.offset + old.size] + b"\0" * size
        place = self.table + index * self.width + (24 if self.wide else 16)
        struct.pack_into(self.order + ("2Q" if self.wide else "2I"), data, place, offset, old.size + size)
        return bytes(data)
