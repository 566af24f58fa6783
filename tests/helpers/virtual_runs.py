"""Sealed runs of virtual machines without a process or a wire: hours of loading in seconds, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle

from labdesk.capture.assembly import Arming
from labdesk.capture.recorder import RunRecorder
from labdesk.devices.journal import Record
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.simulator import VirtualMachine, reach_kn
from labdesk.domain.capture import BreakCriterion, BreakRule, EndReason
from labdesk.domain.sealed_run import SealedRun
from tests.helpers.machines import machine, request

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
OPENED_NS, ARMED_NS = 1_000_000_000, 2_000_000_000
"""The line is open for a second before the arming; the loading begins a second after it."""
STEP_S = 0.02
REST_S = 6.0


def virtual_run(
    driver_id: str, scenario: str, fault: str = "none", rate_hz: float | None = None, **parameters: object
) -> SealedRun:
    """One loading at its natural speed, followed to its end or to some seconds after it."""
    where, driver = machine(driver_id), make_driver(driver_id, {})
    device = make_simulator(driver_id, {})
    reach = reach_kn(driver, make_simulator(driver_id, {}))
    virtual = VirtualMachine(device, rate_hz or min(driver.manifest.rate_hz, 50), 7, reach_kn=reach)
    virtual.load(scenario, {"fault": fault, "delay_s": 2, **parameters}, 0.0)
    criterion = BreakCriterion(BreakRule.ATTENUATION, percent=Decimal(40))
    asked = request(of=where, preload_kn=Decimal(1), arming_kn=Decimal(3), criterion=criterion, tail_ms=1000)
    run = RunRecorder(asked, where, driver, Arming(NOON, ARMED_NS))
    poll = driver.poll()
    questions = cycle(poll.requests if poll is not None else ())
    device.answer(driver.opening())
    time_s, ask_s, over_s = 0.0, 0.0, REST_S
    while run.ended is None and over_s > 0:
        time_s += STEP_S
        data = virtual.advance(time_s)
        while poll is not None and ask_s <= time_s:
            data += virtual.answer(next(questions), time_s)
            ask_s += poll.period_ms / 1000
        if data:
            run.feed(Record("D", OPENED_NS + round(time_s * 1e9), data))
        over_s -= 0 if virtual.loading else STEP_S
    run.end(EndReason.LIMIT, "no end was seen")
    return run.seal(NOON, "ab" * 32, 1)
