"""What the shell gets of machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from labdesk.capture.commands import decode_file, list_drivers
from labdesk.devices.journal import JournalWriter
from labdesk.domain.errors import OperatorError
from labdesk.domain.run_text import curve_csv
from labdesk.domain.sealed_run import encode_run
from tests.unit.capture.test_recorder import feed, recorder, sealed

A9 = bytes.fromhex("022B30323339363030313503")


def test_drivers_are_listed_with_their_maturity() -> None:
    listed = {item["id"]: item for item in list_drivers()}
    assert {"labdesk_utm", "yaohua_xk3190a9"} <= set(listed)
    assert all(item["maturity"] in ("documented", "recorded", "verified") for item in listed.values())


def test_decode_gives_frames_and_counters(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x00" + A9 + A9[:-1] + b"\x00" + A9[:5])
    found = decode_file("yaohua_xk3190a9", tmp_path / "a.bin", {"unit": "N"})
    assert found["counters"] == {"good": 1, "bad": 1, "skipped_bytes": 19}
    assert [frame["force_kn"] for frame in found["frames"]] == ["23.9600000"]
    assert found["frames"][0]["raw"] == A9.hex()


def test_decode_reads_a_journal_too(tmp_path: Path) -> None:
    journal = JournalWriter.create(tmp_path / "a.journal", {}, 1)
    journal.append(2, A9[:7])
    journal.append(3, A9[7:])
    journal.close()
    assert decode_file("yaohua_xk3190a9", tmp_path / "a.journal", {})["counters"]["good"] == 1


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no_file"):
        decode_file("yaohua_xk3190a9", tmp_path / "none", {})
    (tmp_path / "a").touch()
    with pytest.raises(OperatorError, match="no_such_driver"):
        decode_file("nobody", tmp_path / "a", {})


def test_a_sealed_run_is_not_what_the_wire_said(tmp_path: Path) -> None:
    (tmp_path / "a.run").write_bytes(encode_run(sealed(feed(recorder()))))
    with pytest.raises(OperatorError, match="not_raw") as caught:
        decode_file("labdesk_utm", tmp_path / "a.run", {})
    assert str(caught.value.params["journal"]).endswith("a.run.journal")


def test_a_curve_file_has_exact_values() -> None:
    lines = curve_csv(sealed(feed(recorder()))).splitlines()
    header = lines.index("time_s,force_kn,extension_mm,displacement_mm")
    assert all(line.startswith("#") for line in lines[:header])
    assert lines[header + 1] == "-0.5,0.0000,0.0000,0.000"
    assert "0,2.0000,0.2000,0.200" in lines
