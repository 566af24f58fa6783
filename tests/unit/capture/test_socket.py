"""The local socket: framing, token, newest state only, errors that travel, a client that comes back."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.capture import endpoint
from labdesk.capture.blocks import Block, Pipeline
from labdesk.capture.client import CaptureClient
from labdesk.capture.endpoint import connect, listen
from labdesk.capture.messages import (
    MAX_REQUEST,
    FrameReader,
    bytes_frame,
    error_from,
    error_plain,
    json_frame,
    live_from,
    live_message,
    split_bytes,
)
from labdesk.capture.runs import RunFolder
from labdesk.capture.server import CaptureServer
from labdesk.capture.worker import CaptureWorker
from labdesk.devices.journal import JournalWriter
from labdesk.devices.registry import make_simulator
from labdesk.devices.session import NoKeeper
from labdesk.devices.simulated_lines import TcpLine
from labdesk.devices.simulator import VirtualMachine
from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RateLight, RunOutcome, RunPhase
from labdesk.domain.errors import BugError, EnvironmentFault, LabDeskError, OperatorError
from labdesk.domain.plain import to_plain
from labdesk.domain.sealed_run import RunMark, SealedRun, decode_run
from tests.helpers.machines import machine, request, wait_until


def test_frames_cut_anywhere() -> None:
    stream = json_frame({"id": 1}) + bytes_frame(7, b"\x00data") + json_frame({"a": "试"})
    reader, found = FrameReader(1000), []
    for index in range(len(stream)):
        found += reader.feed(stream[index : index + 1])
    assert [kind for kind, _ in found] == [b"J", b"B", b"J"]
    assert json.loads(found[2][1]) == {"a": "试"}
    assert split_bytes(found[1][1]) == (7, b"\x00data")


@pytest.mark.parametrize("length", [0, 1001, 2**32 - 1])
def test_a_frame_beyond_the_limit_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="frame"):
        list(FrameReader(1000).feed(length.to_bytes(4, "little")))


@pytest.mark.parametrize("kind", [OperatorError, EnvironmentFault, BugError])
def test_errors_keep_class_key_and_parameters(kind: type[LabDeskError]) -> None:
    back = error_from(error_plain(kind("capture.machine_busy", machine="JC-1")))
    assert (type(back), back.key, back.params) == (kind, "capture.machine_busy", {"machine": "JC-1"})


def test_a_state_travels_as_if_made_plain_by_the_book() -> None:
    state = LiveState("m-1", 7, MachineState.CAPTURING, LinkTrouble.SILENT, force_kn=Decimal("1.50"), gap_seqs=(3, 9))
    full = replace(state, phase=RunPhase.LOADING, rate_light=RateLight.RED, at=datetime(2026, 5, 4, tzinfo=UTC))
    for each in (state, full):
        message = json.loads(json.dumps(live_message(each, 2, 0, [])))
        assert message["live"] == {name: value for name, value in to_plain(each).items() if name != "points"}
        assert live_from(message, (-1, ())) == (2, each)


class Process:
    """Worker and server in threads, a virtual machine on TCP driven by hand: what the capture child does, without processes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.line = TcpLine(0)
        self.machine = machine(port_url=self.line.url)
        self.virtual = VirtualMachine(make_simulator("labdesk_utm", {}), 100, 1)
        self.now_s = 0.0
        self.start()

    def start(self) -> None:
        self.worker = CaptureWorker(self.folder, NoKeeper())
        self.worker.start()
        self.server = CaptureServer(listen(self.folder), self.worker)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def stop(self) -> None:
        self.server.stop()
        self.thread.join()
        self.worker.stop()

    def run_machine(self, seconds: float) -> None:
        """Sends what the machine says in this time, at once."""
        self.now_s += seconds
        self.line.send(self.virtual.advance(self.now_s))

    def state(self) -> LiveState:
        return self.worker.published()[0].state

    def ready(self) -> None:
        def is_ready() -> bool:
            self.run_machine(0.01)
            return self.state().state is MachineState.READY

        wait_until(is_ready)


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    made = Process(tmp_path / "c")
    yield made
    made.stop()
    made.line.close()


@pytest.fixture
def client(process: Process) -> Iterator[CaptureClient]:
    made = CaptureClient(process.folder)
    yield made
    made.close()


def test_from_arming_to_the_fetched_run(process: Process, client: CaptureClient) -> None:
    client.configure((process.machine,))
    process.ready()
    client.arm(request(of=process.machine))
    process.virtual.load("rebar", {"speed": 60, "delay_s": 0.1}, process.now_s)

    def is_sealed() -> bool:
        process.run_machine(0.01)
        return bool(client.sealed_runs())

    wait_until(is_sealed)
    (outcome,) = client.sealed_runs()
    assert decode_run(client.fetch("run-1")).peak_kn == outcome.peak_kn
    assert client.fetch_journal("run-1")
    wait_until(lambda: (client.newest("m-1") or process.state()).sealed_run_id == "run-1")
    assert client.states()[0].phase is RunPhase.IDLE
    client.acknowledge("run-1")
    assert client.sealed_runs() == ()
    with pytest.raises(OperatorError, match="no_such_run"):
        client.fetch("run-2")


def test_a_machine_that_is_not_there_or_has_no_driver(process: Process, client: CaptureClient) -> None:
    process.line.plug(False)
    client.configure((process.machine, machine("nobody_nothing", machine_id="m-2")))
    wait_until(
        lambda: {state.machine_id: state.trouble for state in client.states()}["m-1"] is LinkTrouble.NO_SUCH_PORT
    )
    states = {state.machine_id: state for state in client.states()}
    assert (states["m-1"].state, states["m-2"].state) == (MachineState.LOST, MachineState.FAULT)
    assert states["m-2"].trouble is LinkTrouble.NO_DRIVER
    with pytest.raises(OperatorError, match="machine_not_ready"):
        client.arm(request(of=process.machine))
    client.configure(())
    assert client.states() == ()


def test_a_changed_registration_waits_for_the_end_of_the_run(process: Process, client: CaptureClient) -> None:
    client.configure((process.machine,))
    process.ready()
    client.arm(request(of=process.machine))
    changed = machine("yaohua_xk3190a9", port_url=process.line.url)
    client.configure((changed,))
    assert client.states()[0].phase is RunPhase.ARMED
    client.configure(())
    assert client.states()[0].phase is RunPhase.ARMED
    client.configure((changed,))
    client.abort("m-1", "no piece")
    wait_until(lambda: client.sealed_runs() and client.states()[0].state is not MachineState.CAPTURING)
    wait_until(lambda: client.states()[0].extension_mm is None)
    client.configure(())
    assert client.states() == ()


def test_a_machine_taken_away_leaves_after_its_run(process: Process, client: CaptureClient) -> None:
    client.configure((process.machine,))
    process.ready()
    client.arm(request(of=process.machine))
    client.configure(())
    client.abort("m-1", "no piece")
    wait_until(lambda: client.states() == ())
    assert len(client.sealed_runs()) == 1


def test_a_full_disk_refuses_the_arming_and_starts_nothing(process: Process, client: CaptureClient) -> None:
    client.configure((process.machine,))
    process.ready()
    journals = process.folder / "journals"
    journals.rename(process.folder / "gone")
    with pytest.raises(EnvironmentFault, match="disk"):
        client.arm(request(of=process.machine))
    (process.folder / "gone").rename(journals)
    process.ready()
    client.arm(request(of=process.machine))
    client.abort("m-1", "")


def test_the_client_comes_back_by_itself(process: Process, client: CaptureClient) -> None:
    client.configure((process.machine,))
    process.stop()
    process.start()
    process.ready()
    wait_until(lambda: (client.newest("m-1") or process.state()).good_frames > 0)
    assert client.states()[0].machine_id == "m-1"


def test_without_a_capture_process_the_client_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labdesk.capture.client.CONNECT_S", 0.05)
    client = CaptureClient(tmp_path)
    with pytest.raises(EnvironmentFault, match="unreachable"):
        client.states()
    client.close()


def test_a_client_that_does_not_read_gets_no_backlog(process: Process, client: CaptureClient) -> None:
    """It subscribes and never reads; the server keeps at most the one push that did not fit, the others go on."""
    client.configure((process.machine,))
    process.ready()
    lazy = connect(process.folder, 2)
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    lazy.sendall(json_frame({"id": 1, "op": "subscribe"}))
    seen: list[int] = []
    client.subscribe(lambda state: seen.append(state.seq))
    client.arm(request(of=process.machine))
    process.virtual.load("rebar", {"speed": 2, "delay_s": 0.0}, process.now_s)
    backlog = 0
    for _ in range(60):
        count = len(seen)
        process.run_machine(0.5)
        wait_until(lambda count=count: len(seen) > count)  # type: ignore[misc]
        backlog = max(backlog, *(len(each.out) for each in process.server._clients.values()))
    assert backlog < 300_000
    lazy.close()
    client.abort("m-1", "")


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\xff\xff\xff\xff",
        json_frame({"op": "states"}),
        bytes_frame(1, b""),
        json_frame({})[:-1] + b"!",
        (MAX_REQUEST + 1).to_bytes(4, "little"),
    ],
)
def test_nonsense_closes_only_its_own_connection(process: Process, client: CaptureClient, nonsense: bytes) -> None:
    rude = connect(process.folder, 2)
    rude.sendall(nonsense)
    assert rude.recv(1) == b""
    rude.close()
    assert client.states() == ()


@pytest.mark.allow_log(r"labdesk\.capture\.server:WARNING:request .* failed.*")
def test_an_unknown_request_is_answered_with_an_error(client: CaptureClient) -> None:
    with pytest.raises(BugError, match="plain_shape"):
        client.ask("explode")
    with pytest.raises(BugError, match="plain_shape"):
        client.ask("arm", request={"run_id": 1})


def test_where_unix_sockets_do_not_reach_a_token_opens_the_loopback_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "UNIX_PATH_BYTES", 0)
    process = Process(tmp_path / "c")
    where = json.loads((process.folder / "endpoint.json").read_text())
    assert where["kind"] == "tcp"
    client = CaptureClient(process.folder)
    assert client.states() == ()
    stranger = socket.create_connection(("127.0.0.1", int(where["port"])), 2)
    stranger.sendall(b"x" * len(where["token"]) + json_frame({"id": 1, "op": "states"}))
    with contextlib.suppress(ConnectionResetError):
        assert stranger.recv(1) == b""
    stranger.close()
    client.close()
    process.stop()
    process.line.close()


def test_a_disk_that_fills_up_in_mid_test_marks_the_run(
    process: Process, client: CaptureClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine goes on, so does reading; the run is sealed from memory and says so."""

    def full(self: JournalWriter, stamp_ns: int, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    client.configure((process.machine,))
    process.ready()
    client.arm(request(of=process.machine))
    monkeypatch.setattr(JournalWriter, "append", full)
    process.virtual.load("rebar", {"speed": 60, "delay_s": 0.1}, process.now_s)

    def seen(what: Callable[[], object]) -> bool:
        process.run_machine(0.01)
        return bool(what())

    wait_until(lambda: seen(lambda: client.states()[0].trouble is LinkTrouble.DISK))
    wait_until(lambda: seen(client.sealed_runs))
    (outcome,) = client.sealed_runs()
    assert (outcome.end_reason, outcome.marked) == (EndReason.BREAK, True)
    assert RunMark.JOURNAL_INCOMPLETE in decode_run(client.fetch("run-1")).header.marks


@pytest.mark.allow_log(r"labdesk\.capture\.sealer:ERROR:run run-1 could not be sealed.*")
def test_a_sealing_that_fails_is_tried_again(
    process: Process, client: CaptureClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OSError(28, "No space left on device")]
    store = RunFolder.store

    def flaky(self: RunFolder, run: SealedRun, data: bytes) -> RunOutcome:
        if failures:
            raise failures.pop()
        return store(self, run, data)

    monkeypatch.setattr(RunFolder, "store", flaky)
    monkeypatch.setattr("labdesk.capture.sealer.RETRY_NS", 1)
    client.configure((process.machine,))
    process.ready()
    client.arm(request(of=process.machine))
    client.abort("m-1", "")
    wait_until(lambda: client.sealed_runs())
    assert not failures


@pytest.mark.allow_log(r"labdesk\.capture\.worker:ERROR:machine m-1 cannot be followed any more")
def test_a_driver_that_fails_stops_only_its_own_machine(
    process: Process, client: CaptureClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TcpLine(0)
    client.configure((process.machine, machine("yaohua_xk3190a9", other.url, "m-2")))
    process.ready()
    client.arm(request(of=process.machine))

    def broken(self: Pipeline, stamp_ns: int, data: bytes) -> Block:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Pipeline, "feed", broken)
        process.run_machine(0.1)
        wait_until(lambda: {state.machine_id: state.state for state in client.states()}["m-1"] is MachineState.FAULT)
    with pytest.raises(OperatorError, match="machine_not_ready"):
        client.arm(request("run-2", process.machine))
    before = len(client.fetch_journal("run-1"))
    process.run_machine(0.1)
    wait_until(lambda: len(client.fetch_journal("run-1")) > before)

    def is_ready() -> bool:
        other.send(bytes.fromhex("022B30303030303030324203") + bytes.fromhex("022B30323339363030313503"))
        return {state.machine_id: state.state for state in client.states()}["m-2"] is MachineState.READY

    wait_until(is_ready)
    client.configure((process.machine,))
    process.ready()
    other.close()
