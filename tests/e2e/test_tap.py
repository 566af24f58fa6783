"""A line on which a maker's program talks, tapped: real processes, real terminals; nobody notices, and the run is sealed."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from labdesk.app.machine_commands import run_machine_command
from labdesk.capture.worker import CaptureWorker
from labdesk.devices.driver import Driver
from labdesk.devices.journal import read_journal, received_bytes
from labdesk.devices.registry import make_driver
from labdesk.devices.session import Line, NoKeeper
from labdesk.devices.tap import TapDriver
from labdesk.domain.capture import EndReason, LiveState, MachineState
from labdesk.domain.machines import Machine
from labdesk.domain.sealed_run import SealedRun, decode_run
from labdesk.domain.taps import Tap, TapWires
from tests.helpers.machines import machine, request, wait_until
from tests.helpers.tapped_line import MODBUS, MODBUS_SETTINGS, Relay

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")

WIRINGS = [
    pytest.param(MODBUS, TapWires.SHARED, id="rs485-modbus"),
    pytest.param("mark10_gauge", TapWires.ANSWERS, id="one-wire"),
    pytest.param("yaohua_xk3190a9_command", TapWires.BOTH, id="two-wires"),
]


def settings_of(kind: str) -> dict[str, str]:
    return MODBUS_SETTINGS if kind == MODBUS else {}


def tap_of(relay: Relay, wires: TapWires) -> Tap:
    return Tap(relay.taps[0].url, wires, relay.taps[1].url if wires is TapWires.BOTH else "")


@pytest.fixture
def relays(tmp_path: Path) -> Iterator[Callable[[str, TapWires], Relay]]:
    made: list[Relay] = []

    def make(kind: str, wires: TapWires) -> Relay:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Relay(folder, kind, wires is TapWires.SHARED))
        return made[-1]

    yield make
    for relay in made:
        relay.close()


@pytest.mark.parametrize(("kind", "wires"), WIRINGS[:1])
def test_the_machines_traffic_is_the_same_with_and_without_tap(
    kind: str, wires: TapWires, relays: Callable[[str, TapWires], Relay]
) -> None:
    without = relays(kind, wires)
    tapped = relays(kind, wires)
    driver: Driver = TapDriver(make_driver(kind, settings_of(kind)), wires)
    line = Line("m-1", tap_of(tapped, wires).url(), driver, NoKeeper())
    opened: list[object] = []
    line.start()
    try:
        wait_until(lambda: opened.extend(event for event in line.drain() if event.opened) or opened)
        for relay in (without, tapped):
            relay.ask(25)
            relay.load()
            relay.ask(40)
        heard = bytearray()
        own = bytes(tapped.answered) if wires is not TapWires.SHARED else b""
        wait_until(lambda: heard.extend(b"".join(event.data for event in line.drain())) or heard.endswith(own))
    finally:
        line.stop()
    assert bytes(tapped.asked) == bytes(without.asked)
    assert bytes(tapped.answered) == bytes(without.answered)
    assert len(tapped.answered) > 500
    assert tapped.leaked == b""
    if wires is not TapWires.SHARED:
        assert bytes(heard) == own


class Bench:
    """A capture that listens to a relay's tap."""

    def __init__(self, relay: Relay, kind: str, tap: Tap, folder: Path) -> None:
        self.relay = relay
        self.machine = Machine(**(vars(machine(kind, tap.url())) | {"settings": settings_of(kind)}))
        self.worker = CaptureWorker(folder, NoKeeper())
        self.worker.start()
        self.worker.configure((self.machine,))

    def state(self) -> LiveState:
        return self.worker.published()[0].state

    def asking_until(self, what: Callable[[], object]) -> None:
        def asked() -> bool:
            self.relay.ask(4)
            return bool(what())

        wait_until(asked, 30)

    def sealed(self) -> SealedRun:
        self.asking_until(lambda: self.worker.runs.sealed_path("run-1").exists())
        return decode_run(self.worker.runs.fetch("run-1"))


def true_forces(relay: Relay, kind: str) -> list[Decimal]:
    """What the machine answered, read by the driver that asks itself; the long block's value is in the same registers."""
    driver = make_driver(kind, settings_of(kind))
    if kind != MODBUS:
        frames = driver.new_decoder().feed(bytes(relay.answered))
        counts = [frame.counts[0] for frame in frames]
    else:  # 29 bytes of the long block, 9 of the other
        data = bytes(relay.answered)
        counts = [int.from_bytes(data[at + 17 : at + 21], "big") for at in range(0, len(data), 38)]
    return [count * driver.channels[0].quantum for count in counts if count is not None]


@pytest.mark.parametrize(("kind", "wires"), WIRINGS)
def test_a_run_is_captured_and_sealed_by_listening(
    kind: str, wires: TapWires, relays: Callable[[str, TapWires], Relay], tmp_path: Path
) -> None:
    relay = relays(kind, wires)
    bench = Bench(relay, kind, tap_of(relay, wires), tmp_path / "c")
    try:
        bench.asking_until(lambda: bench.state().state is MachineState.READY)
        bench.worker.arm(request("run-1", bench.machine))
        relay.load()
        run = bench.sealed()
        journal = bench.worker.runs.fetch_journal("run-1")
    finally:
        bench.worker.stop()
    assert (run.header.end_reason, run.header.loaded) == (EndReason.BREAK, True)
    assert run.header.machine.port_url.startswith("tap:")
    assert run.header.counters.bad == 0
    assert run.peak_kn is not None
    assert abs(run.peak_kn - Decimal("39.5")) < Decimal("0.01")
    true, found = true_forces(relay, kind), [value for value in run.values("force") if value is not None]
    start = true.index(next(value for value in true if value > 1)) - found.index(next(v for v in found if v > 1))
    assert found == true[start : start + len(found)]
    assert relay.leaked == b""
    content = read_journal(journal)
    marks = [record.json() for record in content.records if record.kind == "M"]
    host = b"".join(bytes.fromhex(mark["bytes"]) for mark in marks if mark["event"] == "host")
    assert bool(host) == (wires is TapWires.BOTH)
    assert host in bytes(relay.asked)
    if wires is TapWires.SHARED:
        other_block = b"\x01\x03\x04"  # in the journal, never in the run
        assert received_bytes(content.records).count(other_block) > 10


def test_labdesk_capture_tap_names_a_wire_on_the_wrong_side_and_writes_the_curve_on_the_right_one(
    relays: Callable[[str, TapWires], Relay], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    relay, out = relays("mark10_gauge", TapWires.ANSWERS), tmp_path / "curve.csv"
    wrong = ["--driver", "mark10_gauge", "--port", relay.taps[1].url, "--tap", "--out", str(tmp_path / "wrong.csv")]
    codes: list[int] = []
    command = threading.Thread(target=lambda: codes.append(run_machine_command("capture", wrong)))
    command.start()
    wait_until(lambda: relay.ask(4) or not command.is_alive())
    command.join()
    assert codes == [2]
    assert "DB9" in capsys.readouterr().err
    port = relay.taps[0].url
    arguments = ["--driver", "mark10_gauge", "--port", port, "--tap", "--out", str(out)]
    command = threading.Thread(target=lambda: codes.append(run_machine_command("capture", arguments)))
    command.start()
    armed = tmp_path / ".curve.csv.capture" / "journals"
    wait_until(lambda: relay.ask(4) or (armed.exists() and any(armed.glob("*.journal"))))
    relay.load()
    wait_until(lambda: relay.ask(4) or not command.is_alive())
    command.join()
    assert codes == [2, 0]
    told = json.loads(capsys.readouterr().out)
    assert told["header"]["machine"]["port_url"] == f"tap:{port}"
    assert abs(Decimal(told["peak_kn"]) - Decimal("39.5")) < Decimal("0.01")
    assert out.read_text(encoding="utf-8").count("\n") > 50
    assert run_machine_command("decode", ["--driver", "mark10_gauge", f"{out}.journal"]) == 0
    assert json.loads(capsys.readouterr().out)["good"] > 50
    assert relay.leaked == b""
