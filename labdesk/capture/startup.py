"""What an earlier capture process left behind: the machines it was told of, and the runs it had not sealed."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import Unfinished, open_journal
from labdesk.domain.clock import Clock
from labdesk.domain.errors import EnvironmentFault, LabDeskError
from labdesk.domain.machines import Machine
from labdesk.domain.plain import from_plain, to_plain

log = logging.getLogger(__name__)


def remember_machines(file: Path, machines: tuple[Machine, ...]) -> None:
    """Keeps the machines for the next start; raises EnvironmentFault ``capture.disk``."""
    text = json.dumps(to_plain(machines), ensure_ascii=False, indent=1)
    part = file.with_suffix(".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise EnvironmentFault("capture.disk", path=str(file), detail=str(error)) from error


def remembered_machines(file: Path) -> tuple[Machine, ...]:
    """The machines of the last start; none where the file is missing or unreadable, which is logged."""
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        return tuple(from_plain(Machine, item) for item in plain)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, LabDeskError) as error:
        log.error("machines.json cannot be read, machines must be configured again: %s", error)
        return ()


def lent_devices(
    folder: RunFolder, resumable: dict[str, Unfinished], machines: dict[str, Machine], clock: Clock
) -> dict[str, Unfinished]:
    """Journals of companions whose run goes on, by machine: they go on with it, also those that had been silent for a while."""
    found: dict[str, Unfinished] = {}
    for run in resumable.values():
        for number, machine_id in enumerate(run.request.companion_ids, 1):
            try:
                journal = open_journal(folder.companion_path(run.request.run_id, number))
            except LabDeskError as error:
                log.error("companion %s of run %s stays as it is: %s", number, run.request.run_id, error)
                continue
            known = machines.get(machine_id) == journal.machine and machine_id not in resumable
            if known and not journal.ended and journal.same_boot(time.monotonic_ns(), clock.now()):
                found[machine_id] = journal
    return found


def unfinished_runs(
    folder: RunFolder, machines: dict[str, Machine], clock: Clock
) -> tuple[dict[str, Unfinished], list[Unfinished]]:
    """Unfinished runs: the newest fresh one of each known machine can go on, the others are abandoned."""
    resumable: dict[str, Unfinished] = {}
    abandoned: list[Unfinished] = []
    for path in folder.unfinished():
        try:
            found = open_journal(path)
        except LabDeskError as error:
            log.error("journal %s stays as it is: %s", path.name, error)
            continue
        known = machines.get(found.machine.id) == found.machine
        if known and found.can_resume(time.monotonic_ns(), clock.now()):
            older = resumable.get(found.machine.id)
            abandoned.extend([older] if older is not None else [])
            resumable[found.machine.id] = found
        else:
            abandoned.append(found)
    return resumable, abandoned
