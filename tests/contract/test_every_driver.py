"""What every driver keeps to, whoever wrote it: found by its folder, held to the same tests."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labdesk.devices.driver import Decoder, Driver, Frame, FrameCounters
from labdesk.devices.manifest import FIRST_CHANNEL, UNITS, Maturity
from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.session import Line, LineEvent, NoKeeper
from labdesk.devices.simulated_lines import PtyLine
from labdesk.devices.specimens import Reading
from labdesk.domain.capture import LinkTrouble
from tests.helpers.machines import wait_until

ROOT = Path(__file__).parents[2]
DRIVERS = [manifest.id for manifest in manifests()]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> Driver:
    return make_driver(request.param, {})


def sent_frames(driver: Driver, count: int = 5) -> list[bytes]:
    """Frames as the device would send them, all different."""
    simulator = make_simulator(driver.manifest.id, {})
    return [simulator.encode(Reading(12.34 + n, 0.5 + n / 10, 0.25 + n / 100), n, n * 10_000_000) for n in range(count)]


def listening(driver: Driver) -> Decoder:
    """A decoder to which the device is already talking: one that trusts no first frame has seen its end."""
    decoder = driver.new_decoder()
    first = sent_frames(driver, 1)[0]
    if not decoder.feed(first):
        assert driver.check.weak, "only frames without a check may be given up after opening"
    decoder.counters = FrameCounters()
    return decoder


def decode(driver: Driver, *chunks: bytes) -> list[Frame]:
    decoder = listening(driver)
    return [frame for chunk in chunks for frame in decoder.feed(chunk)]


def places_of_values(driver: Driver, length: int) -> set[int]:
    """The bytes of a frame of this length in which readings differ: digits, signs, binary numbers."""
    simulator = make_simulator(driver.manifest.id, {})
    chance = random.Random(3)
    frames: list[bytes] = []
    for n in range(600):
        force = chance.choice((-1, 1)) * 10 ** chance.uniform(-3, 3.9)
        length_mm = chance.choice((-1, 1)) * 10 ** chance.uniform(-3, 3.99)
        try:
            frames.append(simulator.encode(Reading(force, length_mm, length_mm), n, n * 10_000_000))
        except (ValueError, OverflowError):
            continue
    alike = [frame for frame in frames if len(frame) == length]
    return {at for at in range(length) if len({frame[at] for frame in alike}) > 1}


def test_there_are_drivers_for_bars_and_cubes() -> None:
    tests = {test for manifest in manifests() for test in manifest.tests}
    assert {"tension", "compression"} <= tests


def test_the_manifest_says_what_it_must(driver: Driver) -> None:
    manifest = driver.manifest
    written = ROOT / ("resources/presets" if manifest.base else "drivers") / manifest.id
    text = (written.with_suffix(".toml") if manifest.base else written / "manifest.toml").read_text(encoding="utf-8")
    assert re.search(r"^check = ", text, re.M), "check must be stated"
    assert manifest.source
    assert manifest.zh != manifest.en
    assert all(manifest.limits.values())
    if manifest.check.weak:
        assert "校验" in manifest.limits["zh"], "the limits must tell that nothing checks a digit"
        assert re.search(r"\bcheck\b|\bchecksum\b", manifest.limits["en"]), "the same in English"
    if manifest.beta:
        assert all(len(warning) > 10 for warning in manifest.warning.values())
    assert driver.channels[0].name == FIRST_CHANNEL[manifest.kind][0]
    assert all(UNITS[channel.name] == channel.unit for channel in driver.channels)
    assert len({channel.name for channel in driver.channels}) == len(driver.channels)


def test_only_a_real_machine_makes_a_driver_more_than_documented(driver: Driver) -> None:
    """The README beside its recordings must say which of them is from a real machine."""
    manifest = driver.manifest
    readme = ROOT / "drivers" / (manifest.base or manifest.id) / "recordings" / "README.md"
    if manifest.maturity is not Maturity.DOCUMENTED:
        lines = [line for line in readme.read_text(encoding="utf-8").splitlines() if "from a real machine" in line]
        assert any(f"`{manifest.id}" in line or not manifest.base for line in lines), f"{readme}: which machine?"


def test_a_question_is_answered_by_the_simulated_device(driver: Driver) -> None:
    """Far end of the wire: requests and openings are understood, and what comes back decodes."""
    poll, opening = driver.poll(), driver.opening()
    simulator = make_simulator(driver.manifest.id, {})
    assert (poll is not None) == simulator.polled
    simulator.encode(Reading(12.34, 0.5, 0.25), 0, 0)
    if poll is not None:
        assert poll.requests
        assert poll.period_ms > 0
        answers = b"".join(simulator.answer(request) for request in poll.requests * 3)
        assert listening(driver).feed(answers)
    elif opening:
        simulator.answer(opening)
        assert not simulator.polled, "the opening starts the stream"


def test_recordings_still_decode_as_written_down(driver: Driver) -> None:
    """Each ``NAME.bin`` has a ``NAME.txt``: good, bad, skipped bytes, then the counts of each frame."""
    manifest = driver.manifest
    presets = [other.id for other in manifests() if other.base == manifest.id]
    folder = ROOT / "drivers" / (manifest.base or manifest.id) / "recordings"
    recordings = sorted(folder.glob(f"{manifest.id}*.bin" if manifest.base else "*.bin"))
    recordings = [path for path in recordings if not path.name.startswith(tuple(presets))]
    assert recordings, f"{manifest.id} has no recording"
    for recording in recordings:
        decoder = driver.new_decoder()
        frames = decoder.feed(recording.read_bytes())
        decoder.flush()
        counters = decoder.counters
        lines = [f"{counters.good} {counters.bad} {counters.skipped_bytes}"]
        lines += [" ".join("-" if count is None else str(count) for count in frame.counts) for frame in frames]
        assert lines == recording.with_suffix(".txt").read_text(encoding="ascii").split("\n")[:-1]


def test_frames_come_out_as_they_went_in(driver: Driver) -> None:
    sent = sent_frames(driver)
    frames = decode(driver, b"".join(sent))
    assert [frame.raw for frame in frames] == sent
    assert len({frame.counts for frame in frames}) == len(sent)
    assert all(len(frame.counts) == len(driver.channels) for frame in frames)


def test_two_frames_in_one_read_and_a_frame_in_two_reads(driver: Driver) -> None:
    first, second, third, *_ = sent_frames(driver)
    assert [frame.raw for frame in decode(driver, first + second)] == [first, second]
    for cut in range(1, len(first)):
        assert [frame.raw for frame in decode(driver, first[:cut], first[cut:] + second, third)] == [
            first,
            second,
            third,
        ]


def test_garbage_before_a_frame_costs_nothing_but_itself(driver: Driver) -> None:
    first, second, *_ = sent_frames(driver)
    chance = random.Random(7)
    for length in range(1, 60):
        garbage = bytes(chance.randrange(256) for _ in range(length))
        found = [frame.raw for frame in decode(driver, garbage + first + second, first, second, first, second)]
        assert found[-3:] == [second, first, second]


def test_one_wrong_byte_never_gives_another_value(driver: Driver) -> None:
    """A rejected frame is counted; it is not repaired, clamped or guessed.

    Without a check a wrong digit is a legal frame. That, and nothing else, is excused: same length, and either the value is the
    same (or none) or the wrong byte stands where readings differ.
    """
    before, hurt, after, *_ = sent_frames(driver)
    values = places_of_values(driver, len(hurt)) if driver.check.weak else set()
    true_counts = decode(driver, hurt)[0].counts if values else ()
    for at in range(len(hurt)):
        for flip in (1, 2, 4, 8, 16, 32, 64, 128, 255):
            bad = bytes(byte ^ flip if index == at else byte for index, byte in enumerate(hurt))
            frames = decode(driver, before + bad + after + before + after)
            others = [frame for frame in frames if frame.raw not in (before, after)]
            if driver.check.weak:
                others = [frame for frame in others if not (frame.raw == bad and at in values)]
                others = [frame for frame in others if set(frame.counts) - {None, *true_counts} or frame.raw != bad]
            assert not others, (at, flip, others)


def test_a_frame_whose_beginning_was_missed_is_no_value(driver: Driver) -> None:
    """The port is opened in mid-frame: the rest of ``12.34`` is not 2.34."""
    first, second, third, *_ = sent_frames(driver)
    for cut in range(1, len(first)):
        found = [frame.raw for frame in driver.new_decoder().feed(first[cut:] + second + third)]
        assert found in ([second, third], [third])


def test_unplugged_in_mid_frame_nothing_is_joined_over_the_gap(driver: Driver) -> None:
    first, second, third, *_ = sent_frames(driver)
    for cut in range(1, len(first)):
        decoder = listening(driver)
        decoder.feed(first + second[:cut])
        decoder.flush()
        assert decoder.counters.skipped_bytes == cut
        assert {frame.raw for frame in decoder.feed(second[cut:] + third + third)} == {third}


@pytest.mark.parametrize("driver_id", DRIVERS)
@FEW
@given(data=st.binary(max_size=400), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_any_bytes_cut_anywhere_give_the_same(driver_id: str, data: bytes, cuts: list[int]) -> None:
    driver = make_driver(driver_id, {})
    frames = sent_frames(driver, 2)
    stream = data[: len(data) // 2] + frames[0] + data[len(data) // 2 :] + frames[1]
    whole = driver.new_decoder()
    pieces = driver.new_decoder()
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    expected = whole.feed(stream)
    assert [f for a, b in pairwise(places) for f in pieces.feed(stream[a:b])] == expected
    whole.flush()
    pieces.flush()
    assert whole.counters == pieces.counters
    assert whole.counters.good == len(expected)
    assert whole.counters.skipped_bytes + sum(len(frame.raw) for frame in expected) == len(stream)


# ---- on a real line ----------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[PtyLine]:
    line = PtyLine(str(tmp_path / "port"))
    yield line
    line.close()


class Watched:
    """A line and everything it said."""

    def __init__(self, driver: Driver, url: str) -> None:
        self.line = Line("m-1", url, driver, NoKeeper())
        self.events: list[LineEvent] = []
        self.line.start()

    def seen(self) -> list[LineEvent]:
        self.events += self.line.drain()
        return self.events

    def received(self) -> bytes:
        return b"".join(event.data for event in self.seen())

    def lost(self) -> list[LinkTrouble]:
        return [event.lost for event in self.seen() if event.lost is not None]


def test_open_unplug_open_again_close_twice(driver: Driver, terminal: PtyLine) -> None:
    first, second, *_ = sent_frames(driver)
    watched = Watched(driver, terminal.url)
    try:
        wait_until(lambda: any(event.opened for event in watched.seen()))
        terminal.send(first + second[:3])
        wait_until(lambda: watched.received() == first + second[:3])
        terminal.plug(False)
        wait_until(lambda: watched.lost()[:1] == [LinkTrouble.UNPLUGGED])
        terminal.plug(True)
        wait_until(lambda: sum(event.opened for event in watched.seen()) == 2)
        terminal.send(second)
        wait_until(lambda: watched.received() == first + second[:3] + second)
    finally:
        watched.line.stop()
        watched.line.stop()


def test_a_port_held_by_somebody_else_is_told_apart(driver: Driver, terminal: PtyLine) -> None:
    holder, late = Watched(driver, terminal.url), None
    try:
        wait_until(lambda: any(event.opened for event in holder.seen()))
        late = Watched(driver, terminal.url)
        wait_until(lambda: late.lost() == [LinkTrouble.PORT_TAKEN])
    finally:
        holder.line.stop()
        if late is not None:
            late.line.stop()
