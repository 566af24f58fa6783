"""Mortar cubes with a real capture process and a simulated machine: armed by their plan, broken, sealed, stored, evaluated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, MachineState, RunPhase
from labdesk.domain.people import Field
from labdesk.services.bench import Bench
from labdesk.services.runs import RunCollector, RunDeps
from tests.helpers.machines import wait_until
from tests.helpers.productworld import SMALL_PRESS, STATION, ProductWorld, make_products, order, session
from tests.helpers.stores import opened_engine

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[ProductWorld]:
    with opened_engine(f"sqlite:///{tmp_path / 'labdesk.db'}") as engine:
        yield make_products(engine, ())


@pytest.mark.rule("YK-7.2a")
def test_mortar_cubes_from_the_counter_through_a_real_line(lab: ProductWorld, tmp_path: Path) -> None:
    home, counter = tmp_path / "home", lab.counter
    home.mkdir()
    tags = tuple(f"YK21074499{number:04d}" for number in range(1, 4))
    lot = lab.receive(order("mortar-cube", Field.MATERIALS, {"design_grade": "M10"}, tags))
    with SimulatedMachine("labdesk_utm", SimulatedPort(home / "port"), seed=5) as simulator:
        client = CaptureClient(ensure_running(home))
        try:
            press = replace(SMALL_PRESS, port_url=simulator.port_url)
            lab.bench = Bench(counter.store, client, counter.clock, counter.ids)
            lab.change(press)
            deps = RunDeps(counter.store, counter.blobs, counter.clock, counter.ids, STATION)
            collector = RunCollector(deps, client)

            def state() -> MachineState | None:
                return next((item.state for item in client.states() if item.machine_id == press.id), None)

            def idle() -> bool:
                return any(item.machine_id == press.id and item.phase is RunPhase.IDLE for item in client.states())

            for piece in lot.specimens:
                wait_until(lambda: state() is MachineState.READY and idle(), 30)
                lab.bench.arm(lab.case(piece.label, press), session())
                simulator.load("mortar", speed=40, delay_s=0.2)
                wait_until(lambda: len(client.sealed_runs()) == 1, 30)
                (run,) = collector.collect()
                assert (run.end_reason, run.specimen_label) == (EndReason.BREAK, piece.label)
                counter.clock.forward(minutes=3)
            found = lab.evaluate(lot).evaluation
        finally:
            client.stop_capture()
            client.close()
    (strength,) = [value.rounded for value in found.values if value.symbol == "f2"]
    assert strength is not None
    # 10.8 MPa by F / A in the simulator, times 1.35 of the standard.
    assert abs(strength - Decimal("14.6")) <= Decimal("0.3")
