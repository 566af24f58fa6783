"""What the command line does with machines, as plain functions that give JSON-able values; ``labdesk/app`` wires them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from labdesk.capture.worker import CaptureWorker
from labdesk.devices import journal, registry, simulate
from labdesk.devices.driver import Driver, Frame
from labdesk.devices.overheard import Overhears
from labdesk.devices.session import NoKeeper
from labdesk.devices.tap import TapDriver
from labdesk.domain.capture import (
    BreakCriterion,
    BreakRule,
    LinkTrouble,
    LiveState,
    MachineState,
    RunClass,
    RunOutcome,
    RunRequest,
)
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.plain import to_plain
from labdesk.domain.run_text import curve_csv
from labdesk.domain.sealed_run import SealedRun, decode_run
from labdesk.domain.sentences import Language
from labdesk.domain.taps import Tap, TapWires, parse_tap, tap_sentence

READY_S = 10.0
POLL_S = 0.05


def list_drivers() -> list[dict[str, Any]]:
    """All drivers' manifests, by id."""
    return [to_plain(manifest) for manifest in registry.manifests()]


def decode_file(driver_id: str, path: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Frames and counters of recorded bytes; a run's journal gives the bytes it holds, one of a tap also what its line's other side said.

    Raises:
        OperatorError: ``capture.no_such_driver``, ``capture.driver_setting``, ``capture.no_file``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OperatorError("capture.no_file", path=str(path), detail=error.strerror or str(error)) from error
    driver = registry.make_driver(driver_id, settings)
    if not data.startswith(journal.MAGIC):
        return decode_bytes(driver, (journal.Record("D", 0, data),))
    records = journal.read_journal(data).records
    tap = parse_tap(str(records[0].json().get("machine", {}).get("port_url", ""))) if records else None
    return decode_bytes(driver if tap is None else TapDriver(driver, tap.wires), records)


def decode_bytes(driver: Driver, records: Iterable[journal.Record]) -> dict[str, Any]:
    """``{"driver", "frames", "counters": {"good", "bad", "skipped_bytes"}}``; an unfinished frame at the end is skipped bytes."""
    decoder = driver.new_decoder()
    frames: list[Frame] = []
    for record in records:
        if record.kind == "D":
            frames += decoder.feed(record.payload)
        elif record.kind == "M" and isinstance(decoder, Overhears) and record.json().get("event") == "host":
            decoder.overhear(bytes.fromhex(record.json()["bytes"]))
    decoder.flush()
    counters = decoder.counters
    return {
        "driver": driver.manifest.id,
        "frames": [_frame(driver, frame) for frame in frames],
        "counters": {"good": counters.good, "bad": counters.bad, "skipped_bytes": counters.skipped_bytes},
    }


def _frame(driver: Driver, frame: Frame) -> dict[str, Any]:
    values: dict[str, str | None] = {}
    for channel, count in zip(driver.channels, frame.counts, strict=True):
        values[f"{channel.name}_{channel.unit.lower()}"] = None if count is None else f"{count * channel.quantum:f}"
    return values | {"sequence": frame.sequence, "tick": frame.tick, "raw": frame.raw.hex()}


def run_simulator(arguments: Sequence[str], language: Language) -> int:
    """``labdesk simulate``: becomes a simulated machine until told to quit."""
    return simulate.main(arguments, language)


def tap_url(port: str, shared: bool, host: str) -> str:
    """The port of ``labdesk capture --tap``: one receive wire, one that both sides share, or two."""
    wires = TapWires.BOTH if host else TapWires.SHARED if shared else TapWires.ANSWERS
    return Tap(port, wires, host).url()


@dataclass(frozen=True)
class CaptureCommand:
    """``labdesk capture``: one run without the desktop.

    Attributes:
        out: ``.csv`` gives a curve file, anything else the sealed run; the raw journal stands beside it as ``OUT.journal``.
        preload_kn, arming_kn, drop_percent: start, start-judging force, and the attenuation that counts as break.
        limit_s: give up waiting after this long.
    """

    driver_id: str
    port: str
    out: Path
    preload_kn: Decimal = Decimal(1)
    arming_kn: Decimal = Decimal(5)
    drop_percent: Decimal = Decimal(40)
    limit_s: int = 3600
    settings: Mapping[str, str] = field(default_factory=dict)


def capture_until_break(command: CaptureCommand) -> dict[str, Any]:
    """Waits for a loading, captures it to its end, writes the file; gives what happened.

    Raises:
        OperatorError: driver, setting or arming refused. EnvironmentFault: ``capture.no_run_seen``, ``capture.disk``.
    """
    machine = _machine(command)
    registry.make_driver(command.driver_id, command.settings)
    folder = command.out.with_name(f".{command.out.name}.capture")
    worker = CaptureWorker(folder, NoKeeper())
    worker.start()
    try:
        worker.configure((machine,))
        _wait_ready(worker)
        outcome = _one_run(worker, _request(command, machine))
    finally:
        worker.stop()
    run = decode_run(worker.runs.fetch(outcome.run_id))
    _write(command.out, run, worker.runs.fetch(outcome.run_id))
    shutil.move(worker.runs.journal_path(outcome.run_id), command.out.with_name(command.out.name + ".journal"))
    shutil.rmtree(folder)
    return {"out": str(command.out), **to_plain(outcome), "header": to_plain(run.header)}


def _machine(command: CaptureCommand) -> Machine:
    return Machine(
        id="command",
        number="-",
        name="command line",
        driver_id=command.driver_id,
        port_url=command.port,
        capacity_kn=Decimal(100_000),
        accuracy_class=Decimal(1),
        certificate_no="",
        certificate_valid_from=date.min,
        certificate_valid_to=date.min,
        settings=command.settings,
    )


def _request(command: CaptureCommand, machine: Machine) -> RunRequest:
    return RunRequest(
        run_id=f"command-{datetime.now(UTC):%Y%m%dT%H%M%S%f}",
        machine_id=machine.id,
        run_class=RunClass.TRIAL,
        specimen_label="",
        operator_id="",
        operator_name="",
        method="",
        calibration=machine.calibration(),
        preload_kn=command.preload_kn,
        arming_kn=command.arming_kn,
        criterion=BreakCriterion(BreakRule.ATTENUATION, percent=command.drop_percent),
        limit_s=command.limit_s,
    )


def _state(worker: CaptureWorker) -> LiveState:
    return worker.published()[0].state


def _wait_ready(worker: CaptureWorker) -> None:
    deadline = time.monotonic() + READY_S
    while _state(worker).state is not MachineState.READY:
        state = _state(worker)
        late = time.monotonic() > deadline
        if late or state.trouble in (LinkTrouble.TAP_QUESTIONS, LinkTrouble.TAP_ANSWERS):
            if tap_sentence(state.trouble.value):
                raise EnvironmentFault(tap_sentence(state.trouble.value))
            raise EnvironmentFault(
                "capture.no_run_seen", seconds=int(READY_S), reason=f"{state.state.value}, {state.trouble.value}"
            )
        time.sleep(POLL_S)


def _one_run(worker: CaptureWorker, request: RunRequest) -> RunOutcome:
    worker.arm(request)
    deadline = time.monotonic() + request.limit_s + READY_S
    try:
        while time.monotonic() < deadline:
            for outcome in worker.runs.waiting():
                if outcome.run_id == request.run_id:
                    return outcome
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        worker.abort(request.machine_id, "keyboard")
        worker.settle()
        return next(outcome for outcome in worker.runs.waiting() if outcome.run_id == request.run_id)
    raise EnvironmentFault("capture.no_run_seen", seconds=request.limit_s, reason=_state(worker).phase.value)


def _write(path: Path, run: SealedRun, data: bytes) -> None:
    try:
        path.write_bytes(curve_csv(run).encode() if path.suffix.lower() == ".csv" else data)
    except OSError as error:
        raise EnvironmentFault("capture.disk", path=str(path), detail=str(error)) from error
