"""Not one byte of a signed report can be changed, added or taken away: every region of the file is tried."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pikepdf
import pytest

from labdesk.domain.errors import OperatorError
from labdesk.reports.byte_range import check_signed_bytes
from labdesk.reports.verify_pdf import ReportPdfInspector
from tests.helpers.issuing import issued_cubes
from tests.helpers.trustworld import world

PDF = b""  # filled by the fixture: issuing a report is not a matter for collection
GAP = GAP_END = 0
CONTAINER = b""


@pytest.fixture(autouse=True, scope="module")
def issued() -> None:
    global PDF, GAP, GAP_END, CONTAINER
    PDF = issued_cubes()
    GAP = PDF.rindex(b"/Contents <") + len(b"/Contents ")
    GAP_END = PDF.index(b">", GAP)
    padded = bytes.fromhex(PDF[GAP + 1 : GAP_END].decode())
    CONTAINER = padded[: 4 + int.from_bytes(padded[2:4], "big")]


def around(mark: bytes, length: int, last: bool = False) -> range:
    start = PDF.rindex(mark) if last else PDF.index(mark)
    return range(start, start + length)


def flipped(position: int, change: int = 1) -> bytes:
    return PDF[:position] + bytes([PDF[position] ^ change]) + PDF[position + 1 :]


def refused(pdf: bytes) -> bool:
    inspected = ReportPdfInspector(world().trust).inspect(pdf)
    return inspected.data is None and any(item.severity.value == "disproves" for item in inspected.findings)


REGIONS: dict[str, Callable[[], range]] = {
    "header": lambda: range(10),
    "binary comment": lambda: range(9, 16),
    "first object": lambda: range(20, 40),
    "attached data": lambda: around(b"/EmbeddedFile", 12),
    "metadata": lambda: around(b"<x:xmpmeta", 12),
    "first cross-reference": lambda: around(b"\nxref", 30),
    "first trailer": lambda: around(b"trailer", 20),
    "signature field": lambda: around(b"(LabDesk)", 9),
    "byte range": lambda: around(b"/ByteRange", 34, last=True),
    "moment of signing": lambda: around(b"/M (D", 20, last=True),
    "before the container": lambda: range(GAP - 12, GAP + 1),
    "head of the container": lambda: range(GAP + 1, GAP + 60),
    "whole container": lambda: range(GAP + 1, GAP + 1 + 2 * len(CONTAINER), 7),
    "padding": lambda: range(GAP_END - 400, GAP_END, 13),
    "end of the container": lambda: range(GAP_END, GAP_END + 8),
    "last cross-reference": lambda: around(b"\nxref", 20, last=True),
    "end of file": lambda: range(len(PDF) - 8, len(PDF)),
}


@pytest.mark.parametrize("region", REGIONS)
def test_a_changed_byte_in_any_region_is_refused(region: str) -> None:
    for position in REGIONS[region]():
        assert refused(flipped(position)), (region, position)


def test_hundreds_of_changed_bytes_all_over_are_refused() -> None:
    chance = random.Random(20261121)
    for _ in range(250):
        position, change = chance.randrange(len(PDF)), chance.randrange(1, 256)
        with pytest.raises(OperatorError):
            check_signed_bytes(flipped(position, change))


def test_the_case_of_a_hexadecimal_digit_is_not_free_either() -> None:
    position = next(index for index in range(GAP + 1, GAP_END) if PDF[index : index + 1].isalpha())
    assert refused(flipped(position, 0x20))


BENT: dict[str, Callable[[], bytes]] = {
    "a line more": lambda: PDF + b"\n",
    "a second end": lambda: PDF + b"%%EOF\n",
    "a second trailer": lambda: PDF + PDF[PDF.rindex(b"xref") :],
    "a byte less": lambda: PDF[:-1],
    "half a file": lambda: PDF[: len(PDF) // 2],
    "a byte in front": lambda: b" " + PDF,
    "a space before the container": lambda: PDF[:GAP] + b" " + PDF[GAP:],
    "more padding": lambda: PDF[:GAP_END] + b"00" + PDF[GAP_END:],
    "less padding": lambda: PDF[: GAP_END - 2] + PDF[GAP_END:],
    "twice the file": lambda: PDF + PDF,
    "nothing": lambda: b"",
    "a header only": lambda: b"%PDF-1.7\n",
}


@pytest.mark.parametrize("how", BENT)
def test_added_and_missing_bytes_are_refused(how: str) -> None:
    assert refused(BENT[how]())


def test_an_incremental_update_is_refused() -> None:
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(PDF))
    writer.root[pdf_name("/Lang")] = pdf_string("en")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(PDF)
    assert refused(out.getvalue())


def test_a_file_saved_again_by_another_program_is_refused() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as opened:
        opened.save(out)
    assert refused(out.getvalue())


def test_unsigned_fields_in_the_container_are_refused() -> None:
    """Unsigned attributes are the classic place to hide bytes: CMS allows them, we do not."""
    from asn1crypto import cms, core

    info = cms.ContentInfo.load(CONTAINER)
    signer = info["content"]["signer_infos"][0]
    extra = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.OctetString(b"hidden")]})
    signer["unsigned_attrs"] = cms.CMSAttributes([extra])
    text = info.dump(force=True).hex().upper().encode()
    assert refused(PDF[: GAP + 1] + text + b"0" * (GAP_END - GAP - 1 - len(text)) + PDF[GAP_END:])


def test_the_untouched_file_passes() -> None:
    assert check_signed_bytes(PDF).byte_range == (0, GAP, GAP_END + 1, len(PDF) - GAP_END - 1)
    assert not refused(PDF)
