"""Which program wrote a file, by what it says and how it says it; for the record only, nothing is read differently for it."""

from __future__ import annotations

from collections.abc import Sequence

from labdesk.services.imports.cells import Cells
from labdesk.services.imports.tables import Page
from labdesk.services.imports.words import plain

_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("mts-793", ("mts793 ",)),
    (
        "zwick-testxpert",
        ("testxpert", "zwick", "standard force", "standardkraft", "force standard", "standard travel", "standardweg",
         "course standard", "grip to grip", "crosshead absolute", "traverse absolue", "fuerza estandar", "forza standard"),
    ),
    (
        "instron-bluehill",
        ("bluehill", "instron", "specimen properties", "dimension length", "results table", "tensile strain",
         "compressive strain", "tensile extension", "compressive extension"),
    ),
    (
        "shimadzu-trapezium",
        ("trapezium", "shimadzu", "試験力", "ストローク", "stroke | sec | n | mm", "stroke | sec | kn | mm", "key word product"),
    ),
    ("walter-bai", ("walter bai", "walter+bai", "w+b", "proteus", "dion pro")),
    ("mts-testsuite", ("testsuite", "testworks", "mts elite", "axial force", "axial displacement", "running time")),
)  # fmt: skip


def vendor_of(cells: Cells, pages: Sequence[Page]) -> str:
    """``zwick-testxpert``, ``instron-bluehill``, ``mts-793`` ...; ``generic`` where nothing tells."""
    said = [cell for sheet in cells.sheets for row in sheet.rows[:40] for cell in row[:40] if cell]
    said += [sheet.name for sheet in cells.sheets]
    said += [column.title for page in pages for block in page.blocks for column in block.columns]
    text = " | ".join(plain(part) for part in said)
    scored = [(sum(text.count(sign) > 0 for sign in signs), -place, name) for place, (name, signs) in enumerate(_SIGNS)]
    if plain(cells.text[:10]).startswith("mts793"):
        return "mts-793"
    if "time_s,force_kn" in cells.text:
        return "labdesk"
    best = max(scored)
    return best[2] if best[0] else "generic"
