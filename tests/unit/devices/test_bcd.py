"""Packed decimal digits."""

from __future__ import annotations

import pytest

from labdesk.devices.bcd import read_bcd, write_bcd


@pytest.mark.parametrize(
    ("packed", "number"),
    [("000000", 0), ("001234", 1234), ("999999", 999_999), ("00123a", None), ("a01234", None), ("0f", None), ("09", 9)],
)
def test_half_bytes_beyond_nine_are_refused(packed: str, number: int | None) -> None:
    assert read_bcd(bytes.fromhex(packed)) == number


def test_every_byte() -> None:
    for byte in range(256):
        number = read_bcd(bytes((byte,)))
        assert number is None if byte >> 4 > 9 or byte & 15 > 9 else number == (byte >> 4) * 10 + (byte & 15)


def test_writes_what_it_reads() -> None:
    assert write_bcd(1234, 3) == b"\x00\x12\x34"
    assert [read_bcd(write_bcd(number, 2)) for number in (0, 7, 10, 9999)] == [0, 7, 10, 9999]
    for number in (-1, 10_000):
        with pytest.raises(ValueError, match="does not fit"):
            write_bcd(number, 2)
