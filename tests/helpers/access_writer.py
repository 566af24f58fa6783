"""Writes Access databases (Jet 4, the ``.mdb`` of Access 2000 to 2003) for tests, from the published description of the format.

Only what a watched file needs: tables with long, double, text and date columns, data pages, usage maps, the catalogue. No indexes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE = 4096
LONG, DOUBLE, DATE, TEXT, OLE = 4, 7, 8, 10, 11
_SIZES = {LONG: 4, DOUBLE: 8, DATE: 8, TEXT: 510, OLE: 0}
_FIXED = (LONG, DOUBLE, DATE)
_HEADER_KEY = bytes((0xC7, 0xDA, 0x39, 0x6B))

Value = int | float | str | None


@dataclass
class Table:
    """A table: columns as name and type, rows in their order."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: list[Sequence[Value]] = field(default_factory=list)


def access_bytes(tables: Sequence[Table]) -> bytes:
    """The whole database."""
    catalogue = Table(
        "MSysObjects",
        [("Id", LONG), ("ParentId", LONG), ("Name", TEXT), ("Type", LONG), ("DateCreate", DATE), ("DateUpdate", DATE),
         ("Flags", LONG), ("LvProp", OLE)],
    )  # fmt: skip
    pages: list[bytes] = [_header(), _page(b"\x05\x01")]
    first = 2 + _pages_of(catalogue, len(tables))
    places = []
    for table in tables:
        places.append(first)
        first += _pages_of(table, len(table.rows))
    catalogue.rows = [
        (place, 251658241, table.name, 1, 45000.5, 45000.5, 0, None)
        for place, table in zip(places, tables, strict=True)
    ]
    catalogue.rows.insert(0, (2, 251658241, "MSysObjects", 1, 45000.5, 45000.5, -2147483648, None))
    for table in (catalogue, *tables):
        pages += _written(table, len(pages), system=table is catalogue)
    return b"".join(pages)


def write_access(path: Path, tables: Sequence[Table]) -> None:
    """The database at ``path``."""
    path.write_bytes(access_bytes(tables))


def _header() -> bytes:
    """Page 0: version 4, and a block encrypted with the format's own key whose content is nothing: no password, no encoding."""
    head = bytearray(PAGE)
    head[:20] = b"\x00\x01\x00\x00Standard Jet DB\x00"
    head[0x14] = 1
    head[0x18 : 0x18 + 128] = _rc4(_HEADER_KEY, bytes(128))
    return bytes(head)


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _page(start: bytes) -> bytes:
    return start + bytes(PAGE - len(start))


def _row_pages(table: Table) -> list[list[bytes]]:
    """Rows in the order they stand, as many to a page as fit."""
    filled: list[list[bytes]] = [[]]
    left = PAGE - 14
    for row in table.rows:
        packed = _row(table, row)
        if len(packed) + 2 > left:
            filled.append([])
            left = PAGE - 14
        filled[-1].append(packed)
        left -= len(packed) + 2
    return filled


def _pages_of(table: Table, count: int) -> int:
    """Definition, maps, data. The catalogue's rows are counted before they are known: they fit one page here."""
    return 2 + (1 if table.name == "MSysObjects" and count < 20 else len(_row_pages(table)))


def _written(table: Table, place: int, *, system: bool) -> list[bytes]:
    groups = _row_pages(table)
    bits = bytearray(64)
    for at in range(len(groups)):
        bits[at // 8] |= 1 << (at % 8)
    used = b"\x00" + struct.pack("<I", place + 2) + bytes(bits)
    free = b"\x00" + struct.pack("<I", place + 2) + bytes(64)
    maps = _data_page([used, free], 0)
    return [_definition(table, place, system=system), maps, *(_data_page(rows, place) for rows in groups)]


def _data_page(rows: Sequence[bytes], definition: int) -> bytes:
    page = bytearray(PAGE)
    end, offsets = PAGE, []
    for row in rows:
        end -= len(row)
        page[end : end + len(row)] = row
        offsets.append(end)
    free = end - 14 - 2 * len(rows)
    page[:14] = struct.pack("<BBHIIH", 1, 1, free, definition, 0, len(rows))
    struct.pack_into(f"<{len(offsets)}H", page, 14, *offsets)
    return bytes(page)


def _definition(table: Table, place: int, *, system: bool) -> bytes:
    fixed_at, variable = 0, 0
    entries, names = b"", b""
    for number, (name, kind) in enumerate(table.columns):
        fixed = kind in _FIXED
        entries += struct.pack(
            "<BIHHHIHIHH", kind, 0, number, variable if not fixed else 0, number, 0, 3 if fixed else 2, 0,
            fixed_at if fixed else 0, _SIZES[kind],
        )  # fmt: skip
        fixed_at += _SIZES[kind] if fixed else 0
        variable += not fixed
        text = name.encode("utf-16-le")
        names += struct.pack("<H", len(text)) + text
    head = struct.pack("<BBHII", 2, 1, 0, 0, 63 + len(entries) + len(names))
    head += struct.pack("<IIIIIII", 0, len(table.rows), 0, 0, 0, 0, 0)  # from 12: unknown, rows, autonumber ...
    head += struct.pack("<BHHHII", 0x53 if system else 0x4E, len(table.columns), variable, len(table.columns), 0, 0)
    head += struct.pack("<II", (place + 1) << 8, ((place + 1) << 8) | 1)
    assert len(head) == 63
    return _page(head + entries + names + b"\xff\xff")


def _row(table: Table, values: Sequence[Value]) -> bytes:
    fixed, parts, mask = b"", [], 0
    for number, ((_, kind), value) in enumerate(zip(table.columns, values, strict=True)):
        mask |= (value is not None) << number
        if kind == LONG:
            fixed += struct.pack("<i", int(value or 0))
        elif kind in (DOUBLE, DATE):
            fixed += struct.pack("<d", float(value or 0))
        else:
            parts.append(str(value).encode("utf-16-le") if value is not None else b"")
    start = 2 + len(fixed)
    offsets = [start]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    body = struct.pack("<H", len(table.columns)) + fixed + b"".join(parts)
    tail = (
        b"".join(struct.pack("<H", offset) for offset in reversed(offsets)) + struct.pack("<H", len(parts))
        if parts
        else b""
    )
    return body + tail + mask.to_bytes((len(table.columns) + 7) // 8, "little")
