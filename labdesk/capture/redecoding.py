"""A journal decoded once more, with its own driver of today or another one: a new sealed run beside the old one, which stays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from labdesk.capture.companions import companions_of
from labdesk.capture.sealing import open_journal
from labdesk.domain.capture import EndReason
from labdesk.domain.clock import Clock
from labdesk.domain.sealed_run import encode_run


def redecode(
    journal: bytes, driver_id: str, settings: Mapping[str, str], clock: Clock, others: Sequence[bytes] = ()
) -> bytes:
    """The sealed run that ``journal`` gives with a driver.

    Args:
        driver_id: empty for the one the run was made with.
        settings: put over the machine's own.
        others: journals of the run's companions, which are decoded with their own drivers.

    Raises:
        EnvironmentFault: ``capture.run_damaged``; OperatorError: ``capture.no_such_driver``, ``capture.driver_setting``.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        path.write_bytes(journal)
        found = open_journal(path)
        machine = found.machine
        machine = replace(machine, driver_id=driver_id or machine.driver_id, settings={**machine.settings, **settings})
        recorder = replace(found, machine=machine).decode()
        if recorder.ended is None:
            recorder.end(EndReason.CAPTURE_RESTARTED, "decoded again")
        paths = [Path(folder) / f"{number}.companion" for number in range(1, len(others) + 1)]
        for each, data in zip(paths, others, strict=True):
            each.write_bytes(data)
        companions = companions_of(paths, recorder)
    return encode_run(recorder.seal(clock.now(), hashlib.sha256(journal).hexdigest(), len(journal), companions))
