"""The wrong speed: what a receiver finds in another's waveform, worked out by hand."""

from __future__ import annotations

import pytest

from labdesk.devices.manifest import LineSettings
from labdesk.devices.waveform import as_heard

PLAIN = LineSettings(9600)
ALL = bytes(range(256))


@pytest.mark.parametrize(
    "line",
    [PLAIN, LineSettings(4800, stopbits=2), LineSettings(9600, parity="E"), LineSettings(1200, 7, "O")],
)
def test_at_the_right_speed_everything_arrives(line: LineSettings) -> None:
    sent = bytes(byte & 0x7F for byte in ALL) if line.bytesize == 7 else ALL
    assert as_heard(sent, line, line.baud) == sent
    assert as_heard(sent, line, line.baud * 1.03) == sent, (
        "three percent beside it the middles of the bits are still right"
    )


def test_twice_as_fast_every_bit_is_read_twice() -> None:
    # 0x00 is nine low bit times: a start and eight zero bits at twice the speed, then what looks like another such byte, then high.
    assert as_heard(b"\x00", PLAIN, 19200)[:1] == b"\x00"
    # 0xFF is one low bit time: a start and one zero bit, the rest ones.
    assert as_heard(b"\xff", PLAIN, 19200) == b"\xfe"
    # 'H' = 0x48: levels 0 0001 0010 1 from the start bit; doubled: the first byte ends before the stop bit.
    assert as_heard(b"H", PLAIN, 19200) == b"\x80\x98"


def test_at_half_the_speed_every_second_bit_is_missed() -> None:
    # Levels of 0xF0: 0 0000 1111 1; looked at 1, 3, 5, 7, 9 bit times after the edge and then at an idle line.
    assert as_heard(b"\xf0", PLAIN, 4800) == b"\xfe"
    # Of 0xFF only the start bit is low, half of what the receiver takes for a bit: no start.
    assert as_heard(b"\xff", PLAIN, 4800) == b""


def test_a_message_at_the_wrong_speed_is_another_one_of_another_length() -> None:
    text = b"+0012.34 kN\r\n" * 8
    for baud in (1200, 2400, 4800, 19200, 38400):
        heard = as_heard(text, PLAIN, baud)
        assert heard
        assert b"12.34" not in heard
        assert len(heard) < len(text) if baud < 9600 else len(heard) > len(text)


def test_nothing_sent_is_nothing_heard() -> None:
    assert as_heard(b"", PLAIN, 4800) == b""
