"""The open stream of universal machines, byte for byte."""

from __future__ import annotations

import binascii
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labdesk_drivers.labdesk_utm.protocol import SIZE, START, UtmFormat, build_frame

from labdesk.devices.driver import block_of
from labdesk.devices.framing import ResyncDecoder, blocks_of
from labdesk.devices.registry import make_driver

# Worked out by hand from the table in protocol.py: counter 7, clock 1 000 000 us, 185.1250 kN, 0.5021 mm, 12.345 mm.
BODY = bytes.fromhex("14070040420f00723f1c009d130000393000000101")
FRAME = START + BODY + binascii.crc_hqx(BODY, 0xFFFF).to_bytes(2, "little")


def test_builds_the_frame_of_the_table() -> None:
    assert build_frame(7, 1_000_000, (1_851_250, 5021, 12345)) == FRAME
    assert len(FRAME) == SIZE


def test_crc_is_the_published_one() -> None:
    """CRC-16/CCITT-FALSE of "123456789" is 29B1."""
    assert binascii.crc_hqx(b"123456789", 0xFFFF) == 0x29B1


def test_decodes_counts_clock_and_counter() -> None:
    driver = make_driver("labdesk_utm", {})
    (frame,) = driver.new_decoder().feed(FRAME)
    assert frame.counts == (1_851_250, 5021, 12345)
    assert (frame.tick, frame.sequence, frame.raw) == (1_000_000, 7, FRAME)
    assert [count * channel.quantum for count, channel in zip(frame.counts, driver.channels, strict=True)] == [
        Decimal("185.1250"),
        Decimal("0.5021"),
        Decimal("12.345"),
    ]


def test_without_extensometer_there_is_no_extension_and_in_overload_no_force() -> None:
    decoder = make_driver("labdesk_utm", {}).new_decoder()
    (bare,) = decoder.feed(build_frame(1, 1, (5, None, 6)))
    assert bare.counts == (5, None, 6)
    (over,) = decoder.feed(build_frame(2, 2, (5, 1, 6), overload=True))
    assert over.counts == (None, 1, 6)


@pytest.mark.parametrize(("at", "value"), [(2, 21), (22, 2)], ids=["length", "version"])
def test_another_length_or_version_is_no_frame_even_with_a_right_crc(at: int, value: int) -> None:
    raw = bytearray(FRAME)
    raw[at] = value
    raw[-2:] = binascii.crc_hqx(bytes(raw[2:-2]), 0xFFFF).to_bytes(2, "little")
    decoder = make_driver("labdesk_utm", {}).new_decoder()
    assert decoder.feed(bytes(raw)) == []
    assert decoder.counters.bad == 1


def test_counter_and_clock_wrap() -> None:
    (frame,) = make_driver("labdesk_utm", {}).new_decoder().feed(build_frame(65_537, (1 << 32) + 5, (0, 0, 0)))
    assert (frame.sequence, frame.tick) == (1, 5)


# ---- many frames at once say what they say one by one ------------------------------------------------------------------------

COUNTS = st.integers(-(1 << 31), (1 << 31) - 1)
FRAMES = st.builds(
    build_frame,
    st.integers(0, 1 << 17),
    st.integers(0, 1 << 33),
    st.tuples(COUNTS, st.one_of(st.just(1), st.just(1), st.none(), COUNTS), COUNTS),
    st.sampled_from([False] * 7 + [True]),
)
STREAM = st.lists(st.one_of(FRAMES, FRAMES, FRAMES, st.binary(max_size=6), st.just(START)), max_size=12).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(
    STREAM,
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3),
    st.lists(st.integers(0, 80), max_size=9),
)
def test_a_run_of_frames_is_what_its_frames_are_one_by_one(
    stream: bytes, hits: list[tuple[int, int]], cuts: list[int]
) -> None:
    """Random frames and garbage, bytes hit at random places, cut anywhere: same values, same counters, same bytes waiting."""
    hurt = bytearray(stream)
    for at, value in hits:
        hurt[at : at + 1] = bytes((value,)) if at < len(hurt) else b""
    fast, slow = ResyncDecoder(UtmFormat()), ResyncDecoder(UtmFormat())
    feed_fast, at = blocks_of(fast), 0
    for cut in [*cuts, len(hurt)]:
        piece, at = bytes(hurt[at : at + cut]), at + cut
        frames = slow.feed(piece)
        found = feed_fast(piece)
        assert found is None or found._replace(sequences=tuple(found.sequences)) == block_of(frames)
        assert (found is None) == (not frames)
        assert (fast.counters, fast.pending) == (slow.counters, slow.pending)
    fast.flush()
    slow.flush()
    assert fast.counters == slow.counters


def clean(count: int) -> bytearray:
    return bytearray(b"".join(build_frame(number, number * 1000, (number, number, -number)) for number in range(count)))


def test_a_clean_stream_is_taken_as_runs() -> None:
    """Else the test above compares the slow way with itself."""
    found = UtmFormat().parse_run(bytes(clean(40)))
    assert found is not None
    assert found.sequences == range(40)


@pytest.mark.parametrize("first", [0, 200, 255, 256, 65_400, 65_500, 65_535])
@pytest.mark.parametrize("missing", [None, 1, 20])
def test_counters_of_a_run_are_those_of_its_frames(first: int, missing: int | None) -> None:
    numbers = [first + at for at in range(60) if at != missing]
    found = UtmFormat().parse_run(b"".join(build_frame(number, number, (1, 2, 3)) for number in numbers))
    assert found is not None
    assert tuple(found.sequences) == tuple(number % 65_536 for number in numbers)
    assert isinstance(found.sequences, range) == (missing is None and first + 60 <= 65_536)


@pytest.mark.parametrize("at", range(SIZE))
def test_one_wrong_byte_anywhere_makes_a_run_odd(at: int) -> None:
    raw = clean(3)
    raw[SIZE + at] ^= 0x80
    assert UtmFormat().parse_run(bytes(raw)) is None
    found = blocks_of(make_driver("labdesk_utm", {}).new_decoder())(bytes(raw))
    assert found is not None
    assert tuple(found.sequences) == (0, 2)


def test_after_a_standstill_everything_comes_at_once() -> None:
    found = blocks_of(make_driver("labdesk_utm", {}).new_decoder())(bytes(clean(1000)))
    assert found is not None
    assert found.columns == (tuple(range(1000)), tuple(range(1000)), tuple(range(0, -1000, -1)))
    assert (found.sequences, found.ticks) == (range(1000), tuple(range(0, 1_000_000, 1000)))
    assert UtmFormat().parse_run(bytes(clean(1000))) == found, "not one by one"


@pytest.mark.parametrize("at", [0, 127, 128, 129, 700, 999])
def test_one_odd_frame_among_many_parts_is_found(at: int) -> None:
    raw = clean(1000)
    raw[at * SIZE + 12] ^= 1
    found = blocks_of(make_driver("labdesk_utm", {}).new_decoder())(bytes(raw))
    assert found is not None
    assert tuple(found.sequences) == tuple(number for number in range(1000) if number != at)


def test_parts_whose_counters_do_not_join_are_no_range() -> None:
    raw = b"".join(build_frame(number if number < 128 else number + 5, number, (1, 2, 3)) for number in range(200))
    found = UtmFormat().parse_run(raw)
    assert found is not None
    assert found.sequences == (*range(128), *range(133, 205))
