"""The resynchronising decoder, on a toy format whose frames have different lengths."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.driver import Frame
from labdesk.devices.framing import ResyncDecoder


class Toy:
    """``AB CD`` · length of the body (1 to 9) · body · sum of the body mod 256."""

    start = b"\xab\xcd"

    def size(self, buffer: bytearray, at: int) -> int | None:
        if len(buffer) < at + 3:
            return None
        length = buffer[at + 2]
        return 4 + length if 1 <= length <= 9 else 0

    def parse(self, raw: bytes) -> Frame | None:
        return Frame((int.from_bytes(raw[3:-1], "big"),), raw=raw) if sum(raw[3:-1]) % 256 == raw[-1] else None


def toy(body: bytes) -> bytes:
    return Toy.start + bytes((len(body),)) + body + bytes((sum(body) % 256,))


def decode(*chunks: bytes) -> tuple[list[bytes], ResyncDecoder]:
    decoder = ResyncDecoder(Toy())
    return [frame.raw for chunk in chunks for frame in decoder.feed(chunk)], decoder


def test_half_a_start_waits_for_the_other_half() -> None:
    frame = toy(b"x")
    found, decoder = decode(b"zz" + frame[:1], frame[1:])
    assert found == [frame]
    assert (decoder.counters.skipped_bytes, decoder.pending) == (2, 0)


def test_a_start_inside_a_bad_frame_is_found() -> None:
    """A frame whose length was hit swallows the next one; dropping one byte at a time finds it again."""
    good = toy(b"ok")
    hurt = Toy.start + b"\x09" + b"abc" + good + toy(b"next")
    found, decoder = decode(hurt)
    assert found == [good, toy(b"next")]
    assert decoder.counters.bad == 1
    assert decoder.counters.skipped_bytes == 6


def test_an_impossible_length_is_skipped_without_counting_a_frame() -> None:
    found, decoder = decode(Toy.start + b"\x00" + toy(b"a"))
    assert found == [toy(b"a")]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (0, 3)


def test_flush_gives_up_the_unfinished() -> None:
    found, decoder = decode(toy(b"abc")[:-1])
    assert (found, decoder.pending) == ([], 6)
    decoder.flush()
    assert (decoder.pending, decoder.counters.skipped_bytes) == (0, 6)


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(min_size=1, max_size=9).map(toy), st.binary(max_size=12)), max_size=12))
def test_every_byte_is_in_a_good_frame_or_skipped(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    found, decoder = decode(stream)
    one_by_one, slow = decode(*(stream[i : i + 1] for i in range(len(stream))))
    decoder.flush()
    slow.flush()
    assert found == one_by_one
    assert decoder.counters == slow.counters
    assert sum(map(len, found)) + decoder.counters.skipped_bytes == len(stream)
