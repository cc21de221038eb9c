"""Writes ELF objects for x86-64 without an assembler: sections of any type and flags, each of 16 bytes."""
import struct

NOTE, NOBITS = 7, 8


def write(path, sections, entry):
    """sections: [name, sh_type, sh_flags, log2 of sh_addralign]; entry: whether `_start` begins the first."""
    names, body, headers = b"\0", b"\0" * 64, [b"\0" * 64]

    def header(name, kind, flags, offset, size, link=0, info=0, align=1, each=0):
        nonlocal names
        headers.append(struct.pack("<IIQQQQIIQQ", len(names), kind, flags, 0, offset, size, link, info, align, each))
        names += name.encode() + b"\0"

    for name, kind, flags, log in sections:
        body += b"\0" * (-len(body) % (1 << log))
        start = len(body)
        if kind == NOTE:
            body += struct.pack("<III", 4, 0, 1) + b"abc\0"
        elif kind != NOBITS:
            body += b"\0" * 16
        header(name, kind, flags, start, 16, align=1 << log, each=1 if flags & 0x10 else 0)
    body += b"\0" * (-len(body) % 8)
    symbols = b"\0" * 24 + (struct.pack("<IBBHQQ", 1, 0x12, 0, 1, 0, 0) if entry else b"")
    header(".symtab", 2, 0, len(body), len(symbols), len(sections) + 2, 1, 8, 24)
    body += symbols
    strings = b"\0_start\0" if entry else b"\0"
    header(".strtab", 3, 0, len(body), len(strings))
    body += strings
    header(".shstrtab", 3, 0, len(body), len(names) + 10)
    body += names
    body += b"\0" * (-len(body) % 8)
    count = len(headers)
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 1, 62, 1, 0, 0, len(body), 0, 64, 0, 0, 64, count, count - 1)
    with open(path, "wb") as file:
        file.write(head + body[64:] + b"".join(headers))


def section_names(path):
    """The names of a file's section headers; none if it was not written to the end."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 64:
        return []
    table, = struct.unpack_from("<Q", data, 0x28)
    count, index = struct.unpack_from("<HH", data, 0x3C)
    if index >= count or table + 64 * count > len(data):
        return []
    rows = [struct.unpack_from("<IIQQQQIIQQ", data, table + 64 * row) for row in range(count)]
    strings = data[rows[index][4]:rows[index][4] + rows[index][5]]
    if not strings.endswith(b"\0") or any(row[0] >= len(strings) for row in rows):
        return []
    return [strings[row[0]:strings.index(b"\0", row[0])].decode() for row in rows[1:]]


def map_names(path):
    """The output sections of a GNU ld map, in the order of its statements."""
    heads = ("LOAD ", "OUTPUT(", "START GROUP", "END GROUP", "Address of", "TARGET(", "There are no")
    names, on = [], False
    with open(path, errors="replace") as file:
        for line in file:
            if line.startswith("Linker script and memory map"):
                on = True
            elif on and line.strip() and line[0] not in " \t" and not line.startswith(heads):
                names.append(line.split()[0])
    return names
