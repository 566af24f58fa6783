"""Wires the archive of runs: stored runs from the database, raw journals from the capture process's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labdesk.app.foundation import Foundation
from labdesk.capture.redecoding import redecode
from labdesk.capture.runs import RunFolder
from labdesk.capture.supervisor import capture_folder
from labdesk.services.run_archive import RunArchive


def build_run_archive(base: Foundation) -> RunArchive:
    """The archive over a laboratory's data folder."""

    def again(journal: bytes, driver_id: str, settings: Mapping[str, str], others: Sequence[bytes]) -> bytes:
        return redecode(journal, driver_id, settings, base.clock, others)

    return RunArchive(base.store, base.blobs, RunFolder(capture_folder(base.home.folder)), again)
