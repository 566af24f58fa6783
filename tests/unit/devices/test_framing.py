"""The decoders of frames and of lines, on toy formats whose frames have different lengths."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.driver import Frame
from labdesk.devices.framing import LineDecoder, LineFormat, ResyncDecoder


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


class Unmarked:
    """Three bytes: two digits and their exclusive or; nothing marks where they begin."""

    start = b""

    def size(self, buffer: bytearray, at: int) -> int | None:
        return 3

    def parse(self, raw: bytes) -> Frame | None:
        return Frame((raw[0],), raw=raw) if raw[:2].isdigit() and raw[0] ^ raw[1] == raw[2] else None


def test_a_frame_without_a_start_is_found_and_a_stretch_of_garbage_is_one_bad_frame() -> None:
    decoder = ResyncDecoder(Unmarked())
    found = [frame.raw for chunk in (b"xx", b"xxx12\x03", b"45\x01zz", b"12\x03") for frame in decoder.feed(chunk)]
    assert found == [b"12\x03", b"45\x01", b"12\x03"]
    assert (decoder.counters.good, decoder.counters.bad, decoder.counters.skipped_bytes) == (3, 2, 7)


# ---- lines -------------------------------------------------------------------------------------------------------------------


class Plain:
    """A number and ``N``; a line that lost its beginning looks like another number."""

    terminator = b"\r\n"
    max_length = 10

    def parse(self, line: bytes) -> Frame | None:
        text = line[:-2]
        return Frame((int(text[:-1]),), raw=line) if text[-1:] == b"N" and text[:-1].isdigit() else None


class Marked(Plain):
    """The same behind an equals sign."""

    start = b"="

    def parse(self, line: bytes) -> Frame | None:
        found = super().parse(line[1:]) if line.startswith(b"=") else None
        return None if found is None else found._replace(raw=line)


def lines(line_format: LineFormat, *chunks: bytes) -> tuple[list[int | None], LineDecoder]:
    decoder = LineDecoder(line_format)
    return [frame.counts[0] for chunk in chunks for frame in decoder.feed(chunk)], decoder


def test_the_first_line_is_given_up_because_its_beginning_may_be_missing() -> None:
    found, decoder = lines(Plain(), b"34N\r\n12N\r", b"\n", b"5N\r\n")
    assert found == [12, 5]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (1, 5)
    decoder.feed(b"7")
    decoder.flush()
    assert [frame.counts[0] for frame in decoder.feed(b"6N\r\n7N\r\n")] == [7]


def test_a_start_makes_the_first_line_good_and_garbage_before_it_is_skipped() -> None:
    found, decoder = lines(Marked(), b"=34N\r\n", b"zz=z=12N\r\n", b"34N\r\n")
    assert found == [34, 12]
    assert (decoder.counters.good, decoder.counters.bad, decoder.counters.skipped_bytes) == (2, 1, 9)


def test_empty_lines_are_skipped_and_bad_ones_counted() -> None:
    found, decoder = lines(Plain(), b"\r\n\r\nOK\r\n1N\r\n")
    assert found == [1]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (1, 8)


@pytest.mark.parametrize("cut", range(1, 40))
def test_an_over_long_line_is_one_bad_line_however_it_came(cut: int) -> None:
    stream = b"\r\n" + b"1" * 25 + b"N\r\n" + b"8N\r\n3N\r\n"
    found, decoder = lines(Plain(), stream[:cut], stream[cut:])
    assert found == [8, 3]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (1, 30)


def test_a_stream_without_ends_fills_no_memory() -> None:
    _, decoder = lines(Marked(), *[b"=" * 1000] * 100)
    assert decoder.pending <= Marked.max_length
    assert decoder.counters.skipped_bytes + decoder.pending == 100_000
    assert [frame.counts for frame in decoder.feed(b"=9N\r\n")] == [(9,)]


class Fixed(Plain):
    """Six bytes, always."""

    anchored = True
    fixed_length = max_length = 6

    def parse(self, line: bytes) -> Frame | None:
        return super().parse(line) if len(line) == 6 else None


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_line_of_fixed_length_is_found_behind_noise(cut: int) -> None:
    stream = b"\x00\xff" * 6 + b"123N\r\n" + b"9\x00456N\r\n" + b"7789N\r\n"
    found, decoder = lines(Fixed(), stream[:cut], stream[cut:])
    assert found == [123, 456]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (1, 12 + 2 + 7)


@settings(deadline=None)
@given(
    st.sampled_from([Plain(), Marked(), Fixed()]),
    st.lists(
        st.one_of(st.sampled_from([b"=12N\r\n", b"7N\r\n", b"=", b"\r", b"\n"]), st.binary(max_size=14)), max_size=14
    ),
)
def test_every_byte_is_in_a_good_line_or_skipped(line_format: LineFormat, pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    whole, slow = LineDecoder(line_format), LineDecoder(line_format)
    found = whole.feed(stream)
    assert [frame for at in range(len(stream)) for frame in slow.feed(stream[at : at + 1])] == found
    whole.flush()
    slow.flush()
    assert whole.counters == slow.counters
    assert sum(len(frame.raw) for frame in found) + whole.counters.skipped_bytes == len(stream)
