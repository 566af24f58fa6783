"""What the command line does with machines, as plain functions that give JSON-able values; ``labdesk/app`` wires them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labdesk.devices import journal, registry, simulate
from labdesk.devices.driver import Driver, Frame
from labdesk.devices.overheard import Overhears
from labdesk.devices.tap import TapDriver
from labdesk.domain import sealed_run
from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import to_plain
from labdesk.domain.sentences import Language
from labdesk.domain.taps import Tap, TapWires, parse_tap


def list_drivers() -> list[dict[str, Any]]:
    """All drivers' manifests, by id."""
    return [to_plain(manifest) for manifest in registry.manifests()]


def decode_file(driver_id: str, path: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Frames and counters of recorded bytes; a run's journal gives the bytes it holds, one of a tap also what its line's other side said.

    Raises:
        OperatorError: ``capture.no_such_driver``, ``capture.driver_setting``, ``capture.no_file``, ``capture.not_raw`` for a sealed run:
            its bytes are samples, not what the wire said.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OperatorError("capture.no_file", path=str(path), detail=error.strerror or str(error)) from error
    driver = registry.make_driver(driver_id, settings)
    if data.startswith(sealed_run.MAGIC):
        raise OperatorError("capture.not_raw", path=str(path), journal=f"{path}.journal")
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
