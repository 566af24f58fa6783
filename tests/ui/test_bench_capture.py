"""One piece from scan to stored run with everything real: page, services, database, capture process, line, simulated machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from labdesk.capture.client import CaptureClient
from labdesk.capture.launcher import ensure_running
from labdesk.devices.simulated import SimulatedMachine, SimulatedPort
from labdesk.domain.capture import EndReason, MachineState, RunPhase
from labdesk.domain.codes import CodeKind
from labdesk.services.bench import Bench
from labdesk.services.lost_runs import LostRuns
from labdesk.services.runs import RunCollector, RunDeps
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.testing.bench_page import BenchDeps, BenchPage
from tests.helpers.benchworld import PRESS, REBAR_LOT, STATION, UTM
from tests.helpers.machines import wait_until
from tests.ui.bench_stage import Stage, new_stage, scan

ONE, TAG = "G26-00417-1", "YK2107-4408-1261"


@pytest.fixture
def stage(dressed: Languages, ops: Ops, tmp_path: Path) -> Iterator[Stage]:
    del dressed
    made = new_stage(ops, tmp_path)
    yield made
    made.close()


@pytest.mark.rule("YK-7.2a")
@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_from_scan_to_stored_run_with_a_real_capture_process(stage: Stage, tmp_path: Path) -> None:
    world = stage.world
    home = tmp_path / "home"
    home.mkdir()
    with SimulatedMachine("labdesk_utm", SimulatedPort(home / "port"), seed=5) as simulator:
        client = CaptureClient(ensure_running(home))
        try:
            world.change_machine(replace(UTM, port_url=simulator.port_url))
            for other in (PRESS.id, "m-09"):
                machine = world.capture.machines[other]
                world.change_machine(replace(machine, port_url=str(home / f"none-{other}")))
            deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
            bench = Bench(world.store, client, world.clock, world.ids)
            parts = BenchDeps(
                bench, RunCollector(deps, client), LostRuns(deps, world.pins), client, stage.remember, lambda: UTM.id
            )
            page = BenchPage(stage.context(), parts)
            stage.pages.append(page)
            page.on_shown()

            def until(what: object) -> None:
                assert callable(what)

                def done() -> bool:
                    QApplication.processEvents()
                    return bool(what())

                wait_until(done, 30)

            until(lambda: page.state is not None and page.state.state is MachineState.READY)
            scan(page, CodeKind.SPECIMEN, ONE)
            until(lambda: page.gate.case is not None)
            scan(page, CodeKind.TAG, TAG)
            until(lambda: page.running)
            simulator.load("rebar", grade="HRB400E", speed=20, delay_s=0.2)
            until(lambda: page.state is not None and page.state.phase is RunPhase.LOADING and page.state.peak_kn)
            until(lambda: page.banner.verdict is not None and page.banner.verdict.word == "已入库：SY-2026-00001")
            page.live.plot.draw_frame()
            assert page.live.plot.drawn_points > 50
            with world.store.read() as uow:
                (run,) = uow.testing.runs_of_lot(REBAR_LOT)
            assert (run.end_reason, run.specimen_label) == (EndReason.BREAK, ONE)
            assert run.peak_kn is not None
            assert 180 < run.peak_kn < 200
            assert client.sealed_runs() == ()
            stage.settle()
        finally:
            stage.close()
            client.stop_capture()
            client.close()
