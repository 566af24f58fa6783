"""Drivers that ask: on a real line the question arrives as it is listed, the answer comes back as frames, and nothing else goes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.devices.registry import make_driver, make_simulator, manifests
from labdesk.devices.session import Line, NoKeeper
from labdesk.devices.simulated_lines import PtyLine
from labdesk.devices.specimens import Reading
from tests.helpers.machines import wait_until

ENOUGH = 3
ASKING = [each.id for each in manifests() if make_simulator(each.id, {}).polled]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[PtyLine]:
    line = PtyLine(str(tmp_path / "port"))
    yield line
    line.close()


@pytest.mark.parametrize("driver_id", ASKING)
def test_question_and_answer_over_a_line(driver_id: str, terminal: PtyLine) -> None:
    driver, simulator = make_driver(driver_id, {}), make_simulator(driver_id, {})
    poll, decoder = driver.poll(), driver.new_decoder()
    assert poll is not None
    heard, turn, line = b"", 0, Line("m-1", terminal.url, driver, NoKeeper())

    def conversed() -> bool:
        nonlocal heard, turn
        for request in terminal.requests():
            heard += request
            simulator.encode(Reading(1.0 + turn / 10, 0.5, 0.25), turn, turn * 10_000_000)
            turn += 1
            terminal.send(simulator.answer(request))
        for event in line.drain():
            decoder.feed(event.data)
        return decoder.counters.good >= ENOUGH

    line.start()
    try:
        wait_until(conversed)
    finally:
        line.stop()
    asked = heard.removeprefix(driver.opening())
    assert asked
    for request in poll.requests:
        asked = asked.replace(request, b"")
    assert asked == b""


def test_a_gauge_a_stand_and_an_indicator_are_among_them() -> None:
    assert {"mark10_gauge", "mark10_esm301", "yaohua_xk3190a9_command"} <= set(ASKING)
