"""Scans keep how they came in; the reception gate takes handheld scanners only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from labdesk.domain.plain import from_plain, to_plain
from labdesk.domain.scans import Scan, ScanSource


@pytest.mark.rule("YK-7.4")
def test_only_handheld_scanners_count_as_handheld() -> None:
    assert {source for source in ScanSource if source.handheld} == {ScanSource.WEDGE, ScanSource.SERIAL}


def test_a_scan_survives_storage() -> None:
    scan = Scan("ｌｄ", "LD", ScanSource.SERIAL, "COM5", 12, datetime(2026, 11, 21, 4, 0, tzinfo=UTC))
    assert from_plain(Scan, to_plain(scan)) == scan
