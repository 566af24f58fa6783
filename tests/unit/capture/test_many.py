"""Several capture processes behind one port: each machine at its own, one out of reach troubles only its own machines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labdesk.capture.client import CaptureClient
from labdesk.capture.endpoint import listen
from labdesk.capture.many import ManyCaptures
from labdesk.capture.pairing import Pairing
from labdesk.capture.server import CaptureServer
from labdesk.capture.worker import CaptureWorker
from labdesk.devices.registry import make_simulator
from labdesk.devices.session import NoKeeper
from labdesk.devices.simulated_lines import TcpLine
from labdesk.devices.simulator import VirtualMachine
from labdesk.domain.capture import LinkTrouble, LiveState, MachineState
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.sealed_run import decode_run
from tests.helpers.elsewhere import front_door
from tests.helpers.machines import machine, request, wait_until


class Computer:
    """Worker and server in threads, and a machine on TCP driven by hand."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.line = TcpLine(0)
        self.virtual = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 1)
        self.now_s = 0.0
        self.worker = CaptureWorker(folder, NoKeeper())
        self.worker.start()
        self.server = CaptureServer(listen(folder), self.worker)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def speak(self, seconds: float = 0.01) -> None:
        self.now_s += seconds
        self.line.send(self.virtual.advance(self.now_s))

    def close(self) -> None:
        self.server.stop()
        self.thread.join()
        self.worker.stop()
        self.line.close()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Computer]:
    made = Computer(tmp_path / "here")
    yield made
    made.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Computer]:
    made = Computer(tmp_path / "there")
    yield made
    made.close()


class Desk:
    """The desktop's side."""

    def __init__(self, here: Computer, *pairings: Pairing) -> None:
        self.pairings = pairings
        self.captures = ManyCaptures(CaptureClient(here.folder), lambda: self.pairings)
        self.seen: list[LiveState] = []
        self.captures.subscribe(self.seen.append)

    def state(self, machine_id: str) -> LiveState:
        return next(state for state in self.captures.states() if state.machine_id == machine_id)

    def until(self, machine_id: str, state: MachineState, *speaking: Computer) -> None:
        def is_so() -> bool:
            for each in speaking:
                each.speak()
            found = [each for each in self.captures.states() if each.machine_id == machine_id]
            return bool(found) and found[0].state is state

        wait_until(is_so)


def test_each_machine_is_captured_where_its_port_is(here: Computer, there: Computer) -> None:
    with front_door(there.folder) as pairing:
        desk = Desk(here, pairing)
        try:
            ours = machine(port_url=here.line.url)
            theirs = machine(port_url=f"press-pc@{there.line.url}", machine_id="m-2")
            desk.captures.configure((ours, theirs))
            desk.until("m-1", MachineState.READY, here)
            desk.until("m-2", MachineState.READY, there)
            assert [each.state.machine_id for each in here.worker.published()] == ["m-1"]
            assert [each.state.machine_id for each in there.worker.published()] == ["m-2"]
            with pytest.raises(OperatorError) as caught:
                desk.captures.arm(request("apart", theirs, companion_ids=("m-1",)))
            assert caught.value.key == "elsewhere.apart"

            desk.captures.arm(request("run-2", theirs))
            there.virtual.load("rebar", {"speed": 60, "delay_s": 0.1}, there.now_s)

            def is_sealed() -> bool:
                there.speak()
                return bool(desk.captures.sealed_runs())

            wait_until(is_sealed)
            (outcome,) = desk.captures.sealed_runs()
            assert (outcome.run_id, outcome.machine_id) == ("run-2", "m-2")
            assert [each.run_id for each in there.worker.runs.waiting()] == ["run-2"]
            run = decode_run(desk.captures.fetch("run-2"))
            assert run.header.request.run_id == "run-2"
            assert desk.captures.fetch_journal("run-2") == there.worker.runs.fetch_journal("run-2")
            assert "m-2" in {state.machine_id for state in desk.seen if state.points}
            desk.captures.acknowledge("run-2")
            assert there.worker.runs.waiting() == desk.captures.sealed_runs() == ()
            # A desktop that was started anew and never listed the run finds it all the same.
            desk.captures._holders.clear()
            assert decode_run(desk.captures.fetch("run-2")) == run
            with pytest.raises(OperatorError) as caught:
                desk.captures.fetch("run-3")
            assert caught.value.key == "capture.no_such_run"
        finally:
            desk.captures.close()


def test_one_out_of_reach_is_the_trouble_of_its_machines_only(here: Computer, there: Computer) -> None:
    with front_door(there.folder) as pairing:
        desk = Desk(here, pairing)
        try:
            theirs = machine(port_url=f"press-pc@{there.line.url}", machine_id="m-2")
            desk.captures.configure((machine(port_url=here.line.url), theirs))
            desk.until("m-1", MachineState.READY, here)
            desk.until("m-2", MachineState.READY, there)
            desk.captures.arm(request("run-2", theirs))
            wait_until(lambda: (newest := desk.captures.newest("m-2")) is not None and newest.run_id == "run-2")
        except BaseException:
            desk.captures.close()
            raise
    try:
        desk.until("m-2", MachineState.LOST)
        lost = desk.state("m-2")
        assert (lost.trouble, lost.run_id) == (LinkTrouble.NO_CAPTURE, "run-2")
        assert "press-pc" in lost.detail
        wait_until(lambda: any(state.trouble is LinkTrouble.NO_CAPTURE for state in desk.seen))
        desk.until("m-1", MachineState.READY, here)
        assert desk.captures.sealed_runs() == ()
        with pytest.raises(EnvironmentFault) as caught:
            desk.captures.abort("m-2", "gone")
        assert caught.value.key == "capture.unreachable"
        # What changes meanwhile is told when it answers again.
        desk.captures.configure((machine(port_url=here.line.url), replace(theirs, id="m-3")))
        assert desk.state("m-3").trouble is LinkTrouble.NO_CAPTURE
        with front_door(there.folder, pairing.port):
            desk.until("m-3", MachineState.READY, there)
    finally:
        desk.captures.close()


def test_a_wrong_secret_is_said_when_somebody_arms(here: Computer, there: Computer) -> None:
    with front_door(there.folder) as pairing:
        desk = Desk(here, replace(pairing, secret="00" * 32))
        try:
            theirs = machine(port_url=f"press-pc@{there.line.url}", machine_id="m-2")
            desk.captures.configure((theirs,))
            wait_until(lambda: "elsewhere.wrong_secret" in _refusal(desk, "m-2"))
            assert desk.state("m-2").trouble is LinkTrouble.NO_CAPTURE
            assert there.worker.published() == ()
            # Paired again, and the list of machines handed over again: no new start of the desktop is needed.
            desk.pairings = (pairing,)
            desk.captures.configure((theirs,))
            desk.until("m-2", MachineState.READY, there)
        finally:
            desk.captures.close()


def _refusal(desk: Desk, machine_id: str) -> str:
    with pytest.raises(EnvironmentFault) as caught:
        desk.captures.arm(request("run-2", machine(machine_id=machine_id)))
    return caught.value.key


def test_a_computer_that_was_never_paired(here: Computer) -> None:
    desk = Desk(here)
    try:
        stranger = machine(port_url="attic@COM3", machine_id="m-9")
        desk.captures.configure((stranger,))
        state = desk.state("m-9")
        assert (state.state, state.trouble, state.detail) == (MachineState.LOST, LinkTrouble.NO_CAPTURE, "attic")
        assert here.worker.published() == ()
        with pytest.raises(OperatorError) as caught:
            desk.captures.arm(request("run-9", stranger))
        assert caught.value.key == "elsewhere.not_paired"
    finally:
        desk.captures.close()


def test_a_paired_computer_without_machines_of_ours_is_left_alone(here: Computer, there: Computer) -> None:
    """It may capture for another desktop."""
    there.worker.configure((machine(port_url=there.line.url, machine_id="m-7"),))
    with front_door(there.folder) as pairing:
        desk = Desk(here, pairing)
        try:
            wait_until(lambda: desk.captures._elsewhere["press-pc"].reachable)
            desk.captures.configure((machine(port_url=here.line.url),))
            assert [each.state.machine_id for each in there.worker.published()] == ["m-7"]
            assert [state.machine_id for state in desk.captures.states()] == ["m-1"]
        finally:
            desk.captures.close()
